from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "apps.finance"
    label = "finance"
    verbose_name = "Finance"

    def ready(self) -> None:
        from apps.finance import navigation
        from apps.finance.rights import RIGHTS
        from apps.organizations import rights

        rights.declare(*RIGHTS)
        navigation.register()
