from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from apps.inventory import navigation
        from apps.inventory.rights import RIGHTS
        from apps.organizations import rights

        rights.declare(*RIGHTS)
        navigation.register()
