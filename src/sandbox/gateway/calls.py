"""The merchant's calls: parameters in, an answer out, faults included. HTTP is somebody else's business."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.gateway import wire
from sandbox.gateway.callnames import (
    ACKNOWLEDGE,
    CONFIRM,
    DECLINE,
    DEPOSIT,
    REFUND,
    REGISTER,
    REGISTER_HOLD,
    REVERSE,
    STATUS,
    STATUS_EXTENDED,
)
from sandbox.gateway.core import Gateway, NothingLeft, WrongAmount, WrongState, occasion_of
from sandbox.gateway.faults import WIRE_KINDS, Kind, Moment, Occasion
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.orders import Order
from sandbox.gateway.outcomes import Wire
from sandbox.gateway.settings import AfterCancelling
from sandbox.gateway.spoiling import NO_ANSWER, NOT_FOUND, Answer, in_json, spoilt, unknown_order
from sandbox.gateway.wanted import ACCESS_DENIED, LANGUAGES, Refusal, Values, is_amount, wanted_order

__all__ = [
    "ACKNOWLEDGE",
    "CONFIRM",
    "DECLINE",
    "DEPOSIT",
    "NO_ANSWER",
    "REFUND",
    "REGISTER",
    "REGISTER_HOLD",
    "REVERSE",
    "STATUS",
    "STATUS_EXTENDED",
    "Answer",
    "MerchantCalls",
]

FormUrl = Callable[[Order, Merchant], str]
Change = Callable[[Order, Values, float], None]


class MerchantCalls:
    """The calls under `/payment/rest/`."""

    def __init__(self, *, gateway: Gateway, form_url: FormUrl) -> None:
        self._gateway = gateway
        self._form_url = form_url
        self._calls: dict[str, Callable[[Values, float], Answer]] = {
            REGISTER: lambda values, now: self._register(values, now, two_phase=False),
            REGISTER_HOLD: lambda values, now: self._register(values, now, two_phase=True),
            ACKNOWLEDGE: self._acknowledge,
            CONFIRM: self._confirm,
            STATUS: self._status,
            STATUS_EXTENDED: self._status_extended,
            DEPOSIT: lambda values, now: self._changed(self._deposit, values, now, permission="may_hold"),
            REVERSE: lambda values, now: self._changed(self._reverse, values, now, permission="may_reverse"),
            DECLINE: lambda values, now: self._changed(self._decline, values, now, permission="may_decline"),
            REFUND: lambda values, now: self._changed(self._refund, values, now, permission="may_refund"),
        }

    def answer(self, call: str, values: Values, *, now: float) -> Answer:
        """The answer to one call. Names of calls are case-sensitive; unknown values are ignored."""
        if self._gateway.faults.outage(now=now):
            return NO_ANSWER
        do = self._calls.get(call)
        if do is None:
            return NOT_FOUND
        fault = self._gateway.faults.draw(Moment.REST, kinds=WIRE_KINDS, occasion=self._occasion(call, values))
        if fault is None:
            return do(values, now)
        if fault.kind is Kind.REPEATED and fault.has_effect:
            do(values, now)
        return spoilt(fault, do(values, now) if fault.has_effect else None, call=call)

    def _occasion(self, call: str, values: Values) -> Occasion:
        order = self._gateway.find_order(values.get("mdOrder") or values.get("orderId") or "")
        if order is not None:
            return occasion_of(order, call=call)
        amount = values.get("amount", "")
        return Occasion(
            call=call,
            merchant=values.get("userName", ""),
            order_number=values.get("orderNumber", ""),
            amount_centimes=int(amount) if is_amount(amount) else None,
        )

    # Registering

    def _register(self, values: Values, now: float, *, two_phase: bool) -> Answer:
        merchant = None
        try:
            merchant = self._authenticated(values)
            order = self._open(merchant, values, two_phase=two_phase, now=now)
        except Refusal as refusal:
            return in_json(wire.refused_register(refusal.code, refusal.message, merchant=merchant))
        return in_json(wire.registered(order, merchant=merchant, form_url=self._form_url(order, merchant)))

    def _open(self, merchant: Merchant, values: Values, *, two_phase: bool, now: float) -> Order:
        _permitted(merchant.may_hold or not two_phase)
        wanted = wanted_order(values, merchant=merchant)
        order = self._gateway.register(merchant=merchant, **wanted, two_phase=two_phase, now=now)
        if order is None:
            raise Refusal(1, "Order with this number was already processed")
        return order

    # The result and status calls

    def _acknowledge(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return in_json(wire.refused_register(refusal.code, refusal.message, merchant=None))
        if merchant.wire is Wire.A:
            return NOT_FOUND
        if not values.get("mdOrder"):
            return in_json(wire.refused_result(5, "The order identifier is empty", merchant=merchant))
        order = self._order_of(merchant, values["mdOrder"])
        if order is None:
            return unknown_order()
        self._gateway.acknowledge(order, now=now)
        if self._is_hidden(order):
            return unknown_order()
        readable = now >= order.readable_from
        return in_json(wire.result_b(order, merchant=merchant, language=_language(values, order), readable=readable))

    def _confirm(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return in_json(wire.refused_result(refusal.code, refusal.message, merchant=None))
        if not values.get("orderId"):
            return in_json(wire.refused_result(1, "The order identifier is empty", merchant=merchant))
        order = self._order_of(merchant, values["orderId"])
        if order is None:
            return in_json(wire.refused_result(6, "Unknown order id", merchant=merchant))
        before = self._gateway.acknowledge(order, now=now)
        if self._is_hidden(order):
            return in_json(wire.refused_result(6, "Unknown order id", merchant=merchant))
        readable = now >= order.readable_from
        language = _language(values, order)
        return in_json(
            wire.result_a(order, merchant=merchant, language=language, confirmed_before=before, readable=readable)
        )

    def _status(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return in_json(wire.refused_result(refusal.code, refusal.message, merchant=None))
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None:
            return in_json(wire.refused_result(6, "Unknown order id", merchant=merchant))
        self._gateway.catch_up(order, now=now)
        return in_json(wire.status(order, merchant=merchant, readable=now >= order.readable_from))

    def _status_extended(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return in_json(wire.refused_extended(refusal.code, refusal.message, merchant=None))
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None and not values.get("orderId"):
            number = values.get("orderNumber", "")
            order = self._gateway.find_order_by_number(merchant=merchant, order_number=number)
        if order is None:
            return in_json(wire.refused_extended(6, "Unknown order id", merchant=merchant))
        self._gateway.catch_up(order, now=now)
        return in_json(
            wire.status_extended(
                order,
                merchant=merchant,
                language=_language(values, order),
                readable=now >= order.readable_from,
            )
        )

    # Changing an order

    def _changed(self, change: Change, values: Values, now: float, *, permission: str) -> Answer:
        """Finds the order by its `orderId`, changes it, and answers no more than whether that was done."""
        merchant = None
        try:
            merchant = self._authenticated(values)
            _permitted(getattr(merchant, permission))
            change(self._registered(merchant, values), values, now)
        except Refusal as refusal:
            return in_json(wire.refused_change(refusal.code, refusal.message, merchant=merchant))
        except WrongAmount:
            return in_json(wire.refused_change(5, "The amount is invalid", merchant=merchant))
        except WrongState:
            message = "The operation is impossible for current transaction state"
            return in_json(wire.refused_change(7, message, merchant=merchant))
        return in_json(wire.changed(merchant=merchant))

    def _registered(self, merchant: Merchant, values: Values) -> Order:
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None:
            raise Refusal(6, "Unregistered order id")
        return order

    def _refund(self, order: Order, values: Values, now: float) -> None:
        amount, refund_id = _amount(values), values.get("externalRefundId", "")[:32]
        try:
            self._gateway.refund(order, amount_centimes=amount, refund_id=refund_id, now=now)
        except NothingLeft as error:
            raise Refusal(7, "Refund is impossible for current transaction state") from error

    def _deposit(self, order: Order, values: Values, now: float) -> None:
        self._gateway.deposit(order, amount_centimes=_amount(values), now=now)

    def _reverse(self, order: Order, _values: Values, now: float) -> None:
        self._gateway.reverse(order, now=now)

    def _decline(self, order: Order, _values: Values, now: float) -> None:
        self._gateway.decline(order, now=now)

    # Shared by all

    def _authenticated(self, values: Values) -> Merchant:
        user_name, password = values.get("userName", ""), values.get("password", "")
        if not user_name:
            raise Refusal(4, "The user name is missing")
        if not password:
            raise Refusal(4, "The password is missing")
        merchant = self._gateway.merchants.authenticate(user_name=user_name, password=password)
        if merchant is None:
            raise Refusal(5, ACCESS_DENIED)
        return merchant

    def _order_of(self, merchant: Merchant, md_order: str) -> Order | None:
        """The order, if it is this merchant's: nobody reads another's."""
        order = self._gateway.find_order(md_order)
        return order if order is not None and order.merchant == merchant.user_name else None

    def _is_hidden(self, order: Order) -> bool:
        after = self._gateway.settings.after_cancelling
        return bool(order.cancelled_at) and after is AfterCancelling.NOT_FOUND


def _language(values: Values, order: Order) -> str:
    asked = values.get("language", "").lower()
    return asked if asked in LANGUAGES else order.language


def _amount(values: Values) -> int:
    amount = values.get("amount", "")
    if not is_amount(amount):
        raise Refusal(5, "The amount is invalid")
    return int(amount)


def _permitted(permission: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not permission:
        raise Refusal(5, ACCESS_DENIED)
