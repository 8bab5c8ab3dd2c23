"""The one door for changes of a payment's state.

`apply` is the only function that assigns it; a house test holds it so. Everything here runs inside a transaction that a
flow opened, on a payment that it has locked.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from bawabati.adapters.gateways.contract import AskAnswer, Cause, Refused, RegisterAnswer, Registered, Said, word_of
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine
from bawabati.payments.reads.cards import card_family_of
from bawabati.payments.rules import FINAL, HOLDING, Alarm, Event, State, Verdict, is_readable, next_state
from bawabati.payments.writes.events import RECORD, happened
from bawabati.payments.writes.exchanges import EXCHANGED, exchanged

_CHANGED = (
    *("state", "event_count", "gateway_reference", "page_url", "page_ends_at", "next_ask_at", "leased_until"),
    *("asked_count", "checks_passed", "was_declined", "not_found_at", "refused_because"),
    *("response_code", "action_code", "gateway_message", "last_answer"),
    *("approval_code", "masked_card", "card_family", "confirmed_at", "accounted_on", "ended_at"),
)
"""What may change of an attempt after it was opened. Everything else stays as the payer started it."""

_KEEP = f"""
UPDATE payments_payment SET {", ".join(f"{column} = %({column})s" for column in _CHANGED)} WHERE id = %(id)s
"""  # noqa: S608
_MOVE = f"""
WITH moved AS ({_KEEP}), freed AS (DELETE FROM payments_hold WHERE payment_id = %(id)s AND %(frees)s),
told AS ({EXCHANGED}) {RECORD}
"""  # noqa: S608
_KEEP_TOLD = f"WITH kept AS ({_KEEP}) {EXCHANGED}"
HOLD_RELEASED = "hold_released"
"""The event of a person who freed the bills of an attempt that is still open."""
_SETTLE = "UPDATE payments_paymentline SET settled_centimes = %s, surplus_centimes = %s WHERE id = %s"

Answer = AskAnswer | RegisterAnswer


def apply(payment: Payment, *, event: Event, verdict: Verdict, answer: Answer, now: datetime) -> None:
    """Moves a locked payment along the table, and writes the event and its evidence beside it.

    Raises EventNotAllowed when the table does not know the event in this state. Holds end where the state ends them.
    """
    before = State(payment.state)
    after = next_state(before, event)
    payment.state = after
    payment.event_count += 1
    if after in FINAL:
        payment.ended_at = now
    _take_in(payment, verdict=verdict, answer=answer)
    frees = before in HOLDING and after not in HOLDING
    event_row = happened(event=event, from_state=before, said=answer.said, now=now)
    with connection.cursor() as cursor:
        told = exchanged(payment.company_id, answer.said)
        cursor.execute(_MOVE, _columns(payment) | event_row | {"frees": frees, "exchanges": told})


def note_answer(payment: Payment, *, verdict: Verdict, answer: Answer, now: datetime) -> None:
    """Keeps what an answer taught about a locked payment: when to ask next, what the outside said, and the messages."""
    _take_in(payment, verdict=verdict, answer=answer)
    with connection.cursor() as cursor:
        told = exchanged(payment.company_id, answer.said)
        cursor.execute(_KEEP_TOLD, _columns(payment) | {"exchanges": told, "at": now})


def _take_in(payment: Payment, *, verdict: Verdict, answer: Answer) -> None:
    """What says nothing of the order leaves the reasons that we know untouched."""
    said = answer.said
    payment.next_ask_at = verdict.next_ask_at
    payment.leased_until = None
    payment.asked_count += 1
    payment.checks_passed = verdict.checks_passed
    payment.was_declined = verdict.was_declined
    payment.not_found_at = verdict.not_found_at
    payment.last_answer = word_of(answer)[:60]
    if said.reference and payment.gateway_reference is None:
        payment.gateway_reference = said.reference
    if verdict.alarm is Alarm.MISMATCH:
        return
    if isinstance(answer, Refused) and payment.refused_because != Cause.REVERSED:
        payment.refused_because = answer.cause
    if _says_how_it_stands(answer):
        payment.response_code = said.response_code[:10]
        payment.action_code = said.action_code
        payment.gateway_message = said.message[:512]
        payment.approval_code = said.approval_code[:12]
        if payment.masked_card != said.masked_card[:24]:
            payment.masked_card = said.masked_card[:24]
            payment.card_family = card_family_of(payment.masked_card)


def _says_how_it_stands(answer: Answer) -> bool:
    return isinstance(answer, Registered) or is_readable(answer)


def _columns(payment: Payment) -> dict[str, Any]:
    return {column: getattr(payment, column) for column in ("id", "company_id", *_CHANGED)}


def note_page(payment: Payment, *, reference: str, page_url: str, now: datetime) -> None:
    """Keeps where the payer pays. The page's life begins now. Saved by the `apply` that follows."""
    payment.gateway_reference = reference
    payment.page_url = page_url
    payment.page_ends_at = now + timedelta(seconds=payment.page_life_seconds)


def note_confirmation(payment: Payment, *, accounted_on: date, now: datetime) -> None:
    """Keeps when our acknowledgement was answered "paid". Saved by the `apply` that follows."""
    payment.confirmed_at = now
    payment.accounted_on = accounted_on


def release_holds(payment: Payment, *, by: int, because: str, now: datetime) -> bool:
    """Frees the bills of a locked payment that is still open, and writes down who did and why; whether it held any.

    The attempt goes on being asked about. Safe to repeat.
    """
    freed, _ = Hold.objects.filter(payment=payment).delete()
    if freed:
        event_row = {"event": HOLD_RELEASED, "from_state": payment.state, "at": now}
        _record_beside(payment, event_row | {"evidence": Jsonb({"by": by, "because": because})})
    return bool(freed)


def record_oddity(payment: Payment, *, oddity: str, said: Said, now: datetime) -> None:
    """Keeps an answer that changed nothing and that a person has to look at; once while it repeats itself."""
    if PaymentEvent.objects.filter(payment=payment, sequence=payment.event_count, event=oddity).exists():
        return
    _record_beside(payment, happened(event=oddity, from_state=payment.state, said=said, now=now))


def _record_beside(payment: Payment, event_row: dict[str, Any]) -> None:
    """Writes an event that moves no state."""
    payment.event_count += 1
    payment.save(update_fields=["event_count"])
    with connection.cursor() as cursor:
        cursor.execute(RECORD, _columns(payment) | event_row)


def settle_line(line: PaymentLine, *, settled: Money, surplus: Money) -> None:
    """Writes what a line settled, and what found its bill already settled."""
    line.settled_centimes = settled.centimes
    line.surplus_centimes = surplus.centimes
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [settled.centimes, surplus.centimes, line.id])
