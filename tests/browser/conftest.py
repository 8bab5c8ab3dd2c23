"""The portal as a process, the outside world beside it, and a company whose bank is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from outside import Outside
from people import add_bill, add_company

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from browser.walking import Walk
    from programs import Program


@pytest.fixture
def outside(sandbox: Program) -> Iterator[Outside]:
    world = Outside(sandbox.url)
    world.reset()
    yield world
    world.reset()


@pytest.fixture
def company(outside: Outside, database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company(gateway_url=outside.url)


@pytest.fixture
def bill(company: Company) -> Bill:
    return add_bill(company)


@pytest.fixture
def walk(portal: Program, outside: Outside, new_page: Callable[..., Page]) -> Callable[..., Walk]:
    """Sends a visitor of its own to the portal: `walk(language="fr", width=360, javascript=True)`."""
    from browser.walking import Walk  # noqa: PLC0415 - settings first

    def send(*, language: str = "ar", width: int = 360, javascript: bool = True, at: str = portal.url) -> Walk:
        page = new_page(width=width, language=language, javascript=javascript)
        return Walk(page=page, portal=at, outside=outside, language=language, javascript=javascript)

    return send
