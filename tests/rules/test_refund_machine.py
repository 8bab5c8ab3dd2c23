"""A refund beside a gateway that may or may not have made it: Hypothesis looks for one that goes back twice."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bawabati.adapters.gateways.contract import Cause, NotDone, Refunded, Refused, Said, Unknown
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    FINAL_REFUND,
    REFUND_STEPS,
    RefundAtGateway,
    RefundState,
    RefundStep,
    RefundVerdict,
    judge_baseline,
    judge_reading,
    judge_refund_answer,
    next_refund_state,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
CAPTURED = 1_430_50

# Written down by hand from behaviour.md 4, so that a slip in the table is seen.
MODEL = {
    "requested": {"approved": "approved", "recorded": "done", "refused": "refused"},
    "approved": {"claimed": "refunding", "differs": "manual"},
    "refunding": {
        "answered_done": "done",
        "found_done": "done",
        "not_sent": "approved",
        "found_not_done": "approved",
        "given_up": "manual",
        "refused_by_gateway": "manual",
        "differs": "manual",
    },
    "manual": {"done_by_hand": "done", "given_otherwise": "done", "refused": "refused"},
    "done": {},
    "refused": {},
}
SILENCES = st.sampled_from(["timed_out", "connection_lost", "server_error", "unreadable"])


class RefundMachine(RuleBasedStateMachine):
    """One part of a payment that goes back. The gateway makes every part that reaches it, also the same one again."""

    @initialize(amount=st.integers(min_value=1, max_value=CAPTURED))
    def approved(self, amount: int) -> None:
        self.now = NOON
        self.amount = Money(amount)
        self.held = CAPTURED
        self.made = 0
        self.state = next_refund_state(RefundState.REQUESTED, RefundStep.APPROVED)
        self.tries = 0
        self.baseline: Money | None = None
        self.unchanged_since: datetime | None = None
        self.next_step_at: datetime | None = NOON
        self.readings: list[datetime] = []

    @rule(seconds=st.one_of(st.integers(min_value=0, max_value=900), st.just(86_400)))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.next_step_at is not None)
    @rule()
    def the_next_step_is_due(self) -> None:
        assert self.next_step_at is not None
        self.now = max(self.now, self.next_step_at)

    # --- the worker ---

    @precondition(lambda self: self.state is RefundState.APPROVED)
    @rule(readable=st.booleans(), reaches=st.booleans(), silence=st.one_of(st.none(), SILENCES))
    def the_worker_sends(self, readable: bool, reaches: bool, silence: str | None) -> None:  # noqa: FBT001
        held = Money(self.held) if readable else None
        verdict = judge_baseline(held=held, expected=Money(CAPTURED), now=self.now)
        if verdict.step is not RefundStep.CLAIMED:
            assert not readable
            self._keep(verdict)
            return
        self.baseline, self.unchanged_since = held, None
        self._keep(verdict)
        self.tries += 1
        assert self.tries <= 3
        assert self.made == 0, "sent again after it was made"
        self.readings.clear()
        if reaches:
            self.held -= self.amount.centimes
            self.made += 1
        if silence is None:
            said = Said()
            answer = Refunded(said=said) if reaches else NotDone(reason="no_connection", said=said)
            self._keep(judge_refund_answer(answer, tries=self.tries, now=self.now))
        else:
            self._keep(judge_refund_answer(Unknown(reason=silence), tries=self.tries, now=self.now))
            assert self.state is RefundState.REFUNDING

    @precondition(lambda self: self.state is RefundState.APPROVED and self.made == 0)
    @rule()
    def the_gateway_refuses(self) -> None:
        self._keep(judge_baseline(held=Money(self.held), expected=Money(CAPTURED), now=self.now))
        refused = Refused(cause=Cause.DECLINED, said=Said(), reason="not_refundable")
        self.tries += 1
        self._keep(judge_refund_answer(refused, tries=self.tries, now=self.now))
        assert self.state is RefundState.MANUAL

    @precondition(lambda self: self.state is RefundState.REFUNDING)
    @rule(readable=st.booleans())
    def the_worker_reads(self, readable: bool) -> None:  # noqa: FBT001
        held = Money(self.held) if readable else None
        if readable and not self.made:
            self.readings.append(self.now)
        at_gateway = RefundAtGateway(
            state=self.state,
            amount=self.amount,
            tries=self.tries,
            baseline=self.baseline,
            unchanged_since=self.unchanged_since,
        )
        verdict = judge_reading(at_gateway, held=held, now=self.now)
        if verdict.step in {RefundStep.FOUND_NOT_DONE, RefundStep.GIVEN_UP}:
            assert self.readings[-1] - self.readings[0] >= timedelta(minutes=10)
        self._keep(verdict)

    # --- what must be true of it ---

    def _keep(self, verdict: RefundVerdict) -> None:
        self.next_step_at = verdict.next_step_at
        if verdict.step is None:
            self.unchanged_since = verdict.unchanged_since
            return
        assert verdict.step in MODEL[self.state]
        self.state = next_refund_state(self.state, verdict.step)

    @invariant()
    def it_is_made_once_at_most_and_done_only_when_it_was_made(self) -> None:
        assert self.made <= 1
        assert self.held == CAPTURED - self.made * self.amount.centimes
        if self.state is RefundState.DONE:
            assert self.made == 1
        if self.state is RefundState.MANUAL:
            assert self.made == 0

    @invariant()
    def the_worker_comes_back_until_it_has_ended_or_waits_for_a_person(self) -> None:
        waits = self.state in {RefundState.APPROVED, RefundState.REFUNDING}
        assert (self.next_step_at is not None) == waits
        assert (self.state in FINAL_REFUND) == (not MODEL[self.state])


class RefundMachineTest(RefundMachine.TestCase):
    settings = settings(max_examples=200, stateful_step_count=30, deadline=None)


def test_the_table_is_the_one_that_is_written_down() -> None:
    assert {state: dict(steps) for state, steps in REFUND_STEPS.items()} == MODEL
