from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "apps.core.outbox"
    label = "outbox"
    verbose_name = "Outbox"
