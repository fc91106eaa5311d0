"""Addresses of buying."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "purchasing"

urlpatterns: list[URLPattern] = []
