"""What the page frame shows around every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the frame: navigation, organization, person, theme."""
    return {"theme": request.COOKIES.get("theme", "light")}
