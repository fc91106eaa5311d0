"""A document grid over real models, as an app would declare it: the reorder levels of a place are its lines.

Nobody is served this page; it stands for bills, receipts and orders in the tests of what they share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.urls import include, path

from apps.core.refusals import Refusal
from apps.core.ui.grid import Column, Entry, Line, Note, NoteButton, Pick, Shown, Step, Typed
from apps.core.ui.links import org_path
from apps.core.ui.pages import GridPage
from apps.inventory.models import Place, Product, ReorderLevel
from apps.organizations.models import Branch
from ineat.urls import urlpatterns as real

PLENTY = 1000


class LevelGrid(GridPage[Place]):
    model = Place
    right = "inventory.place.view"
    edit_right = "inventory.place.edit"
    template_name = "gridscratch.html"
    parts: ClassVar[Sequence[str]] = ("gridscratch_totals.html",)
    columns: ClassVar[Sequence[Column]] = (
        Pick(name="product", label="Product", phone="ma", required=True),
        Shown(name="batch", label="Batch", width=120, css="code"),
        Entry(name="level", label="Level", width=90, css="num", inputmode="numeric", required=True, commits=True),
        Entry(name="quantity", label="Order", width=90, css="num", inputmode="numeric"),
        Shown(name="sum", label="Sum", width=110, css="num m", phone="mb"),
    )

    def document_path(self) -> str:
        if self.instance:
            return self.url("gridscratch:levels", pk=self.instance.pk)
        return self.request.path

    def get_title(self) -> str:
        return str(self.instance or "New place")

    def open(self) -> Place:
        made: Place = Place.objects.create(branch=Branch.objects.earliest("id"), name="Fresh rack")
        return made

    def is_open(self) -> bool:
        return self.instance.active

    def pickers(self) -> Mapping[str, str]:
        return {"product": self.url("inventory:product_pick")}

    def find(self, column: str, text: str) -> int | None:
        keys = list(Product.objects.filter(name__iexact=text).values_list("pk", flat=True)[:2])
        return keys[0] if len(keys) == 1 else None

    def _rows(self) -> Any:
        return ReorderLevel.objects.filter(place=self.instance).select_related("product").order_by("id")

    def _line(self, row: ReorderLevel) -> Line:
        notes = []
        if row.level > PLENTY:
            notes.append(Note("That is a lot.", "warn", [NoteButton("Make it 100", "set", "100", keys="F4")]))
        return Line(
            pk=row.pk,
            name=row.product.name,
            values={
                "product": row.product.name,
                "level": row.level,
                "quantity": row.quantity,
                "sum": row.level + (row.quantity or 0),
            },
            keys={"product": row.product_id},
            notes=notes,
            phone_detail=row.product.pack,
            phone_end=str(row.level),
        )

    def lines(self) -> Sequence[Line]:
        return [self._line(row) for row in self._rows()]

    def line(self, pk: int) -> Line | None:
        row = self._rows().filter(pk=pk).first()
        return self._line(row) if row else None

    def _touch(self) -> None:
        Place.objects.filter(pk=self.instance.pk).update(version=self.instance.version + 1)

    def commit(self, typed: Typed) -> Line:
        if "product" not in typed.keys:
            raise Refusal("Pick a product.", field="product")
        level = typed.whole("level", least=1)
        fields = {
            "product_id": typed.keys["product"],
            "level": level,
            "quantity": typed.whole("quantity", empty=0) or None,
        }
        if level == 7007:
            raise RuntimeError("A fault of ours.")
        try:
            with transaction.atomic():
                if typed.pk is None:
                    pk = ReorderLevel.objects.create(place=self.instance, **fields).pk
                else:
                    pk = typed.pk
                    ReorderLevel.objects.filter(pk=pk).update(**fields)
        except IntegrityError:
            raise Refusal("This product is here already.", field="product") from None
        self._touch()
        return self._line(self._rows().get(pk=pk))

    def act(self, do: str, typed: Typed) -> Line | None:
        assert do == "set"
        ReorderLevel.objects.filter(pk=typed.pk).update(level=int(typed.value))
        self._touch()
        return self.line(typed.pk or 0)

    def remove(self, pk: int) -> None:
        ReorderLevel.objects.filter(pk=pk).delete()
        self._touch()

    def change_head(self) -> None:
        name = self.request.POST.get("name", "").strip()
        if not name:
            raise Refusal("Type a name.", field="name")
        Place.objects.filter(pk=self.instance.pk).update(name=name, version=self.instance.version + 1)

    def steps(self) -> Sequence[Step]:
        return (
            Step("close", "Close", tone="del", question="Sure?"),
            Step("post", "Post", keys="Control+Enter", primary=True),
        )

    def step(self, do: str) -> str:
        if not self._rows().exists():
            raise Refusal("There are no lines.")
        Place.objects.filter(pk=self.instance.pk).update(active=False)
        self.toast("Posted")
        return self.document_path()

    def parts_context(self) -> dict[str, Any]:
        rows = self._rows() if self.instance else []
        return {"count": len(rows), "total": sum(row.level for row in rows)}


app_name = "gridscratch"
_own = [
    org_path("levels/new/", LevelGrid, name="new_levels"),
    org_path("levels/<int:pk>/", LevelGrid, name="levels"),
]
urlpatterns = [path("", include((_own, app_name))), *real]
