"""What may be told of companies to somebody who works for none of them."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bawabati.reports.rules.board import CompanySums, Period
from bawabati.reports.rules.nation import FEWEST_TOLD, months_told, told, told_together

PAYERS = st.lists(st.integers(0, 12), max_size=6)


def sums(payers: list[int]) -> list[CompanySums]:
    return [
        CompanySums(company_id=number, payers=count, payments=count, centimes=100 * count)
        for number, count in enumerate(payers, start=1)
    ]


@given(PAYERS)
def test_nothing_of_fewer_than_five_payers_can_be_read_or_worked_out(payers: list[int]) -> None:
    shown, total = told(sums(payers))
    assert all(one is None or one.payers == 0 or one.payers >= FEWEST_TOLD for one in shown.values())
    if total is not None:
        hidden = total.payers - sum(one.payers for one in shown.values() if one)
        assert hidden == 0 or hidden >= FEWEST_TOLD


def test_companies_with_enough_payers_are_told_and_summed() -> None:
    shown, total = told(sums([5, 0, 40]))
    assert [one is not None for one in shown.values()] == [True, True, True]
    assert total is not None
    assert (total.payers, total.centimes) == (45, 4_500)


def test_what_went_back_in_a_month_without_payers_is_told_of_nobody() -> None:
    back = CompanySums(company_id=9, returns=1, returned_centimes=143_050)
    assert told([back]) == ({9: None}, None)
    shown, total = told([*sums([40, 50]), back])
    assert [shown[9], shown[1]] == [None, None], "and the sum over all does not say it either"
    assert shown[2] is not None
    assert total is not None
    assert total.returned_centimes == 143_050


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_what_a_month_hides_cannot_be_taken_out_of_all_months_together(months: list[list[int]]) -> None:
    each = [told(sums(payers)) for payers in months]
    shown, total = told_together(each)
    for number in (1, 2, 3):
        told_alone = [companies[number] for companies, _ in each]
        centimes = sum(one.centimes for one in told_alone if one is not None)
        together = shown[number]
        assert (together.centimes if together else 0) == centimes, "the difference tells nothing new"
    hidden = sum(total.payments for total in [total] if total) - sum(one.payments for one in shown.values() if one)
    assert hidden <= 0 or hidden >= FEWEST_TOLD


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_only_months_that_are_over_are_told_and_none_overlaps(today: date, days: int) -> None:
    launched_on = today - timedelta(days=days)
    months = months_told(today=today, launched_on=launched_on)
    assert all(month.last < today.replace(day=1) and month.last >= launched_on for month in months)
    assert all(later.first == earlier.last + timedelta(days=1) for later, earlier in pairwise(months))
    assert all(month == Period(first=month.last.replace(day=1), last=month.last) for month in months)


def test_before_the_first_payment_there_is_no_month() -> None:
    assert months_told(today=date(2026, 11, 23), launched_on=None) == ()
