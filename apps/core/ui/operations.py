"""Writes of the page machinery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.core.ui.models import ColumnChoice, SavedView, Submission

# A page that was left open longer than this has been sent or forgotten.
KEPT = dt.timedelta(days=3)
MOST_VIEWS = 30


class ViewNameTaken(Refusal):
    """The person has a view of that name for this list."""


def save_view(*, user_id: int, page: str, name: str, query: str) -> SavedView:
    """Keep a list's address under a name.

    Raises:
        ViewNameTaken: the person has one of that name.
        Refusal: no name, or there are too many already.
    """
    name = _named(name)
    if len(query) > 2000:
        raise Refusal(_("This view has too many filters to be saved. Remove some."), field="name")
    if SavedView.objects.filter(user_id=user_id, page=page).count() >= MOST_VIEWS:
        raise Refusal(
            _("You have %(count)d views of this list. Delete one first.") % {"count": MOST_VIEWS}, field="name"
        )
    try:
        with transaction.atomic():
            view: SavedView = SavedView.objects.create(user_id=user_id, page=page, name=name, query=query)
    except IntegrityError as error:
        raise ViewNameTaken(
            _("You have a view “%(name)s” already. Type another name.") % {"name": name}, field="name"
        ) from error
    return view


def rename_view(*, view: SavedView, name: str) -> None:
    """Give a view another name.

    Raises:
        ViewNameTaken: the person has one of that name.
        Refusal: no name.
    """
    name = _named(name)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as error:
        raise ViewNameTaken(
            _("You have a view “%(name)s” already. Type another name.") % {"name": name}, field="name"
        ) from error


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Type a name."), field="name")
    if len(name) > 40:
        raise Refusal(_("Type at most 40 letters."), field="name")
    return name


def delete_view(*, view: SavedView) -> None:
    """Forget a view."""
    SavedView.objects.filter(pk=view.pk).delete()


def choose_columns(*, user_id: int, page: str, columns: Sequence[str]) -> None:
    """Keep the columns of a list; none means the usual ones."""
    if not columns:
        ColumnChoice.objects.filter(user_id=user_id, page=page).delete()
        return
    ColumnChoice.objects.update_or_create(user_id=user_id, page=page, defaults={"columns": list(columns)})


@dataclass(frozen=True)
class Answer:
    """What a form was answered when it was sent before: where it led, and what was said."""

    path: str
    url: str
    text: str


def begin_submission(*, user_id: int, key: str, path: str) -> Answer | None:
    """Claim the key of a form before its work is done; the answer if it was done already.

    A copy that is being worked on in another transaction is waited for. When that one fails, this one proceeds.

    Raises:
        Refusal: the key is somebody else's, or of another form.
    """
    # ON CONFLICT waits for the other transaction and raises nothing, so that no savepoint is needed.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ui_submission (organization_id, user_id, key, path, answer, text, created_at)
            VALUES (%s, %s, %s, %s, '', '', %s) ON CONFLICT (organization_id, key) DO NOTHING
            """,
            [current_organization_id(), user_id, key, path[:500], timezone.now()],
        )
        claimed = cursor.rowcount == 1
    if claimed:
        Submission.objects.filter(user_id=user_id, created_at__lt=timezone.now() - KEPT).delete()
        return None
    before = Submission.objects.filter(key=key).first()
    if before is None or before.user_id != user_id or before.path != path[:500]:
        raise Refusal(_("This form was opened for something else. Open it again, then save."))
    return Answer(before.path, before.answer, before.text)


def finish_submission(*, key: str, url: str, text: str) -> None:
    """Remember the answer of a form that did its work."""
    Submission.objects.filter(key=key).update(answer=url[:500], text=text[:500])


def abandon_submission(*, key: str) -> None:
    """Free the key of a form that was refused, so that it can be sent again corrected."""
    Submission.objects.filter(key=key).delete()
