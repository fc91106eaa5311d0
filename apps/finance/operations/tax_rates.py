"""Changing rates of tax by date."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.finance.models import Certainty, TaxRate
from apps.finance.rules.tariff import seed_rates


class TaxRateRefused(Refusal):
    """A rate cannot begin, change or go like that."""


def seed_tax_rates() -> int:
    """Give the current organization the rates of medicines and devices; nothing where it has any. Returns how many."""
    if TaxRate.objects.exists():
        return 0
    made = TaxRate.objects.bulk_create(
        (
            TaxRate(
                hsn_prefix=row.prefix,
                valid_from=row.first,
                valid_to=row.last,
                rate=row.rate,
                description=row.description,
                source=row.source,
                certainty=row.certainty,
            )
            for row in seed_rates()
        ),
        ignore_conflicts=True,
    )
    return len(made)


def set_tax_rate(
    *,
    hsn_prefix: str,
    valid_from: dt.date,
    rate: Decimal,
    source: str,
    cess_rate: Decimal = Decimal(0),
    description: str = "",
    certainty: str = Certainty.CHECKED,
) -> TaxRate:
    """From that day on the rate of the prefix is another; the rate before it ends the day before.

    It holds until the next change that is entered already, else until further notice. Documents posted before keep
    what they were taxed with.

    Raises:
        TaxRateRefused: a rate of the prefix begins on that day already.
    """
    with transaction.atomic():
        rows = list(TaxRate.objects.select_for_update().filter(hsn_prefix=hsn_prefix).order_by("pk"))
        if any(row.valid_from == valid_from for row in rows):
            raise _taken(hsn_prefix, valid_from)
        later = min((row.valid_from for row in rows if row.valid_from > valid_from), default=None)
        day = dt.timedelta(days=1)
        for row in rows:
            if row.valid_from < valid_from and (row.valid_to is None or row.valid_to >= valid_from):
                row.valid_to = valid_from - day
                row.version += 1
                row.save(update_fields=["valid_to", "version"])
        try:
            with transaction.atomic():
                return TaxRate.objects.create(  # type: ignore[no-any-return]
                    hsn_prefix=hsn_prefix,
                    valid_from=valid_from,
                    valid_to=later - day if later else None,
                    rate=rate,
                    cess_rate=cess_rate,
                    description=description,
                    source=source,
                    certainty=certainty,
                )
        except IntegrityError as error:
            if "finance_taxrate_unique" not in str(error):
                raise
            raise _taken(hsn_prefix, valid_from) from None


def _taken(hsn_prefix: str, valid_from: dt.date) -> TaxRateRefused:
    return TaxRateRefused(
        _("HSN %(prefix)s has a rate from %(day)s already. Change that one.")
        % {"prefix": hsn_prefix, "day": date_format(valid_from, "j M Y")},
        field="valid_from",
    )


def remove_tax_rate(*, pk: int) -> None:
    """Take a rate away; the one before it holds on in its place, as if the change had never been entered."""
    with transaction.atomic():
        wanted = TaxRate.objects.get(pk=pk)
        rows = list(TaxRate.objects.select_for_update().filter(hsn_prefix=wanted.hsn_prefix).order_by("pk"))
        gone = next((row for row in rows if row.pk == pk), None)
        if gone is None:
            return
        before = max(
            (row for row in rows if row.valid_from < gone.valid_from), key=lambda row: row.valid_from, default=None
        )
        gone.delete()
        if before is not None and before.valid_to == gone.valid_from - dt.timedelta(days=1):
            before.valid_to = gone.valid_to
            before.version += 1
            before.save(update_fields=["valid_to", "version"])
