from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "apps.core.ui"
    label = "ui"
    verbose_name = "Page machinery"

    def ready(self) -> None:
        from apps.core.ui import navigation

        navigation.register()
