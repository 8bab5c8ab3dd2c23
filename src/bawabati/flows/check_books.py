"""Do the books agree: with themselves, with the gateway, and with what an issuer says it has debited?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bawabati.adapters.gateways.contract import AskAnswer
from bawabati.flows.steps.book_checks import BOOK_CHECKS, BookCheck
from bawabati.flows.steps.how_it_stands import ask_how_it_stands
from bawabati.flows.steps.side_effects import read_at_one_instant
from bawabati.money.amount import ZERO
from bawabati.payments.models import Payment
from bawabati.payments.reads import (
    attempt_of,
    given_back,
    given_back_of_each,
    iterate_payments_of_orders,
    list_payments_to_compare,
)
from bawabati.payments.rules import Discrepancy, State, compare

LATE = timedelta(hours=1)
DOUBTFUL = timedelta(minutes=30)
"""In doubt for longer than this is an alarm. Rule: doubt-alarm (behaviour.md 2)"""
RECENT = timedelta(days=2)
"""How long a message that could not be delivered goes on being named."""
PAGE = 500
INVARIANT_OF = {
    Discrepancy.NOT_OURS: "I2",
    Discrepancy.NOT_POSTED: "I1",
    Discrepancy.NOT_TAKEN: "I2",
    Discrepancy.GIVEN_BACK: "I1",
    Discrepancy.ODD: "I10",
    Discrepancy.NO_ANSWER: "I10",
}


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
    return list(_against_gateway(since))


def _against_gateway(since: datetime) -> Iterator[Difference]:
    after_id = 0
    while page := list_payments_to_compare(since=since, after_id=after_id, at_most=PAGE, only_registered=True):
        for payment in page:
            answer = ask_how_it_stands(payment)
            found = compare(
                attempt=attempt_of(payment), answer=answer, returned=given_back(payment.id, through_the_gateway=True)
            )
            if found is not None:
                yield _difference(
                    found, INVARIANT_OF[found], payment, f"we say {payment.state}, the gateway {_words(answer)}"
                )
        after_id = page[-1].id


def check_against_issuer(orders: Iterable[IssuerOrder]) -> list[Difference]:
    """What left the cards against what we have posted, order by order (I1). Orders that are not ours are left out."""
    ours: dict[str, Payment] = {}
    posted: Counter[str] = Counter()
    back = given_back_of_each()
    for attempt in iterate_payments_of_orders():
        reference = attempt.gateway_reference or ""
        ours.setdefault(reference, attempt)
        posted[reference] += attempt.amount_centimes if attempt.state == State.PAID else 0
        posted[reference] -= back.get(attempt.id, ZERO).centimes
    return [
        difference
        for order in orders
        if (payment := ours.get(order.reference)) is not None
        for difference in _compare_with_issuer(payment, order, posted_centimes=posted[order.reference])
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


def _words(answer: AskAnswer) -> str:
    reason = getattr(answer, "reason", "")
    return f"{type(answer).__name__} {reason}".strip()


def _compare_with_issuer(payment: Payment, order: IssuerOrder, *, posted_centimes: int) -> Iterator[Difference]:
    taken = order.captured_centimes - order.returned_centimes
    if taken != posted_centimes:
        yield _difference(
            "card_debited_otherwise_than_posted",
            "I1",
            payment,
            f"the card lost {taken} centimes, posted are {posted_centimes}",
        )


def _difference(check: str, invariant: str, payment: Payment, finding: str) -> Difference:
    return Difference(
        check=check,
        invariant=invariant,
        company_id=payment.company_id,
        reference=f"payment:{payment.id}",
        finding=finding,
    )
