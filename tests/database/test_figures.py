"""What the board counts is what the payments and the books say, whatever order things happened in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from agency import add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.recover_payment import recover_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.payments.models import Payment
from bawabati.reports.models import PaidLine, PayersFigure
from bawabati.reports.reads import (
    count_payers,
    find_launch_day,
    funnel_of,
    list_agency_figures,
    list_days,
    shares_by_campaign,
    shares_by_card,
    shares_by_hour,
    shares_by_way,
    sums_of_companies,
    totals_of,
)
from bawabati.reports.rules.board import Period, Share, Totals
from money_back import asked
from outside import Outside
from paying import ended, ended_with_money, start
from people import AMINAS_CARD, NADIA, NOON, YACINES_CARD, Card, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

NOW = NOON + timedelta(days=3)
"""The terms of the company are three days old: there is room for what was paid before today."""
TODAY = NOW.date()
DUE = 1_430_50
Pays = Callable[..., Payment]


def days(first: int = 0, last: int | None = None) -> Period:
    """From so many days after today to so many; one day when there is no other."""
    last = first if last is None else last
    return Period(first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last))


@pytest.fixture
def pays(outside: Outside, company: Company) -> Pays:
    """Somebody tries to pay the next bill of a customer, so many days from today."""
    seeds = iter(range(500, 600))

    def pay(customer: str, *, day: int = 0, campaign: str = "", card: Card = AMINAS_CARD) -> Payment:
        seed = next(seeds)
        bill = add_bill(company, seed=seed, customer_number=customer)
        now = NOW + timedelta(days=day)
        payment = start(company, bill, key=f"key{seed}", campaign_code=campaign, now=now)
        outside.pay(payment.gateway_reference or "", card)
        confirm_payment(payment_id=payment.id, now=now + timedelta(minutes=1))
        payment.refresh_from_db()
        return payment

    return pay


def totals(company: Company, period: Period) -> Totals:
    return totals_of(company_id=company.id, period=period)


def told(shares: tuple[Share, ...]) -> dict[str, tuple[int, int]]:
    return {share.key: (share.payments, share.net_centimes) for share in shares if share.payments or share.returns}


def test_a_payment_stands_in_its_day_its_way_and_its_hour(company: Company, pays: Pays) -> None:
    pays("100")
    found = totals(company, days())
    assert (found.payments, found.centimes, found.net_centimes) == (1, DUE, DUE)
    assert (found.payers, found.first_payers, found.attempts, found.attempts_paid) == (1, 1, 1, 1)
    assert told(shares_by_way(company_id=company.id, period=days())) == {"web": (1, DUE)}
    assert told(shares_by_card(company_id=company.id, period=days())) == {"": (1, DUE)}
    assert told(shares_by_hour(company_id=company.id, period=days())) == {"12": (1, DUE)}
    assert find_launch_day(company.id) == TODAY
    assert totals(company, days(-9, -1)) == totals(company, days(1, 9)) == Totals()


def test_a_customer_is_counted_once_in_any_period_whatever_order_his_days_came_in(company: Company, pays: Pays) -> None:
    for customer, day in (("100", 0), ("100", 3), ("200", 3), ("100", 1), ("100", 3), ("200", -2), ("300", 2)):
        pays(customer, day=day)
    paid_on = {"100": {0, 1, 3}, "200": {-2, 3}, "300": {2}}
    for first in range(-3, 5):
        for last in range(first, 5):
            expected = sum(any(first <= day <= last for day in on) for on in paid_on.values())
            assert count_payers(company_id=company.id, period=days(first, last)) == expected, (first, last)
    by_day = list_days(company_id=company.id, period=days(-3, 4))
    assert [day.first_payers for day in by_day] == [0, 1, 0, 1, 0, 1, 0, 0]
    assert [day.payers for day in by_day] == [0, 1, 0, 1, 1, 1, 2, 0]
    assert not PayersFigure.objects.filter(payers__lt=0).exists()


def test_who_pays_first_by_a_medium_is_counted_for_it(company: Company, pays: Pays) -> None:
    pays("100", campaign="RADIO")
    pays("100", campaign="PRESS")
    pays("200", campaign="PRESS")
    pays("300")
    found = shares_by_campaign(company_id=company.id, period=days())
    assert [(each.code, each.payments, each.first_payers) for each in found] == [("PRESS", 2, 1), ("RADIO", 1, 1)]


def test_a_payment_of_an_earlier_day_takes_the_first_place_from_a_later_one(company: Company, pays: Pays) -> None:
    pays("100", day=2, campaign="PRESS")
    pays("100", day=1, campaign="RADIO")
    found = shares_by_campaign(company_id=company.id, period=days(0, 3))
    assert [(each.code, each.first_payers) for each in found] == [("PRESS", 0), ("RADIO", 1)]


def test_what_goes_back_stands_on_the_day_it_went(company: Company, pays: Pays) -> None:
    payment = pays("100", campaign="RADIO")
    tomorrow = NOW + timedelta(days=1)
    refund = asked(payment, 400_00, now=NOW + timedelta(hours=1))
    approve_refund(refund_id=refund.id, login=NADIA, now=tomorrow)
    refund_payment(refund_id=refund.id, now=tomorrow)
    back = totals(company, days(1))
    assert (back.payments, back.returns, back.returned_centimes, back.net_centimes) == (0, 1, 400_00, -400_00)
    assert totals(company, days()).net_centimes == DUE
    assert totals(company, days(0, 1)).net_centimes == DUE - 400_00
    assert told(shares_by_way(company_id=company.id, period=days(0, 1))) == {"web": (1, DUE - 400_00)}
    (radio,) = shares_by_campaign(company_id=company.id, period=days(0, 1))
    assert (radio.returned_centimes, radio.first_payers) == (400_00, 1)
    assert totals(company, days(0, 1)).payers == 1


def test_cash_at_a_desk_counts_for_its_agency_without_stamp_duty(company: Company) -> None:
    at = add_agency(company)
    cash(open_desk(at), add_bill(company, seed=70))
    (agency,) = (one for one in list_agency_figures(company_id=company.id, period=days(-3)) if one.payments)
    assert (agency.agency_id, agency.payments, agency.centimes) == (at.agency.id, 1, DUE)
    assert told(shares_by_way(company_id=company.id, period=days(-3))) == {"cash": (1, DUE)}
    assert shares_by_card(company_id=company.id, period=days(-3)) == ()
    assert totals(company, days(-3)).attempts == 0


def test_an_attempt_without_money_is_lost_from_the_first_word_of_the_gateway(company: Company, pays: Pays) -> None:
    pays("100")
    refused = pays("200", card=YACINES_CARD)
    assert refused.state == "watched"
    for _ in range(2):
        funnel = funnel_of(company_id=company.id, period=days())
        assert (funnel.left_for_bank, funnel.paid, funnel.losses, funnel.still_open) == (2, 1, (("no_funds", 1),), 0)
        assert (totals(company, days()).attempts, totals(company, days()).attempts_paid) == (2, 1)
        ended(refused, now=NOW + timedelta(minutes=20))
    assert refused.state == "declined"


@pytest.mark.usefixtures("outside")
def test_an_attempt_that_is_open_is_neither_paid_nor_lost(company: Company) -> None:
    start(company, add_bill(company, seed=71), now=NOW)
    funnel = funnel_of(company_id=company.id, period=days())
    assert (funnel.left_for_bank, funnel.paid, funnel.losses, funnel.still_open) == (1, 0, (), 1)
    assert totals(company, days()).attempts == 0


def test_money_that_is_found_late_makes_its_attempt_a_paid_one(outside: Outside, company: Company) -> None:
    attempt = ended_with_money(outside, company, add_bill(company, seed=72), now=NOW)
    assert funnel_of(company_id=company.id, period=days()).losses == (("no_funds", 1),)
    assert recover_payment(payment_id=attempt.id, now=NOW + timedelta(days=3)) is not None
    assert funnel_of(company_id=company.id, period=days(0, 3)).losses == ()
    assert totals(company, days(0, 3)).attempts == totals(company, days(0, 3)).attempts_paid == 1


def test_sums_of_companies_name_each_and_nobody_else(company: Company, pays: Pays) -> None:
    pays("100")
    other = add_company("alger")
    found = {sums.company_id: sums for sums in sums_of_companies(period=days())}
    assert set(found) == {company.id, other.id}
    assert (found[company.id].payments, found[company.id].payers, found[company.id].net_centimes) == (1, 1, DUE)
    assert (found[other.id].payments, found[other.id].payers) == (0, 0)


def test_whose_bill_was_paid_is_kept_as_it_was(pays: Pays) -> None:
    payment = pays("100")
    (kept,) = PaidLine.objects.all()
    line = payment.lines.get()
    assert (kept.line_id, kept.day, kept.due_on) == (line.id, TODAY, line.bill.due_on)
    assert kept.customer.number == "100"
