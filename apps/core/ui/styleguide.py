"""`/styleguide/`: every part and state of the look, made from the templates the product uses.

Open to everybody where nothing is at stake (development, demo), else to people who are signed in. Names and figures on
it are invented. `?show=` answers what a page of the product would answer: a toast, a conflict, a fault, an error page.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.core.amounts import RUPEE

from . import charts, formats
from .crispy import C4, C6, C8, C12, Buttons, Card, LookHelper
from .widgets import CodeInput, DateInput, ExpiryInput, MoneyInput, QuantityInput

# A fixed day, so that screenshots of two releases differ only where the look differs.
TODAY: Final = dt.date(2026, 11, 20)

_STATES = (("27", "Maharashtra (27)"), ("29", "Karnataka (29)"), ("24", "Gujarat (24)"))


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Business name"), max_length=120)
    gstin = forms.CharField(
        label=_("GSTIN"),
        required=False,
        max_length=15,
        widget=CodeInput(attrs={"note": _("leave empty if unregistered")}),
    )
    address = forms.CharField(label=_("Address"), widget=forms.Textarea(attrs={"rows": 3}))
    state = forms.ChoiceField(label=_("State"), choices=_STATES, help_text=_("Filled in from the GSTIN"))
    licence = forms.CharField(label=_("Form 20B number"), widget=CodeInput)
    valid_to = forms.DateField(label=_("Valid to"), widget=DateInput)
    expiry = forms.CharField(label=_("Expiry"), widget=ExpiryInput, help_text=_("Type 0828 for 08/2028"))
    limit = forms.CharField(label=_("Credit limit"), widget=MoneyInput(attrs={"prefix": RUPEE}))
    days = forms.IntegerField(label=_("Payment terms"), widget=QuantityInput(attrs={"suffix": _("days")}))
    password = forms.CharField(
        label=_("Password"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    price = forms.ChoiceField(
        label=_("Price on the bill"),
        choices=(("ptr", _("Trade rate")), ("mrp", _("MRP less discount"))),
        widget=forms.RadioSelect,
    )
    days_open = forms.MultipleChoiceField(
        label=_("Open on"),
        required=False,
        choices=(("sat", _("Saturday")), ("sun", _("Sunday"))),
        widget=forms.CheckboxSelectMultiple,
    )
    scan = forms.FileField(label=_("Licence copy"), required=False)
    locked = forms.CharField(label=_("Number"), disabled=True, initial="BK/2627/04127", required=False)
    print_mrp = forms.BooleanField(label=_("Print MRP on the bill"), required=False)

    @property
    def helper(self) -> FormHelper:
        """The cards of the form, as a page of the product lays them out."""
        return LookHelper(
            Card(_("Who they are"), C6("name"), C6("gstin"), C8("address"), C4("state"), C4("price"), C4("days_open")),
            Card(_("Licence"), C4("licence"), C4("valid_to"), C4("expiry"), C6("scan"), C6("password")),
            Card(
                _("Credit"),
                C4("limit"),
                C4("days"),
                C4("locked"),
                C12("print_mrp"),
                footer=Buttons(_("Save customer"), cancel="{{ cancel_url }}"),
            ),
        )

    def clean_gstin(self) -> str:
        """The checksum message of the product, for a number whose last character is wrong."""
        raise ValidationError(_("The last character should be E, not 1"))

    def clean_expiry(self) -> str:
        """A month past 12."""
        raise ValidationError(_("Month must be 01 to 12"))

    def clean_limit(self) -> str:
        """Words where a number belongs."""
        raise ValidationError(_("Enter rupees, such as 3,00,000"))


# One expiry for each step of heat.
_HEATS = (
    dt.date(2026, 9, 30),
    dt.date(2026, 11, 30),
    dt.date(2027, 1, 31),
    dt.date(2027, 4, 30),
    dt.date(2028, 8, 31),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A row of the sample list; amounts are written as typed."""

    product: str
    generic: str
    number: str
    expiry: dt.date
    rack: str
    on_hand: int
    price: str
    cost: str
    schedule: str = ""
    cold: bool = False

    @property
    def mrp(self) -> Decimal:
        """Maximum retail price of a pack."""
        return Decimal(self.price)

    @property
    def value(self) -> Decimal:
        """Cost of all that is on hand."""
        return Decimal(self.cost)


_BATCHES = (
    Batch("Cetrivale 10", "Cetirizine 10 mg · 10 tab", "CT2409B", _HEATS[0], "QTN-1", 84, "19.20", "1106.28"),
    Batch("Azivanta 500", "Azithromycin 500 mg", "AZ4410", _HEATS[1], "A-04-2", 64, "119.70", "5253.12", "H"),
    Batch("Glargiva Pen", "Insulin glargine", "GLP-0925", _HEATS[2], "COLD-1", 18, "664.00", "8195.58", "H", cold=True),
    Batch("Salbreeze Inhaler", "Salbutamol", "SB-2219", _HEATS[3], "C-01-4", 38, "162.50", "4234.34", "H"),
    Batch("Tramelin 50", "Tramadol 50 mg · 10 cap", "TM50-118", _HEATS[4], "LOCK-1", 1240, "84.00", "119344.40", "H1"),
)

_STATS = (
    (_("Expired"), 18, 38412),
    (_("30 days or less"), 41, 112340),
    (_("31 to 90 days"), 83, 486920),
    (_("91 to 180 days"), 388, 1840775),
    (_("Later"), 1888, 21699413),
)

_LINES = (
    ("Febrolite 650", "FB6-2208", _HEATS[4], 120, "24.00", False),
    ("Azivanta 500", "AZ4410", _HEATS[1], 52, "91.20", True),
    ("Pantolume 40", "PL40-906", _HEATS[3], 60, "124.19", False),
)

_SALES = (391200, 61400, 416805, 402950, 455120, 438760, 470015, 421330, 66210, 448900, 492300, 501870, 470450, 482310)


def _sample_form() -> SampleForm:
    return SampleForm(
        {
            "name": "Wishing Well Medicals",
            "gstin": "27ZZZFW4410K1Z1",
            "address": "14 Lantern Street, Imaginary Market Yard",
            "state": "27",
            "licence": "20B-MH-ZZ4410",
            "valid_to": "2027-03-31",
            "expiry": "13/2027",
            "limit": "3 lakh",
            "days": "21",
            "price": "ptr",
            "days_open": ["sat"],
            "print_mrp": "on",
        },
    )


def _conflict(url: str) -> dict[str, Any]:
    return {
        "title": _("Someone else changed this batch"),
        "text": _("Stores 1 saved batch PL40-906 at 10:47, while you were editing. Nothing of yours is lost."),
        "them": "Stores 1",
        "version": 4,
        "url": url,
        "discard_url": url,
        "history_url": "#history",
        "kept": [],
        "rows": [
            {
                "label": _("On hand"),
                "name": "on_hand",
                "opened": "318",
                "theirs": "306",
                "theirs_value": "306",
                "yours": "310",
                "yours_value": "310",
                "clash": True,
            },
            {"label": _("Rack"), "name": "rack", "opened": "B-02-3", "yours": "C-01-4", "changed_by_you": True},
            {"label": _("Reorder at"), "name": "reorder", "opened": "60", "theirs": "80", "changed_by_them": True},
        ],
    }


def _context(url: str) -> dict[str, Any]:
    days = [dt.date(2026, 11, 7) + dt.timedelta(days=index) for index in range(len(_SALES))]
    bars = [
        charts.Bar(formats.day_month(day), sold, sold * 4 // 5, off=day.weekday() == 6)
        for day, sold in zip(days, _SALES, strict=True)
    ]
    ages = (
        ("g4", _("Not due"), 4732775),
        ("g3", _("1 to 30 days"), 1084320),
        ("g2", _("31 to 60 days"), 611420),
        ("g1", _("61 to 90 days"), 298400),
        ("g0", _("Over 90 days"), 113300),
    )
    return {
        "title": _("Styleguide"),
        "today": TODAY,
        "sample": _sample_form(),
        "cancel_url": url,
        "batches": _BATCHES,
        "total_value": sum((batch.value for batch in _BATCHES), Decimal(0)),
        "heats": _HEATS,
        "tabs": [
            {"label": _("All stock"), "url": url, "current": True},
            {"label": _("Sell first"), "url": "?view=first", "count": 142},
            {"label": _("Cold chain"), "url": "?view=cold", "count": 64},
        ],
        "stats": [
            {
                "label": label,
                "count": formats.num(count),
                "detail": formats.inr(amount, 0),
                "url": f"?expiry={step}",
                "swatch": f"g{step}",
            }
            for step, (label, count, amount) in enumerate(_STATS)
        ],
        "bulk": {
            "url": url,
            "total": 2418,
            "query": "godown=main",
            "actions": [
                {"value": "hold", "label": _("Quarantine"), "icon": "lock"},
                {"value": "move", "label": _("Transfer"), "icon": "arrows-exchange"},
            ],
        },
        "pages": {
            "shown": "1–5",
            "total": formats.num(2418),
            "note": _("Sorted by expiry, soonest first"),
            "previous": "",
            "next": "?after=5",
            "sizes": [{"value": 50, "current": True}, {"value": 100}],
        },
        "loading_columns": ((_("Product"), "", "w4"), (_("Batch"), "", ""), (_("Free"), "num", "w1")),
        "steps": (_("Upload"), _("Match"), _("Check"), _("Import")),
        "events": (
            {"icon": "check", "tone": "ok", "title": _("Bill saved"), "detail": "10:42 · Billing desk 2"},
            {"icon": "link", "tone": "chain", "title": _("Anchored"), "detail": "23:31 · 12 of 12"},
        ),
        "chart": charts.bars(bars, str(_("Sales per day, with the same day a year ago"))),
        "chart_rows": bars,
        "spark": charts.spark(_SALES),
        "age_bar": charts.stacked([charts.Part(tone, value, f"{label}") for tone, label, value in ages], big=True),
        "ages": ages,
        "conflict": _conflict(url),
        "money": Decimal("123456.00"),
        "loss": Decimal("-700.34"),
        "crores": 24177860,
        "lines": [
            {
                "product": product,
                "batch": batch,
                "expiry": expiry,
                "quantity": quantity,
                "rate": Decimal(rate),
                "note": note,
            }
            for product, batch, expiry, quantity, rate, note in _LINES
        ],
        "error_pages": ("400", "403", "403_csrf", "404", "409", "500", "503", "auth", "print"),
    }


_STATUS: Final = {"400": 400, "403": 403, "403_csrf": 403, "404": 404, "409": 409, "500": 500, "503": 503}


def _show(request: HttpRequest, what: str) -> HttpResponse:
    if what == "toast":
        answer = HttpResponse(status=204)
        toast = {
            "text": str(_("Line 4 removed")),
            "detail": "Pantolume 40, 60 strips",
            "tone": "ok",
            "undo": request.path,
        }
        answer["HX-Trigger"] = json.dumps({"toast": toast})
        return answer
    if what == "conflict":
        return render(request, "parts/conflict.html", {"conflict": _conflict(request.path)}, status=409)
    if what == "fault":
        answer = HttpResponse(status=500)
        answer["X-Error-Id"] = "E-7F2K-0914"
        return answer
    if what in ("500", "503"):
        # As in an accident: nothing but the template.
        return HttpResponse(render_to_string(f"{what}.html"), status=_STATUS[what])
    if what == "form":
        context = {"title": _("New customer"), "form": _sample_form(), "cancel_url": request.path}
        return render(request, "styleguide_form.html", context)
    if what == "print":
        return render(request, "print.html", _paper(request.path))
    if what in ("400", "403", "403_csrf", "404", "409"):
        return render(request, f"{what}.html", {"conflict": _conflict(request.path)}, status=_STATUS[what])
    if what == "auth":
        return render(request, "styleguide_auth.html", {"title": _("Sign in"), "sample": _SignIn()})
    raise Http404(what)


class _SignIn(forms.Form):
    email = forms.EmailField(
        label=_("Work email"), widget=forms.EmailInput(attrs={"autocomplete": "username webauthn"})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


def _paper(url: str) -> dict[str, Any]:
    def cell(text: str, *, number: bool = False) -> dict[str, Any]:
        return {"text": text, "number": number}

    return {
        "title": _("Stock count"),
        "back_url": url,
        "back_label": _("Styleguide"),
        "letterhead": {
            "logo": True,
            "name": "Banyan & Kite Distributors",
            "lines": ("14 Lantern Street, Imaginary Market Yard, Pune", "GSTIN 27ZZZCB0001K1Z5"),
        },
        "document": {"title": _("Stock count"), "number": "SC/2627/00041", "facts": ((_("Date"), formats.day(TODAY)),)},
        "columns": (
            {"label": _("Product")},
            {"label": _("Batch")},
            {"label": _("Expiry")},
            {"label": _("On hand"), "number": True},
            {"label": _("Value"), "number": True},
        ),
        "rows": [
            (
                cell(batch.product),
                cell(batch.number),
                cell(formats.exp(batch.expiry)),
                cell(formats.num(batch.on_hand), number=True),
                cell(formats.money(batch.value), number=True),
            )
            for batch in _BATCHES
        ],
    }


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page, or with `?show=` one answer of the product."""
    if not (settings.DEBUG or settings.DEMO or request.user.is_authenticated):
        return redirect_to_login(request.get_full_path())
    if "show" in request.GET:
        return _show(request, request.GET["show"])
    return render(request, "styleguide.html", _context(request.path))
