from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "apps.core.background"
    label = "background"
    verbose_name = "Background work"
