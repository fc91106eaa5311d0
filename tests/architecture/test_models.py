"""What every model of ours must be."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from apps.core.audit.events import HistoryEvent
from apps.core.audit.history import history_model
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.core.tenancy.querysets import TenantManager
from tests.architecture.source import dotted, modules_called, python_files, text, tree

# Models without an organization. Whatever is not here carries organization_id and lies under row-level security.
NOT_TENANT_DATA = {
    "organizations.Organization": "is the organization; its policies are in row_policies",
    "accounts.User": "a person, who may belong to several organizations",
    "background.PeriodicRun": "when each periodic task ran last; one clock for the whole service",
}
# Those of other people's apps, by app: none of them may hold business data.
NOT_TENANT_APPS = {
    "account": "e-mail addresses of people",
    "auth": "installed for its session middleware; our rights are in organizations.rights",
    "contenttypes": "names of models",
    "mfa": "second factors of people",
    "pghistory": "its shared context table stays empty: the context is kept inside each event",
    "sessions": "sessions of people",
    "socialaccount": "single sign-on accounts of people",
    "usersessions": "signed-in devices of people",
}
# BusinessModels without history.
NOT_AUDITED: dict[str, str] = {}

# References that do something else than PROTECT when the row they name goes away.
NOT_PROTECTED = {
    "purchasing.BillCharge.bill": "a charge is part of its bill; only drafts are deleted",
    "purchasing.ReceiptLine.receipt": "a line is part of its receipt, which is never deleted",
    "purchasing.OrderLine.order": "a line is part of its order; only drafts without a number are deleted",
    "finance.VoucherLine.voucher": "a draft's lines go with it; what was posted stands in the journal",
    "organizations.BranchLicence.branch": "a licence is part of its branch's page and is saved and deleted with it",
    "inventory.ProductStock.product": "triggers make and remove the totals with their product",
    "inventory.AdjustmentItem.adjustment": "a line is part of its adjustment",
    "inventory.CountItem.count": "a line is part of its count",
    "inventory.TransferItem.transfer": "a line is part of its transfer",
    "parties.PartyAddress.party": "an address is part of its party",
    "parties.PartyContact.party": "a contact is part of its party",
    "parties.PartyLicence.party": "a licence is part of its party",
    "inventory.Barcode.product": "a barcode is part of its product",
    "inventory.PackUnit.product": "a pack unit is part of its product",
    "inventory.ProductPrice.product": "its prices are part of a product",
    "inventory.ProductPhoto.product": "its photo is part of a product",
    "inventory.ProductSalt.product": "its composition is part of a product",
    "inventory.RateRevisionLine.revision": "a line is part of its revision; applied ones are undone, not deleted",
    "sales.BillLine.bill": "a draft's lines go with it; the database keeps those of a posted bill",
    "sales.BillPick.bill": "a draft's batches go with it; the database keeps those of a posted bill",
    "sales.BillPick.line": "chosen batches are part of their line",
    "sales.SalesReturnLine.note": "a draft's lines go with it; the database keeps those of a posted note",
    "sales.BillApproval.bill": "a question is part of its bill",
    "inventory.ReorderLevel.product": "a reorder level is part of its product",
}

# Models whose name no page shows.
NAMELESS = {"background.PeriodicRun": "only /readyz reads it"}

# Models that no test names.
UNTESTED: dict[str, str] = {"background.PeriodicRun": "its one statement, claim_run, is tested instead"}


def _own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("apps.")]


def _written_models() -> list[type[models.Model]]:
    """Ours, without the history tables: those are made by a decorator and tested with it."""
    return [model for model in _own_models() if not issubclass(model, HistoryEvent)]


def _is_tenant_data(model: type[models.Model]) -> bool:
    return any(field.column == "organization_id" for field in model._meta.local_fields)


def test_every_model_belongs_to_an_organization() -> None:
    astray = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if not (_is_tenant_data(model) and isinstance(model._default_manager, TenantManager))
        and model._meta.label not in NOT_TENANT_DATA
        and model._meta.app_label not in NOT_TENANT_APPS
    ]
    assert not astray, f"Inherit from TenantModel and keep its manager, or say why not in NOT_TENANT_DATA: {astray}"


def test_exemptions_name_what_exists() -> None:
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert not NOT_TENANT_DATA.keys() - labels
    assert not NOT_TENANT_APPS.keys() - {model._meta.app_label for model in apps.get_models()}
    assert not (NOT_AUDITED.keys() | UNTESTED.keys() | NAMELESS.keys()) - labels
    fields = {f"{model._meta.label}.{field.name}" for model in _own_models() for field in model._meta.local_fields}
    assert not NOT_PROTECTED.keys() - fields


def test_own_models_are_tenant_models() -> None:
    """TenantModel sets the organization by itself; a hand-made organization_id would be left to memory."""
    bare = [
        model._meta.label
        for model in _written_models()
        if model._meta.label not in NOT_TENANT_DATA and not issubclass(model, TenantModel)
    ]
    assert not bare, bare


def _references(model: type[models.Model]) -> list[models.ForeignKey]:
    return [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]


def test_references_within_an_organization_are_composite() -> None:
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in _written_models()
        for field in _references(model)
        if _is_tenant_data(model)
        and _is_tenant_data(field.remote_field.model)
        and not isinstance(field, TenantForeignKey)
    ]
    assert not plain, f"Use TenantForeignKey: PostgreSQL checks plain ones without row-level security: {plain}"


def test_no_many_to_many() -> None:
    """The table that Django makes for one has no organization_id: write the model in between."""
    found = [f"{model._meta.label}.{field.name}" for model in _own_models() for field in model._meta.local_many_to_many]
    assert not found, found


def test_nothing_is_deleted_in_passing() -> None:
    """`on_delete=PROTECT`: a row that others refer to is archived, or deleted with everything named on the page."""
    loose = [
        name
        for model in _written_models()
        for field in _references(model)
        if field.remote_field.on_delete is not models.PROTECT
        and (name := f"{model._meta.label}.{field.name}") not in NOT_PROTECTED
    ]
    assert not loose, loose


@pytest.mark.parametrize(
    "model",
    [model for model in _written_models() if issubclass(model, BusinessModel)],
    ids=lambda model: model._meta.label,
)
def test_business_rows_have_a_history(model: type[models.Model]) -> None:
    if model._meta.label in NOT_AUDITED:
        with pytest.raises(LookupError):
            history_model(model)
        return
    event = history_model(model)
    assert _is_tenant_data(event)
    kept = {field.name for field in event._meta.local_fields}
    assert {"pgh_context", "pgh_txid", "id"} <= kept


def test_the_organization_itself_has_a_history() -> None:
    assert history_model(apps.get_model(settings.TENANT_MODEL))


def test_models_have_no_flow() -> None:
    """`save` and `delete` stay Django's: what happens on a write stands in an operation."""
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules_called("models", "apps")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean", "full_clean"}
    ]
    assert not found, found


def test_no_model_signals() -> None:
    """Facts travel up as outbox events. post_migrate is no model signal and stays allowed."""
    names = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
    found = [
        f"{path}:{node.lineno}"
        for path in python_files("apps", "ineat")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and dotted(node).split(".")[-1] in names
        # A field's own `pre_save` gives a column its value; it is no signal.
        and dotted(node) != "field.pre_save"
    ]
    assert not found, found


@cache
def _words_of_tests() -> frozenset[str]:
    paths = [path for path in python_files("tests") if path.parts[1] != "architecture"]
    return frozenset(word for path in paths for word in re.findall(r"\w+", text(path)))


def test_every_model_is_tested() -> None:
    forgotten = [
        model._meta.label
        for model in _written_models()
        if model.__name__ not in _words_of_tests() and model._meta.label not in UNTESTED
    ]
    assert not forgotten, f"No test names them: {forgotten}"


def test_every_model_says_what_it_is() -> None:
    """Its name on pages, in two forms, and how one row of it reads."""
    silent = [
        model._meta.label
        for model in _written_models()
        if model.__str__ is models.Model.__str__
        or (model._meta.original_attrs.get("verbose_name_plural") is None and model._meta.label not in NAMELESS)
    ]
    assert not silent, silent
