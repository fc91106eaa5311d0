"""Ready-made taking and undoing for importers whose rows become records of one model, or begin with one.

    def take(self, batch):
        return take_records(
            batch, Party,
            match="lower(t.name) = lower(b.name)",
            values={"name": "b.name", "gstin": "b.gstin", "credit_limit": "coalesce(b.credit_limit, 0)"},
            update=("gstin", "credit_limit") if batch.options["existing"] == "update" else (),
        )

    def undo(self, job_number):
        undo_records(job_number, Party)

Values are SQL over `import_batch b`. After `take_records` the batch's `record_id` is the record's key and `record_new`
tells new ones, for statements of the importer's own that write what hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.models import ImportedChunk
from apps.core.exchange.rules.numbers import grouped
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.core.tenancy.models import BusinessModel

# How many names a refusal lists.
_NAMED = 3


def take_records(
    batch: Batch, model: type[BusinessModel], *, match: str, values: Mapping[str, str], update: Sequence[str] = ()
) -> Taken:
    """Insert the rows that match no record, and give those that do the columns of `update`.

    `match` joins the model's table `t` to `import_batch b`; the organization is seen to. Columns of the model not in
    `values` get the model's defaults. What is changed is kept for `undo_records`.
    """
    table = sql.Identifier(model._meta.db_table)
    matched = batch.execute(
        sql.SQL(
            "UPDATE import_batch SET record_id = found.id, record_new = false FROM ("
            "  SELECT b.row, min(t.id) AS id FROM import_batch b"
            "  JOIN {table} t ON t.organization_id = %(organization)s AND ({match}) GROUP BY b.row"
            ") found WHERE import_batch.row = found.row"
        ).format(table=table, match=sql.SQL(match))
    )
    updated = 0
    if matched:
        # In the order of keys, as everybody locks.
        batch.execute(
            sql.SQL(
                "SELECT FROM {} t WHERE t.organization_id = %(organization)s "
                "AND t.id IN (SELECT record_id FROM import_batch) ORDER BY t.id FOR NO KEY UPDATE"
            ).format(table)
        )
        if update:
            updated = _update(batch, model, {name: values[name] for name in update})
    created = _insert(batch, model, values)
    return Taken(created=created, updated=updated, unchanged=matched - updated)


def _update(batch: Batch, model: type[BusinessModel], values: Mapping[str, str]) -> int:
    table = sql.Identifier(model._meta.db_table)
    names = list(values)
    changed = sql.SQL(" OR ").join(
        sql.SQL("t.{} IS DISTINCT FROM ({})").format(sql.Identifier(name), sql.SQL(values[name])) for name in names
    )
    # Two rows of a file may lead to one record: the first of them counts.
    source = sql.SQL("SELECT DISTINCT ON (record_id) * FROM import_batch WHERE NOT record_new ORDER BY record_id, row")
    before = sql.SQL(", ").join(sql.SQL("{}, t.{}").format(sql.Literal(name), sql.Identifier(name)) for name in names)
    batch.execute(
        sql.SQL(
            "INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated) "
            "SELECT %(organization)s, %(job)s, %(model)s, '{{}}', coalesce(jsonb_agg(jsonb_build_object("
            "'id', t.id, 'version', t.version + 1, 'before', jsonb_build_object({before}))), '[]') "
            "FROM ({source}) b JOIN {table} t ON t.organization_id = %(organization)s AND t.id = b.record_id "
            "WHERE {changed} HAVING count(*) > 0"
        ).format(before=before, source=source, table=table, changed=changed),
        {"model": model._meta.label_lower},
    )
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.SQL(values[name])) for name in names
    )
    return batch.execute(
        sql.SQL(
            "UPDATE {table} t SET {assignments}, version = t.version + 1 FROM ({source}) b "
            "WHERE t.organization_id = %(organization)s AND t.id = b.record_id AND ({changed})"
        ).format(table=table, assignments=assignments, source=source, changed=changed)
    )


def _insert(batch: Batch, model: type[BusinessModel], values: Mapping[str, str]) -> int:
    table = model._meta.db_table
    # Looked up once: asked for within the statement, the catalogue is read for every row.
    sequence = batch.fetch("SELECT pg_get_serial_sequence(%(table)s, 'id')::regclass::oid", {"table": table})[0][0]
    batch.execute(
        "UPDATE import_batch SET record_new = true, record_id = nextval(%(sequence)s::oid::regclass) "
        "WHERE record_id IS NULL",
        {"sequence": sequence},
    )
    constants, params = model_defaults(model, values)
    expressions = {
        "id": sql.SQL("b.record_id"),
        "organization_id": sql.Placeholder("organization"),
        **{name: sql.SQL(text) for name, text in values.items()},
        **constants,
    }
    count = batch.execute(
        sql.SQL(
            "INSERT INTO {} ({}) SELECT {} FROM import_batch b WHERE b.record_new ORDER BY b.row ON CONFLICT DO NOTHING"
        ).format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, expressions)),
            sql.SQL(", ").join(expressions.values()),
        ),
        params,
    )
    _give_up_clashes(batch, table, count)
    batch.execute(
        "INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated) "
        "SELECT %(organization)s, %(job)s, %(model)s, array_agg(record_id), '[]' "
        "FROM import_batch WHERE record_new HAVING count(*) > 0",
        {"model": model._meta.label_lower},
    )
    return count


def model_defaults(
    model: type[BusinessModel], values: Mapping[str, str]
) -> tuple[dict[str, sql.Composable], dict[str, Any]]:
    """The model's defaults for columns that the rows do not give: Django keeps them in Python, not in the database."""
    expressions: dict[str, sql.Composable] = {}
    params: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        name = str(field.column)
        if name in values or name in {"id", "organization_id"} or field.generated:
            continue
        if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
            expressions[name] = sql.SQL("now()")
        elif field.db_default is models.NOT_PROVIDED:
            default = field.get_db_prep_save(field.get_default(), connection)
            expressions[name] = sql.Placeholder(f"default_{name}")
            params[f"default_{name}"] = default
    return expressions, params


def _give_up_clashes(batch: Batch, table: str, inserted: int) -> None:
    """Rows that a unique constraint kept out, because somebody was faster or two columns of a row disagree."""
    wanted = batch.fetch("SELECT count(*) FROM import_batch WHERE record_new")[0][0]
    if wanted == inserted:
        return
    missing = f"b.record_new AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = b.record_id)"
    batch.mark(
        f"SELECT b.row FROM import_batch b WHERE {missing}",  # noqa: S608 (a table of ours)
        column="",
        code="clash",
        message=_("Another record has the same values. Check which of them is right."),
    )
    batch.execute(
        f"UPDATE import_batch b SET record_id = NULL, record_new = NULL WHERE {missing}"  # noqa: S608
    )


def undo_records(job_number: int, model: type[BusinessModel], *, parts: Sequence[type[models.Model]] = ()) -> None:
    """Delete the records that the import made, and give those it changed their values back.

    `parts` are models whose rows belong to a record, refer to it, and go with it.

    Raises:
        Refusal: a record was changed since, or something refers to it; it names some of them.
    """
    params: dict[str, Any] = {
        "organization": current_organization_id(),
        "job": job_number,
        "model": model._meta.label_lower,
    }
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        _refuse_changed(cursor, model, params)
        _refuse_used(job_number, model, parts)
        for part in parts:
            for field in _references(part, model):
                cursor.execute(
                    sql.SQL("DELETE FROM {} WHERE organization_id = %(organization)s AND {} IN ({})").format(
                        sql.Identifier(part._meta.db_table), sql.Identifier(field.column), _CREATED
                    ).as_string(cursor.connection),
                    params,
                )  # fmt: skip
        cursor.execute(
            sql.SQL("DELETE FROM {} WHERE organization_id = %(organization)s AND id IN ({})")
            .format(table, _CREATED)
            .as_string(cursor.connection),
            params,
        )
        _give_back(cursor, model, params)


_CREATED = sql.SQL(
    "SELECT unnest(created) FROM exchange_importedchunk "
    "WHERE organization_id = %(organization)s AND job_number = %(job)s AND model = %(model)s"
)
_UPDATED = sql.SQL(
    "SELECT (entry ->> 'id')::bigint AS id, (entry ->> 'version')::int AS version, entry -> 'before' AS before "
    "FROM exchange_importedchunk, jsonb_array_elements(updated) entry "
    "WHERE organization_id = %(organization)s AND job_number = %(job)s AND model = %(model)s"
)


def _refuse_changed(cursor: Any, model: type[BusinessModel], params: dict[str, Any]) -> None:
    statement = sql.SQL(
        "SELECT t.id FROM {table} t JOIN ("
        "  SELECT id, 1 AS version FROM ({created}) made (id) UNION ALL SELECT id, version FROM ({updated}) changed"
        ") known ON t.id = known.id "
        "WHERE t.organization_id = %(organization)s AND t.version <> known.version ORDER BY t.id"
    ).format(table=sql.Identifier(model._meta.db_table), created=_CREATED, updated=_UPDATED)
    cursor.execute(statement.as_string(cursor.connection), params)
    keys = [row[0] for row in cursor.fetchall()]
    if keys:
        names = ", ".join(map(str, model.objects.filter(pk__in=keys[:_NAMED]).order_by("pk")))
        raise Refusal(
            _("%(count)s imported records were changed since: %(names)s. Undo would lose those changes.")
            % {"count": grouped(len(keys)), "names": _more(names, len(keys))}
        )


def _refuse_used(job_number: int, model: type[BusinessModel], parts: Sequence[type[models.Model]]) -> None:
    made = ImportedChunk.objects.filter(job_number=job_number, model=model._meta.label_lower)
    keys = made.annotate(key=models.Func(models.F("created"), function="unnest", output_field=models.BigIntegerField()))
    for relation in model._meta.related_objects:
        other = relation.related_model
        if other in parts or relation.field.many_to_many or relation.on_delete is models.DO_NOTHING:
            # What is kept by triggers of the database goes with the record.
            continue
        using = other._default_manager.filter(**{f"{relation.field.name}__in": keys.values("key")})
        count = using.count()
        if count:
            names = ", ".join(map(str, using.order_by("pk")[:_NAMED]))
            raise Refusal(
                _("The imported records are used by %(kind)s: %(names)s. Remove those first, or keep the import.")
                % {"kind": other._meta.verbose_name_plural, "names": _more(names, count)}
            )


def _more(names: str, count: int) -> str:
    return (
        _("%(names)s and %(count)s more") % {"names": names, "count": grouped(count - _NAMED)}
        if count > _NAMED
        else names
    )


def _references(part: type[models.Model], model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [
        field
        for field in part._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is model
    ]


def _give_back(cursor: Any, model: type[BusinessModel], params: dict[str, Any]) -> None:
    keys = sql.SQL("SELECT DISTINCT jsonb_object_keys(before) FROM ({}) changed").format(_UPDATED)
    cursor.execute(keys.as_string(cursor.connection), params)
    names = [row[0] for row in cursor.fetchall()]
    if not names:
        return
    table = sql.Identifier(model._meta.db_table)
    assignments = sql.SQL(", ").join(sql.SQL("{0} = (old.record).{0}").format(sql.Identifier(name)) for name in names)
    cursor.execute(
        sql.SQL(
            "UPDATE {table} t SET {assignments}, version = t.version + 1 FROM ("
            "  SELECT id, jsonb_populate_record(NULL::{table}, before) AS record FROM ({updated}) changed"
            ") old WHERE t.organization_id = %(organization)s AND t.id = old.id"
        ).format(table=table, assignments=assignments, updated=_UPDATED).as_string(cursor.connection),
        params,
    )  # fmt: skip
