"""The one door for changes of payments.

`apply` is the only function that assigns a payment's state; a house test holds it so. Everything here runs inside a
transaction that a flow opened, with the locks taken in the house's order: bills by id, holds, payment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from bawabati.adapters.gateways.contract import Said
from bawabati.companies.models import CompanyText, GatewayAccount
from bawabati.compiled import compiled
from bawabati.money.amount import Money, total
from bawabati.payments.models import Hold, Payment, PaymentContact, PaymentEvent, PaymentLine
from bawabati.payments.rules import FINAL, HOLDING, Event, Schedule, State, Verdict, first_register_ask_at, next_state

ORDER_NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads as a digit. Ten of them are 50 random bits."""
ORDER_NUMBER_LENGTH = 10


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
        if not Payment.objects.filter(gateway_account=account, order_number=number).exists():
            return number


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
    company_id = account.company_id
    payment = Payment.objects.create(
        company_id=company_id,
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
        next_ask_at=first_register_ask_at(opened_at=now, schedule=schedule),
        event_count=1,
    )
    PaymentLine.objects.bulk_create(
        PaymentLine(
            company_id=company_id,
            payment=payment,
            bill_id=line.bill_id,
            bill_version=line.bill_version,
            amount_centimes=line.amount.centimes,
        )
        for line in lines
    )
    Hold.objects.bulk_create(
        Hold(company_id=company_id, bill_id=line.bill_id, payment=payment, held_at=now) for line in lines
    )
    if email:
        PaymentContact.objects.create(payment=payment, email=email)
    _record(payment, event="opened", from_state="", evidence={}, now=now)
    return payment


def lock_lines(payment_id: int) -> list[PaymentLine]:
    """The lines of a payment, their bills locked until the transaction ends, always in the order of the bills' ids."""
    return _lines_locked.list(payment_id)


@compiled
def _lines_locked(payment_id: int) -> QuerySet[PaymentLine]:
    lines = PaymentLine.objects.select_for_update(of=("bill",)).select_related("bill__customer")
    return lines.filter(payment_id=payment_id).order_by("bill_id")


def lock_payment(payment_id: int) -> Payment:
    """The payment with its company, its holds locked before it, until the transaction ends."""
    _holds_locked.list(payment_id)
    return _payment_locked.get(payment_id)


@compiled
def _holds_locked(payment_id: int) -> QuerySet[Hold]:
    return Hold.objects.select_for_update().filter(payment_id=payment_id).order_by("bill_id")


@compiled
def _payment_locked(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_for_update(of=("self",)).select_related("company").filter(id=payment_id)


def take_registration(*, payment_id: int, now: datetime) -> bool:
    """Whether the caller may send the registration. True once for each payment, whoever asks and however often."""
    return bool(
        Payment.objects.filter(id=payment_id, state=State.OPENED, register_sent_at=None).update(register_sent_at=now)
    )


def apply(payment: Payment, *, event: Event, verdict: Verdict, said: Said, now: datetime) -> None:
    """Moves a locked payment along the table, and writes the event and its evidence beside it.

    Raises EventNotAllowed when the table does not know the event in this state. Holds end where the state ends them.
    """
    before = State(payment.state)
    after = next_state(before, event)
    payment.state = after
    payment.event_count += 1
    note_answer(payment, verdict=verdict, said=said, now=now, is_end=after in FINAL)
    _record(payment, event=event, from_state=before, evidence=evidence_of(said), now=now)
    if before in HOLDING and after not in HOLDING:
        Hold.objects.filter(payment_id=payment.id).delete()


def note_answer(payment: Payment, *, verdict: Verdict, said: Said, now: datetime, is_end: bool = False) -> None:
    """Keeps what an answer taught about a locked payment: when to ask next, and what the outside said."""
    payment.next_ask_at = verdict.next_ask_at
    payment.leased_until = None
    payment.asked_count += 1
    payment.checks_passed = verdict.checks_passed
    payment.was_declined = verdict.was_declined
    payment.not_found_at = verdict.not_found_at
    if said.reference and payment.gateway_reference is None:
        payment.gateway_reference = said.reference
    if said.error_code and verdict.alarm is None:
        payment.response_code = said.response_code[:10]
        payment.action_code = said.action_code
        payment.gateway_message = said.message[:512]
        payment.approval_code = said.approval_code[:12]
        payment.masked_card = said.masked_card[:24]
    if is_end:
        payment.ended_at = now
    payment.save()


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
    """Keeps an answer that changed nothing and that a person has to look at."""
    payment.event_count += 1
    payment.save(update_fields=["event_count"])
    _record(payment, event=oddity, from_state=payment.state, evidence=evidence_of(said), now=now)


def settle_line(line: PaymentLine, *, settled: Money, surplus: Money) -> None:
    """Writes what a line settled, and what found its bill already settled."""
    line.settled_centimes = settled.centimes
    line.surplus_centimes = surplus.centimes
    line.save(update_fields=["settled_centimes", "surplus_centimes"])


def claim_due(*, now: datetime, lease_seconds: int, at_most: int) -> list[int]:
    """Takes payments that are due to be asked about, oldest question first, and leases them to the caller.

    Several sweepers never get the same one; a sweeper that dies loses its lease by time.
    """
    due = (
        Payment.objects.filter(next_ask_at__lte=now)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .order_by("next_ask_at")
        .select_for_update(skip_locked=True, no_key=True)
        .values_list("id", flat=True)[:at_most]
    )
    ids = list(due)
    Payment.objects.filter(id__in=ids).update(leased_until=now + timedelta(seconds=lease_seconds))
    return ids


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


def _record(payment: Payment, *, event: str, from_state: str, evidence: Mapping[str, object], now: datetime) -> None:
    PaymentEvent.objects.create(
        company_id=payment.company_id,
        payment=payment,
        sequence=payment.event_count,
        event=event,
        from_state=from_state,
        to_state=payment.state,
        evidence=dict(evidence),
        at=now,
    )
