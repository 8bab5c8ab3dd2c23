"""The table of sales and its judge: nothing is concluded that no reader has said, however often it speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bawabati.companies.rules import Protocol
from bawabati.money.amount import Money
from bawabati.payments.rules.sales import (
    FINAL_SALE,
    LETS_GO_OF_BILLS,
    OUTCOMES_OF,
    SALE_AT_WORK,
    SALE_EVENTS,
    OrderKind,
    Outcome,
    ReaderSaid,
    SaleAlarm,
    SaleAttempt,
    SaleEvent,
    SaleMovedOn,
    SaleState,
    judge_sale,
    judge_silence,
    next_sale_state,
)
from people import NOON

SALE = SaleAttempt(
    state=SaleState.SENT,
    protocol=Protocol.NEXO,
    service_id="0000000001",
    poi_id="SIM1",
    reference="S123456789",
    amount=Money(143_050),
    opened_at=NOON,
    sent_at=NOON,
    boot_when_sent="1",
    reader_boot="1",
)
RIGHT = ReaderSaid(
    outcome=Outcome.APPROVED,
    service_id=SALE.service_id,
    poi_id=SALE.poi_id,
    sale_reference=SALE.reference,
    amount=SALE.amount,
    currency="DZD",
    approval_code="481234",
    boot="1",
)
SECOND = timedelta(seconds=1)
ABOUT_MONEY = (OrderKind.PAY, OrderKind.ASK, OrderKind.REVERSE)
UNKNOWN = replace(SALE, state=SaleState.UNKNOWN, unknown_since=NOON)

said = st.builds(
    ReaderSaid,
    outcome=st.sampled_from(Outcome),
    service_id=st.sampled_from(["", SALE.service_id, "0000000002"]),
    poi_id=st.sampled_from(["", SALE.poi_id, "SIM2"]),
    sale_reference=st.sampled_from(["", SALE.reference, "S000000000"]),
    echoes_reference=st.booleans(),
    amount=st.sampled_from([None, SALE.amount, Money(143_049)]),
    currency=st.sampled_from(["", "DZD", "012", "EUR"]),
    approval_code=st.sampled_from(["", "481234"]),
    poi_transaction_at=st.sampled_from([None, NOON + SECOND, NOON - timedelta(days=1)]),
    boot=st.sampled_from(["", "1", "2"]),
)
sales = st.builds(
    SaleAttempt,
    state=st.sampled_from([state for state in SaleState if state is not SaleState.APPROVED]),
    protocol=st.sampled_from(Protocol),
    service_id=st.just(SALE.service_id),
    poi_id=st.just(SALE.poi_id),
    reference=st.just(SALE.reference),
    amount=st.just(SALE.amount),
    opened_at=st.just(NOON),
    sent_at=st.just(NOON),
    unknown_since=st.just(NOON),
    not_found_count=st.integers(0, 2),
    not_found_at=st.sampled_from([None, NOON]),
    boot_when_sent=st.just("1"),
    reader_boot=st.sampled_from(["1", "2"]),
    reader_ok_at=st.sampled_from([None, NOON - SECOND, NOON + SECOND]),
    approval_is_taken=st.booleans(),
    transaction_is_taken=st.booleans(),
)


def is_exactly_ours(sale: SaleAttempt, answer: ReaderSaid) -> bool:
    """By the book: every identifier that the protocol gives, amount and currency."""
    if answer.amount != sale.amount or answer.currency not in {"DZD", "012"} or sale.transaction_is_taken:
        return False
    if sale.protocol is Protocol.NEXO:
        named = (answer.service_id, answer.poi_id, answer.sale_reference)
        return named == (sale.service_id, sale.poi_id, sale.reference)
    return not answer.echoes_reference or answer.sale_reference == sale.reference


@given(sale=sales, answer=said, asked=st.sampled_from(ABOUT_MONEY))
def test_every_verdict_is_a_way_of_the_table(sale: SaleAttempt, answer: ReaderSaid, asked: OrderKind) -> None:
    state = sale.state
    for event in judge_sale(sale, answer, asked=asked, now=NOON + 30 * SECOND).events:
        state = next_sale_state(state, event)
    assert state != SaleState.APPROVED


@given(sale=sales, answer=said, asked=st.sampled_from(ABOUT_MONEY))
def test_only_an_approval_of_exactly_ours_settles(sale: SaleAttempt, answer: ReaderSaid, asked: OrderKind) -> None:
    verdict = judge_sale(sale, answer, asked=asked, now=NOON + 30 * SECOND)
    if SaleEvent.SETTLED in verdict.events or verdict.alarm is SaleAlarm.APPROVED_AFTER_END:
        assert answer.outcome is Outcome.APPROVED
        assert is_exactly_ours(sale, answer)


@given(sale=sales, answer=said, asked=st.sampled_from(ABOUT_MONEY))
def test_who_is_at_work_knows_when_to_go_on(sale: SaleAttempt, answer: ReaderSaid, asked: OrderKind) -> None:
    verdict = judge_sale(sale, answer, asked=asked, now=NOON + 30 * SECOND)
    state = sale.state
    for event in verdict.events:
        state = next_sale_state(state, event)
    judged = sale.state in {SaleState.SENT, SaleState.UNKNOWN, SaleState.REVERSING} and (
        asked is not OrderKind.REVERSE or sale.state is SaleState.REVERSING
    )
    if judged and state in SALE_AT_WORK:
        assert verdict.next_step_at is not None


@given(sale=sales, days=st.integers(0, 400))
def test_time_alone_never_says_failed_of_what_was_sent(sale: SaleAttempt, days: int) -> None:
    verdict = judge_silence(sale, now=NOON + timedelta(days=days))
    state = sale.state
    for event in verdict.events:
        state = next_sale_state(state, event)
    if sale.state is not SaleState.OPENED and state is not sale.state:
        assert state in {SaleState.UNKNOWN, SaleState.REVIEW}


def test_found_is_not_paid() -> None:
    """TransactionStatus says "found"; what it found may be a refusal."""
    verdict = judge_sale(UNKNOWN, replace(RIGHT, outcome=Outcome.DECLINED), asked=OrderKind.ASK, now=NOON)
    assert verdict.events == (SaleEvent.DECLINED,)


@pytest.mark.parametrize("at", [1, 9])
def test_two_denials_within_ten_seconds_are_one(at: int) -> None:
    once = replace(UNKNOWN, not_found_count=1, not_found_at=NOON, reader_ok_at=NOON)
    verdict = judge_sale(
        once, ReaderSaid(outcome=Outcome.NOT_FOUND, boot="1"), asked=OrderKind.ASK, now=NOON + at * SECOND
    )
    assert verdict.events == ()


def test_a_reader_that_is_not_known_to_be_well_is_not_believed_twice() -> None:
    once = replace(UNKNOWN, not_found_count=1, not_found_at=NOON, reader_ok_at=NOON - SECOND)
    denial = ReaderSaid(outcome=Outcome.NOT_FOUND, boot="1")
    assert judge_sale(once, denial, asked=OrderKind.ASK, now=NOON + 20 * SECOND).events == ()
    well = replace(once, reader_ok_at=NOON + SECOND)
    assert judge_sale(well, denial, asked=OrderKind.ASK, now=NOON + 20 * SECOND).events == (SaleEvent.NOT_PROCESSED,)


class ATicketWithoutOurReference:
    """Caisse-AP: the last ticket, and no question by identifier."""

    SALE = replace(UNKNOWN, protocol=Protocol.CAISSE_AP)
    TICKET = ReaderSaid(
        outcome=Outcome.APPROVED,
        amount=SALE.amount,
        currency="012",
        approval_code="481234",
        poi_transaction_at=NOON + SECOND,
    )


@pytest.mark.parametrize(
    ("sale", "ticket", "settles"),
    [
        ({}, {}, True),
        ({"approval_is_taken": True}, {}, False),
        ({}, {"approval_code": ""}, False),
        ({}, {"poi_transaction_at": None}, False),
        ({}, {"poi_transaction_at": NOON - timedelta(hours=1)}, False),
        ({}, {"amount": Money(1)}, False),
        ({}, {"echoes_reference": True, "sale_reference": "S000000000"}, False),
        ({"approval_is_taken": True}, {"echoes_reference": True, "sale_reference": SALE.reference}, True),
    ],
)
def test_a_ticket_is_ours_when_nothing_else_is_left(
    sale: dict[str, object], ticket: dict[str, object], *, settles: bool
) -> None:
    known = replace(ATicketWithoutOurReference.SALE, **sale)  # type: ignore[arg-type]
    shown = replace(ATicketWithoutOurReference.TICKET, **ticket)  # type: ignore[arg-type]
    verdict = judge_sale(known, shown, asked=OrderKind.ASK, now=NOON + 30 * SECOND)
    assert (SaleEvent.SETTLED in verdict.events) is settles


def test_another_sales_ticket_is_left_to_people_once_the_customer_is_gone() -> None:
    known = replace(ATicketWithoutOurReference.SALE, approval_is_taken=True)
    ticket = ATicketWithoutOurReference.TICKET
    assert judge_sale(known, ticket, asked=OrderKind.ASK, now=NOON + 30 * SECOND).events == ()
    later = judge_sale(known, ticket, asked=OrderKind.ASK, now=NOON + 100 * SECOND)
    assert (later.events, later.alarm) == ((SaleEvent.CANNOT_TELL,), SaleAlarm.REVIEW)


def test_every_state_but_the_final_ones_and_settled_holds_its_bills() -> None:
    assert FINAL_SALE | {SaleState.SETTLED} == LETS_GO_OF_BILLS


def test_every_kind_of_order_knows_its_outcomes() -> None:
    assert OUTCOMES_OF.keys() == set(OrderKind)
    assert all(OUTCOMES_OF.values())


def test_the_table_is_the_one_that_is_written_down() -> None:
    """behaviour.md 3, word for word; more only where a decision says so."""
    ways = {state: {after.value for after in events.values()} for state, events in SALE_EVENTS.items()}
    assert ways[SaleState.OPENED] == {"sent", "cancelled", "settled", "not_sent"}
    assert ways[SaleState.SENT] == {"approved", "declined", "cancelled", "not_sent", "unknown", "review"}
    assert ways[SaleState.UNKNOWN] == {"approved", "declined", "not_processed", "review"}
    assert ways[SaleState.APPROVED] == {"settled", "reversing"}
    assert ways[SaleState.SETTLED] == {"reversing"}
    assert ways[SaleState.REVERSING] == {"reversed", "review"}
    assert ways[SaleState.REVIEW] == {"settled", "not_processed", "reversed"}


class SaleMachine(RuleBasedStateMachine):
    """A sale that answers, silence and clocks push about; the model beside it knows only what was really said."""

    def __init__(self) -> None:
        super().__init__()
        self.sale = replace(SALE, reader_ok_at=NOON)
        self.now = NOON
        self.approved = False
        self.settled = 0

    @rule(answer=said, asked=st.sampled_from(ABOUT_MONEY))
    def a_reader_answers(self, answer: ReaderSaid, asked: OrderKind) -> None:
        if answer.outcome is Outcome.APPROVED and is_exactly_ours(self.sale, answer):
            self.approved = True
        verdict = judge_sale(self.sale, answer, asked=asked, now=self.now)
        self._follow(verdict.events, verdict.not_found_count)

    @rule(seconds=st.integers(1, 100_000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._follow(judge_silence(self.sale, now=self.now).events, self.sale.not_found_count)

    @precondition(lambda self: self.sale.state is SaleState.SETTLED)
    @rule()
    def the_head_asks_for_it_back(self) -> None:
        self._follow((SaleEvent.REVERSAL_ASKED,), 0)

    @rule(event=st.sampled_from(SaleEvent))
    def somebody_tells_an_event_that_is_not_allowed(self, event: SaleEvent) -> None:
        if event not in SALE_EVENTS[self.sale.state]:
            with pytest.raises(SaleMovedOn):
                next_sale_state(self.sale.state, event)

    @invariant()
    def nothing_is_settled_that_no_reader_approved(self) -> None:
        assert self.settled <= int(self.approved)

    @invariant()
    def what_is_at_work_has_a_time(self) -> None:
        if self.sale.state in SALE_AT_WORK:
            assert judge_silence(self.sale, now=self.now).next_step_at or judge_silence(self.sale, now=self.now).events

    def _follow(self, events: tuple[SaleEvent, ...], not_found_count: int) -> None:
        for event in events:
            state = next_sale_state(self.sale.state, event)
            self.settled += state is SaleState.SETTLED
            since = self.now if state in {SaleState.UNKNOWN, SaleState.REVERSING} else self.sale.unknown_since
            self.sale = replace(self.sale, state=state, unknown_since=since)
        self.sale = replace(self.sale, not_found_count=not_found_count)


TestSaleMachine = SaleMachine.TestCase
