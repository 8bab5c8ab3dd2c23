"""The checker itself: what is deliberately wrong is found, and by the invariant that it breaks.

Each test makes one thing wrong, in the rules as the model calls them or in the model's flows and store.
"""

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bawabati.adapters.gateways.contract import AskAnswer, Cause, Paid, RefundAnswer, Refused, Said, Unknown
from bawabati.bills.rules import BillFacts, Share
from bawabati.money.amount import ZERO, Money
from bawabati.payments.rules import (
    Attempt,
    Event,
    Question,
    RefundAtGateway,
    RefundStep,
    RefundVerdict,
    Schedule,
    State,
    Verdict,
    judge,
    judge_reading,
    judge_refund_answer,
    question_about,
)
from faults.pure import portal, staff, store
from faults.pure.hands import run_seeds
from faults.pure.portal import Portal
from faults.pure.store import Payment, Store
from faults.pure.wanted import never_seen

SEEDS = 20_000
Judge = Callable[..., Verdict]


def found() -> str:
    """The invariant that the first broken seed names; "" when none breaks."""
    broken = run_seeds(0, SEEDS, stops_at=1).broken
    return broken[0][1].partition(":")[0] if broken else ""


def judged_by(monkeypatch: pytest.MonkeyPatch, wrong: Judge) -> None:
    monkeypatch.setattr(portal, "judge", wrong)


# --- wrong judges ---


def test_a_time_out_that_is_taken_for_a_decline(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, answer: AskAnswer, **rest: object) -> Verdict:
        if isinstance(answer, Unknown) and answer.reason == "timed_out":
            answer = Refused(said=answer.said, cause=Cause.DECLINED)
        return judge(attempt=attempt, answer=answer, **rest)

    judged_by(monkeypatch, wrong)
    assert found() == "I10"


def test_a_page_that_is_called_over_while_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(**asked: object) -> Verdict:
        verdict = judge(**asked)
        return replace(verdict, event=Event.PAGE_OVER) if verdict.event is Event.SILENT else verdict

    judged_by(monkeypatch, wrong)
    assert found() == "I10"


def test_a_decline_that_is_final_at_the_first_late_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(**asked: object) -> Verdict:
        verdict = judge(**asked)
        if verdict.event is None and verdict.checks_passed == 1:
            return Verdict(event=Event.DECLINED_FOR_GOOD, next_ask_at=None)
        return verdict

    judged_by(monkeypatch, wrong)
    assert found() == "I14"


def test_late_checks_that_are_counted_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "SCHEDULE", Schedule(late_checks=(60, 60, 60)))
    assert found() == "I14"


def test_a_decline_that_nobody_asks_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(**asked: object) -> Verdict:
        verdict = judge(**asked)
        return replace(verdict, next_ask_at=None) if verdict.event is Event.DECLINED else verdict

    judged_by(monkeypatch, wrong)
    assert found() in {"I1", "I10"}


def test_an_amount_that_nobody_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, answer: AskAnswer, **rest: object) -> Verdict:
        if isinstance(answer, Paid):
            answer = Paid(said=replace(answer.said, amount=attempt.amount))
        return judge(attempt=attempt, answer=answer, **rest)

    judged_by(monkeypatch, wrong)
    assert found() == "I2"


def test_another_orders_answer_that_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, answer: AskAnswer, **rest: object) -> Verdict:
        said = replace(answer.said, order_number=attempt.order_number)
        return judge(attempt=attempt, answer=replace(answer, said=said), **rest)

    judged_by(monkeypatch, wrong)
    assert found() in {"I2", "I10"}


def test_the_address_for_failures_that_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, came_back_by_fail: bool = False, **rest: object) -> Verdict:
        verdict = judge(attempt=attempt, came_back_by_fail=came_back_by_fail, **rest)
        if came_back_by_fail and attempt.state is State.AT_GATEWAY:
            return replace(verdict, event=Event.PAGE_OVER)
        return verdict

    judged_by(monkeypatch, wrong)
    assert found() == "I10"


def test_a_registration_that_is_called_failed_because_nobody_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, now: datetime, **rest: object) -> Verdict:
        if attempt.state is State.OPENED and (now - attempt.opened_at).total_seconds() >= 300:
            return Verdict(event=Event.NEVER_REGISTERED, next_ask_at=None)
        return judge(attempt=attempt, now=now, **rest)

    judged_by(monkeypatch, wrong)
    assert found() == "I10"


def test_a_judge_that_sees_the_attempt_as_it_was_before_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    before: dict[str, Attempt] = {}

    def looked(attempt: Attempt, **rest: object) -> Question:
        before[attempt.order_number] = attempt
        return question_about(attempt, **rest)

    def wrong(*, attempt: Attempt, **rest: object) -> Verdict:
        return judge(attempt=before.get(attempt.order_number, attempt), **rest)

    monkeypatch.setattr(portal, "question_about", looked)
    judged_by(monkeypatch, wrong)
    assert found()


# --- wrong flows ---


def test_money_that_is_confirmed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*, attempt: Attempt, answer: AskAnswer, **rest: object) -> Verdict:
        if isinstance(answer, Paid) and attempt.state is State.PAID:
            return Verdict(event=Event.CONFIRMED, next_ask_at=None)
        return judge(attempt=attempt, answer=answer, **rest)

    judged_by(monkeypatch, wrong)
    monkeypatch.setattr(portal, "FINAL", frozenset())
    assert found() == "I6"


def test_money_that_is_posted_before_it_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Portal, payment: Payment) -> Generator[Any, None, AskAnswer]:
        order = self.outside.by_number.get(payment.number)
        if order is not None and order.debited:
            return Paid(said=order.said)
        return (yield from asked(self, payment))

    asked = Portal.ask
    monkeypatch.setattr(Portal, "ask", wrong)
    assert found() == "I2"


def test_a_redirect_that_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Portal, payment: Payment, *, by_fail: bool = False) -> Generator[Any, None, bool]:
        if not by_fail and payment.state is State.AT_GATEWAY:
            said = Said(order_number=payment.number, amount=payment.amount, currency="012")
            self._take_in(payment, Paid(said=said), self.world.now(), by_fail=False)
        return (yield from opened(self, payment, by_fail=by_fail))

    opened = Portal.page
    monkeypatch.setattr(Portal, "page", wrong)
    assert found() == "I2"


def test_a_sweeper_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Portal, "sweep", lambda _self, _payment: None)
    assert found() == "I10"


def test_a_sweeper_that_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "SCHEDULE", Schedule(first_asks=(600,), ask_every=600))
    assert found() == "I3"


# --- a wrong store ---


def test_a_hold_that_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Store, *seen: object, **rest: object) -> Payment:
        payment = opened(self, *seen, **rest)
        payment.lines[0].bill.held_by = None
        return payment

    opened = Store.open_attempt
    monkeypatch.setattr(Store, "open_attempt", wrong)
    assert found() == "I7"


def test_a_hold_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HOLDING", frozenset())
    assert found() == "I7"


def test_a_bill_that_is_settled_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_bill: BillFacts, captured: Money) -> Share:
        return Share(settled=captured, surplus=ZERO)

    monkeypatch.setattr(store, "share_of", wrong)
    assert found() == "I4"


def test_a_surplus_that_nobody_owns(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Store, kind: str, *rest: object) -> None:
        if kind != "surplus":
            opened(self, kind, *rest)

    opened = Store.open_case
    monkeypatch.setattr(Store, "open_case", wrong)
    assert found() == "I1"


def test_a_surplus_that_is_not_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Store, credited: str, *rest: object) -> None:
        if credited != "customer_credit":
            posted(self, credited, *rest)

    posted = Store.post
    monkeypatch.setattr(Store, "post", wrong)
    assert found() == "I5"


# --- wrong refunds ---


def test_a_refund_without_an_answer_that_is_called_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(answer: RefundAnswer, **rest: object) -> RefundVerdict:
        verdict = judge_refund_answer(answer, **rest)
        return verdict if verdict.step else RefundVerdict(step=RefundStep.ANSWERED_DONE, next_step_at=None)

    monkeypatch.setattr(staff, "judge_refund_answer", wrong)
    assert found() in {"I9", "surprise"}  # the books may sink below nothing first


def test_a_refund_without_an_answer_that_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(answer: RefundAnswer, *, now: datetime, **rest: object) -> RefundVerdict:
        verdict = judge_refund_answer(answer, now=now, **rest)
        return verdict if verdict.step else RefundVerdict(step=RefundStep.NOT_SENT, next_step_at=now)

    monkeypatch.setattr(staff, "judge_refund_answer", wrong)
    assert found() == "I9"


def test_a_refund_that_is_sent_again_after_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(refund: RefundAtGateway, *, now: datetime, **rest: object) -> RefundVerdict:
        verdict = judge_reading(refund, now=now, **rest)
        if verdict.reason == "unchanged" and verdict.step is None:
            return RefundVerdict(step=RefundStep.FOUND_NOT_DONE, next_step_at=now)
        return verdict

    monkeypatch.setattr(staff, "judge_reading", wrong)
    assert found() == "I9"


def test_a_refund_that_is_sent_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(refund: RefundAtGateway, **rest: object) -> RefundVerdict:
        return judge_reading(replace(refund, tries=1), **rest)

    monkeypatch.setattr(staff, "judge_reading", wrong)
    assert found() == "I9"


def test_a_bill_that_stays_paid_when_its_money_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff.Staff, "_reopen", lambda _self, _refund, _out: None)
    assert found() == "I5"


# --- what was never tried ---


def test_a_run_that_never_fell_into_doubt_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(**asked: object) -> Verdict:
        verdict = judge(**asked)
        return replace(verdict, event=None) if verdict.event is Event.SILENT else verdict

    judged_by(monkeypatch, wrong)
    run = run_seeds(0, 500)
    assert "at_gateway by silent" in never_seen(run.seen, seeds=run.seeds)
    assert "in_doubt by confirmed" in never_seen(run.seen, seeds=run.seeds)


def test_a_surprise_in_the_rules_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "question_comes_at", None)
    assert found() == "surprise"
