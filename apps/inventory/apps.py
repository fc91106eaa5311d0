from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from apps.core.exchange import declaration
        from apps.core.outbox.registry import register
        from apps.finance import verify
        from apps.inventory import mail, navigation
        from apps.inventory.demo.products import make_products
        from apps.inventory.demo.stock import make_stock
        from apps.inventory.imports.manufacturers import ManufacturerImporter
        from apps.inventory.imports.opening_stock import OpeningStockImporter
        from apps.inventory.imports.products import ProductImporter
        from apps.inventory.imports.reorder import ReorderLevelImporter
        from apps.inventory.imports.revisions import RevisionImporter
        from apps.inventory.operations.alerting import DIGEST_DUE
        from apps.inventory.operations.standing import furnish_branch
        from apps.inventory.queries.valuation import stock_account_check
        from apps.inventory.rights import RIGHTS
        from apps.organizations import demo, founding, rights

        rights.declare(*RIGHTS)
        navigation.register()
        founding.add_to_branch("inventory.places", furnish_branch)
        declaration.register(
            ManufacturerImporter(),
            ProductImporter(),
            RevisionImporter(),
            ReorderLevelImporter(),
            OpeningStockImporter(),
        )
        demo.add(demo.Step("products", make_products, order=30), demo.Step("stock", make_stock, order=40))
        verify.register(
            verify.Check("inventory.stock", _("Stock accounts and the worth of the goods"), stock_account_check)
        )
        register(DIGEST_DUE, "inventory.send_digest", mail.send_digest, label=_("Morning summary of the stock"))
