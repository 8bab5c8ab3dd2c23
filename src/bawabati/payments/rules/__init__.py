"""The life of a payment: one table of states and events, one schedule of questions, one judge."""

from bawabati.payments.rules.comparison import CASE_OF, Discrepancy, compare
from bawabati.payments.rules.judge import (
    Alarm,
    Attempt,
    Question,
    Verdict,
    is_ours,
    is_readable,
    judge,
    question_about,
    question_comes_at,
)
from bawabati.payments.rules.schedule import Schedule
from bawabati.payments.rules.states import (
    EVENTS,
    FINAL,
    HOLDING,
    PUBLIC_WORD,
    Event,
    EventNotAllowed,
    PublicWord,
    State,
    next_state,
)
from bawabati.payments.rules.waiting import WhyOpen, why_open

__all__ = [
    "CASE_OF",
    "EVENTS",
    "FINAL",
    "HOLDING",
    "PUBLIC_WORD",
    "Alarm",
    "Attempt",
    "Discrepancy",
    "Event",
    "EventNotAllowed",
    "PublicWord",
    "Question",
    "Schedule",
    "State",
    "Verdict",
    "WhyOpen",
    "compare",
    "is_ours",
    "is_readable",
    "judge",
    "next_state",
    "question_about",
    "question_comes_at",
    "why_open",
]
