"""An importer for tests, on a real table: branches of organizations."""

from __future__ import annotations

import re

from apps.core.exchange.batch import WARNING, Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.exchange.rules.cells import Choice, Text, YesNo
from apps.organizations.models import Branch
from apps.organizations.rules.states import STATE_CHOICES


class BranchImporter(Importer):
    name = "test_branches"
    label = "Branches"
    description = "Name, code, State and address"
    title = "Import branches"
    right = "organizations.branch.edit"
    columns = (
        Column("name", "Branch name", Text(80), required=True, synonyms=("Branch", "Shop"), example="Pune"),
        Column("code", "Short code", Text(4, code=True), required=True, synonyms=("Code",), example="PUNE"),
        Column(
            "gstin", "GSTIN", Text(15, code=True, pattern=re.compile(r"[0-9A-Z]{15}")),
            like=re.compile(r"\d\d[A-Z]{5}.{8}"),
            fix=lambda raw: "".join(raw.split()) if len("".join(raw.split())) == 15 else None,
        ),
        Column("state_code", "State", Choice.of(STATE_CHOICES, MH="27"), required=True, example="27"),
        Column("address", "Address", Text(300, lines=True), default="-"),
        Column("city", "City", Text(60), required=True),
        Column("pin_code", "PIN code", Text(6, pattern=re.compile(r"\d{6}")), default="000000", synonyms=("Pincode",)),
        Column("active", "Active", YesNo(), default="true"),
    )  # fmt: skip
    keys = (Key(("name",), "branch name"), Key(("code",), "short code"))
    options = (Option("existing", "If a branch exists", [("update", "Update it"), ("skip", "Leave it")]),)
    created_label = "New branches"
    updated_label = "Branches updated"

    def check(self, batch: Batch) -> None:
        batch.mark(
            "SELECT b.row, '27' AS fix FROM import_batch b WHERE b.city = 'Pune' AND b.state_code <> '27'",
            column="state_code", code="pune_state", message="Pune lies in Maharashtra.",
        )  # fmt: skip
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.gstin = ''",
            column="gstin", code="no_gstin", message="GSTIN is empty.", severity=WARNING,
        ) if batch.options.get("warn") else None  # fmt: skip
        batch.mark(
            "SELECT b.row, format('%%s is taken by %%s.', b.code, t.name) AS message FROM import_batch b "
            "JOIN organizations_branch t ON t.organization_id = %(organization)s "
            "AND upper(t.code) = upper(b.code) AND lower(t.name) <> lower(b.name)",
            column="code", code="code_taken",
        )  # fmt: skip

    def take(self, batch: Batch) -> Taken:
        return take_records(
            batch,
            Branch,
            match="lower(t.name) = lower(b.name)",
            values={column.name: f"b.{column.name}" for column in self.columns},
            update=("gstin", "city", "pin_code") if batch.options["existing"] == "update" else (),
        )

    def undo(self, job_number: int) -> None:
        undo_records(job_number, Branch)
