from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "apps.core.tenancy"
    label = "tenancy"
    verbose_name = "Tenancy"

    def ready(self) -> None:
        from apps.core.tenancy.checks import leakproof_comparisons
        from apps.core.tenancy.install import install_after_migrate

        # Last in line: `sender=None` runs for every app, the installer itself acts only after the last one.
        post_migrate.connect(install_after_migrate, dispatch_uid="tenancy.install")
        checks.register(leakproof_comparisons, checks.Tags.database)
