"""Registers on paper, for an inspector: by drug and dates, by bill, by HSN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.paper import PdfFault, can_print
from apps.core.paper.mail import Document
from apps.core.ui import formats
from apps.core.ui.pages import Page
from apps.core.ui.widgets import DateInput
from apps.finance.views.party_statement import letterhead
from apps.inventory.models import Product
from apps.sales.models import Register
from apps.sales.queries.registers import DrugRow, drug_register, hsn_register, sale_register

SALES, HSN = "sales", "hsn"
_KINDS = [*Register.choices, (SALES, gettext_lazy("Sale register")), (HSN, gettext_lazy("Tax by HSN"))]
Sheet = dict[str, Any]


class RegisterForm(forms.Form):
    """Which register, of which days, of which drug."""

    what = forms.ChoiceField(label=gettext_lazy("Register"), choices=_KINDS)
    first = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    last = forms.DateField(label=gettext_lazy("To"), widget=DateInput())
    product = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"first", "last"} <= data.keys() and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return data


def _text(value: str) -> dict[str, Any]:
    return {"text": value}


def _number(value: str) -> dict[str, Any]:
    return {"text": value, "number": True}


def _heads(*labels: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    return [{"label": label, "number": place in numbers} for place, label in enumerate(labels)]


def _drug_rows(rows: Sequence[DrugRow]) -> list[dict[str, Any]]:
    """A heading and the lines of each drug, with what left in all."""
    groups = []
    for _key, found in groupby(rows, key=lambda row: row.product_id):
        lines = list(found)
        one = lines[0]
        groups.append(
            {
                "title": " · ".join(filter(None, (one.product, one.pack, one.maker))),
                "total": formats.num(sum(line.quantity for line in lines)),
                "rows": [
                    [
                        _text(formats.day(line.on)),
                        _text(line.bill),
                        _text(line.party),
                        _text(line.address),
                        _text(line.licences),
                        _text(line.batch),
                        _text(formats.exp(line.expiry)),
                        _number(formats.num(line.quantity)),
                    ]
                    for line in lines
                ],
            }
        )
    return groups


def _drugs(register: str, first: dt.date, last: dt.date, product: int | None) -> Sheet:
    labels = (
        _("Date"), _("Bill"), _("Purchaser"), _("Address"), _("Licences"), _("Batch"), _("Exp"), _("Quantity"),
    )  # fmt: skip
    return {
        "columns": _heads(*labels, numbers=[7]),
        "groups": _drug_rows(drug_register(register, first=first, last=last, product_id=product)),
    }


def _sales(_register: str, first: dt.date, last: dt.date, _product: int | None) -> Sheet:
    rows = sale_register(first=first, last=last)
    labels = (
        _("Date"), _("Number"), _("Customer"), _("GSTIN"), _("Taxable"), _("CGST"), _("SGST or UTGST"), _("IGST"),
        _("Round off"), _("Total"),
    )  # fmt: skip
    standing = [row for row in rows if not row.cancelled]
    return {
        "columns": _heads(*labels, numbers=range(4, 10)),
        "groups": [
            {
                "rows": [
                    [
                        _text(formats.day(row.on)),
                        _text(row.number),
                        _text(f"{row.party} · {_('cancelled')}" if row.cancelled else row.party),
                        _text(row.gstin),
                        *(
                            _number("" if row.cancelled else formats.money(amount))
                            for amount in (row.taxable, row.cgst, row.state_tax, row.igst, row.round_off, row.total)
                        ),
                    ]
                    for row in rows
                ]
            }
        ]
        if rows
        else [],
        "foot": _foot(4, standing, ("taxable", "cgst", "state_tax", "igst", "round_off", "total")),
    }


def _by_hsn(_register: str, first: dt.date, last: dt.date, _product: int | None) -> Sheet:
    rows = hsn_register(first=first, last=last)
    labels = (
        _("HSN"), _("Unit"), _("Rate %"), _("Quantity"), _("Taxable"), _("CGST"), _("SGST or UTGST"), _("IGST"),
    )  # fmt: skip
    return {
        "columns": _heads(*labels, numbers=range(2, 8)),
        "groups": [
            {
                "rows": [
                    [
                        _text(row.hsn),
                        _text(row.uqc),
                        _number(formats.trim(row.rate)),
                        _number(formats.trim(row.quantity)),
                        *(_number(formats.money(one)) for one in (row.taxable, row.cgst, row.state_tax, row.igst)),
                    ]
                    for row in rows
                ]
            }
        ]
        if rows
        else [],
        "foot": _foot(4, rows, ("taxable", "cgst", "state_tax", "igst")),
    }


def _foot(before: int, rows: Sequence[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """Sums under the columns of amounts."""
    sums = [sum((getattr(row, name) for row in rows), Decimal("0.00")) for name in names]
    return [_text(_("Total")), *[_text("")] * (before - 1), *(_number(formats.money(amount)) for amount in sums)]


_SHEETS: dict[str, Callable[[str, dt.date, dt.date, int | None], Sheet]] = {
    **dict.fromkeys(Register.values, _drugs),
    SALES: _sales,
    HSN: _by_hsn,
}


class Registers(Page):
    """A register as a sheet; `?as=pdf` is what an inspector takes along."""

    right = "sales.bill.view"
    title = gettext_lazy("Registers")
    template_name = "sales/register_print.html"
    default: ClassVar[str] = Register.H1

    def form(self) -> RegisterForm:
        today = timezone.localdate()
        given = {"what": self.default, "first": today.replace(day=1).isoformat(), "last": today.isoformat()}
        return RegisterForm({**given, **{name: value for name, value in self.request.GET.items() if value}})

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form()
        if not form.is_valid():
            return self.render(self.get_context(form=form, columns=[], groups=[], pdf_url=""), status=422)
        context = self.get_context(form=form, **self._sheet(form.cleaned_data))
        if request.GET.get("as") != "pdf":
            return self.render(context)
        name = f"{context['document']['title']} {form.cleaned_data['first']}"
        document = Document(name, render_to_string(self.template_name, context, request))
        try:
            content = document.pdf()
        except PdfFault:
            return self.render(context | {"pdf_fault": True}, status=503)
        shown = content_disposition_header(as_attachment=False, filename=document.file_name)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})

    def _sheet(self, data: dict[str, Any]) -> dict[str, Any]:
        what, first, last, product = data["what"], data["first"], data["last"], data["product"]
        drug = Product.objects.filter(pk=product).first() if product else None
        query = urlencode({"what": what, "first": first, "last": last, **({"product": product} if product else {})})
        facts = [(_("From"), formats.day(first)), (_("To"), formats.day(last))]
        return {
            **_SHEETS[what](what, first, last, product),
            "letterhead": letterhead(),
            "document": {
                "title": dict(_KINDS)[what],
                "facts": [*facts, (_("Drug"), drug.name)] if drug else facts,
            },
            "drug_register": what in Register.values,
            "printed_at": timezone.now(),
            "pdf_url": f"{self.request.path}?{query}&as=pdf" if can_print() else "",
            "back_url": self.url("ui:home"),
            "back_label": _("Home"),
        }
