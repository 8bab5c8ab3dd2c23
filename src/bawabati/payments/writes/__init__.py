"""Changes of payments, one idea each; everything inside a transaction that a flow opened."""

from bawabati.payments.writes.events import evidence_of
from bawabati.payments.writes.locks import lock_lines, lock_payment
from bawabati.payments.writes.moving import (
    apply,
    note_answer,
    note_confirmation,
    note_page,
    record_oddity,
    settle_line,
)
from bawabati.payments.writes.opening import LineToPay, open_attempt, take_registration
from bawabati.payments.writes.questions import claim_due, postpone_question
from bawabati.payments.writes.recovering import open_recovered

__all__ = [
    "LineToPay",
    "apply",
    "claim_due",
    "evidence_of",
    "lock_lines",
    "lock_payment",
    "note_answer",
    "note_confirmation",
    "note_page",
    "open_attempt",
    "open_recovered",
    "postpone_question",
    "record_oddity",
    "settle_line",
    "take_registration",
]
