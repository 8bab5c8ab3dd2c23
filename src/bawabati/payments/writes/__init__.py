"""Changes of payments, one idea each; everything inside a transaction that a flow opened."""

from bawabati.payments.writes.cards import replace_card_ranges, restate_cards, restated_masks
from bawabati.payments.writes.events import evidence_of
from bawabati.payments.writes.exchanges import note_callback, note_exchanges
from bawabati.payments.writes.locks import lock_bills_of_sale, lock_lines, lock_payment
from bawabati.payments.writes.moving import (
    apply,
    note_answer,
    note_confirmation,
    note_page,
    record_oddity,
    release_holds,
    settle_line,
)
from bawabati.payments.writes.opening import StartKeyTaken, open_attempt, take_registration
from bawabati.payments.writes.orders import (
    finish,
    lock_order,
    lock_waiting_orders,
    next_service_id,
    put_order,
    take,
    withdraw,
)
from bawabati.payments.writes.questions import claim_due, postpone_question
from bawabati.payments.writes.real_bills import LineToPay, on_real_bills
from bawabati.payments.writes.recovering import open_recovered
from bawabati.payments.writes.refunds import (
    lock_refund,
    lock_refunds_of_day,
    move_refund,
    note_baseline,
    note_reading,
    open_refund,
    postpone_refund,
    write_credit_use,
)
from bawabati.payments.writes.sales import (
    forget_proposal,
    keep_verdict,
    lock_sale,
    move_sale,
    note_happening,
    note_step,
    open_received,
    open_sale_row,
    release_sale_holds,
    save_sale,
)

__all__ = [
    "LineToPay",
    "StartKeyTaken",
    "apply",
    "claim_due",
    "evidence_of",
    "finish",
    "forget_proposal",
    "keep_verdict",
    "lock_bills_of_sale",
    "lock_lines",
    "lock_order",
    "lock_payment",
    "lock_refund",
    "lock_refunds_of_day",
    "lock_sale",
    "lock_waiting_orders",
    "move_refund",
    "move_sale",
    "next_service_id",
    "note_answer",
    "note_baseline",
    "note_callback",
    "note_confirmation",
    "note_exchanges",
    "note_happening",
    "note_page",
    "note_reading",
    "note_step",
    "on_real_bills",
    "open_attempt",
    "open_received",
    "open_recovered",
    "open_refund",
    "open_sale_row",
    "postpone_question",
    "postpone_refund",
    "put_order",
    "record_oddity",
    "release_holds",
    "release_sale_holds",
    "replace_card_ranges",
    "restate_cards",
    "restated_masks",
    "save_sale",
    "settle_line",
    "take",
    "take_registration",
    "withdraw",
    "write_credit_use",
]
