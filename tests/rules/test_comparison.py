"""What differs between an attempt whose story is told and what the gateway says of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import ZERO, Money
from bawabati.payments.rules import Attempt, Discrepancy, State, compare

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
OURS = Said(order_number="A1B2C3D4E5", amount=Money(1_430_50), currency="012", order_status=2)
FINAL_UNPAID = (State.FAILED, State.DECLINED, State.EXPIRED)


def compared(
    state: State,
    answer: AskAnswer,
    *,
    returned: Money = ZERO,
    pending: Money = ZERO,
    was_reversed: bool = False,
) -> Discrepancy | None:
    attempt = Attempt(
        state=state,
        order_number="A1B2C3D4E5",
        amount=Money(1_430_50),
        opened_at=NOON,
        page_ends_at=NOON,
        was_reversed=was_reversed,
    )
    return compare(attempt=attempt, answer=answer, returned=returned, pending=pending)


@pytest.mark.parametrize("state", FINAL_UNPAID)
def test_paid_there_and_not_here_is_not_posted(state: State) -> None:
    assert compared(state, Paid(said=OURS)) is Discrepancy.NOT_POSTED


@pytest.mark.parametrize("state", FINAL_UNPAID)
@pytest.mark.parametrize(
    "answer",
    [
        Refused(cause=Cause.DECLINED, said=OURS),
        Waiting(said=OURS),
        NotDone(reason="unknown_order"),
        Unknown(reason="cannot_ask_by_number"),
    ],
)
def test_not_paid_on_both_sides_agrees(state: State, answer: AskAnswer) -> None:
    assert compared(state, answer) is None


@pytest.mark.parametrize(
    "answer", [Refused(cause=Cause.DECLINED, said=OURS), Waiting(said=OURS), NotDone(reason="unknown_order")]
)
def test_paid_here_and_not_there_is_not_taken(answer: AskAnswer) -> None:
    assert compared(State.PAID, answer) is Discrepancy.NOT_TAKEN


@pytest.mark.parametrize("state", [State.PAID, *FINAL_UNPAID])
@pytest.mark.parametrize(
    "changes", [{"order_number": "ZZZZZZZZZZ"}, {"amount": Money(1)}, {"currency": "840"}, {"amount": None}]
)
def test_paid_for_anything_that_is_not_exactly_ours_is_not_ours(state: State, changes: dict[str, object]) -> None:
    said = replace(OURS, **changes)  # type: ignore[arg-type]  # a test's own values
    assert compared(state, Paid(said=said)) is Discrepancy.NOT_OURS


def test_another_orders_number_is_not_ours_whatever_else_is_said() -> None:
    said = replace(OURS, order_number="ZZZZZZZZZZ")
    assert compared(State.PAID, Refused(cause=Cause.DECLINED, said=said)) is Discrepancy.NOT_OURS


def test_paid_on_both_sides_agrees_also_when_the_gateway_does_not_say_what_it_still_holds() -> None:
    assert compared(State.PAID, Paid(said=OURS)) is None
    assert compared(State.PAID, Paid(said=replace(OURS, still_captured=Money(1_430_50)))) is None


@pytest.mark.parametrize(
    ("answer", "still", "returned"),
    [
        (Refused(cause=Cause.REVERSED, said=OURS), None, Money(1_430_50)),
        (Unknown(reason="partly_refunded", said=OURS), Money(1_400_00), Money(30_50)),
        (Paid(said=OURS), Money(1_400_00), Money(30_50)),
    ],
)
def test_what_we_gave_back_ourselves_agrees_and_anything_else_does_not(
    answer: AskAnswer, still: Money | None, returned: Money
) -> None:
    told = replace(answer, said=replace(OURS, still_captured=still))
    assert compared(State.PAID, told, returned=returned) is None
    assert compared(State.PAID, told) is Discrepancy.GIVEN_BACK
    assert compared(State.PAID, told, returned=Money(1_00)) is Discrepancy.GIVEN_BACK


@pytest.mark.parametrize(("still", "agrees"), [(1_430_50, True), (1_000_00, True), (1_000_01, False), (0, False)])
def test_a_refund_under_way_may_have_happened_or_not(still: int, agrees: bool) -> None:  # noqa: FBT001 - a table
    told = Paid(said=replace(OURS, still_captured=Money(still)))
    assert (compared(State.PAID, told, pending=Money(430_50)) is None) is agrees


def test_a_refund_that_ended_while_we_read_is_not_taken_twice() -> None:
    told = Refused(cause=Cause.REVERSED, said=OURS)
    assert compared(State.PAID, told, returned=Money(1_430_50), pending=Money(1_430_50)) is None


def test_a_part_of_another_amount_is_not_ours() -> None:
    told = Unknown(reason="partly_refunded", said=replace(OURS, amount=Money(1), still_captured=Money(1)))
    assert compared(State.PAID, told) is Discrepancy.NOT_OURS


@pytest.mark.parametrize("state", [State.PAID, *FINAL_UNPAID])
@pytest.mark.parametrize("reason", ["timed_out", "no_slot", "circuit_open", "unreadable", "access_denied"])
def test_no_answer_is_no_answer(state: State, reason: str) -> None:
    assert compared(state, Unknown(reason=reason)) is Discrepancy.NO_ANSWER


@pytest.mark.parametrize("state", [State.PAID, *FINAL_UNPAID])
@pytest.mark.parametrize("reason", ["contradictory", "not_paid_not_refused", "not_acknowledged"])
def test_an_answer_that_concludes_nothing_is_odd(state: State, reason: str) -> None:
    assert compared(state, Unknown(reason=reason)) is Discrepancy.ODD


@pytest.mark.parametrize("state", FINAL_UNPAID)
def test_money_given_back_in_part_of_an_attempt_that_ended_unpaid_is_odd(state: State) -> None:
    assert compared(state, Unknown(reason="partly_refunded", said=OURS)) is Discrepancy.ODD


@pytest.mark.parametrize("state", FINAL_UNPAID)
def test_money_taken_after_the_end_and_given_back_is_told_to_a_person(state: State) -> None:
    told = Refused(cause=Cause.REVERSED, said=OURS)
    assert compared(state, told) is Discrepancy.GIVEN_BACK
    assert compared(state, told, was_reversed=True) is None
