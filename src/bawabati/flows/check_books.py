"""Do the books agree: with themselves, with the gateway, and with what an issuer says it has debited?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection

from bawabati.adapters.gateways.contract import AskAnswer
from bawabati.flows.steps.book_checks import BOOK_CHECKS, BookCheck
from bawabati.flows.steps.how_it_stands import compare_how_it_stands
from bawabati.flows.steps.side_effects import read_at_one_instant
from bawabati.ledger.rules import AccountRole
from bawabati.money.amount import ZERO
from bawabati.money.display import with_currency
from bawabati.notices.rules import GIVE_UP_AFTER
from bawabati.payments.models import Payment
from bawabati.payments.reads import (
    given_back_of_each,
    iterate_payments_of_orders,
    pages_to_compare,
)
from bawabati.payments.rules import Discrepancy, State
from bawabati.workdays import accounting_day

LATE = timedelta(hours=1)
DOUBTFUL = timedelta(minutes=30)
"""In doubt for longer than this is an alarm. Rule: doubt-alarm (behaviour.md 2)"""
RECENT = timedelta(days=2)
"""How long a message that could not be delivered goes on being named."""
UNTOLD = timedelta(days=2)
"""A night's file tells the day before: what is older than this stands in one. Rule: payment-file-once (house.md 5)"""
PAGE = 500
NAMED_AT_MOST = 1000
AT_MOST = """
WITH found (company_id, reference, finding) AS MATERIALIZED ({sql})
SELECT company_id, reference, finding, count(*) OVER () FROM found LIMIT {most}
"""
"""Materialized: with a limit in sight, PostgreSQL would choose ways that are quick only where something is found."""
ACCOUNTS = {
    "cards": AccountRole.CARDS_TO_COLLECT,
    "reader_cards": AccountRole.READER_CARDS_TO_COLLECT,
    "cash": AccountRole.CASH,
    "cheques": AccountRole.CHEQUES_TO_COLLECT,
    "channels": AccountRole.CHANNELS_TO_COLLECT,
    "stamp_duty": AccountRole.STAMP_DUTY,
    "shortage": AccountRole.CASH_SHORTAGE,
    "too_much": AccountRole.CASH_SURPLUS,
    "suspense": AccountRole.SUSPENSE,
    "customers": AccountRole.CUSTOMERS,
    "credit": AccountRole.CUSTOMER_CREDIT,
    "refunds_due": AccountRole.REFUNDS_DUE,
    "goodwill": AccountRole.GOODWILL,
    "bank": AccountRole.BANK,
    "remittances": AccountRole.REMITTANCES_DUE,
    "fees": AccountRole.FEES,
    "fees_vat": AccountRole.FEES_VAT,
    "apart": AccountRole.SETTLEMENT_DIFFERENCE,
    "loss": AccountRole.SETTLEMENT_LOSS,
    "gain": AccountRole.SETTLEMENT_GAIN,
}
TellTime = Callable[[str, float], None]
PLACES = re.compile(r"%\((\w+)\)s")
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
    company_id: int | None
    reference: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerOrder:
    """What the card's side says of one order: what it took and what it gave back, in centimes."""

    reference: str
    captured_centimes: int
    returned_centimes: int


def check_books(
    *, now: datetime, tell_time: Callable[[str, float], None] = lambda _check, _took: None
) -> list[Difference]:
    """The database with itself, at one instant. Changes nothing; safe to run on a live system.

    Each check names at most a thousand differences, and says how many more there are: memory stays flat.
    `tell_time` is told how many seconds each check took.
    """
    with read_at_one_instant(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        found: list[Difference] = []
        for check in BOOK_CHECKS:
            began = perf_counter()
            found += _broken(cursor, check, check.over_everything(), _values(now))
            tell_time(check.name, perf_counter() - began)
        return found


def check_what_waits(*, now: datetime) -> list[Difference]:
    """Only what waits for somebody for too long: cheap enough for every few minutes. Changes nothing."""
    with connection.cursor() as cursor:
        return [
            difference
            for check in BOOK_CHECKS
            if check.invariant == "I10"
            for difference in _broken(cursor, check, check.over_everything(), _values(now))
        ]


def check_what_ended(*, since: datetime, now: datetime) -> list[Difference]:
    """The payments that ended since then, their bills and books, at one instant. Cheap enough for every minute."""
    with read_at_one_instant(), connection.cursor() as cursor:
        return [
            difference
            for check in BOOK_CHECKS
            if check.each_minute
            for difference in _broken(cursor, check, check.over_what_ended_since(), _values(now) | {"since": since})
        ]


def check_against_gateway(*, since: datetime) -> list[Difference]:
    """Every order registered since, as the gateway tells it now. One call for each; changes nothing on our side."""
    return list(_against_gateway(since))


def _against_gateway(since: datetime) -> Iterator[Difference]:
    for page in pages_to_compare(since=since, at_most=PAGE, only_registered=True):
        for payment in page:
            found, answer = compare_how_it_stands(payment)
            if found is not None:
                yield _difference(
                    found, INVARIANT_OF[found], payment, f"we say {payment.state}, the gateway {_words(answer)}"
                )


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


def _values(now: datetime) -> dict[str, object]:
    """What the statements ask for by name: moments, and the codes of the accounts."""
    return {
        "late": now - LATE,
        "doubtful": now - DOUBTFUL,
        "recent": now - RECENT,
        "long_ago": now - GIVE_UP_AFTER - LATE,
        "lateness": LATE,
        "recency": RECENT,
        "today": accounting_day(now),
        "long_untold": now - UNTOLD,
        **{place: settings.ACCOUNT_CODES[role] for place, role in ACCOUNTS.items()},
    }


def _broken(cursor: Any, check: BookCheck, sql: str, values: Mapping[str, object]) -> Iterator[Difference]:  # noqa: ANN401 - a Django cursor
    cursor.execute(AT_MOST.format(sql=sql, most=NAMED_AT_MOST), {name: values[name] for name in PLACES.findall(sql)})
    count = 0
    for company_id, reference, finding, in_all in cursor.fetchall():
        yield _found(check, company_id, reference, finding)
        count = in_all
    if count > NAMED_AT_MOST:
        yield _found(check, None, "and more", f"{count} differences in all")


def _found(check: BookCheck, company_id: int | None, reference: str, finding: str) -> Difference:
    return Difference(
        check=check.name, invariant=check.invariant, company_id=company_id, reference=reference, finding=finding
    )


def _words(answer: AskAnswer) -> str:
    reason = getattr(answer, "reason", "")
    held = answer.said.still_captured
    holds = "" if held is None else f", which holds {with_currency(held, 'en')} of it"
    return f"{type(answer).__name__} {reason}".strip() + holds


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
