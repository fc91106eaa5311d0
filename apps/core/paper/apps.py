from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    name = "apps.core.paper"
    label = "paper"
    verbose_name = "Paper"

    def ready(self) -> None:
        from apps.core.outbox.registry import register
        from apps.core.paper.mail import DOCUMENT_POSTED, send_document

        register(DOCUMENT_POSTED, "paper.send_document", send_document, label=_("Document by e-mail"))
