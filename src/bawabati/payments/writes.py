"""The one door for changes of payments.

`apply` is the only function that assigns a payment's state; a house test holds it so. Everything here runs inside a
transaction that a flow opened, with the locks taken in the house's order: bills by id, holds, payment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from bawabati.adapters.gateways.contract import AskAnswer, Cause, Refused, RegisterAnswer, Registered, Said
from bawabati.companies.models import CompanyText, GatewayAccount
from bawabati.compiled import compiled
from bawabati.money.amount import Money, total
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine
from bawabati.payments.reads import list_lines
from bawabati.payments.rules import FINAL, HOLDING, Alarm, Event, Schedule, State, Verdict, is_readable, next_state

ORDER_NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads as a digit. Ten of them are 50 random bits."""
ORDER_NUMBER_LENGTH = 10

_FIELDS = Payment._meta.concrete_fields  # noqa: SLF001 - documented by Django under this name
_OPENED_WITH = tuple(field.attname for field in _FIELDS if not field.primary_key)
_CHANGED = (
    *("state", "event_count", "gateway_reference", "page_url", "page_ends_at", "next_ask_at", "leased_until"),
    *("asked_count", "checks_passed", "was_declined", "not_found_at", "refused_because"),
    *("response_code", "action_code", "gateway_message"),
    *("approval_code", "masked_card", "confirmed_at", "accounted_on", "ended_at"),
)
"""What may change of an attempt after it was opened. Everything else stays as the payer started it."""

_EVENT = (
    "INSERT INTO payments_paymentevent (company_id, payment_id, sequence, event, from_state, to_state, evidence, at)"
)
_OPEN = f"""
WITH payment AS (
    INSERT INTO payments_payment ({", ".join(_OPENED_WITH)})
    VALUES ({", ".join(f"%({column})s" for column in _OPENED_WITH)}) RETURNING id, company_id, state, opened_at
), chosen AS (
    SELECT * FROM unnest(%(bills)s::bigint[], %(versions)s::int[], %(amounts)s::bigint[]) AS c (bill, version, amount)
), lines AS (
    INSERT INTO payments_paymentline (company_id, payment_id, bill_id, bill_version, amount_centimes)
    SELECT company_id, id, bill, version, amount FROM payment, chosen
), holds AS (
    INSERT INTO payments_hold (company_id, bill_id, payment_id, held_at)
    SELECT company_id, bill, id, opened_at FROM payment, chosen
), contact AS (
    INSERT INTO payments_paymentcontact (payment_id, email)
    SELECT id, %(email)s::text FROM payment WHERE %(email)s::text <> ''
)
{_EVENT} SELECT company_id, id, 1, 'opened', '', state, '{{}}', opened_at FROM payment RETURNING payment_id
"""  # noqa: S608 - names of our own columns
_KEEP = f"""
UPDATE payments_payment SET {", ".join(f"{column} = %({column})s" for column in _CHANGED)} WHERE id = %(id)s
"""  # noqa: S608
_RECORD = f"""
{_EVENT} VALUES (%(company_id)s, %(id)s, %(event_count)s, %(event)s, %(from_state)s, %(state)s, %(evidence)s, %(at)s)
"""
_MOVE = f"""
WITH moved AS ({_KEEP}), freed AS (DELETE FROM payments_hold WHERE payment_id = %(id)s AND %(frees)s) {_RECORD}
"""  # noqa: S608
# No join with what may change while we wait for the lock: PostgreSQL would leave out the row that no longer fits.
_LOCK_BILLS = """
SELECT FROM bills_bill JOIN payments_paymentline line ON line.bill_id = bills_bill.id
WHERE line.payment_id = %s ORDER BY bills_bill.id FOR NO KEY UPDATE OF bills_bill
"""
# Fair between accounts: one that answers slowly leaves hands for the others.
_CLAIM_ONE = """
WITH busy AS (
    SELECT gateway_account_id FROM payments_payment WHERE leased_until > %(now)s
    GROUP BY gateway_account_id HAVING count(*) >= %(hands)s
), due AS (
    SELECT id FROM payments_payment
    WHERE next_ask_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
      AND gateway_account_id NOT IN (SELECT gateway_account_id FROM busy)
    ORDER BY next_ask_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE payments_payment SET leased_until = %(lease)s FROM due WHERE payments_payment.id = due.id
RETURNING payments_payment.id
"""
_POSTPONE = """
UPDATE payments_payment SET leased_until = NULL, next_ask_at = greatest(next_ask_at, %s)
WHERE id = %s AND next_ask_at IS NOT NULL
"""
_SETTLE = "UPDATE payments_paymentline SET settled_centimes = %s, surplus_centimes = %s WHERE id = %s"


Answer = AskAnswer | RegisterAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToPay:
    """One bill to pay, in the version that the payer saw."""

    bill_id: int
    bill_version: int
    amount: Money


def new_order_number(account: GatewayAccount) -> str:
    """Ten characters that the account has never used. Should two draw the same at once, the database refuses one."""
    while True:
        number = "".join(secrets.choice(ORDER_NUMBER_ALPHABET) for _ in range(ORDER_NUMBER_LENGTH))
        if _payment_of_number.find(account.id, number) is None:
            return number


@compiled
def _payment_of_number(gateway_account_id: int, order_number: str) -> QuerySet[Payment]:
    return Payment.objects.filter(gateway_account_id=gateway_account_id, order_number=order_number).only("id")


def open_attempt(
    *,
    account: GatewayAccount,
    lines: Sequence[LineToPay],
    start_key: str,
    language: str,
    payment_terms: CompanyText,
    sale_terms: CompanyText,
    email: str,
    registers_now: bool,
    schedule: Schedule,
    now: datetime,
) -> Payment:
    """Writes the attempt, its lines, its holds and its order number, before anything is sent.

    Not safe to repeat: the database refuses a start key that is known and a bill that is held.
    """
    payment = Payment(
        company_id=account.company_id,
        gateway_account=account,
        order_number=new_order_number(account),
        start_key=start_key,
        amount_centimes=total(line.amount for line in lines).centimes,
        language=language,
        payment_terms=payment_terms,
        sale_terms=sale_terms,
        opened_at=now,
        register_sent_at=now if registers_now else None,
        page_life_seconds=account.page_life_seconds,
        page_ends_at=now + timedelta(seconds=account.page_life_seconds),
        next_ask_at=schedule.next_register_ask_at(opened_at=now, now=now),
        event_count=1,
    )
    chosen = {
        "bills": [line.bill_id for line in lines],
        "versions": [line.bill_version for line in lines],
        "amounts": [line.amount.centimes for line in lines],
    }
    columns = {column: getattr(payment, column) for column in _OPENED_WITH}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, columns | chosen | {"email": email})
        (payment.id,) = cursor.fetchone()
    return payment


def lock_lines(payment_id: int) -> list[PaymentLine]:
    """The lines of a payment, their bills locked until the transaction ends, always in the order of the bills' ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BILLS, [payment_id])
    return list_lines(payment_id)


def lock_payment(payment_id: int) -> Payment:
    """The payment with its company, its holds locked before it, until the transaction ends."""
    _holds_locked.list(payment_id)
    return _payment_locked.get(payment_id)


@compiled
def _holds_locked(payment_id: int) -> QuerySet[Hold]:
    return Hold.objects.select_for_update(no_key=True).filter(payment_id=payment_id).order_by("bill_id").only("id")


@compiled
def _payment_locked(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_for_update(of=("self",), no_key=True).select_related("company").filter(id=payment_id)


def take_registration(*, payment_id: int, now: datetime) -> bool:
    """Whether the caller may send the registration. True once for each payment, whoever asks and however often."""
    return bool(
        Payment.objects.filter(id=payment_id, state=State.OPENED, register_sent_at=None).update(register_sent_at=now)
    )


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
    happened = _happened(event=event, from_state=before, said=answer.said, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, _columns(payment) | happened | {"frees": frees})


def note_answer(payment: Payment, *, verdict: Verdict, answer: Answer) -> None:
    """Keeps what an answer taught about a locked payment: when to ask next, and what the outside said."""
    _take_in(payment, verdict=verdict, answer=answer)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _columns(payment))


def _take_in(payment: Payment, *, verdict: Verdict, answer: Answer) -> None:
    """What says nothing of the order leaves the reasons that we know untouched."""
    said = answer.said
    payment.next_ask_at = verdict.next_ask_at
    payment.leased_until = None
    payment.asked_count += 1
    payment.checks_passed = verdict.checks_passed
    payment.was_declined = verdict.was_declined
    payment.not_found_at = verdict.not_found_at
    if said.reference and payment.gateway_reference is None:
        payment.gateway_reference = said.reference
    if isinstance(answer, Refused) and payment.refused_because != Cause.REVERSED:
        payment.refused_because = answer.cause
    if _says_how_it_stands(answer) and verdict.alarm is not Alarm.MISMATCH:
        payment.response_code = said.response_code[:10]
        payment.action_code = said.action_code
        payment.gateway_message = said.message[:512]
        payment.approval_code = said.approval_code[:12]
        payment.masked_card = said.masked_card[:24]


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


def record_oddity(payment: Payment, *, oddity: str, said: Said, now: datetime) -> None:
    """Keeps an answer that changed nothing and that a person has to look at; once while it repeats itself."""
    if PaymentEvent.objects.filter(payment=payment, sequence=payment.event_count, event=oddity).exists():
        return
    payment.event_count += 1
    payment.save(update_fields=["event_count"])
    happened = _happened(event=oddity, from_state=payment.state, said=said, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, _columns(payment) | happened)


def _happened(*, event: str, from_state: str, said: Said, now: datetime) -> dict[str, Any]:
    """An event as a row of its own, beside the payment's columns."""
    return {"event": event, "from_state": from_state, "evidence": Jsonb(evidence_of(said)), "at": now}


def settle_line(line: PaymentLine, *, settled: Money, surplus: Money) -> None:
    """Writes what a line settled, and what found its bill already settled."""
    line.settled_centimes = settled.centimes
    line.surplus_centimes = surplus.centimes
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [settled.centimes, surplus.centimes, line.id])


def claim_due(*, now: datetime, lease_seconds: int, hands_for_each_account: int) -> int | None:
    """Takes the payment whose question is oldest, and leases it to the caller; None when there is nothing to ask.

    Several sweepers never get the same one; a sweeper that dies loses its lease by time. An account that has as many
    leases as it may have waits.
    """
    lease = now + timedelta(seconds=lease_seconds)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_ONE, {"now": now, "lease": lease, "hands": hands_for_each_account})
        row = cursor.fetchone()
    return row[0] if row else None


def postpone_question(*, payment_id: int, until: datetime) -> None:
    """Gives the lease back and asks no earlier than then. What has ended stays as it is. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONE, [until, payment_id])


def evidence_of(said: Said) -> Mapping[str, object]:
    """An answer as it is kept for ever: what we read of it, and the whole of it without secrets."""
    read = {
        "order_number": said.order_number,
        "reference": said.reference,
        "amount_centimes": said.amount.centimes if said.amount is not None else None,
        "currency": said.currency,
        "order_status": said.order_status,
        "error_code": said.error_code,
        "response_code": said.response_code,
        "action_code": said.action_code,
        "approval_code": said.approval_code,
        "masked_card": said.masked_card,
    }
    return {**{name: value for name, value in read.items() if value not in {None, ""}}, "raw": dict(said.raw)}
