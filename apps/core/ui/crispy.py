"""Layout objects for forms of several cards.

    helper.layout = Layout(
        Card(_("Who they are"), C6("name"), C6("gstin"), C8("address"), C4("state")),
        Card(_("Credit"), C4("limit"), C4("days"), footer=Buttons(_("Save customer"), cancel="{{ cancel_url }}")),
    )

A plain field name works too: its width is the widget's `span`, else half the row.
"""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class _Span(Field):
    """Fields of a fixed width in the 12-column grid."""

    width = "c6"

    def __init__(self, *fields: str | LayoutObject, **kwargs: Any) -> None:
        kwargs["wrapper_class"] = f"{self.width} {kwargs.get('wrapper_class', '')}".strip()
        super().__init__(*fields, **kwargs)


class C4(_Span):
    """A third of the row."""

    width = "c4"


class C6(_Span):
    """Half of the row."""

    width = "c6"


class C8(_Span):
    """Two thirds of the row."""

    width = "c8"


class C12(_Span):
    """The whole row."""

    width = "c12"


class Buttons(LayoutObject):
    """The end of a form: a way out, then the one button that saves.

    `submit` says what will happen ("Save customer"). `cancel` is an address or a template expression such as
    "{{ cancel_url }}"; an empty one leaves the way out away. `keys` binds the button (UI rules, section 8). Further
    buttons are given as layout objects and stand before these two.
    """

    template = "%s/layout/buttons.html"

    def __init__(
        self,
        submit: Text,
        *fields: LayoutObject,
        cancel: str = "{{ cancel_url }}",
        cancel_label: Text = "",
        keys: str = "Control+Enter",
        tone: str = "pri",
    ) -> None:
        self.submit = submit
        self.fields = list(fields)
        self.cancel = cancel
        self.cancel_label = cancel_label or _("Cancel")
        self.keys = keys
        self.tone = tone

    def render(self, form: Any, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        return render_to_string(
            self.get_template_name(template_pack),
            {
                "buttons": self,
                "cancel_url": Template(self.cancel).render(context).strip(),
                "more": self.get_rendered_fields(form, context, template_pack, **kwargs),
            },
        )


class Card(LayoutObject):
    """A titled group of fields on a white card; `hint` is one line beside the title, `footer` usually `Buttons`."""

    template = "%s/layout/card.html"

    def __init__(
        self, title: Text, *fields: str | LayoutObject, hint: Text = "", footer: LayoutObject | None = None
    ) -> None:
        self.title = title
        self.fields = list(fields)
        self.hint = hint
        self.footer = footer

    def render(self, form: Any, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        return render_to_string(
            self.get_template_name(template_pack),
            {
                "card": self,
                "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
                "footer": self.footer.render(form, context, template_pack) if self.footer is not None else "",
            },
        )


class LookHelper(FormHelper):
    """A form of cards, 960 px wide, that the server checks: browsers' own bubbles would hide our words."""

    form_class = "wrap narrow"
    render_hidden_fields = True

    def __init__(self, *cards: LayoutObject | str) -> None:
        super().__init__()
        self.attrs = {"novalidate": True}
        if cards:
            self.layout = Layout(*cards)
