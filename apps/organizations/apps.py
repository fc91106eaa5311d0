from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"
    label = "organizations"
    verbose_name = "Organization"

    def ready(self) -> None:
        from apps.core.outbox.registry import register
        from apps.organizations import mail, rights
        from apps.organizations.operations.invitation import INVITATION_MADE

        rights.declare(*rights.OWN_RIGHTS)
        register(INVITATION_MADE, "organizations.send_invitation", mail.send_invitation)
