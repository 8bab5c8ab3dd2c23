"""Opening the order at the gateway, and keeping what it answered.

Two halves, because the network lies between them: `open_order` runs outside any transaction, `note_registration`
inside the caller's.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bawabati.adapters.gateways.contract import Gateway, NewOrder, NotDone, Refused, RegisterAnswer, Registered, Unknown
from bawabati.flows.steps.schedule import schedule
from bawabati.links import fail_address, return_address
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of
from bawabati.payments.rules import Event, Verdict, first_ask_at, judge
from bawabati.payments.writes import apply, lock_payment, note_answer, note_page

BILL_REFERENCE_LENGTH = 20


def open_order(payment: Payment, *, gateway: Gateway, numbers: Sequence[str]) -> RegisterAnswer:
    """Sends the registration of a payment of the bills with those payment numbers.

    Not safe to repeat: only whoever took the registration may send it, once.
    """
    order = NewOrder(
        number=payment.order_number,
        amount=Money(payment.amount_centimes),
        language=payment.language,  # type: ignore[arg-type]  # the site's languages are the gateway's
        return_url=return_address(payment.id, language=payment.language),
        fail_url=fail_address(payment.id, language=payment.language),
        description=", ".join(numbers)[:500],
        bill_reference=re.sub(r"[^A-Za-z0-9]", "", numbers[0])[:BILL_REFERENCE_LENGTH] or payment.order_number,
    )
    return gateway.register(order)


def note_registration(*, payment_id: int, answer: RegisterAnswer, now: datetime) -> Payment:
    """Keeps the answer, in the caller's transaction. Safe to repeat: what has moved on stays where it is."""
    payment = lock_payment(payment_id)
    if attempt_of(payment).state != "opened":
        return payment
    match answer:
        case Registered(reference=reference, page_url=page_url, said=said):
            note_page(payment, reference=reference, page_url=page_url, now=now)
            next_ask_at = first_ask_at(registered_at=now, schedule=schedule())
            apply(payment, event=Event.REGISTERED, verdict=_then(next_ask_at), said=said, now=now)
        case Refused(said=said):
            apply(payment, event=Event.REFUSED_BY_GATEWAY, verdict=_then(None), said=said, now=now)
        case NotDone(said=said):
            apply(payment, event=Event.NEVER_SENT, verdict=_then(None), said=said, now=now)
        case Unknown():
            verdict = judge(attempt=attempt_of(payment), answer=answer, now=now, schedule=schedule())
            note_answer(payment, verdict=verdict, said=answer.said)
        case _:
            assert_never(answer)
    return payment


def _then(next_ask_at: datetime | None) -> Verdict:
    return Verdict(event=None, next_ask_at=next_ask_at)
