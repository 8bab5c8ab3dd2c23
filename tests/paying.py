"""Starting a payment as the pages do, and what tests go on with."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.companies.models import Company
from bawabati.companies.reads import find_text
from bawabati.flows.check_books import IssuerOrder
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.start_payment import start_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.rules import State
from outside import Outside
from people import AMINAS_CARD, NOON, YACINES_CARD


def start(
    company: Company,
    *bills: Bill,
    amounts: Sequence[int] | None = None,
    key: str = "key",
    email: str = "",
    campaign_code: str = "",
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
        campaign_code=campaign_code,
        now=now,
    )


def seen_now(bill: Bill, amount: int | None = None) -> SeenBill:
    """The bill as it is, to be paid whole, or those centimes of it."""
    left = facts_of(bill).left
    return SeenBill(bill_id=bill.id, version=bill.version, left=left, amount=left if amount is None else Money(amount))


def reference(payment: Payment) -> str:
    assert payment.gateway_reference is not None
    return payment.gateway_reference


def ended(payment: Payment, *, now: datetime = NOON + timedelta(minutes=1)) -> Payment:
    """Asked about from now on whenever it is due, until it is over."""
    while payment.next_ask_at is not None:
        confirm_payment(payment_id=payment.id, now=now)
        payment.refresh_from_db()
        now = payment.next_ask_at or now
    return payment


def ended_with_money(
    outside: Outside, company: Company, bill: Bill, *, key: str = "ended", email: str = "", now: datetime = NOON
) -> Payment:
    """Declined for good by a clock that runs ahead, and then the card was debited after all."""
    with outside.fault("retry_after_decline", times=1):
        payment = start(company, bill, key=key, email=email, now=now)
        outside.pay(reference(payment), YACINES_CARD)
    ended(payment, now=now + timedelta(minutes=1))
    assert payment.state == State.DECLINED
    outside.pay(reference(payment), AMINAS_CARD)
    return payment


def issuers_words(outside: Outside) -> list[IssuerOrder]:
    """What the issuer says of every order that we know the reference of."""
    known = Payment.objects.values_list("gateway_reference", flat=True)
    told = [outside.order(each) for each in sorted({each for each in known if each})]
    return [
        IssuerOrder(
            reference=order["md_order"],
            captured_centimes=order["captured_centimes"],
            returned_centimes=order["returned_centimes"],
        )
        for order in told
    ]
