"""Why an attempt is not final yet."""

from datetime import UTC, datetime, timedelta

import pytest

from bawabati.money.amount import Money
from bawabati.payments.rules import FINAL, Attempt, Schedule, State, WhyOpen, why_open

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PAGE_ENDS = NOON + timedelta(minutes=12)
MINUTE = timedelta(minutes=1)


def why(state: State, *, sent_at: datetime | None = NOON, now: datetime = NOON) -> WhyOpen | None:
    attempt = Attempt(
        state=state,
        order_number="A1B2C3D4E5",
        amount=Money(1),
        opened_at=NOON,
        page_ends_at=PAGE_ENDS,
        register_sent_at=sent_at,
    )
    return why_open(attempt=attempt, schedule=Schedule(), now=now)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_is_final_waits_for_nothing(state: State) -> None:
    assert why(state) is None


def test_an_opened_attempt_waits_for_a_place_then_for_its_registration_then_for_what_we_ask() -> None:
    assert why(State.OPENED, sent_at=None) is WhyOpen.NOT_SENT
    assert why(State.OPENED) is WhyOpen.REGISTERING
    assert why(State.OPENED, now=NOON + MINUTE) is WhyOpen.REGISTRATION_UNANSWERED


def test_an_attempt_at_the_gateway_waits_for_its_payer_until_the_page_is_over() -> None:
    assert why(State.AT_GATEWAY) is WhyOpen.PAYER_AT_PAGE
    assert why(State.AT_GATEWAY, now=PAGE_ENDS) is WhyOpen.PAGE_OVER


def test_doubt_is_its_own_reason() -> None:
    assert why(State.IN_DOUBT, now=PAGE_ENDS + MINUTE) is WhyOpen.IN_DOUBT


def test_a_watched_attempt_may_be_paid_still_and_then_has_its_late_checks() -> None:
    assert why(State.WATCHED) is WhyOpen.MAY_BE_PAID_STILL
    assert why(State.WATCHED, now=PAGE_ENDS + 15 * MINUTE) is WhyOpen.LATE_CHECKS
