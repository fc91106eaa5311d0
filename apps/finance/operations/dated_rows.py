"""Rates and limits that hold from a day on: another one begins, and the one before it ends the day before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.finance.models import CashLimit, TdsRate


class DatedRowRefused(Refusal):
    """A rate or a limit cannot begin on that day."""


def set_tds_rate(**values: Any) -> TdsRate:
    """From `valid_from` on the nature `code` has these rates; holds until the next change that is entered already.

    Raises:
        DatedRowRefused: one begins on that day already.
    """
    made: TdsRate = _begin(TdsRate, {"code": values["code"]}, values)
    return made


def set_cash_limit(**values: Any) -> CashLimit:
    """From `valid_from` on cash of that `way` has this limit.

    Raises:
        DatedRowRefused: one begins on that day already.
    """
    made: CashLimit = _begin(CashLimit, {"way": values["way"]}, values)
    return made


def _begin(model: Any, same: dict[str, str], values: dict[str, Any]) -> Any:
    day, first = dt.timedelta(days=1), values["valid_from"]
    with transaction.atomic():
        rows = list(model.objects.select_for_update().filter(**same).order_by("pk"))
        later = min((row.valid_from for row in rows if row.valid_from > first), default=None)
        for row in rows:
            if row.valid_from < first and (row.valid_to is None or row.valid_to >= first):
                row.valid_to = first - day
                row.version += 1
                row.save(update_fields=["valid_to", "version"])
        try:
            with transaction.atomic():
                return model.objects.create(**values, valid_to=later - day if later else None)
        except IntegrityError as error:
            if "_unique" not in str(error):
                raise
            raise DatedRowRefused(
                _("There is one from %(day)s already. Change that one.") % {"day": date_format(first, "j M Y")},
                field="valid_from",
            ) from None
