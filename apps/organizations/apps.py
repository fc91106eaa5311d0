from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "apps.organizations"
    label = "organizations"
    verbose_name = "Organization"

    def ready(self) -> None:
        from apps.accounts.demo import add_notes
        from apps.core.outbox.registry import register
        from apps.organizations import demo, mail, navigation, rights
        from apps.organizations.operations.invitation import INVITATION_MADE

        rights.declare(*rights.OWN_RIGHTS)
        navigation.register()
        register(
            INVITATION_MADE, "organizations.send_invitation", mail.send_invitation, label=_("Invitation by e-mail")
        )
        demo.add(demo.Step("branches", demo.make_branches, order=10), demo.Step("people", demo.make_people, order=11))
        add_notes(demo.roles_of)
