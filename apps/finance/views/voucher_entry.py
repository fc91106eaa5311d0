"""The grid that vouchers are typed into, and the accounts it offers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.ui import formats
from apps.core.ui.links import Link
from apps.core.ui.pages import (
    Page,
)
from apps.finance.forms.books import VoucherForm
from apps.finance.forms.lines import GridLine, read_lines
from apps.finance.models import Account, BookSettings, Voucher, VoucherLine
from apps.finance.operations import post_voucher, save_voucher
from apps.finance.rules.chart import Nature
from apps.organizations.models import Branch
from apps.parties.models import Party

SEE, EDIT, APPROVE = "finance.entry.view", "finance.voucher.edit", "finance.voucher.approve"
_DRAFTS = (Voucher.State.DRAFT, Voucher.State.WAITING)
_ROWS = 4
_FOUND = 8


class VoucherEntry(Page):
    """The grid. `?kind=` chooses the voucher; a draft keeps its address through the hidden field `voucher`."""

    right = EDIT
    template_name = "finance/voucher.html"

    def get_title(self) -> str:
        return str(Voucher.Kind(self.kind).label) + (f" · {self.voucher}" if self.voucher else "")

    def crumbs(self) -> list[Link]:
        found = self.link("finance:voucher_list", _("Vouchers"))
        return [found] if found else []

    def prepare(self) -> None:
        pk = self.kwargs.get("pk")
        if pk is not None and not Voucher.objects.filter(pk=pk).exists():
            raise Http404
        wanted = str(pk or self.request.POST.get("voucher", ""))
        drafts = Voucher.objects.select_related("branch").filter(state__in=_DRAFTS)
        known_key = wanted.isdecimal() and len(wanted) < 19
        self.voucher: Voucher | None = drafts.filter(pk=int(wanted)).first() if known_key else None
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        known: str = self.voucher.kind if self.voucher else Voucher.Kind.PAYMENT.value
        self.kind: str = asked if asked in Voucher.Kind.values else known

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002
        if self.kwargs.get("pk") and self.voucher is None:
            # Posted meanwhile: its page says so.
            return self.go(self.url("finance:voucher_detail", pk=self.kwargs["pk"]))
        if self.voucher is None:
            return self.show(VoucherForm(initial=self._first_values()), self._first_lines())
        initial = {
            "on_date": self.voucher.on_date,
            "branch": self.voucher.branch_id,
            "reference": self.voucher.reference,
            "narration": self.voucher.narration,
        }
        return self.show(VoucherForm(initial=initial), grid_of(self.voucher))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        if self.kwargs.get("pk") and self.voucher is None:
            return self.go(self.url("finance:voucher_detail", pk=self.kwargs["pk"]))
        action = request.POST.get("action", "draft")
        form = VoucherForm(request.POST)
        grid, drafts = read_lines(request.POST)
        if not form.is_valid():
            return self._unsaved() if action == "keep" else self.show(form, grid, status=422)
        if action == "post" and any(line.errors for line in grid):
            return self.show(form, grid, status=422)
        cleaned = form.cleaned_data
        try:
            self.voucher = save_voucher(
                voucher=self.voucher,
                kind=self.kind,
                branch=cleaned["branch"],
                on_date=cleaned["on_date"],
                narration=cleaned["narration"],
                reference=cleaned["reference"],
                lines=drafts,
                actor=self.request.member,
            )
            if action == "keep":
                return self.draw("finance/voucher_kept.html", {"voucher": self.voucher, "now": timezone.now()})
            if action == "post":
                self.voucher = post_voucher(voucher=self.voucher, actor=self.request.member)
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
            return self.show(form, grid, status=422)
        return self._done(self.voucher)

    def _done(self, voucher: Voucher) -> HttpResponse:
        if voucher.state == Voucher.State.POSTED:
            self.toast(
                _("%(number)s posted with %(amount)s") % {"number": voucher, "amount": formats.inr(voucher.amount)}
            )
            return self.go(f"{self.url('finance:voucher_create')}?kind={voucher.kind}")
        if voucher.state == Voucher.State.WAITING:
            self.toast(_("%(voucher)s waits for approval") % {"voucher": voucher}, tone="info")
        else:
            self.toast(_("%(voucher)s kept") % {"voucher": voucher})
        return self.go(self.url("finance:voucher_detail", pk=voucher.pk))

    def _unsaved(self) -> HttpResponse:
        return self.draw("finance/voucher_kept.html", {"voucher": self.voucher, "unsaved": True}, status=200)

    # ---- what stands in the grid at first ----

    def _mine(self) -> models.QuerySet[Voucher]:
        found: models.QuerySet[Voucher] = Voucher.objects.filter(
            kind=self.kind, made_by=self.request.member.user_id
        ).order_by("-id")
        return found

    def _first_values(self) -> dict[str, Any]:
        last = self._mine().first()
        branch = last.branch_id if last else Branch.objects.filter(active=True).values_list("pk", flat=True).first()
        return {"on_date": timezone.localdate(), "branch": branch}

    def _first_lines(self) -> list[GridLine]:
        """The cash or bank account that this person used last for this kind."""
        if self.kind not in (Voucher.Kind.PAYMENT, Voucher.Kind.RECEIPT):
            return []
        money = (Nature.CASH.value, Nature.BANK.value)
        last = (
            VoucherLine.objects.filter(voucher__in=self._mine()[:20], account__nature__in=money, account__active=True)
            .select_related("account")
            .order_by("-id")
            .first()
        )
        if last is None:
            return []
        line = GridLine(key=f"a{last.account_id}", account=last.account.name)
        # A payment begins with what is paid for and ends with the account the money leaves, a receipt the other way.
        return [GridLine(), line] if self.kind == Voucher.Kind.PAYMENT else [line]

    def show(self, form: VoucherForm, grid: list[GridLine], *, status: int = 200) -> HttpResponse:
        rows = grid + [GridLine() for _more in range(max(_ROWS - len(grid), 1))]
        narrations = (
            self._mine().exclude(narration="").values("narration").annotate(last=Max("id")).order_by("-last")[:10]
        )
        kinds = [
            {
                "label": kind.label,
                "url": f"{self.url('finance:voucher_create')}?kind={kind.value}",
                "current": kind.value == self.kind,
                "keys": f"Alt+{number}",
            }
            for number, kind in enumerate(Voucher.Kind, 1)
        ]
        limit = BookSettings.objects.values_list("approval_limit", flat=True).first()
        return self.render(
            self.get_context(
                form=form,
                rows=list(enumerate(rows)),
                narrations=[row["narration"] for row in narrations],
                kinds=kinds,
                kind=self.kind,
                voucher=self.voucher,
                limit=None if self.request.member.may(APPROVE) else limit,
                pick_url=self.url("finance:voucher_pick"),
            ),
            status=status,
        )


def grid_of(voucher: Voucher) -> list[GridLine]:
    """A draft's lines for the grid."""
    lines = []
    for line in voucher.lines.select_related("account", "party").order_by("position"):
        key = name = ""
        if line.account is not None:
            key, name = f"a{line.account_id}", line.account.name
            if line.party is not None and line.account.role in ("receivables", "payables"):
                key, name = f"p{line.party_id}{line.account.role[0]}", line.party.name
        lines.append(
            GridLine(
                key=key,
                account=name,
                debit=str(line.debit) if line.debit else "",
                credit=str(line.credit) if line.credit else "",
                narration=line.narration,
            )
        )
    return lines


class VoucherPick(Page):
    """Accounts and parties by letters, for a cell of the grid."""

    right = EDIT
    template_name = "finance/voucher_pick.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:60]
        found: list[dict[str, str]] = []
        if text:
            accounts = Account.objects.filter(active=True).select_related("group")
            match = models.Q(name__icontains=text) | models.Q(code__startswith=text)
            ranked = sorted(
                (one for one in accounts.filter(match) if not Nature(one.nature).is_control),
                key=lambda one: (not one.name.lower().startswith(text.lower()), one.name),
            )
            found = [{"key": f"a{one.pk}", "name": one.name, "detail": one.group.name} for one in ranked[:_FOUND]]
            for party in Party.objects.filter(active=True).matching(text).order_by("name", "id")[:_FOUND]:
                if party.is_customer:
                    found.append({"key": f"p{party.pk}r", "name": party.name, "detail": _("Customer")})
                if party.is_supplier:
                    found.append({"key": f"p{party.pk}p", "name": party.name, "detail": _("Supplier")})
        return self.render(self.get_context(found=found, text=text))


class VoucherEdit(VoucherEntry):
    """A draft in the grid."""

    model = Voucher

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in _DRAFTS
