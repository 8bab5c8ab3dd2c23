"""Opening the order at the gateway, and keeping what it answered.

Two halves, because the network lies between them: `open_order` runs outside any transaction, `note_registration`
inside the caller's.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bawabati.adapters.gateways.contract import Gateway, NewOrder, NotDone, Refused, RegisterAnswer, Registered, Unknown
from bawabati.companies.reads import host_of
from bawabati.flows.steps.alarm import tell_the_office
from bawabati.flows.steps.gateway import let_go_of_the_connection
from bawabati.flows.steps.order_journal import note_order, note_reference
from bawabati.flows.steps.schedule import schedule
from bawabati.flows.steps.side_effects import outside
from bawabati.links import callback_address, fail_address, return_address
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, list_lines
from bawabati.payments.rules import Alarm, Event, State, Verdict, judge_silent_registration
from bawabati.payments.writes import apply, lock_payment, note_answer, note_exchanges, note_page

BILL_REFERENCE_LENGTH = 20


def open_order(payment: Payment, *, gateway: Gateway, numbers: Sequence[str]) -> RegisterAnswer:
    """Sends the registration of a payment of the bills with those payment numbers.

    Not safe to repeat: only whoever took the registration may send it, once.
    """
    host_name = host_of(payment.company_id)
    order = NewOrder(
        number=payment.order_number,
        amount=Money(payment.amount_centimes),
        language=payment.language,  # type: ignore[arg-type]  # the site's languages are the gateway's
        return_url=return_address(payment.id, language=payment.language, host_name=host_name),
        fail_url=fail_address(payment.id, language=payment.language, host_name=host_name),
        description=", ".join(numbers)[:500],
        bill_reference=re.sub(r"[^A-Za-z0-9]", "", numbers[0])[:BILL_REFERENCE_LENGTH] or payment.order_number,
        callback_url=callback_address(payment.gateway_account_id) if payment.gateway_account_id else "",
    )
    note_order(payment, list_lines(payment.id))
    let_go_of_the_connection()
    with outside("open_order: register"):
        answer = gateway.register(order)
    if isinstance(answer, Registered):
        note_reference(payment, answer.reference)
    return answer


def note_registration(*, payment_id: int, answer: RegisterAnswer, now: datetime) -> Payment:
    """Keeps the answer, in the caller's transaction. Safe to repeat: what has moved on stays where it is."""
    payment = lock_payment(payment_id)
    if payment.state != State.OPENED:
        note_exchanges(payment, said=answer.said, now=now)
        if isinstance(answer, Registered):
            tell_the_office(payment, Alarm.REGISTERED_LATE, said=answer.said, now=now)
        return payment
    match answer:
        case Registered(reference=reference, page_url=page_url):
            note_page(payment, reference=reference, page_url=page_url, now=now)
            next_ask_at = schedule().first_ask_at(registered_at=now)
            apply(payment, event=Event.REGISTERED, verdict=_then(next_ask_at), answer=answer, now=now)
        case Refused(reason=reason):
            apply(payment, event=Event.REFUSED_BY_GATEWAY, verdict=_then(None), answer=answer, now=now)
            if reason == "access_denied":
                tell_the_office(payment, Alarm.ACCESS_DENIED, said=answer.said, now=now)
        case NotDone():
            apply(payment, event=Event.NEVER_SENT, verdict=_then(None), answer=answer, now=now)
        case Unknown():
            verdict = judge_silent_registration(attempt=attempt_of(payment), now=now, schedule=schedule())
            note_answer(payment, verdict=verdict, answer=answer, now=now)
        case _:
            assert_never(answer)
    return payment


def _then(next_ask_at: datetime | None) -> Verdict:
    return Verdict(event=None, next_ask_at=next_ask_at)
