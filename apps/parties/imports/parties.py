"""Customers and suppliers from a file: what its columns mean, what is checked, and how the rows are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import WARNING, Batch, Problem, Taken
from apps.core.exchange.declaration import Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.organizations.operations.sentences import told
from apps.organizations.rules.broken import RuleBroken
from apps.organizations.rules.gstin import parse_pan, validate_gstin
from apps.organizations.rules.licences import Licence, LicenceForm, parse_licence
from apps.organizations.rules.states import SUCCESSORS
from apps.parties.imports.columns import COLUMNS
from apps.parties.models import Party, PartyAddress, PartyContact, PartyLicence, PriceGroup, Route
from apps.parties.queries import sandbox_allowed

_LICENCES = ("licence_20", "licence_21")


class PartyImporter(Importer):
    """Customers and suppliers, with their drug licences, routes and price groups."""

    name = "parties"
    label = gettext_lazy("Customers and suppliers")
    description = gettext_lazy("GSTIN, drug licences, address, terms and limits")
    title = gettext_lazy("Import customers and suppliers")
    right = "parties.party.import"
    order = 20
    columns = COLUMNS
    keys = (Key(("name",), gettext_lazy("business name")), Key(("email",), gettext_lazy("e-mail")))
    options = (
        Option(
            "existing",
            gettext_lazy("If a party exists already"),
            [("update", gettext_lazy("Update it")), ("skip", gettext_lazy("Leave it as it is"))],
        ),
    )
    created_label = gettext_lazy("New parties")
    updated_label = gettext_lazy("Parties updated")

    # ---- what is wrong ----

    def check(self, batch: Batch) -> None:
        sandbox = sandbox_allowed()
        batch.report(_broken(batch, "gstin", lambda text: validate_gstin(text, sandbox=sandbox)))
        batch.report(_broken(batch, "pan", parse_pan))
        for column in _LICENCES:
            batch.report(_broken(batch, column, _licence_reader(column)))
        self._check_state(batch)
        self._check_licence_days(batch)
        batch.mark(
            "SELECT b.row, substr(b.gstin, 3, 10) AS fix FROM import_batch b "
            "WHERE b.gstin <> '' AND b.pan <> '' AND b.pan <> substr(b.gstin, 3, 10)",
            column="pan",
            code="pan_of_gstin",
            message=_("The GSTIN holds another PAN."),
        )
        batch.mark(
            "SELECT b.row, format(%(taken)s, t.name) AS message FROM import_batch b JOIN parties_party t "
            "ON t.organization_id = %(organization)s AND lower(t.email) = lower(b.email) "
            "WHERE b.email <> '' AND lower(t.name) <> lower(b.name)",
            column="email",
            code="email_taken",
            params={"taken": _("%s has this e-mail address.")},
        )
        batch.mark(
            "SELECT b.row, format(%(taken)s, min(t.name)) AS message FROM import_batch b JOIN parties_party t "
            "ON t.organization_id = %(organization)s AND t.gstin = b.gstin "
            "WHERE b.gstin <> '' AND lower(t.name) <> lower(b.name) GROUP BY b.row",
            column="gstin",
            code="gstin_shared",
            severity=WARNING,
            params={"taken": _("%s has the same GSTIN. They may be one party.")},
        )

    def _check_state(self, batch: Batch) -> None:
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.state_code = '' AND b.gstin = ''",
            column="state_code",
            code="no_state",
            message=_("Without a GSTIN the State is needed."),
        )
        batch.mark(
            f"SELECT b.row, {_STATE_OF_GSTIN} AS fix FROM import_batch b "  # noqa: S608 (our own expression)
            f"WHERE b.state_code <> '' AND b.gstin <> '' AND left(b.gstin, 2) <> '99' "
            f"AND b.state_code <> {_STATE_OF_GSTIN}",
            column="state_code",
            code="state_of_gstin",
            message=_("The GSTIN is of another State."),
        )

    def _check_licence_days(self, batch: Batch) -> None:
        given = " OR ".join(f"b.{column} <> ''" for column in _LICENCES)
        batch.mark(
            f"SELECT b.row FROM import_batch b WHERE ({given}) AND b.licence_to IS NULL",  # noqa: S608
            column="licence_to",
            code="licence_without_end",
            message=_("A licence needs its last day, else it cannot be told whether it is valid."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.licence_from > b.licence_to",
            column="licence_to",
            code="licence_ends_first",
            message=_("The licence ends before it begins."),
        )

    # ---- taking ----

    def take(self, batch: Batch) -> Taken:
        for table, column in (("parties_route", "route"), ("parties_pricegroup", "price_group")):
            _make_groups(batch, table, column)
        update = _UPDATED if batch.options["existing"] == "update" else ()
        taken = take_records(batch, Party, match="lower(t.name) = lower(b.name)", values=_VALUES, update=update)
        for column in _LICENCES:
            _take_licences(batch, column, only_new=not update)
        return taken

    def undo(self, job_number: int) -> None:
        undo_records(job_number, PartyLicence)
        undo_records(job_number, Party, parts=(PartyLicence, PartyAddress, PartyContact))
        for model in (Route, PriceGroup):
            _drop_unused_groups(job_number, model)

    def list_url(self, request: HttpRequest) -> str | None:
        if isinstance(request, TenantRequest):
            return org_url(request, "parties:party_list")
        slug = getattr(getattr(request, "organization", None), "slug", None)
        return reverse("parties:party_list", kwargs={"organization": slug}) if slug else None


_STATE_OF_GSTIN = (
    "CASE left(b.gstin, 2) "
    + " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in SUCCESSORS.items())
    + " ELSE left(b.gstin, 2) END"
)

# What a row gives a party, as SQL over `import_batch b`.
_VALUES = {
    "name": "b.name",
    "is_customer": "b.kind IN ('customer', 'both')",
    "is_supplier": "b.kind IN ('supplier', 'both')",
    "registration": "CASE WHEN b.gstin <> '' THEN 'regular' ELSE 'unregistered' END",
    "gstin": "b.gstin",
    "pan": "CASE WHEN b.pan = '' AND b.gstin ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z]' "
    "THEN substr(b.gstin, 3, 10) ELSE b.pan END",
    "state_code": f"CASE WHEN b.state_code = '' THEN {_STATE_OF_GSTIN} ELSE b.state_code END",
    "address": "b.address",
    "city": "b.city",
    "pin_code": "b.pin_code",
    "phone": "b.phone",
    "email": "lower(b.email)",
    "route_id": "(SELECT g.id FROM parties_route g WHERE g.organization_id = app_org() "
    "AND lower(g.name) = lower(b.route))",
    "price_group_id": "(SELECT g.id FROM parties_pricegroup g WHERE g.organization_id = app_org() "
    "AND lower(g.name) = lower(b.price_group))",
    "credit_limit": "b.credit_limit",
    "credit_days": "b.credit_days",
    "minimum_shelf_life_days": "b.minimum_shelf_life_days",
}
_UPDATED = tuple(name for name in _VALUES if name not in {"name", "registration"})


def _broken(batch: Batch, column: str, read: Callable[[str], object]) -> Iterator[Problem]:
    """The rows whose cell breaks a rule. Each different text is asked about once."""
    cells = batch.fetch(
        f"SELECT {column}, array_agg(row) FROM import_batch WHERE {column} <> '' GROUP BY 1"  # noqa: S608
    )
    for text, rows in cells:
        try:
            read(text)
        except RuleBroken as broken:
            message = told(broken)
            yield from (Problem(row, column, f"{column}_broken", message) for row in rows)


def _licence_reader(column: str) -> Callable[[str], Licence]:
    """Reads a licence of a column; a number without its form gets the wholesale form the column is called after."""
    plain = LicenceForm.F20B if column == "licence_20" else LicenceForm.F21B

    def read(text: str) -> Licence:
        try:
            return parse_licence(text)
        except RuleBroken:
            return parse_licence(text, plain)

    return read


def _make_groups(batch: Batch, table: str, column: str) -> None:
    """Routes and price groups that the rows name and nobody has made yet, noted for the undoing."""
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO {table} (organization_id, version, created_at, name)
            SELECT %(organization)s, 1, now(), min(b.{column}) FROM import_batch b
            WHERE b.{column} <> '' AND NOT EXISTS (
                SELECT FROM {table} g WHERE g.organization_id = %(organization)s AND lower(g.name) = lower(b.{column})
            )
            GROUP BY lower(b.{column}) ON CONFLICT DO NOTHING RETURNING id
        )
        INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated)
        SELECT %(organization)s, %(job)s, %(model)s, array_agg(id), '[]' FROM made HAVING count(*) > 0
        """,  # noqa: S608 (names of our own)
        {"model": table.replace("_", ".", 1)},
    )


def _take_licences(batch: Batch, column: str, *, only_new: bool) -> None:
    """Licences of the rows' parties, unless they are known."""
    read = _licence_reader(column)
    texts = [text for (text,) in batch.fetch(f"SELECT DISTINCT {column} FROM import_batch WHERE {column} <> ''")]  # noqa: S608
    licences = [(text, read(text)) for text in texts]
    if not licences:
        return
    batch.execute(
        f"""
        WITH made AS (
            INSERT INTO parties_partylicence
                (organization_id, version, created_at, party_id, form, number, valid_from, valid_to)
            SELECT DISTINCT ON (b.record_id, l.form, upper(l.number))
                   %(organization)s, 1, now(), b.record_id, l.form, l.number,
                   coalesce(b.licence_from, least(b.licence_to, %(today)s)), b.licence_to
            FROM import_batch b
            JOIN unnest(%(texts)s::text[], %(forms)s::text[], %(numbers)s::text[]) AS l (text, form, number)
              ON l.text = b.{column}
            WHERE b.record_id IS NOT NULL AND (b.record_new OR NOT %(only_new)s)
            ON CONFLICT DO NOTHING RETURNING id
        )
        INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated)
        SELECT %(organization)s, %(job)s, 'parties.partylicence', array_agg(id), '[]' FROM made HAVING count(*) > 0
        """,  # noqa: S608 (a column of our own)
        {
            "texts": [text for text, _licence in licences],
            "forms": [str(licence.form) for _text, licence in licences],
            "numbers": [licence.number for _text, licence in licences],
            "only_new": only_new,
            "today": timezone.localdate(),
        },
    )


def _drop_unused_groups(job_number: int, model: type[Route] | type[PriceGroup]) -> None:
    """Routes or price groups that came with the import and that no party has any more."""
    Batch(job_number).execute(
        f"""
        DELETE FROM {model._meta.db_table} g USING exchange_importedchunk c
        WHERE g.organization_id = %(organization)s AND c.organization_id = %(organization)s
          AND c.job_number = %(job)s AND c.model = %(model)s AND g.id = ANY (c.created)
          AND NOT EXISTS (SELECT FROM parties_party p WHERE p.organization_id = %(organization)s
                          AND p.{"route_id" if model is Route else "price_group_id"} = g.id)
        """,  # noqa: S608 (names of our own)
        {"model": model._meta.label_lower},
    )
