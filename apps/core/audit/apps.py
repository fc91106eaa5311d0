from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    name = "apps.core.audit"
    label = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        from apps.core.audit.install import install_after_migrate, install_before_migrate

        pre_migrate.connect(install_before_migrate, sender=self, dispatch_uid="audit.install_before")
        post_migrate.connect(install_after_migrate, dispatch_uid="audit.install_after")
