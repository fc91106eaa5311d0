"""Template tags and filters of the look: icons, numbers, dates, badges, banners, form controls.

Filters are the functions of `core.ui.formats` under short names; an empty or missing value is written as an en dash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.core import amounts
from apps.core.ui import charts, formats

register = template.Library()

# ---- numbers and dates ----


def _written(write: Callable[..., str]) -> Callable[..., str]:
    """Let a missing template variable, which Django hands over as "", be written like None."""

    # wraps: Django reads the number of arguments from the function inside.
    @wraps(write)
    def written(value: Any, *arguments: Any) -> str:
        return write(None if value == "" else value, *arguments)

    return written


_FILTERS: dict[str, Callable[..., str]] = {
    "num": formats.num,
    "money": formats.money,
    "inr": formats.inr,
    "inr_short": formats.inr_short,
    "trim": formats.trim,
    "percent": formats.percent,
    "day": formats.day,
    "day_month": formats.day_month,
    "clock": formats.clock,
    "clock_seconds": partial(formats.clock, seconds=True),
    "moment": formats.moment,
    "ago": formats.ago,
    "exp": formats.exp,
}
for _name, _write in _FILTERS.items():
    register.filter(_name, _written(_write))
register.filter("inr_words", amounts.inr_words)
register.filter("middle", formats.middle)


@register.filter
def dash(value: object) -> object:
    """An en dash for None and for empty text; zero stays zero."""
    return formats.EMPTY if value is None or value == "" else value


@register.filter
def lower_first(text: object) -> str:
    """Text that continues a sentence: "The last character" becomes "the last character"; "GSTIN is taken" stays."""
    words = str(text)
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


# ---- parts ----


@cache
def _icon(name: str, css_class: str) -> SafeString:
    classes = f"i {css_class}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', classes, static("icons.svg"), name
    )


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the sprite, hidden from assistive technology: words beside it, or an aria-label, carry the name."""
    return _icon(str(name), str(css_class))


# The icon that goes with a tone, so that the tone survives greyscale and colour blindness.
TONE_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "circle-x",
    "info": "info-circle",
    "chain": "link",
    "acc": "info-circle",
}


@register.simple_tag
def badge(text: object, tone: str = "", icon: str = "") -> SafeString:
    """A status in one or two words. Tones: ok, warn, bad, info, chain, acc, or line for an outline without a tint."""
    return format_html(
        '<span class="{}">{}{}</span>', f"badge {tone}".strip(), _icon(icon, "") if icon else SafeString(""), text
    )


@register.simple_block_tag
def banner(content: str, tone: str = "info", icon: str = "", css_class: str = "") -> SafeString:
    """The state of a page or a section: `{% banner "warn" %}<div>…</div><div class="acts">…</div>{% endbanner %}`."""
    return format_html(
        '<div class="{}">{}{}</div>',
        " ".join(filter(None, ("banner", tone if tone != "info" else "", css_class))),
        _icon(icon or TONE_ICONS.get(tone, "info-circle"), ""),
        SafeString(content),
    )


@register.simple_tag
def heat(expiry: dt.date | None, today: dt.date | None = None) -> SafeString:
    """An expiry with its heat colour and, because colour alone says nothing, the time left in words."""
    if not expiry:
        return SafeString(formats.EMPTY)
    days = (expiry - (today or timezone.localdate())).days
    return format_html(
        '<span class="heat {}">{}<small>{}</small></span>',
        formats.heat(days),
        formats.exp(expiry),
        formats.time_left(days),
    )


@register.simple_tag
def ring(done: int, needed: int) -> SafeString:
    """A ring for steps done; write "4 of 12" or "Final" beside it."""
    return charts.ring(done, needed)


_KEY_SIGNS = {"Control": "Ctrl", "Enter": "↵", "ArrowUp": "↑", "ArrowDown": "↓", "Delete": "Del"}


@register.simple_tag
def keycaps(keys: str, css_class: str = "") -> SafeString:
    """Key caps for a shortcut written as in aria-keyshortcuts: "g s" gives two caps, "Control+Enter" gives Ctrl ↵."""
    if not keys:
        return SafeString("")
    caps = (
        keys.split()
        if " " in keys
        else ["+".join(_KEY_SIGNS.get(key, key) for key in keys.split("+")).replace("+", " ")]
    )
    attributes = flatatt({"class": css_class}) if css_class else SafeString("")
    return format_html_join(" ", "<kbd{}>{}</kbd>", ((attributes, cap) for cap in caps))


# ---- forms ----

# Attributes of a widget that speak to our templates and are not HTML.
_OURS = frozenset({"prefix", "suffix", "icon", "note", "span"})


@register.simple_tag
def control_attrs(widget: dict[str, Any]) -> SafeString:
    """The HTML attributes of a form control, with the class its kind has in our CSS. Called by the widget templates."""
    kind = widget.get("type", "")
    attributes = {name: value for name, value in widget["attrs"].items() if name not in _OURS and value is not False}
    if kind == "radio":
        # ARIA 1.2 has no aria-invalid on a single radio button: the fieldset around it is described by the error.
        attributes.pop("aria-invalid", None)
    if kind != "hidden":
        base = "ck" if kind in ("checkbox", "radio") else "in"
        given = str(attributes.pop("class", "")).split()
        attributes["class"] = " ".join([base, *(name for name in given if name != base)])
    return flatatt({name: value if value is True else str(value) for name, value in attributes.items()})


@register.filter
def span(field: BoundField) -> str:
    """The width of a field in the 12-column grid: the widget's `span`, else half, or all for what needs room."""
    widget = field.field.widget
    given = widget.attrs.get("span")
    if given:
        return str(given)
    wide = (
        field.use_fieldset
        or getattr(widget, "input_type", "") in ("checkbox", "file")
        or field.widget_type == "textarea"
    )
    return "c12" if wide else "c6"


def _problems(form: Any) -> list[tuple[str, str]]:
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")
        for error in field.errors:
            label = str(field.label or "")
            text = f"{label}: {lower_first(error)}" if label else str(error)
            found.append(("" if field.is_hidden else target, text))
    return found


@register.inclusion_tag("parts/errsum.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All problems of the given forms and formsets, in page order, as links to their fields."""
    problems: list[tuple[str, str]] = []
    for form in forms:
        if not form or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            problems += [("", str(error)) for error in form.non_form_errors()]
            for number, member in enumerate(form.forms, 1):
                row = gettext("Row %(number)d, ") % {"number": number}
                problems += [(target, row + lower_first(text)) for target, text in _problems(member)]
        else:
            problems += _problems(form)
    return {"problems": problems}
