"""Starting a payment as the pages do."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.companies.models import Company
from bawabati.companies.reads import find_text
from bawabati.flows.start_payment import SeenBill, start_payment
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from people import NOON


def start(
    company: Company,
    *bills: Bill,
    amounts: Sequence[int] | None = None,
    key: str = "key",
    email: str = "",
    now: datetime = NOON,
) -> Payment:
    """`amounts`: centimes to be paid of each bill; all that is left of it when there are none."""

    def terms(kind: str) -> int:
        text = find_text(company_id=company.id, kind=kind, language="ar", now=now)
        assert text is not None
        return text.id

    return start_payment(
        company=company,
        seen=[seen_now(bill, amount) for bill, amount in zip(bills, amounts or [None] * len(bills), strict=True)],
        start_key=key,
        language="ar",
        payment_terms_id=terms("payment_terms"),
        sale_terms_id=terms("sale_terms"),
        email=email,
        now=now,
    )


def seen_now(bill: Bill, amount: int | None = None) -> SeenBill:
    """The bill as it is, to be paid whole, or those centimes of it."""
    left = facts_of(bill).left
    return SeenBill(bill_id=bill.id, version=bill.version, left=left, amount=left if amount is None else Money(amount))
