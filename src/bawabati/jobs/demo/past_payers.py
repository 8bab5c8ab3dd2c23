"""Payers of the demonstration's past: they go the road of every payer, to a gateway that answers at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.companies.models import Company
from bawabati.companies.reads import current_texts
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.start_payment import start_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.jobs.demo.past_gateway import Ending, PastGateway

TERMS: Final = ("payment_terms", "sale_terms")
CHECKED_LATER: Final = (
    *(timedelta(minutes=1), timedelta(minutes=28), timedelta(hours=2), timedelta(hours=9), timedelta(hours=34)),
    timedelta(hours=60),
)


def pay_online(*, company: Company, bill: Bill, ending: Ending, campaign_code: str, now: datetime) -> None:
    """One attempt to pay what is left of a bill; inside `in_place_of_gateways` alone."""
    PastGateway.next_ending = ending
    left = facts_of(bill).left
    terms = current_texts(company_id=company.id, kinds=TERMS, language="ar", now=now)
    payment = start_payment(
        company=company,
        seen=[SeenBill(bill_id=bill.id, version=bill.version, left=left, amount=left)],
        start_key=f"past bill {bill.id}",
        language="ar",
        payment_terms_id=terms[0].id,
        sale_terms_id=terms[1].id,
        email="",
        now=now,
        campaign_code=campaign_code,
    )
    for later in CHECKED_LATER[: 1 if ending.cause is None else None]:
        confirm_payment(payment_id=payment.id, now=now + later)
