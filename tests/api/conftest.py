"""What machines of a company come for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outside import Outside
from people import AMINAS_CARD, NOON

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.receipts.models import Receipt


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
