from django.urls import path

from apps.core import metrics, views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
