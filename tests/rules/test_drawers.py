"""Notes and coins, and what X and Z say of a session."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.desks.rules import (
    DENOMINATIONS,
    NotCounted,
    SaleSeen,
    SessionFacts,
    SessionReport,
    SlipSeen,
    blind,
    chained,
    numbered,
    report,
    sum_of_pieces,
    with_count,
)
from bawabati.money.amount import Money

HERE = SessionFacts(
    session_id=1,
    company_ar="شركة المياه",
    company_fr="Société des eaux",
    agency="AG07",
    agency_ar="وكالة",
    agency_fr="Agence",
    desk="AG07-C1",
    cashier="Warda",
    opened_at="2026-11-22T08:00:00+01:00",
    at="2026-11-22T16:00:00+01:00",
    float_centimes=5_000_00,
)


def sale(number: int, way: str = "cash", *, amount: int = 1_000_00, duty: int = 0, brand: str = "") -> SaleSeen:
    return SaleSeen(
        sale_id=number,
        reference=f"S{number}",
        way=way,
        brand=brand,
        amount_centimes=amount,
        stamp_duty_centimes=duty,
        is_taken=True,
        is_reversed=False,
        is_over=True,
        is_typed=False,
    )


def test_what_was_counted_is_summed() -> None:
    assert sum_of_pieces({2_000_00: 3, 5_00: 1}) == Money(6_005_00)
    assert sum_of_pieces({}) == Money(0)


@pytest.mark.parametrize("pieces", [{3_00: 1}, {2_000_00: -1}, {2_000_00: 10**9}])
def test_what_no_drawer_holds_is_refused(pieces: dict[int, int]) -> None:
    with pytest.raises(NotCounted):
        sum_of_pieces(pieces)


def test_notes_and_coins_fall() -> None:
    values = [denomination.value for denomination in DENOMINATIONS]
    assert values == sorted(values, reverse=True)


def test_ways_are_counted_apart_and_cards_by_brand() -> None:
    sales = [
        sale(1, duty=10_00),
        sale(2),
        sale(3, "card", brand="CIB"),
        sale(4, "card", brand="EDAHABIA"),
        sale(5, "cheque"),
    ]
    said = report(session=HERE, sales=sales, slips=[])
    assert [(way.way, way.brand, way.count, way.total_centimes) for way in said.ways] == [
        ("card", "CIB", 1, 1_000_00),
        ("card", "EDAHABIA", 1, 1_000_00),
        ("cash", "", 2, 2_010_00),
        ("cheque", "", 1, 1_000_00),
    ]
    assert said.expected_cash_centimes == 7_010_00
    assert said.total_centimes == 5_010_00
    assert said.sales == (1, 2, 3, 4, 5)


def test_what_is_not_over_is_named_and_not_summed() -> None:
    waiting = replace(sale(1, "card"), is_taken=False, is_over=False)
    said = report(session=HERE, sales=[waiting, sale(2)], slips=[])
    assert [one.reference for one in said.being_checked] == ["S1"]
    assert said.sales == (2,)


def test_what_went_back_is_taken_and_reversed() -> None:
    said = report(session=HERE, sales=[replace(sale(1, "card"), is_reversed=True)], slips=[])
    assert (said.ways[0].count, said.reversed.count, said.reversed.centimes) == (1, 1, 1_000_00)


def test_what_ended_without_money_leaves_no_trace() -> None:
    said = report(session=HERE, sales=[replace(sale(1, "card"), is_taken=False)], slips=[])
    assert (said.ways, said.being_checked, said.sales) == ((), (), ())


def test_offline_cash_without_a_bill_lies_in_the_drawer() -> None:
    slips = [
        SlipSeen(amount_centimes=500_00, stamp_duty_centimes=5_00, found_its_bill=False),
        SlipSeen(amount_centimes=700_00, stamp_duty_centimes=7_00, found_its_bill=True),
    ]
    said = report(session=HERE, sales=[], slips=slips)
    assert (said.offline.count, said.offline.centimes) == (2, 1_212_00)
    assert (said.without_bill.count, said.without_bill.centimes) == (1, 505_00)
    assert said.expected_cash_centimes == 5_505_00


def test_who_has_to_count_is_not_told_what_should_be_there() -> None:
    said = blind(report(session=HERE, sales=[sale(1)], slips=[]))
    assert said.expected_cash_centimes is None
    assert said.cash_difference_centimes == 0


def test_a_z_is_the_x_with_its_count_and_number() -> None:
    x = report(session=HERE, sales=[sale(1)], slips=[])
    z = numbered(with_count(x, pieces={2_000_00: 2, 1_000_00: 0}, sum_of=Money(4_000_00), by="Warda", because="?"), 7)
    assert z.count is not None
    assert z.count.pieces == ((2_000_00, 2),)
    assert z.cash_difference_centimes == -2_000_00
    assert replace(z, number=0, count=None) == x


@given(st.integers(0, 10**9), st.booleans())
def test_a_report_comes_back_as_it_was_kept(centimes: int, has_count: bool) -> None:  # noqa: FBT001 - drawn
    said = report(session=HERE, sales=[replace(sale(1), amount_centimes=centimes, is_over=False)], slips=[])
    if has_count:
        said = with_count(said, pieces={5_00: 3}, sum_of=Money(15_00), by="Warda", because="x")
    assert SessionReport.from_json(said.to_json()) == said
    assert SessionReport.from_json(said.to_json()).to_json() == said.to_json()


def test_whoever_changes_a_report_breaks_the_chain() -> None:
    first = chained(previous_sha256="", facts="{}")
    assert chained(previous_sha256=first, facts="{}") != chained(previous_sha256=first, facts='{"a":1}')
    assert len(first) == 64
