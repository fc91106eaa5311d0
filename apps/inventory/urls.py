"""Addresses of products and stock."""

from django.urls import URLPattern

app_name = "inventory"

urlpatterns: list[URLPattern] = []
