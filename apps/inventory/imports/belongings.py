"""What hangs on the products of an import: makers, salts, pack units, barcodes, prices; set-based, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models

from apps.core.exchange.batch import Batch
from apps.core.exchange.models import ImportedChunk
from apps.inventory.models import Product, Salt
from apps.inventory.operations.composition import known_salts, write_salts, written
from apps.inventory.rules.composition import Composition, parse_composition
from apps.inventory.rules.packs import form_of, read_label, singular

_REMEMBER = """
INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated)
SELECT %(organization)s, %(job)s, %(model)s, array_agg(id), '[]' FROM made HAVING count(*) > 0
"""


def make_manufacturers(batch: Batch) -> None:
    """Manufacturers that the rows name and nobody has made yet."""
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO inventory_manufacturer (organization_id, version, created_at, name, convention,
                retailer_margin, stockist_margin, return_window_before_days, return_window_after_days,
                claim_address, active)
            SELECT %(organization)s, 1, now(), min(b.manufacturer), 'markdown', 20, 10, 90, 180, '', true
            FROM import_batch b
            WHERE b.manufacturer <> '' AND NOT EXISTS (
                SELECT FROM inventory_manufacturer m
                WHERE m.organization_id = %(organization)s AND lower(m.name) = lower(b.manufacturer))
            GROUP BY lower(b.manufacturer) ON CONFLICT DO NOTHING RETURNING id
        )
        {_REMEMBER}
        """,  # noqa: S608 (our own text)
        {"model": "inventory.manufacturer"},
    )


def read_compositions(batch: Batch) -> Mapping[str, Composition]:
    """Read the rows' compositions, make the salts they name, and write text and key into the batch.

    Afterwards `composition` is the composition in words and `composition_2` its key. Returns what was read, by the
    words.
    """
    texts = batch.fetch(
        "SELECT DISTINCT composition, composition_2 FROM import_batch WHERE composition <> '' OR composition_2 <> ''"
    )
    read = {(one, other): parse_composition(f"{one}, {other}") for one, other in texts}
    names = {part.name for found in read.values() for part in found.ingredients}
    known = set(Salt.objects.values_list("pk", flat=True)) if names else set()
    salts = known_salts(sorted(names))
    _remember(batch, Salt, [salt.pk for salt in salts.values() if salt.pk not in known])
    told = {pair: written(found.ingredients, salts) for pair, found in read.items()}
    batch.execute(
        """
        UPDATE import_batch b SET composition = r.words, composition_2 = r.key
        FROM unnest(%(one)s::text[], %(other)s::text[], %(words)s::text[], %(keys)s::text[]) r (one, other, words, key)
        WHERE b.composition = r.one AND b.composition_2 = r.other
        """,
        {
            "one": [one for one, _other in told],
            "other": [other for _one, other in told],
            "words": [words["composition"] for words in told.values()],
            "keys": [words["composition_key"] for words in told.values()],
        },
    )
    return {told[pair]["composition"]: found for pair, found in read.items() if found.ingredients}


def read_packs(batch: Batch) -> None:
    """Base unit and dosage form from the words of the pack and the name, where the file does not say them."""
    packs = batch.fetch("SELECT DISTINCT pack, name FROM import_batch WHERE base_unit = '' OR form = ''")
    units, forms = [], []
    for pack, name in packs:
        label = read_label(pack)
        units.append(label.base_unit[:20] if label else "piece")
        form = label.form if label and label.form != "other" else form_of(f"{pack} {name}")
        forms.append(form)
    batch.execute(
        """
        UPDATE import_batch b SET base_unit = CASE WHEN b.base_unit = '' THEN r.unit ELSE b.base_unit END,
                                  form = CASE WHEN b.form = '' THEN r.form ELSE b.form END
        FROM unnest(%(packs)s::text[], %(names)s::text[], %(units)s::text[], %(forms)s::text[])
            r (pack, name, unit, form)
        WHERE b.pack = r.pack AND b.name = r.name
        """,
        {
            "packs": [pack for pack, _name in packs],
            "names": [name for _pack, name in packs],
            "units": units,
            "forms": forms,
        },
    )
    given = [unit for (unit,) in batch.fetch("SELECT DISTINCT base_unit FROM import_batch")]
    batch.execute(
        "UPDATE import_batch b SET base_unit = r.kept FROM unnest(%(given)s::text[], %(kept)s::text[]) r (given, kept) "
        "WHERE b.base_unit = r.given AND r.given <> r.kept",
        {"given": given, "kept": [singular(unit) for unit in given]},
    )


def take_belongings(batch: Batch, read: Mapping[str, Composition], *, only_new: bool, on: dt.date) -> None:
    """Salts, box, barcode and MRP of the rows' products. With `only_new` known products keep theirs."""
    params = {"only_new": only_new, "on": on}
    wanted = "b.record_id IS NOT NULL AND (b.record_new OR NOT %(only_new)s)"
    _take_salts(batch, read, wanted, params)
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO inventory_packunit (organization_id, product_id, name, quantity)
            SELECT DISTINCT ON (b.record_id) %(organization)s, b.record_id, 'box', b.box FROM import_batch b
            WHERE {wanted} AND b.box IS NOT NULL ON CONFLICT DO NOTHING RETURNING id
        )
        {_REMEMBER}
        """,  # noqa: S608
        {**params, "model": "inventory.packunit"},
    )
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO inventory_barcode (organization_id, product_id, code, kind)
            SELECT %(organization)s, b.record_id,
                   CASE WHEN k.gtin THEN lpad(k.compact, 14, '0') ELSE b.barcode END,
                   CASE WHEN k.gtin THEN 'gtin' ELSE 'other' END
            FROM import_batch b,
                 LATERAL (SELECT replace(b.barcode, ' ', '') AS compact,
                                 replace(b.barcode, ' ', '') ~ '^([0-9]{{8}}|[0-9]{{12,14}})$' AS gtin) k
            WHERE {wanted} AND b.barcode <> '' ON CONFLICT DO NOTHING RETURNING id
        )
        {_REMEMBER}
        """,  # noqa: S608
        {**params, "model": "inventory.barcode"},
    )
    # A price is dated: one that holds already, and is the same, is not said again.
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO inventory_productprice (organization_id, product_id, effective_from, mrp)
            SELECT DISTINCT ON (b.record_id) %(organization)s, b.record_id, %(on)s::date, b.mrp FROM import_batch b
            WHERE {wanted} AND b.mrp IS NOT NULL AND b.mrp IS DISTINCT FROM (
                SELECT r.mrp FROM inventory_productprice r
                WHERE r.organization_id = %(organization)s AND r.product_id = b.record_id AND r.effective_from <= %(on)s
                ORDER BY r.effective_from DESC LIMIT 1)
            ON CONFLICT DO NOTHING RETURNING id
        )
        {_REMEMBER}
        """,  # noqa: S608
        {**params, "model": "inventory.productprice"},
    )


def _take_salts(batch: Batch, read: Mapping[str, Composition], wanted: str, params: Mapping[str, object]) -> None:
    salts = known_salts(sorted({part.name for found in read.values() for part in found.ingredients}))
    rows = [
        (words, salts[part.name.lower()].pk, part.strength, position)
        for words, found in read.items()
        for position, part in enumerate(found.ingredients, 1)
    ]
    if not rows:
        return
    batch.execute(
        "DELETE FROM inventory_productsalt s USING import_batch b "  # noqa: S608 (our own text)
        f"WHERE s.organization_id = %(organization)s AND s.product_id = b.record_id AND NOT b.record_new AND {wanted} "
        "AND b.composition = ANY (%(words)s)",
        {**params, "words": list(read)},
    )
    batch.execute(
        f"""
        INSERT INTO inventory_productsalt
            (organization_id, product_id, salt_id, strength_amount, strength_unit, position)
        SELECT %(organization)s, b.record_id, r.salt, r.amount, r.unit, r.position
        FROM import_batch b
        JOIN unnest(%(words)s::text[], %(salts)s::bigint[], %(amounts)s::numeric[], %(units)s::text[],
                    %(positions)s::int[]) r (words, salt, amount, unit, position) ON r.words = b.composition
        WHERE {wanted} ON CONFLICT DO NOTHING
        """,  # noqa: S608
        {
            **params,
            "words": [words for words, _salt, _strength, _position in rows],
            "salts": [salt for _words, salt, _strength, _position in rows],
            "amounts": [strength.amount if strength else None for _words, _salt, strength, _position in rows],
            "units": [strength.unit if strength else "" for _words, _salt, strength, _position in rows],
            "positions": [position for _words, _salt, _strength, position in rows],
        },
    )


# ---- taking back ----


def _remember(batch: Batch, model: type[models.Model], keys: list[int]) -> None:
    if keys:
        ImportedChunk.objects.create(
            job_number=batch.job_number, model=model._meta.label_lower, created=keys, updated=[]
        )


def drop_made(job_number: int, model: type[models.Model]) -> None:
    """Delete what the import added to products, old ones too."""
    Batch(job_number).execute(
        f"""
        DELETE FROM {model._meta.db_table} t USING exchange_importedchunk c
        WHERE t.organization_id = %(organization)s AND c.organization_id = %(organization)s
          AND c.job_number = %(job)s AND c.model = %(model)s AND t.id = ANY (c.created)
        """,  # noqa: S608 (names of our own)
        {"model": model._meta.label_lower},
    )


def drop_unused(job_number: int, model: type[models.Model], user: type[models.Model], column: str) -> None:
    """Delete salts or manufacturers that came with the import and that nothing uses any more."""
    Batch(job_number).execute(
        f"""
        DELETE FROM {model._meta.db_table} t USING exchange_importedchunk c
        WHERE t.organization_id = %(organization)s AND c.organization_id = %(organization)s
          AND c.job_number = %(job)s AND c.model = %(model)s AND t.id = ANY (c.created)
          AND NOT EXISTS (SELECT FROM {user._meta.db_table} u
                          WHERE u.organization_id = %(organization)s AND u.{column} = t.id)
        """,  # noqa: S608 (names of our own)
        {"model": model._meta.label_lower},
    )


def tell_salts_again(job_number: int) -> None:
    """After undo, give products that were updated the salts that their composition tells again."""
    chunks = ImportedChunk.objects.filter(job_number=job_number, model=Product._meta.label_lower)
    keys = {entry["id"] for chunk in chunks for entry in chunk.updated if "composition" in entry["before"]}
    for product in Product.objects.filter(pk__in=keys).order_by("pk"):
        found = parse_composition(product.composition).ingredients
        if [str(row) for row in product.salts.select_related("salt").order_by("position")] == [*map(str, found)]:
            continue
        write_salts(product=product, ingredients=found, salts=known_salts(part.name for part in found))
