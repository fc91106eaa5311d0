"""Rules speak English and know no translation; operations pass their sentences on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.organizations.rules.broken import RuleBroken


def told(error: RuleBroken) -> str:
    """The rule's sentence in the reader's language."""
    return _(error.template) % error.params
