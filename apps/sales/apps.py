from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "apps.sales"
    label = "sales"
    verbose_name = "Sales"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from apps.core.paper import mail
        from apps.finance import documents, verify
        from apps.organizations import rights
        from apps.sales import navigation
        from apps.sales.operations.crediting import RETURN
        from apps.sales.operations.posting import DOCUMENT
        from apps.sales.queries.checks import bills_check
        from apps.sales.rights import RIGHTS
        from apps.sales.views.paper.printing import BillPrint, NotePrint

        rights.declare(*RIGHTS)
        navigation.register()
        documents.register(
            documents.DocumentType(DOCUMENT, _("Bill"), "sales:bill_detail", "sales"),
            documents.DocumentType(RETURN, _("Credit note"), "sales:salesreturn_detail", "sales"),
        )
        mail.register(DOCUMENT, BillPrint.document)
        mail.register(RETURN, NotePrint.document)
        verify.register(verify.Check("sales.bills", _("Bills, goods, taxes and journal"), bills_check))
