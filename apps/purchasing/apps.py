from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "apps.purchasing"
    label = "purchasing"
    verbose_name = "Purchasing"

    def ready(self) -> None:
        from apps.finance import documents, verify
        from apps.organizations import founding, rights
        from apps.purchasing import navigation
        from apps.purchasing.operations.statutory import seed_figures
        from apps.purchasing.queries.checks import CHECKS, DOCUMENTS
        from apps.purchasing.rights import RIGHTS

        rights.declare(*RIGHTS)
        founding.add("purchasing.figures", seed_figures)
        documents.register(*DOCUMENTS)
        verify.register(*CHECKS)
        navigation.register()
