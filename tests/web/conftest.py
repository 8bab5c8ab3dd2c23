"""The pages, asked over Django's own client; the outside world is the sandbox, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outside import Outside
from payers import Payer
from people import add_bill, add_company

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company


@pytest.fixture
def company(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """A company whose gateway is not there: for pages that never ask it."""
    return add_company()


@pytest.fixture
def payer(collected: None, database: None) -> Payer:  # noqa: ARG001 - the pages need both
    """Amina, reading Arabic."""
    return Payer()


@pytest.fixture
def open_company(outside: Outside, database: None) -> Company:  # noqa: ARG001 - emptied after the test
    """A company whose gateway is the sandbox."""
    return add_company(gateway_url=outside.url)


@pytest.fixture
def open_bill(open_company: Company) -> Bill:
    return add_bill(open_company)
