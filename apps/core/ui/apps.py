from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "apps.core.ui"
    label = "ui"
    verbose_name = "Page machinery"
