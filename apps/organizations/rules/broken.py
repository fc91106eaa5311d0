"""The base of every refusal that a rule makes. Rules know no translation, so a sentence travels with its values."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation by the page that shows it; `rules` import no Django."""
    return text


class RuleBroken(ValueError):
    """A value breaks a rule. `str()` is the English sentence; pages translate `template` and fill in `params`."""

    def __init__(self, template: str, **params: object) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params)
