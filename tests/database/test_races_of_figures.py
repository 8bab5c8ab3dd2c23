"""Figures stay what payments and books say, to the centime, whoever pays, is refused or gets money back at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Sum

from agency import add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.keep_card_ranges import keep_card_ranges
from bawabati.flows.rebuild_figures import rebuild_figures
from bawabati.flows.refund_payment import refund_payment
from bawabati.ledger.models import Transfer
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.rules.card_families import CardFamily, NumberRange
from bawabati.reports.models import ShareFigure
from bawabati.reports.reads import list_days, shares_by_way, totals_of
from bawabati.reports.rules.board import Period
from bawabati.workdays import ALGIERS
from money_back import asked
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, NADIA, NOON, OMAR, YACINES_CARD, add_bill

pytestmark = pytest.mark.usefixtures("database")

Together = Callable[..., list[Any]]
A_MINUTE = timedelta(minutes=1)
DAYS = Period(first=NOON.date(), last=NOON.date() + timedelta(days=9))
LATER = NOON + timedelta(days=10)


@pytest.fixture(autouse=True)
def the_board_says_what_the_books_say(company: Company) -> Iterator[None]:
    yield
    assert [found for found in check_books(now=LATER) if found.invariant != "I10"] == []
    for day in list_days(company_id=company.id, period=DAYS):
        assert (day.payments, day.centimes, day.payers) == paid_on(company, day.day), day
        assert (day.centimes, day.returned_centimes) == booked_on(company, day.day), day
    by_way = shares_by_way(company_id=company.id, period=DAYS)
    total = totals_of(company_id=company.id, period=DAYS)
    assert sum(share.net_centimes for share in by_way) == total.net_centimes
    assert total.payers == total.first_payers == len(customers(company))
    for axis in ("card", "hour"):
        parts = ShareFigure.objects.filter(company=company, axis=axis, span="month")
        assert parts.aggregate(all=Sum("centimes"))["all"] == (total.centimes or None)


def paid_on(company: Company, day: date) -> tuple[int, int, int]:
    """What the rows of that day's payments add up to, by hand."""
    paid = Payment.objects.filter(company=company, state="paid", accounted_on=day)
    lines = PaymentLine.objects.filter(payment__in=paid)
    return (
        paid.count(),
        sum(payment.amount_centimes for payment in paid),
        len(set(lines.values_list("bill__customer_id", flat=True))),
    )


def booked_on(company: Company, day: date) -> tuple[int, int]:
    """What the ledger took in and gave back on that day."""
    sums: dict[str, int] = defaultdict(int)
    for transfer in Transfer.objects.filter(company=company, accounted_on=day):
        sums[transfer.reason] += transfer.amount_centimes
    return sums["capture"] + sums["surplus"], sums["refund"]


def customers(company: Company) -> set[int]:
    lines = PaymentLine.objects.filter(company=company, payment__state="paid")
    return set(lines.values_list("bill__customer_id", flat=True))


def debited(outside: Outside, company: Company, seed: int, *, customer: str, now: datetime = NOON) -> Payment:
    bill = add_bill(company, seed=seed, customer_number=customer)
    payment = start(company, bill, key=f"race {seed}", campaign_code="RADIO", now=now)
    outside.pay(reference(payment), AMINAS_CARD)
    return payment


def confirming(payment: Payment, now: datetime = NOON + A_MINUTE) -> Callable[[], object]:
    return lambda: confirm_payment(payment_id=payment.id, now=now)


def test_one_customer_pays_sixteen_bills_at_once_on_two_days(
    together: Together, outside: Outside, company: Company
) -> None:
    payments = [debited(outside, company, 300 + seed, customer="100") for seed in range(16)]
    days = [NOON + timedelta(days=1) if place % 2 else NOON + A_MINUTE for place in range(16)]
    answers = together(*(confirming(payment, day) for payment, day in zip(payments, days, strict=True)))
    assert set(answers) == {"paid"}
    found = totals_of(company_id=company.id, period=DAYS)
    assert (found.payments, found.payers, found.first_payers) == (16, 1, 1)


def test_the_same_payment_confirmed_at_once_counts_once(together: Together, outside: Outside, company: Company) -> None:
    payment = debited(outside, company, 300, customer="100")
    together(*(confirming(payment) for _ in range(16)))
    assert totals_of(company_id=company.id, period=DAYS).payments == 1


def test_people_pay_while_figures_are_counted_anew_and_families_told(
    together: Together, outside: Outside, company: Company
) -> None:
    first = [debited(outside, company, 300 + seed, customer=str(seed)) for seed in range(6)]
    for payment in first:
        confirming(payment)()
    ShareFigure.objects.all().delete()
    second = [debited(outside, company, 320 + seed, customer=str(seed % 3)) for seed in range(8)]
    families = [NumberRange(first="6280", last="6280", family=CardFamily.CIB, source="a letter")]
    answers = together(
        *(confirming(payment, NOON + timedelta(hours=place)) for place, payment in enumerate(second)),
        rebuild_figures,
        lambda: keep_card_ranges(ranges=families, login=OMAR, now=NOON),
        rebuild_figures,
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    rebuild_figures()
    keep_card_ranges(ranges=families, login=OMAR, now=NOON)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_ten_days_the_figures_are_the_books(outside: Outside, company: Company, seed: int) -> None:
    """Paid online and at a desk, refused, given back whole or in part, in days that come out of order."""
    random, session = Random(seed), open_desk(add_agency(company))
    for step in range(14):
        now = NOON + timedelta(days=random.randrange(9), minutes=step)
        what = random.choice(["pay", "pay", "pay", "refuse", "cash", "back"])
        bill = add_bill(
            company,
            seed=400 + step,
            customer_number=str(random.randrange(5)),
            due_centimes=random.randrange(60_00, 9_000_00),
        )
        if what == "cash":
            cash(session, bill)
            continue
        if what == "back":
            give_back(random, now)
            continue
        payment = start(company, bill, key=str(step), now=now)
        outside.pay(reference(payment), YACINES_CARD if what == "refuse" else AMINAS_CARD)
        confirm_payment(payment_id=payment.id, now=now + A_MINUTE)


def give_back(random: Random, now: datetime) -> None:
    """A part of something that was paid online, if there is anything left of it."""
    for payment in Payment.objects.filter(state="paid", way="web").order_by("id"):
        known = Refund.objects.filter(payment=payment).aggregate(all=Sum("amount_centimes"))["all"] or 0
        if left := payment.amount_centimes - known:
            refund = asked(payment, random.choice([left, max(1, left // 3)]), now=now)
            approve_refund(refund_id=refund.id, login=NADIA, now=now)
            refund_payment(refund_id=refund.id, now=now)
            assert Refund.objects.get(id=refund.id).state == "done"
            assert refund.requested_at.astimezone(ALGIERS).date() == now.astimezone(ALGIERS).date()
            return
