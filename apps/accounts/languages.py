"""Which languages a person can choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings


def offered(locale_paths: Sequence[str | Path]) -> list[tuple[str, str]]:
    """Languages of the settings whose words exist: the one we write in, and those with a compiled translation."""
    return [
        (code, name)
        for code, name in settings.LANGUAGES
        if code == settings.LANGUAGE_CODE
        or any((Path(folder) / code / "LC_MESSAGES" / "django.mo").is_file() for folder in locale_paths)
    ]
