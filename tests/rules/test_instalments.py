"""Cutting a debt into tranches, and what becomes of an agreement: the rules alone."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bawabati.bills.rules import (
    AGREEMENT_TABLE,
    HAS_TRANCHES,
    OPEN_AGREEMENTS,
    AgreementEvent,
    AgreementFacts,
    AgreementMoved,
    AgreementState,
    FirstTooLarge,
    FirstTooSmall,
    InstalmentLimits,
    Limits,
    NothingToShareOut,
    Patience,
    TrancheFacts,
    TranchesOutOfRange,
    TrancheTooLarge,
    TrancheTooSmall,
    cut,
    first_of_smaller,
    fit,
    judge_agreement,
    next_agreement_state,
    plan,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import ZERO, Money, total
from bawabati.workdays import built_in_holidays, is_working_day

MINIMUM, CEILING = Money.dinars(50), Money.dinars(200_000)
PAYMENTS = Limits(minimum=MINIMUM, ceiling=CEILING)
GRANTED = InstalmentLimits(most=12, first_percent=30, payments=PAYMENTS)
SUNDAY = date(2026, 11, 22)
PATIENCE = Patience(late_after=3, broken_after=30)
moneys = st.integers(0, 10**9).map(Money)


@given(debt=st.integers(1, 10**8).map(Money), tranches=st.integers(0, 20), first=st.integers(0, 10**8).map(Money))
def test_a_plan_sums_to_the_debt_and_each_tranche_can_be_paid(debt: Money, tranches: int, first: Money) -> None:
    try:
        planned = plan(
            debt, tranches=tranches, first=first, agreed_on=SUNDAY, limits=GRANTED, holidays=built_in_holidays()
        )
    except (TranchesOutOfRange, FirstTooSmall, FirstTooLarge, TrancheTooSmall, TrancheTooLarge):
        return
    assert total(one.amount for one in planned) == debt
    assert len(planned) == tranches
    assert planned[0].amount == first
    assert first.centimes * 100 >= debt.centimes * GRANTED.first_percent
    assert all(MINIMUM <= one.amount <= CEILING for one in planned)
    days = [one.due_on for one in planned]
    assert days == sorted(set(days))
    assert all(is_working_day(day, holidays=built_in_holidays()) for day in days)


@given(debt=st.integers(10_000_00, 250_000_00).map(Money), tranches=st.integers(2, 12))
def test_the_least_first_tranche_always_gives_a_plan(debt: Money, tranches: int) -> None:
    first = GRANTED.least_first(debt)
    planned = plan(debt, tranches=tranches, first=first, agreed_on=SUNDAY, limits=GRANTED, holidays=built_in_holidays())
    others = [one.amount.centimes for one in planned[1:]]
    assert max(others) - min(others) < len(planned) * 100


def test_the_tranches_of_a_month_without_that_day_come_on_its_last() -> None:
    agreed_on = date(2027, 1, 24)  # the first tranche is due on 31 January, a Sunday
    planned = plan(
        Money.dinars(3_000), tranches=2, first=Money.dinars(1_000), agreed_on=agreed_on, limits=GRANTED, holidays=()
    )
    assert [one.due_on for one in planned] == [date(2027, 1, 31), date(2027, 2, 28)]


@given(agreed=st.lists(st.integers(1, 10**8).map(Money), min_size=1, max_size=36), remaining=moneys)
@example(agreed=[Money(100), Money(100)], remaining=Money(201))
def test_what_is_left_of_tranches_is_what_is_left_of_the_bills(agreed: list[Money], remaining: Money) -> None:
    fitted = fit(agreed, remaining)
    assert total(one.left for one in fitted) == remaining
    assert all(one.left <= one.due for one in fitted)
    assert [one.due for one in fitted[:-1]] == agreed[:-1]
    assert fitted[-1].due >= agreed[-1]
    touched = [place for place, one in enumerate(fitted) if one.left]
    assert all(fitted[place].left == fitted[place].due for place in touched[1:])


@given(
    agreed=st.lists(st.integers(1, 10**6).map(Money), min_size=2, max_size=12),
    payments=st.lists(st.integers(1, 10**6).map(Money), max_size=12),
)
def test_payments_fulfil_the_first_tranche_first(agreed: list[Money], payments: list[Money]) -> None:
    remaining = total(agreed)
    for wished in payments:
        before = fit(agreed, remaining)
        paid = min(wished, remaining)
        remaining -= paid
        after = fit(agreed, remaining)
        assert cut(paid, [one.left for one in before]) == tuple(
            Money(one.left.centimes - other.left.centimes) for one, other in zip(before, after, strict=True)
        )


@given(lefts=st.lists(st.integers(0, 10**6).map(Money), max_size=10), amount=st.integers(0, 10**7).map(Money))
def test_money_goes_to_the_oldest_bill_first_and_never_above_what_is_left(lefts: list[Money], amount: Money) -> None:
    if amount > total(lefts):
        with pytest.raises(ValueError, match="more than"):
            cut(amount, lefts)
        return
    parts = cut(amount, lefts)
    assert total(parts) == amount
    assert all(part <= left for part, left in zip(parts, lefts, strict=True))
    partly = [place for place, part in enumerate(parts) if part < lefts[place]]
    assert all(not parts[place] for place in partly[1:])


def test_what_is_over_is_never_left() -> None:
    assert not [step for step in AGREEMENT_TABLE if step[0] not in OPEN_AGREEMENTS]


def test_every_state_is_reached_and_can_be_left_for_an_end() -> None:
    reached = {AgreementState.ASKED, *AGREEMENT_TABLE.values()}
    assert reached == set(AgreementState)
    for state in OPEN_AGREEMENTS:
        seen, wave = {state}, {state}
        while wave:
            wave = {to for (of, _), to in AGREEMENT_TABLE.items() if of in wave} - seen
            seen |= wave
        assert seen - OPEN_AGREEMENTS


@given(state=st.sampled_from(AgreementState), event=st.sampled_from(AgreementEvent))
def test_nothing_happens_that_the_table_does_not_name(state: AgreementState, event: AgreementEvent) -> None:
    if (state, event) in AGREEMENT_TABLE:
        assert next_agreement_state(state, event) is AGREEMENT_TABLE[state, event]
        return
    with pytest.raises(AgreementMoved):
        next_agreement_state(state, event)


facts = st.builds(
    lambda state, lefts, first_in, waited, debt, is_held, any_bill_stands: AgreementFacts(
        state=state,
        tranches=[
            TrancheFacts(due_on=SUNDAY + timedelta(days=first_in + 30 * place), left=left)
            for place, left in enumerate(lefts)
        ]
        if state in HAS_TRANCHES
        else [],
        debt=total(lefts) if state in HAS_TRANCHES else debt,
        waits_since=SUNDAY - timedelta(days=waited),
        is_held=is_held,
        any_bill_stands=any_bill_stands,
    ),
    st.sampled_from(sorted(OPEN_AGREEMENTS)),
    st.lists(st.integers(0, 3).map(Money), min_size=2, max_size=5),
    st.integers(-200, 30),
    st.integers(0, 40),
    st.integers(0, 3).map(Money),
    st.booleans(),
    st.booleans(),
)


@given(facts=facts)
def test_whatever_is_judged_is_a_step_of_the_table_and_comes_to_rest(facts: AgreementFacts) -> None:
    steps = 0
    while True:
        event = judge_agreement(facts, today=SUNDAY, patience=PATIENCE, holidays=built_in_holidays())
        if event is None:
            return
        state = next_agreement_state(facts.state, event)
        if state not in OPEN_AGREEMENTS:
            return
        facts = AgreementFacts(
            state=state,
            tranches=facts.tranches,
            debt=facts.debt,
            waits_since=facts.waits_since,
            is_held=facts.is_held,
            any_bill_stands=facts.any_bill_stands,
        )
        steps += 1
        assert steps <= len(AgreementState)


@given(facts=facts)
def test_nobody_is_late_while_a_payment_is_under_way(facts: AgreementFacts) -> None:
    event = judge_agreement(facts, today=SUNDAY, patience=PATIENCE, holidays=built_in_holidays())
    if facts.is_held:
        assert event not in {AgreementEvent.MISSED, AgreementEvent.BROKEN, AgreementEvent.LAPSED}


@given(facts=facts)
def test_an_agreement_is_done_exactly_when_nothing_is_left_of_bills_that_stand(facts: AgreementFacts) -> None:
    event = judge_agreement(facts, today=SUNDAY, patience=PATIENCE, holidays=built_in_holidays())
    if facts.state in HAS_TRANCHES:
        assert (event is AgreementEvent.ALL_PAID) == (facts.debt == ZERO and facts.any_bill_stands)
        assert (event is AgreementEvent.BILLS_GONE) == (facts.debt == ZERO and not facts.any_bill_stands)


@given(first=st.integers(1, 10**9).map(Money), debt=st.integers(1, 10**9).map(Money))
def test_of_a_smaller_debt_something_is_left_for_the_others(first: Money, debt: Money) -> None:
    smaller = first_of_smaller(first, debt)
    assert ZERO < smaller <= first
    assert smaller < debt or debt == Money(1)


def test_of_nothing_no_instalments_are_made() -> None:
    for make in (
        lambda: first_of_smaller(Money(1), ZERO),
        lambda: plan(ZERO, tranches=2, first=Money(1), agreed_on=SUNDAY, limits=GRANTED, holidays=()),
    ):
        with pytest.raises(NothingToShareOut):
            make()


def test_the_errors_say_what_would_do() -> None:
    with pytest.raises(FirstTooSmall) as small:
        plan(Money.dinars(1_000), tranches=3, first=Money(1), agreed_on=SUNDAY, limits=GRANTED, holidays=())
    assert small.value.details["least"] == Money.dinars(300)
    with pytest.raises(FirstTooLarge) as large:
        plan(Money.dinars(1_000), tranches=3, first=Money.dinars(950), agreed_on=SUNDAY, limits=GRANTED, holidays=())
    assert large.value.details["most"] == Money.dinars(900)
    with pytest.raises(CannotDo):
        plan(Money.dinars(100), tranches=5, first=Money.dinars(50), agreed_on=SUNDAY, limits=GRANTED, holidays=())
