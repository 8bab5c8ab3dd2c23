"""The names of the merchant's calls, as they stand after `/payment/rest/`. Capitals count."""

from __future__ import annotations

REGISTER = "register.do"
REGISTER_HOLD = "registerPreAuth.do"
ACKNOWLEDGE = "public/acknowledgeTransaction.do"
CONFIRM = "confirmOrder.do"
STATUS = "getOrderStatus.do"
STATUS_EXTENDED = "getOrderStatusExtended.do"
DEPOSIT = "deposit.do"
REVERSE = "reverse.do"
DECLINE = "decline.do"
REFUND = "refund.do"

ALL = (
    REGISTER,
    REGISTER_HOLD,
    ACKNOWLEDGE,
    CONFIRM,
    STATUS,
    STATUS_EXTENDED,
    DEPOSIT,
    REVERSE,
    DECLINE,
    REFUND,
)
READING = frozenset({ACKNOWLEDGE, CONFIRM, STATUS, STATUS_EXTENDED})
