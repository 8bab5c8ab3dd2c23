"""Changes of payments, one idea each; everything inside a transaction that a flow opened."""

from bawabati.payments.writes.events import evidence_of
from bawabati.payments.writes.locks import lock_lines, lock_payment
from bawabati.payments.writes.moving import (
    apply,
    note_answer,
    note_confirmation,
    note_page,
    record_oddity,
    release_holds,
    settle_line,
)
from bawabati.payments.writes.opening import LineToPay, open_attempt, take_registration
from bawabati.payments.writes.questions import claim_due, postpone_question
from bawabati.payments.writes.recovering import open_recovered
from bawabati.payments.writes.refunds import (
    lock_refund,
    move_refund,
    note_baseline,
    note_reading,
    open_refund,
    postpone_refund,
    write_credit_use,
)

__all__ = [
    "LineToPay",
    "apply",
    "claim_due",
    "evidence_of",
    "lock_lines",
    "lock_payment",
    "lock_refund",
    "move_refund",
    "note_answer",
    "note_baseline",
    "note_confirmation",
    "note_page",
    "note_reading",
    "open_attempt",
    "open_recovered",
    "open_refund",
    "postpone_question",
    "postpone_refund",
    "record_oddity",
    "release_holds",
    "settle_line",
    "take_registration",
    "write_credit_use",
]
