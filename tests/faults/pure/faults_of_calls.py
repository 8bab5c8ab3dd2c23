"""Every way in which a call to the gateway goes wrong, as the adapter tells it: the reasons of the contract.

"before" means that the request did nothing at the gateway, "after" that it did and nobody could read so.
"""

from __future__ import annotations

from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Cause,
    NotDone,
    RefundAnswer,
    Refused,
    RegisterAnswer,
    Said,
    Unknown,
)

_NOT_SENT = ("no_connection", "no_slot", "circuit_open")
_BEFORE = ("timed_out", "connection_lost", "server_error", "too_many_requests", "access_denied", "system_error")
_AFTER = ("timed_out", "connection_lost", "server_error", "unreadable", "unexpected_status", "unexpected_code")
_ODD = ("not_paid_not_refused", "contradictory", "partly_refunded", "another_order", "not_acknowledged")

ASK_ANSWERS: dict[str, tuple[bool, AskAnswer]] = {
    **{f"{reason} before": (False, Unknown(reason=reason)) for reason in (*_NOT_SENT, *_BEFORE)},
    **{f"{reason} after": (True, Unknown(reason=reason)) for reason in _AFTER},
    **{reason: (False, Unknown(reason=reason)) for reason in (*_ODD, "not_a_reference", "transaction_not_found")},
}
"""Whether the question reached the gateway, and what it looks like to us."""

WRONG_ORDER, WRONG_AMOUNT, WRONG_CURRENCY = "speaks of another order", "wrong amount", "wrong currency"
SILENT_AMOUNT, DENIES, SLOW_BEFORE, SLOW_AFTER = "no amount", "denies the order", "slow before", "slow after"

ASK_FAULTS = (
    *ASK_ANSWERS,
    *(WRONG_ORDER, WRONG_AMOUNT, WRONG_CURRENCY, SILENT_AMOUNT, DENIES, SLOW_BEFORE, SLOW_AFTER),
)

REGISTER_ANSWERS: dict[str, tuple[bool, RegisterAnswer]] = {
    **{f"{reason} before": (False, NotDone(reason=reason)) for reason in _NOT_SENT},
    **{
        f"{reason} before": (False, Unknown(reason=reason))
        for reason in ("timed_out", "connection_lost", "server_error", "too_many_requests", "system_error")
    },
    **{f"{reason} after": (True, Unknown(reason=reason)) for reason in (*_AFTER, "number_already_used")},
    "wrong_value": (False, Refused(cause=Cause.DECLINED, said=Said(), reason="wrong_value")),
    "access_denied": (False, Refused(cause=Cause.DECLINED, said=Said(), reason="access_denied")),
}

ARRIVES_LATE, PAGE_ELSEWHERE = "arrives after we gave up", "page elsewhere"

REGISTER_FAULTS = (*REGISTER_ANSWERS, ARRIVES_LATE, PAGE_ELSEWHERE, SLOW_BEFORE, SLOW_AFTER)

REFUND_ANSWERS: dict[str, tuple[bool, RefundAnswer]] = {
    **{f"{reason} before": (False, NotDone(reason=reason)) for reason in _NOT_SENT},
    **{
        f"{reason} before": (False, Unknown(reason=reason))
        for reason in ("timed_out", "connection_lost", "server_error", "too_many_requests", "system_error")
    },
    **{f"{reason} after": (True, Unknown(reason=reason)) for reason in _AFTER},
    "not_refundable": (False, Refused(cause=Cause.DECLINED, said=Said(), reason="not_refundable")),
    "access_denied": (False, Refused(cause=Cause.DECLINED, said=Said(), reason="access_denied")),
    "unknown_order": (False, NotDone(reason="unknown_order")),
}

REFUND_FAULTS = (*REFUND_ANSWERS, ARRIVES_LATE, SLOW_BEFORE, SLOW_AFTER)
