"""Do the books agree: with themselves, with the gateway, and with what an issuer says it has debited?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bawabati.adapters.gateways.contract import NotDone, Paid, Refused, Unknown, Waiting
from bawabati.flows.steps.book_checks import BOOK_CHECKS, BookCheck
from bawabati.flows.steps.gateway import gateway_of
from bawabati.flows.steps.side_effects import outside, read_at_one_instant
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, list_registered_payments
from bawabati.payments.rules import State, is_ours

LATE = timedelta(hours=1)
DOUBTFUL = timedelta(minutes=30)
"""In doubt for longer than this is an alarm. Rule: doubt-alarm (behaviour.md 2)"""
RECENT = timedelta(days=2)
"""How long a message that could not be delivered goes on being named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that does not agree. `check` is stable, for machines; `reference` says where to look."""

    check: str
    invariant: str
    company_id: int
    reference: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerOrder:
    """What the card's side says of one order: what it took and what it gave back, in centimes."""

    reference: str
    captured_centimes: int
    returned_centimes: int


def check_books(*, now: datetime) -> list[Difference]:
    """The database with itself, at one instant. Changes nothing; safe to run on a live system."""
    with read_at_one_instant(), connection.cursor() as cursor:
        return list(_broken(cursor, now))


def check_what_waits(*, now: datetime) -> list[Difference]:
    """Only what waits for somebody for too long: cheap enough for every few minutes. Changes nothing."""
    with connection.cursor() as cursor:
        return list(_broken(cursor, now, checks=[check for check in BOOK_CHECKS if check.invariant == "I10"]))


def check_against_gateway(*, since: datetime) -> list[Difference]:
    """Every order registered since, as the gateway tells it now. One call for each; changes nothing on our side."""
    return [
        difference for payment in list_registered_payments(since=since) for difference in _compare_with_gateway(payment)
    ]


def check_against_issuer(orders: Iterable[IssuerOrder]) -> list[Difference]:
    """What left the cards against what we have posted, order by order (I1). Orders that are not ours are left out."""
    ours = {payment.gateway_reference: payment for payment in list_registered_payments(since=None)}
    return [
        difference
        for order in orders
        if (payment := ours.get(order.reference)) is not None
        for difference in _compare_with_issuer(payment, order)
    ]


def _broken(cursor: object, now: datetime, *, checks: Iterable[BookCheck] = BOOK_CHECKS) -> Iterator[Difference]:
    times = {"late": now - LATE, "doubtful": now - DOUBTFUL, "recent": now - RECENT}
    for check in checks:
        cursor.execute(check.sql, times)  # type: ignore[attr-defined]  # a Django cursor
        for company_id, reference, finding in cursor.fetchall():  # type: ignore[attr-defined]
            yield Difference(
                check=check.name,
                invariant=check.invariant,
                company_id=company_id,
                reference=reference,
                finding=finding,
            )


def _compare_with_gateway(payment: Payment) -> Iterator[Difference]:
    gateway = gateway_of(payment.gateway_account)
    with outside("check_against_gateway: ask"):
        answer = gateway.ask(
            reference=payment.gateway_reference or "",
            language=payment.language,  # type: ignore[arg-type]  # the site's languages are the gateway's
        )
    is_paid = payment.state == State.PAID
    match answer:
        case Paid(said=said) if not is_ours(said, attempt_of(payment)):
            yield _difference("gateway_order_is_not_ours", "I2", payment, "number, amount or currency differ")
        case Paid() if not is_paid:
            yield _difference(
                "gateway_paid_not_posted", "I1", payment, f"the gateway says paid, we say {payment.state}"
            )
        case (Refused() | Waiting() | NotDone()) as other if is_paid:
            yield _difference(
                "posted_not_paid_at_gateway", "I2", payment, f"we say paid, the gateway {type(other).__name__}"
            )
        case Unknown(reason=reason):
            yield _difference("gateway_did_not_answer", "I10", payment, reason)


def _compare_with_issuer(payment: Payment, order: IssuerOrder) -> Iterator[Difference]:
    taken = order.captured_centimes - order.returned_centimes
    posted = payment.amount_centimes if payment.state == State.PAID else 0
    if taken != posted:
        yield _difference(
            "card_debited_otherwise_than_posted", "I1", payment, f"the card lost {taken} centimes, posted are {posted}"
        )


def _difference(check: str, invariant: str, payment: Payment, finding: str) -> Difference:
    return Difference(
        check=check,
        invariant=invariant,
        company_id=payment.company_id,
        reference=f"payment:{payment.id}",
        finding=finding,
    )
