from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "apps.purchasing"
    label = "purchasing"
    verbose_name = "Purchasing"

    def ready(self) -> None:
        from apps.organizations import rights
        from apps.purchasing import navigation
        from apps.purchasing.rights import RIGHTS

        rights.declare(*RIGHTS)
        navigation.register()
