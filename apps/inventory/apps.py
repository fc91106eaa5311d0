from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from apps.core.exchange import declaration
        from apps.core.outbox.registry import register
        from apps.inventory import mail, navigation
        from apps.inventory.demo.products import make_products
        from apps.inventory.imports.manufacturers import ManufacturerImporter
        from apps.inventory.imports.products import ProductImporter
        from apps.inventory.operations.alerting import DIGEST_DUE
        from apps.inventory.rights import RIGHTS
        from apps.organizations import demo, rights

        rights.declare(*RIGHTS)
        navigation.register()
        declaration.register(ManufacturerImporter(), ProductImporter())
        demo.add(demo.Step("products", make_products, order=30))
        register(DIGEST_DUE, "inventory.send_digest", mail.send_digest, label=_("Morning summary of the stock"))
