"""Why an attempt is not final yet. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bawabati.payments.rules.judge import Attempt
from bawabati.payments.rules.schedule import Schedule
from bawabati.payments.rules.states import State


class WhyOpen(StrEnum):
    """What an open attempt waits for."""

    NOT_SENT = "not_sent"
    REGISTERING = "registering"
    REGISTRATION_UNANSWERED = "registration_unanswered"
    PAYER_AT_PAGE = "payer_at_page"
    PAGE_OVER = "page_over"
    IN_DOUBT = "in_doubt"
    MAY_BE_PAID_STILL = "may_be_paid_still"
    LATE_CHECKS = "late_checks"


def why_open(*, attempt: Attempt, schedule: Schedule, now: datetime) -> WhyOpen | None:
    """The reason; None for what is final."""
    match attempt.state:
        case State.OPENED if attempt.register_sent_at is None:
            return WhyOpen.NOT_SENT
        case State.OPENED:
            assert attempt.register_sent_at is not None  # noqa: S101 - the case above
            under_way = now < attempt.register_sent_at + timedelta(seconds=schedule.registration_lasts)
            return WhyOpen.REGISTERING if under_way else WhyOpen.REGISTRATION_UNANSWERED
        case State.AT_GATEWAY:
            return WhyOpen.PAYER_AT_PAGE if now < attempt.page_ends_at else WhyOpen.PAGE_OVER
        case State.IN_DOUBT:
            return WhyOpen.IN_DOUBT
        case State.WATCHED:
            often = now < schedule.watch_ends_at(attempt.page_ends_at)
            return WhyOpen.MAY_BE_PAID_STILL if often else WhyOpen.LATE_CHECKS
        case State.PAID | State.FAILED | State.DECLINED | State.EXPIRED:
            return None
        case _:
            assert_never(attempt.state)
