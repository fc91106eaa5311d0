from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "apps.finance"
    label = "finance"
    verbose_name = "Finance"

    def ready(self) -> None:
        from apps.finance import navigation
        from apps.finance.operations import found_books
        from apps.finance.rights import RIGHTS
        from apps.organizations import founding, rights

        rights.declare(*RIGHTS)
        navigation.register()
        founding.add("finance", found_books)
