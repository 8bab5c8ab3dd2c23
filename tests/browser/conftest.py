"""People who walk the pages of a real portal in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from outside import Outside

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.walking import Walk
    from programs import Program


@pytest.fixture
def walk(portal: Program, outside: Outside, new_page: Callable[..., Page]) -> Callable[..., Walk]:
    """Sends a visitor of its own to the portal: `walk(language="fr", width=360, javascript=True)`."""
    from browser.walking import Walk  # noqa: PLC0415 - settings first

    def send(*, language: str = "ar", width: int = 360, javascript: bool = True, at: str = portal.url) -> Walk:
        page = new_page(width=width, language=language, javascript=javascript)
        return Walk(page=page, portal=at, outside=outside, language=language, javascript=javascript)

    return send
