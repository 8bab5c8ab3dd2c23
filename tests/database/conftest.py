"""The outside world, back at its first day for every test that meets it; a company, its bill, and a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from outside import Outside
from people import AMINAS_CARD, NOON, add_bill, add_company

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.receipts.models import Receipt
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
def receipt(outside: Outside, company: Company, bill: Bill) -> Receipt:
    """What Amina holds after she has paid."""
    from bawabati.flows.confirm_payment import confirm_payment  # noqa: PLC0415 - settings first
    from bawabati.receipts.models import Receipt  # noqa: PLC0415
    from paying import start  # noqa: PLC0415

    payment = start(company, bill)
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON)
    return Receipt.objects.get(payment=payment)
