from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "apps.parties"
    label = "parties"
    verbose_name = "Parties"

    def ready(self) -> None:
        from apps.core.exchange.declaration import register
        from apps.organizations import demo, rights
        from apps.parties import navigation
        from apps.parties.demo import make_parties
        from apps.parties.imports import PartyImporter
        from apps.parties.rights import RIGHTS

        rights.declare(*RIGHTS)
        navigation.register()
        register(PartyImporter())
        demo.add(demo.Step("parties", make_parties, order=20))
