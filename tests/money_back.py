"""What the tests of refunds, cases and messages share: a payment that is paid, and people who decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from people import AMINAS_CARD, NADIA, NOON, SALIMA

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.payments.models import Payment, Refund
    from bawabati.people.models import Staff
    from outside import Outside

LATER = NOON + timedelta(hours=1)
PHONE = "+213551234567"
EMAIL = "amina@example.com"


def paid_payment(
    outside: Outside, company: Company, *bills: Bill, key: str = "key", email: str = EMAIL, now: datetime = NOON
) -> Payment:
    """Amina has paid these."""
    from bawabati.flows.confirm_payment import confirm_payment  # noqa: PLC0415 - settings first
    from bawabati.payments.models import Payment  # noqa: PLC0415
    from paying import start  # noqa: PLC0415

    payment = start(company, *bills, key=key, email=email, now=now)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=now + timedelta(minutes=1))
    return Payment.objects.get(id=payment.id)


def asked(payment: Payment, centimes: int | None = None, *, login: str = SALIMA, now: datetime = LATER) -> Refund:
    """Salima asks for it, because the bill should not have been paid."""
    from bawabati.flows.ask_refund import ask_refund  # noqa: PLC0415 - settings first
    from bawabati.money.amount import Money  # noqa: PLC0415
    from bawabati.payments.rules import RefundReason  # noqa: PLC0415

    return ask_refund(
        payment_id=payment.id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=None if centimes is None else Money(centimes),
        because="paid for the wrong house",
        login=login,
        now=now,
    )


def left_to_a_person(outside: Outside, payment: Payment, centimes: int = 400_00) -> Refund:
    """Asked for, approved, and stopped by the machine: somebody gave money back in the bank's console."""
    from bawabati.flows.approve_refund import approve_refund  # noqa: PLC0415 - settings first
    from bawabati.flows.refund_payment import refund_payment  # noqa: PLC0415

    outside.give_back(payment.gateway_reference or "", centimes)
    refund = asked(payment, centimes)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)
    refund.refresh_from_db()
    return refund


def person(login: str) -> Staff:
    from bawabati.people.models import Staff  # noqa: PLC0415 - settings first

    return Staff.objects.get(login=login)
