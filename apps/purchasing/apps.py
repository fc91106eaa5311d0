from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "apps.purchasing"
    label = "purchasing"
    verbose_name = "Purchasing"

    def ready(self) -> None:
        from apps.core.exchange import declaration
        from apps.core.paper import mail
        from apps.finance import documents, verify
        from apps.organizations import demo, founding, rights
        from apps.purchasing import navigation
        from apps.purchasing.demo.receipts import make_receipts
        from apps.purchasing.imports.supplier_prices import SupplierPriceImporter
        from apps.purchasing.operations.order_sending import ORDER_PAPER
        from apps.purchasing.operations.statutory import seed_figures
        from apps.purchasing.queries.checks import CHECKS, DOCUMENTS
        from apps.purchasing.rights import RIGHTS
        from apps.purchasing.views.order_paper import OrderPrint

        rights.declare(*RIGHTS)
        founding.add("purchasing.figures", seed_figures)
        documents.register(*DOCUMENTS)
        verify.register(*CHECKS)
        demo.add(demo.Step("receipts", make_receipts, order=45))
        navigation.register()
        declaration.register(SupplierPriceImporter())
        mail.register(ORDER_PAPER, OrderPrint.document)
