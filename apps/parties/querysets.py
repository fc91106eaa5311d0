"""Filters on parties."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from apps.core.search import narrowed
from apps.core.tenancy.querysets import TenantManager


class PartyQuerySet(models.QuerySet[Any]):
    """Parties of the current organization."""

    def matching(self, text: str) -> models.QuerySet[Any]:
        """Those whose name, city, GSTIN, phone or e-mail contain the text; one or two letters must begin the name."""
        return narrowed(self.alias(name_key=Lower("name")), text, function="party_search", name_field="name_key")

    def with_licence_ending(self, first: dt.date, last: dt.date) -> Self:
        """Those with a licence whose last day lies between the two days, both included."""
        licences = self.model._meta.get_field("licences").related_model
        ending = licences.objects.filter(party_id=OuterRef("pk"), valid_to__range=(first, last))
        return self.filter(Exists(ending))

    def without_valid_licence(self, day: dt.date) -> Self:
        """Those who hold no licence that is valid on the day."""
        licences = self.model._meta.get_field("licences").related_model
        valid = licences.objects.filter(party_id=OuterRef("pk"), valid_from__lte=day, valid_to__gte=day)
        return self.filter(~Exists(valid))

    def customers(self) -> Self:
        """Those we sell to."""
        return self.filter(is_customer=True)

    def suppliers(self) -> Self:
        """Those we buy from."""
        return self.filter(is_supplier=True)

    def registered(self) -> Self:
        """Those with a GSTIN."""
        return self.filter(~Q(gstin=""))


class PartyManager(TenantManager.from_queryset(PartyQuerySet)):  # type: ignore[misc]
    """`Party.objects`."""
