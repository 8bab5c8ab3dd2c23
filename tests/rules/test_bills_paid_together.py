"""Which bills may be paid together, and where a part of the total goes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawabati.bills.rules import (
    MOST_TOGETHER,
    AmountAboveCeiling,
    AmountAboveDue,
    AmountBelowMinimum,
    ChoiceGone,
    Limits,
    NoPartPossible,
    OpenBill,
    PartsNotAllowed,
    TooLittleWouldRemain,
    choose,
    oldest_first,
    spread,
    ways_to_pay,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import Money, total

MINIMUM = 50_00
NEW_YEAR = date(2026, 1, 1)


def bill(bill_id: int, left: int, *, days: int | None = None) -> OpenBill:
    due_on = NEW_YEAR + timedelta(days=bill_id if days is None else days)
    return OpenBill(bill_id=bill_id, version=1, period="2026-T3", due_on=due_on, left=Money(left))


def limits(*, ceiling: int = 200_000_00, minimum: int = MINIMUM, parts: bool = True) -> Limits:
    return Limits(minimum=Money(minimum), ceiling=Money(ceiling), allows_parts=parts)


def paid(bills: list[OpenBill], amount: int, **of_limits: int) -> list[int]:
    return [part.pays.centimes for part in spread(bills, amount=Money(amount), limits=limits(**of_limits))]


# Small numbers: every edge is met often.
small = st.integers(1, 60)
lefts = st.lists(small, min_size=1, max_size=6)
minima = st.integers(1, 30)
ceilings = st.integers(1, 250)


def bills_of(amounts: list[int]) -> list[OpenBill]:
    return [bill(place, left) for place, left in enumerate(amounts, start=1)]


def can_pay(bills: list[OpenBill], amount: int, allowed: Limits) -> bool:
    try:
        spread(bills, amount=Money(amount), limits=allowed)
    except CannotDo:
        return False
    return True


# --- where a part goes ---


def test_the_oldest_bill_is_paid_whole_before_the_next_gets_anything() -> None:
    assert paid([bill(1, 1_000_00), bill(2, 500_00), bill(3, 500_00)], 1_200_00) == [1_000_00, 200_00, 0]


@given(lefts=lefts, minimum=minima, ceiling=ceilings, parts=st.booleans())
def test_what_is_spread_is_the_amount_and_leaves_nothing_that_nobody_could_pay(
    lefts: list[int], minimum: int, ceiling: int, *, parts: bool
) -> None:
    bills, allowed = bills_of(lefts), limits(ceiling=ceiling, minimum=minimum, parts=parts)
    for amount in range(sum(lefts) + 2):
        if not can_pay(bills, amount, allowed):
            continue
        spread_over = spread(bills, amount=Money(amount), limits=allowed)
        assert total(part.pays for part in spread_over) == Money(amount)
        assert minimum <= amount <= ceiling
        assert parts or amount == sum(lefts)
        assert [part.bill for part in spread_over] == bills
        assert all(not earlier.remains or not later.pays for earlier, later in pairwise(spread_over))
        for part in spread_over:
            assert part.pays + part.remains == part.bill.left
            assert not part.pays or not part.remains or part.remains.centimes >= minimum


@given(lefts=lefts, minimum=minima, ceiling=ceilings)
def test_nothing_is_refused_that_leaves_enough(lefts: list[int], minimum: int, ceiling: int) -> None:
    bills, allowed = bills_of(lefts), limits(ceiling=ceiling, minimum=minimum)
    for amount in range(minimum, min(sum(lefts), ceiling) + 1):
        rest, split = amount, 0
        for left in lefts:
            split = left - rest if 0 < rest < left else split
            rest -= min(rest, left)
        assert can_pay(bills, amount, allowed) == (split == 0 or split >= minimum)


@given(lefts=lefts, minimum=minima, ceiling=ceilings)
def test_the_better_amount_that_is_named_can_be_paid_and_none_is_nearer(
    lefts: list[int], minimum: int, ceiling: int
) -> None:
    bills, allowed = bills_of(lefts), limits(minimum=minimum, ceiling=ceiling)
    payable = [amount for amount in range(sum(lefts) + 1) if can_pay(bills, amount, allowed)]
    for amount in range(sum(lefts) + 1):
        try:
            spread(bills, amount=Money(amount), limits=allowed)
        except TooLittleWouldRemain as refusal:
            better = refusal.details["better"]
            assert isinstance(better, Money)
            assert better.centimes in payable
            assert abs(better.centimes - amount) == min(abs(other - amount) for other in payable)
        except NoPartPossible:
            assert payable == []
        except CannotDo:
            assert not minimum <= amount <= ceiling


@given(lefts=lefts, minimum=minima, ceiling=ceilings)
def test_the_largest_part_of_a_way_is_the_largest_that_can_be_paid(
    lefts: list[int], minimum: int, ceiling: int
) -> None:
    bills, allowed = bills_of(lefts), limits(minimum=minimum, ceiling=ceiling)
    parts = [amount for amount in range(sum(lefts)) if can_pay(bills, amount, allowed)]
    ways = ways_to_pay(bills, typed_id=len(bills), limits=allowed)
    all_of_it = {way.count: way for way in ways}.get(len(bills))
    assert (all_of_it.largest_part if all_of_it else None) == (Money(max(parts)) if parts else None)
    assert (all_of_it is not None and all_of_it.pays_whole) == can_pay(bills, sum(lefts), allowed)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (0, AmountBelowMinimum),
        (MINIMUM - 1, AmountBelowMinimum),
        (1_430_51, AmountAboveDue),
        (1_430_49, TooLittleWouldRemain),
        (1_380_51, TooLittleWouldRemain),
    ],
)
def test_an_amount_that_cannot_be_paid_is_refused_with_its_reason(amount: int, refusal: type[CannotDo]) -> None:
    with pytest.raises(refusal):
        spread([bill(1, 1_430_50)], amount=Money(amount), limits=limits())


def test_what_remains_may_be_just_the_minimum() -> None:
    assert paid([bill(1, 1_430_50)], 1_380_50) == [1_380_50]


def test_a_bill_too_small_for_two_payments_cannot_be_split() -> None:
    with pytest.raises(TooLittleWouldRemain) as refusal:
        paid([bill(1, 80_00)], 60_00)
    assert refusal.value.details["better"] == Money(80_00)
    with pytest.raises(NoPartPossible):
        paid([bill(1, 80_00)], 60_00, ceiling=70_00)


def test_a_company_that_takes_no_parts_takes_all_or_nothing() -> None:
    bills = [bill(1, 1_000_00), bill(2, 500_00)]
    with pytest.raises(PartsNotAllowed):
        spread(bills, amount=Money(1_000_00), limits=limits(parts=False))
    assert (
        sum(part.pays.centimes for part in spread(bills, amount=Money(1_500_00), limits=limits(parts=False)))
        == 1_500_00
    )


def test_more_than_the_ceiling_is_refused_even_when_it_is_due() -> None:
    with pytest.raises(AmountAboveCeiling):
        paid([bill(1, 300_000_00)], 300_000_00)


# --- which bills ---


def ids(bills: tuple[OpenBill, ...]) -> list[int]:
    return [one.bill_id for one in bills]


def test_older_bills_come_first_and_of_one_day_the_one_that_came_first() -> None:
    assert ids(oldest_first([bill(3, 1, days=1), bill(1, 1, days=2), bill(2, 1, days=1)])) == [2, 3, 1]


def test_the_typed_bill_is_paid_alone_or_with_every_older_one() -> None:
    bills = [bill(number, 100_00) for number in (1, 2, 3, 4, 5)]
    ways = ways_to_pay(bills, typed_id=3, limits=limits())
    assert [ids(way.bills) for way in ways] == [[3], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5]]
    assert [ids(way.bills) for way in ways_to_pay(bills, typed_id=1, limits=limits())][:2] == [[1], [1, 2]]


@given(lefts=lefts, typed=st.integers(0, 7), minimum=minima, ceiling=ceilings, parts=st.booleans())
def test_every_way_holds_the_typed_bill_and_leaves_out_nothing_older_than_what_joins_it(
    lefts: list[int], typed: int, minimum: int, ceiling: int, *, parts: bool
) -> None:
    bills = bills_of(lefts)
    typed_id = bills[typed % len(bills)].bill_id
    allowed = limits(ceiling=ceiling, minimum=minimum, parts=parts)
    ways = ways_to_pay(bills, typed_id=typed_id, limits=allowed)
    assert len({way.count for way in ways}) == len(ways)
    for way in ways:
        assert typed_id in ids(way.bills)
        assert len(way.bills) == 1 or list(way.bills) == bills[: way.count]
        assert way.pays_whole == (minimum <= way.sum.centimes <= ceiling)
        assert way.pays_whole or way.largest_part
        if not parts:
            assert way.largest_part is None
        if way.largest_part:
            assert spread(way.bills, amount=way.largest_part, limits=allowed)


def test_a_bill_too_small_alone_can_be_paid_with_another() -> None:
    ways = ways_to_pay([bill(1, 100_00), bill(2, 30_00)], typed_id=2, limits=limits())
    assert [way.count for way in ways] == [2]


def test_a_bill_too_large_can_be_paid_in_part_alone() -> None:
    assert ways_to_pay([bill(1, 300_000_00)], typed_id=1, limits=limits(parts=False)) == ()
    (way,) = ways_to_pay([bill(1, 300_000_00)], typed_id=1, limits=limits())
    assert (way.pays_whole, way.largest_part) == (False, Money(200_000_00))


def test_no_more_bills_go_together_than_a_receipt_can_show() -> None:
    bills = [bill(number, 100_00) for number in range(1, MOST_TOGETHER + 3)]
    assert ways_to_pay(bills, typed_id=1, limits=limits())[-1].count == MOST_TOGETHER
    assert [way.count for way in ways_to_pay(bills, typed_id=MOST_TOGETHER + 2, limits=limits())] == [1]


def test_a_count_that_is_no_way_any_more_is_refused() -> None:
    ways = ways_to_pay([bill(1, 100_00), bill(2, 100_00)], typed_id=1, limits=limits())
    assert choose(ways, count=2).count == 2
    with pytest.raises(ChoiceGone):
        choose(ways, count=3)
