"""What the last look at the whole of the books found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import formats
from apps.core.ui.pages import Page
from apps.finance.models import BooksCheck
from apps.finance.operations import verify_books
from apps.finance.verify import label_of


class BooksCheckPage(Page):
    """The last result; a button looks again."""

    right = "finance.statement.view"
    title = gettext_lazy("Check of the books")
    template_name = "finance/books_check.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        last = BooksCheck.objects.order_by("-id").first()
        found = last.results if last else []
        results = [(label_of(one["name"]), formats.num(one["looked_at"]), one["faults"]) for one in found]
        return self.render(self.get_context(last=last, results=results))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        found = verify_books()
        if found.fault_count:
            self.toast(_("%(count)d faults found") % {"count": found.fault_count}, tone="bad")
        else:
            self.toast(_("The books are whole"))
        return self.go(request.path)
