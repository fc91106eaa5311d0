from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"
    label = "organizations"
    verbose_name = "Organization"

    def ready(self) -> None:
        from apps.organizations import rights

        rights.declare(*rights.OWN_RIGHTS)
