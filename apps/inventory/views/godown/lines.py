"""Documents that are filled line by line: scan or search, type how many, and the document has saved itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.core.http import TenantRequest
from apps.core.refusals import Refusal
from apps.core.ui.links import Link
from apps.core.ui.pages.base import M, ObjectPage
from apps.core.ui.tables.columns import Badge
from apps.inventory.models import Batch, Place, Stock
from apps.inventory.operations.refusals import StockShortage
from apps.inventory.queries.catalogue import products_for_picker
from apps.inventory.queries.scan import meaning_of
from apps.inventory.rules.scan import UnreadableScan
from apps.organizations.operations.sentences import told

_OFFERED = 40
_TYPED = 10
# More than any line can be: a slip on a scanner's keyboard types a barcode into the quantity.
_MOST = 9_999_999


@dataclass(frozen=True)
class Step:
    """A button that moves the document on: `do` is what it posts."""

    do: str
    label: str | Promise
    icon: str = ""
    tone: str = ""
    right: str = ""
    question: str | Promise = ""
    """Asked on a page of its own before it is done."""


@dataclass(frozen=True)
class Column:
    """A column beside product, batch, expiry and MRP."""

    label: str | Promise
    attribute: str


@dataclass
class Line:
    """A row of the page."""

    item: Any
    batch: Batch
    quantity: int
    on_hand: int | None
    free: int | None
    fault: str = ""
    typed: str = ""
    cells: Sequence[Any] = ()
    """Values of the page's further columns."""


@dataclass
class Offered:
    """A batch that may be put on the document."""

    batch: Batch
    on_hand: int
    free: int
    quantity: int = 1


class NotPossible(Exception):
    """What was typed or scanned leads to no line; the message says why."""


class LinesPage(ObjectPage[M]):
    """One document of the godown: its lines, the box that adds to them, and the steps that follow."""

    template_name = "inventory/lines.html"
    fragment = "lines"
    edit_right: ClassVar[str]
    quantity_label: ClassVar[str | Promise] = ""
    signed: ClassVar[bool] = False
    """Whether a line may take away."""
    empty_text: ClassVar[str | Promise] = ""
    columns: ClassVar[Sequence[Column]] = ()

    request: TenantRequest

    # ---- what a document says ----

    def place(self) -> Place:
        """Where the goods lie."""
        raise NotImplementedError

    def items(self) -> QuerySet[Any]:
        """The lines, with batch and product."""
        raise NotImplementedError

    def write(self, batch: Batch, quantity: int) -> None:
        """Call the operation that writes a line; 0 takes it off."""
        raise NotImplementedError

    def take_off(self, batch: Batch) -> None:
        """Call the operation that removes a line."""
        self.write(batch, 0)

    def steps(self) -> Sequence[Step]:
        """What can be done with the document as it stands."""
        return ()

    def step(self, do: str) -> str:
        """Do one of them; what the toast says.

        Raises:
            Refusal: the facts do not allow it.
        """
        raise NotImplementedError

    def is_open(self) -> bool:
        """Whether lines may change."""
        raise NotImplementedError

    def shows_books(self) -> bool:
        """Whether the reader sees what the books say; not in a blind count."""
        return True

    def any_batch(self) -> bool:
        """Whether a batch may be put on that the books do not have here."""
        return False

    def facts(self) -> Sequence[tuple[str, Any]]:
        """Label and value, under the heading."""
        return ()

    def badges(self) -> Sequence[Badge]:
        """States beside the heading."""
        return ()

    def links(self) -> Sequence[Link | None]:
        """Links in the header."""
        return ()

    def starts_with(self) -> int:
        """The quantity of a line that a scan adds."""
        return 1

    # ---- requests ----

    def may_edit(self) -> bool:
        return self.is_open() and self.request.member.may(self.edit_right)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = request.GET.get("code", "").strip()
        if not text or not self.may_edit():
            return self.answer()
        try:
            return self.answer(code=text, offered=self.offer(text))
        except NotPossible as problem:
            return self.answer(code=text, problem=str(problem), status=422)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        do = request.POST.get("do", "scan")
        allowed = {one.do: one for one in self.steps() if not one.right or self.request.member.may(one.right)}
        if do in {"scan", "set", "remove"}:
            if not self.request.member.may(self.edit_right):
                return self.answer(refusal=_("Your role may look at this, not change it."), status=422)
            return self.change(do)
        if do not in allowed:
            return self.answer(refusal=_("That was done already, or is not yours to do."), status=422)
        if allowed[do].question and "sure" not in request.POST:
            return self.answer(asked=allowed[do])
        try:
            text = self.step(do)
        except StockShortage as refusal:
            return self.answer(refusal=str(refusal), faults=refusal.by_line(), status=422)
        except Refusal as refusal:
            return self.answer(refusal=str(refusal), status=422)
        self.toast(text)
        return self.go(self.detail_url())

    def change(self, do: str) -> HttpResponse:
        """A line is added, changed or taken off."""
        code = self.request.POST.get("code", "").strip()
        try:
            if do == "scan":
                return self.scanned(code)
            batch = Batch.objects.filter(pk=self.whole("batch")).first()
            if batch is None:
                raise NotPossible(_("That batch is not there any more."))
            if do == "remove":
                self.take_off(batch)
            else:
                return self.typed(batch)
        except NotPossible as problem:
            return self.answer(code=code, problem=str(problem), status=422)
        except Refusal as refusal:
            return self.answer(refusal=str(refusal), status=422)
        return self.answered()

    def typed(self, batch: Batch) -> HttpResponse:
        """The quantity of a line; what is wrong with it stands beside it, with what was typed."""
        try:
            self.write(batch, self.whole("quantity"))
        except (NotPossible, Refusal) as fault:
            line = self.items().filter(batch=batch).first()
            if line is None:
                raise
            given = {line.pk: self.request.POST.get("quantity", "")[:20]}
            return self.answer(faults={line.pk: str(fault)}, given=given, status=422)
        return self.answered()

    def scanned(self, code: str) -> HttpResponse:
        """A scan puts its batch on the document, once more each time; anything in doubt is offered."""
        offered = self.offer(code)
        if len(offered) != 1:
            return self.answer(code=code, offered=offered)
        one = offered[0]
        had = self.items().filter(batch=one.batch).first()
        self.write(one.batch, (had.quantity if had else 0) + one.quantity * self.starts_with())
        return self.answered()

    def answered(self) -> HttpResponse:
        """After a change: the lines to htmx, else the page anew, so that reloading does not repeat it."""
        return self.answer() if self.request.htmx else self.go(self.request.path)

    def whole(self, name: str) -> int:
        """A whole number that was posted."""
        text = self.request.POST.get(name, "").strip().replace("−", "-").replace(",", "")
        if not text.removeprefix("-").removeprefix("+").isdecimal():
            raise NotPossible(_("Type a whole number."))
        number = int(text)
        if abs(number) > _MOST:
            raise NotPossible(_("That is more than a line can hold. Was a barcode scanned into the quantity?"))
        if number < 0 and not self.signed:
            raise NotPossible(_("Type 0 or more."))
        return number

    # ---- what may be put on ----

    def offer(self, text: str) -> list[Offered]:
        """Batches that a scan or typed words can mean here.

        Raises:
            NotPossible: none.
        """
        if not text:
            raise NotPossible(_("Scan a pack, or type some letters of its name."))
        try:
            meaning = meaning_of(text)
        except UnreadableScan as broken:
            raise NotPossible(told(broken)) from broken
        units = meaning.pack.quantity if meaning.pack else 1
        if meaning.batches:
            found = self._here(batches=[batch.pk for batch in meaning.batches], units=units)
        elif meaning.product:
            if meaning.scan.batch:
                raise NotPossible(
                    _("%(product)s has no batch %(batch)s. Receive it first.")
                    % {"product": meaning.product, "batch": meaning.scan.batch}
                )
            found = self._here(products=[meaning.product.pk], units=units)
        else:
            found = self._here(products=[choice.id for choice in products_for_picker(text, most=_TYPED)])
        if not found:
            raise NotPossible(_("Nothing of “%(text)s” lies in %(place)s.") % {"text": text, "place": self.place()})
        return found

    def _here(self, *, batches: Iterable[int] = (), products: Iterable[int] = (), units: int = 1) -> list[Offered]:
        wanted = Batch.objects.select_related("product")
        wanted = wanted.filter(pk__in=batches) if batches else wanted.filter(product__in=list(products))
        stock = {
            row.batch_id: row
            for row in Stock.objects.filter(place=self.place(), batch__in=wanted.values("pk"), in_stock=True)
        }
        if not self.any_batch():
            wanted = wanted.filter(pk__in=stock)
        found = [
            Offered(
                batch,
                stock[batch.pk].on_hand if batch.pk in stock else 0,
                stock[batch.pk].free if batch.pk in stock else 0,
                units,
            )
            for batch in wanted.order_by("expiry", "id")[:_OFFERED]
        ]
        # What the books have here comes first in a count, where anything may be found.
        return sorted(found, key=lambda one: one.on_hand == 0)

    # ---- what the template finds ----

    def lines(self, faults: dict[int, str], given: dict[int, str]) -> list[Line]:
        items = list(self.items())
        stock = {
            row.batch_id: row
            for row in Stock.objects.filter(place=self.place(), batch__in=[item.batch_id for item in items])
        }
        shown = self.shows_books()
        lines = []
        for item in items:
            row = stock.get(item.batch_id)
            on_hand, free = (row.on_hand, row.free) if row else (0, 0)
            lines.append(
                Line(
                    item,
                    item.batch,
                    item.quantity,
                    on_hand if shown else None,
                    free if shown else None,
                    faults.get(item.pk, ""),
                    given.get(item.pk, str(item.quantity)),
                    [getattr(item, column.attribute) for column in self.columns],
                )
            )
        return lines

    def answer(
        self,
        *,
        code: str = "",
        offered: Sequence[Offered] = (),
        problem: str = "",
        refusal: str = "",
        faults: dict[int, str] | None = None,
        given: dict[int, str] | None = None,
        asked: Step | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, or its lines for htmx."""
        self.instance.refresh_from_db()
        lines = self.lines(faults or {}, given or {})
        may_edit = self.may_edit()
        context = self.get_context(
            object=self.instance,
            badges=self.badges(),
            facts=self.facts(),
            links=[link for link in self.links() if link],
            lines=lines,
            columns=[column.label for column in self.columns],
            steps=[one for one in self.steps() if not one.right or self.request.member.may(one.right)],
            may_edit=may_edit,
            shows_books=self.shows_books(),
            code=code if offered or problem else "",
            offered=offered,
            problem=problem,
            refusal=refusal,
            asked=asked,
        )
        return self.render(context, status=status)
