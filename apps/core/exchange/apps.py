from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "apps.core.exchange"
    label = "exchange"
    verbose_name = "Import and export"

    def ready(self) -> None:
        from apps.core.exchange import navigation

        navigation.register()
