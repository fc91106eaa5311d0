"""What a member wants to be told."""

from __future__ import annotations

from django import forms

from apps.inventory.models import AlertSubscription


class SubscriptionForm(forms.ModelForm[AlertSubscription]):
    class Meta:
        model = AlertSubscription
        fields = ("low_stock", "near_expiry_days", "expired", "recalled", "licences", "digest")
