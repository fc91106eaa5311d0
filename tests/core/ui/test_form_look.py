"""Forms look and read the same however they are drawn: by crispy, as `{{ form }}`, field by field."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.bootstrap import AppendedText, FormActions, InlineRadios, PrependedText, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, MultiField, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from apps.core.ui.crispy import C4, C8, Buttons, Card, LookHelper
from apps.core.ui.widgets import CodeInput, DateInput, ExpiryInput, MoneyInput

VOID = {"input", "br", "hr", "img", "use", "meta", "link", "path", "rect"}


class Page(HTMLParser):
    """All elements of a piece of HTML, and whether every one is closed where it should be."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len(attrs) != len(dict(attrs)):
            self.wrong.append(f"attribute twice in {self.get_starttag_text()}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def by_id(self, name: str) -> dict[str, str | None]:
        found = [attrs for _, attrs in self.elements if attrs.get("id") == name]
        assert len(found) == 1, f"{len(found)} elements with id {name}"
        return found[0]

    def all(self, tag: str, css: str = "") -> list[dict[str, str | None]]:
        return [
            attrs for name, attrs in self.elements if name == tag and css in [*(attrs.get("class") or "").split(), ""]
        ]


def page(markup: str) -> Page:
    read = Page(markup)
    assert not read.wrong, read.wrong
    assert not read.open, read.open
    return read


class PartyForm(forms.Form):
    name = forms.CharField(label="Business name", help_text="As on the licence")
    gstin = forms.CharField(label="GSTIN", required=False, widget=CodeInput({"note": "leave empty if unregistered"}))
    limit = forms.DecimalField(label="Credit limit", widget=MoneyInput({"prefix": "₹", "suffix": "a month"}))
    since = forms.DateField(label="Since", required=False, widget=DateInput)
    expiry = forms.CharField(label="Expiry", required=False, widget=ExpiryInput)
    kind = forms.ChoiceField(label="Kind", choices=[("c", "Customer"), ("s", "Supplier")], widget=forms.RadioSelect)
    state = forms.ChoiceField(label="State", choices=[("27", "Maharashtra")], required=False)
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)
    active = forms.BooleanField(label="Active", required=False)
    scan = forms.FileField(label="Licence copy", required=False)
    secret = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


BAD = {"name": "", "gstin": "<27>", "limit": "3 lakh", "since": "2027-03-31", "notes": "kept & safe"}


def by_crispy(form: forms.Form) -> str:
    helper = LookHelper(*(name for name in form.fields))
    return str(render_crispy_form(form, helper, {"csrf_token": "token"}))


def by_filter(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


def by_renderer(form: forms.Form) -> str:
    return Template("{{ form }}").render(Context({"form": form}))


WAYS = pytest.mark.parametrize("draw", [by_crispy, by_filter, by_renderer])


@WAYS
def test_errors_are_tied_to_their_fields_and_values_are_kept(draw: Any) -> None:
    markup = draw(PartyForm(BAD))
    drawn = page(markup)
    name = drawn.by_id("id_name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    drawn.by_id("id_name_helptext")
    drawn.by_id("id_name_error")
    assert drawn.by_id("id_limit")["value"] == "3 lakh"
    assert drawn.by_id("id_gstin")["value"] == "<27>"
    assert "aria-invalid" not in drawn.by_id("id_gstin")
    assert drawn.by_id("id_since")["value"] == "2027-03-31"
    assert "kept &amp; safe</textarea>" in markup


@WAYS
def test_the_summary_links_to_every_wrong_field_in_the_fields_own_words(draw: Any) -> None:
    markup = draw(PartyForm(BAD))
    drawn = page(markup)
    assert len(drawn.all("section", "errsum")) == 1
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', markup)
    assert links == [
        ("id_name", "Business name: this field is required."),
        ("id_limit", "Credit limit: enter a number."),
        ("id_kind_0", "Kind: this field is required."),
    ]
    for target, _ in links:
        drawn.by_id(target)


@WAYS
def test_a_form_without_problems_has_no_summary(draw: Any) -> None:
    drawn = page(draw(PartyForm()))
    assert not drawn.all("section", "errsum")
    assert not [attrs for _, attrs in drawn.elements if "aria-invalid" in attrs]


@WAYS
def test_every_control_has_its_class_and_its_label(draw: Any) -> None:
    markup = draw(PartyForm())
    drawn = page(markup)
    controls = [(tag, attrs) for tag, attrs in drawn.elements if tag in ("input", "select", "textarea")]
    labelled = {attrs.get("for") for attrs in drawn.all("label")}
    for _, attrs in controls:
        if attrs.get("type") == "hidden":
            assert "class" not in attrs
            continue
        wanted = "ck" if attrs.get("type") in ("checkbox", "radio") else "in"
        assert wanted in (attrs["class"] or "").split()
        # A choice is wrapped by its label; everything else is named by it.
        assert attrs["id"] in labelled or attrs.get("type") == "radio"
    assert drawn.by_id("id_gstin")["class"] == "in code"
    assert drawn.by_id("id_since")["type"] == "date"
    assert "data-expiry" in drawn.by_id("id_expiry")
    assert 'class="pre mut">₹<' in markup
    assert 'class="end mut">a month<' in markup
    assert not {"prefix", "suffix", "note"} & {name for _, attrs in controls for name in attrs}


@WAYS
def test_optional_is_marked_and_required_is_not(draw: Any) -> None:
    markup = draw(PartyForm())
    assert re.search(r'for="id_name">\s*Business name\s*</label>', markup)
    assert re.search(r'for="id_state">\s*State\s*<span class="opt">optional</span>', markup)
    assert '<span class="opt">leave empty if unregistered</span>' in markup
    assert "*" not in re.sub(r"<[^>]*>", "", markup)


@WAYS
def test_passwords_can_be_shown(draw: Any) -> None:
    buttons = [attrs for attrs in page(draw(PartyForm())).all("button") if attrs.get("data-reveal") == "id_secret"]
    assert [(button["type"], button["aria-label"]) for button in buttons] == [("button", "Show password")]


def test_a_group_of_choices_is_described_by_its_error() -> None:
    drawn = page(by_renderer(PartyForm(BAD)))
    groups = [attrs for attrs in drawn.all("fieldset") if attrs.get("aria-describedby") == "id_kind_error"]
    assert len(groups) == 1
    # ARIA has no aria-invalid on a single radio button.
    assert all("aria-invalid" not in attrs for _, attrs in drawn.elements if attrs.get("type") == "radio")


def test_a_card_form_ends_with_a_way_out_and_the_one_button_that_saves() -> None:
    helper = LookHelper(
        Card("Who they are", C8("name"), C4("gstin"), hint="as registered"),
        Card("Credit", C4("limit"), "kind", footer=Buttons("Save party", cancel="{{ back }}")),
    )
    markup = str(render_crispy_form(PartyForm(BAD), helper, {"csrf_token": "token", "back": "/o/x/parties/"}))
    drawn = page(markup)
    form = drawn.all("form")[0]
    assert "novalidate" in form
    assert form["class"] == "wrap narrow"
    assert len(drawn.all("section", "card")) == 2
    assert drawn.all("a", "btn")[0]["href"] == "/o/x/parties/"
    assert [button["aria-keyshortcuts"] for button in drawn.all("button", "pri")] == ["Control+Enter"]
    assert drawn.by_id("div_id_name")["class"].split()[:2] == ["field", "c8"]  # type: ignore[union-attr]
    # Fields the layout leaves out stay out, hidden ones are always sent.
    assert not [attrs for _, attrs in drawn.elements if attrs.get("id") == "id_notes"]
    drawn.by_id("id_version")
    assert 'name="csrfmiddlewaretoken"' in markup


def test_without_an_address_there_is_no_cancel() -> None:
    markup = render_crispy_form(PartyForm(), LookHelper(Card("A", "name", footer=Buttons("Save"))), {})
    assert not page(markup).all("a")


def test_crispys_own_layout_objects_are_drawn_in_our_look() -> None:
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Basics", Row(Column("name", css_class="c8"), Column("gstin"))),
        MultiField("Money", PrependedText("limit", "₹"), AppendedText("expiry", "month")),
        Div(InlineRadios("kind"), css_class="c12"),
        HTML("<p class='hint'>Read this.</p>"),
        FormActions(StrictButton("Check"), Submit("save", "Save")),
    )
    drawn = page(render_crispy_form(PartyForm(BAD), helper, {}))
    assert len(drawn.all("fieldset")) == 3
    assert drawn.by_id("submit-id-save")["class"] == "btn pri"
    assert "btn" in (drawn.all("button", "btn")[-1]["class"] or "")
    assert drawn.by_id("id_limit")["aria-invalid"] == "true"


def test_nothing_chosen_is_one_dash() -> None:
    select = forms.Select(choices=[("", "---------"), ("27", "Maharashtra")])
    markup = select.render("state", "27", {"id": "id_state"})
    assert re.findall(r'<option value="(\w*)"( selected)?>([^<]*)</option>', markup) == [
        ("", "", "–"),
        ("27", " selected", "Maharashtra"),
    ]


class LineForm(forms.Form):
    item = forms.CharField(label="Item")
    free = forms.BooleanField(label="Free", required=False)


LineFormSet = forms.formset_factory(LineForm, extra=0, min_num=1, validate_min=True)
LINES = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-item": "Febrolite", "form-1-item": ""}


@pytest.mark.parametrize("template", [None, "ineat/table_inline_formset.html"])
def test_formsets_name_the_row_of_each_problem(template: str | None) -> None:
    helper = FormHelper()
    helper.template = template
    markup = str(render_crispy_form(LineFormSet(LINES), helper, {"csrf_token": "token"}))
    drawn = page(markup)
    assert '<a href="#id_form-1-item">Row 2, item: this field is required.</a>' in markup
    drawn.by_id("id_form-TOTAL_FORMS")
    assert drawn.by_id("id_form-0-item")["value"] == "Febrolite"
    assert len(drawn.all("table")) == (1 if template else 0)


def test_a_formset_without_crispy() -> None:
    markup = Template("{{ formset }}").render(Context({"formset": LineFormSet(LINES)}))
    page(markup)
    assert "Row 2, item: this field is required." in markup
