from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "apps.sales"
    label = "sales"
    verbose_name = "Sales"

    def ready(self) -> None:
        from apps.organizations import rights
        from apps.sales import navigation
        from apps.sales.rights import RIGHTS

        rights.declare(*RIGHTS)
        navigation.register()
