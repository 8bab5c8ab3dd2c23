"""The merchant's calls: parameters in, an answer out, faults included. HTTP is somebody else's business."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.gateway import wire
from sandbox.gateway.core import Gateway, NothingLeft, WrongAmount, occasion_of
from sandbox.gateway.faults import WIRE_KINDS, Fault, Kind, Moment, Occasion
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.orders import Order
from sandbox.gateway.outcomes import Wire
from sandbox.gateway.settings import AfterCancelling

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"

DINAR = "012"
LANGUAGES = frozenset({"ar", "fr", "en"})
SMALLEST_CENTIMES = 5_000

REGISTER = "register.do"
ACKNOWLEDGE = "public/acknowledgeTransaction.do"
CONFIRM = "confirmOrder.do"
STATUS = "getOrderStatus.do"
STATUS_EXTENDED = "getOrderStatusExtended.do"
REFUND = "refund.do"

Values = Mapping[str, str]
FormUrl = Callable[[Order, Merchant], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the connection."""

    status: int = 200
    body: str = ""
    content_type: str = JSON
    after_seconds: float = 0.0
    """How long the connection is held before anything is sent."""
    send_fraction: float = 1.0
    """How much of it is sent before the connection is closed; 0: it is closed without a byte."""


class Refusal(Exception):  # noqa: N818 - reads as what it is
    """The call is answered by a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


ACCESS_DENIED = "Access denied"
SYSTEM_ERROR = "System error"
NO_ANSWER = Answer(send_fraction=0.0)
NOT_FOUND = Answer(status=404, body="<html><body><h1>404 Not Found</h1></body></html>", content_type=HTML)


class MerchantCalls:
    """The calls under `/payment/rest/`."""

    def __init__(self, *, gateway: Gateway, form_url: FormUrl) -> None:
        self._gateway = gateway
        self._form_url = form_url
        self._calls: dict[str, Callable[[Values, float], Answer]] = {
            REGISTER: self._register,
            ACKNOWLEDGE: self._acknowledge,
            CONFIRM: self._confirm,
            STATUS: self._status,
            STATUS_EXTENDED: self._status_extended,
            REFUND: self._refund,
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
        return _spoilt(fault, do(values, now) if fault.has_effect else None, call=call)

    def _occasion(self, call: str, values: Values) -> Occasion:
        order = self._gateway.find_order(values.get("mdOrder") or values.get("orderId") or "")
        if order is not None:
            return occasion_of(order, call=call)
        amount = values.get("amount", "")
        return Occasion(
            call=call,
            merchant=values.get("userName", ""),
            order_number=values.get("orderNumber", ""),
            amount_centimes=int(amount) if _is_amount(amount) else None,
        )

    # register.do

    def _register(self, values: Values, now: float) -> Answer:
        merchant = None
        try:
            merchant = self._authenticated(values)
            order = self._open(merchant, values, now=now)
        except Refusal as refusal:
            return _json(wire.refused_register(refusal.code, refusal.message, merchant=merchant))
        return _json(wire.registered(order, merchant=merchant, form_url=self._form_url(order, merchant)))

    def _open(self, merchant: Merchant, values: Values, *, now: float) -> Order:
        order = self._gateway.register(merchant=merchant, **_wanted(values, merchant=merchant), now=now)
        if order is None:
            raise Refusal(1, "Order with this number was already processed")
        return order

    # The result and status calls

    def _acknowledge(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return _json(wire.refused_register(refusal.code, refusal.message, merchant=None))
        if merchant.wire is Wire.A:
            return NOT_FOUND
        if not values.get("mdOrder"):
            return _json(wire.refused_result(5, "The order identifier is empty"))
        order = self._order_of(merchant, values["mdOrder"])
        if order is None:
            return _unknown_order()
        self._gateway.acknowledge(order, now=now)
        if self._is_hidden(order):
            return _unknown_order()
        readable = now >= order.readable_from
        return _json(wire.result_b(order, language=_language(values, order), readable=readable))

    def _confirm(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return _json(wire.refused_result(refusal.code, refusal.message))
        if not values.get("orderId"):
            return _json(wire.refused_result(1, "The order identifier is empty"))
        order = self._order_of(merchant, values["orderId"])
        if order is None:
            return _json(wire.refused_result(6, "Unknown order id"))
        before = self._gateway.acknowledge(order, now=now)
        if self._is_hidden(order):
            return _json(wire.refused_result(6, "Unknown order id"))
        readable = now >= order.readable_from
        language = _language(values, order)
        return _json(wire.result_a(order, language=language, confirmed_before=before, readable=readable))

    def _status(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return _json(wire.refused_result(refusal.code, refusal.message))
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None:
            return _json(wire.refused_result(6, "Unknown order id"))
        self._gateway.catch_up(order, now=now)
        return _json(wire.status(order, wire=merchant.wire, readable=now >= order.readable_from))

    def _status_extended(self, values: Values, now: float) -> Answer:
        try:
            merchant = self._authenticated(values)
        except Refusal as refusal:
            return _json(wire.refused_extended(refusal.code, refusal.message))
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None and not values.get("orderId"):
            number = values.get("orderNumber", "")
            order = self._gateway.find_order_by_number(merchant=merchant, order_number=number)
        if order is None:
            return _json(wire.refused_extended(6, "Unknown order id"))
        self._gateway.catch_up(order, now=now)
        return _json(
            wire.status_extended(
                order,
                wire=merchant.wire,
                language=_language(values, order),
                readable=now >= order.readable_from,
            )
        )

    # refund.do

    def _refund(self, values: Values, now: float) -> Answer:
        merchant = None
        try:
            merchant = self._authenticated(values)
            self._give_back(merchant, values, now=now)
        except Refusal as refusal:
            return _json(wire.refused_refund(refusal.code, refusal.message, merchant=merchant))
        return _json(wire.refunded(merchant=merchant))

    def _give_back(self, merchant: Merchant, values: Values, *, now: float) -> None:
        if not merchant.may_refund:
            raise Refusal(5, ACCESS_DENIED)
        order = self._order_of(merchant, values.get("orderId", ""))
        if order is None:
            raise Refusal(6, "Unregistered order id")
        amount = values.get("amount", "")
        if not _is_amount(amount):
            raise Refusal(5, "The amount is invalid")
        try:
            self._gateway.refund(
                order, amount_centimes=int(amount), refund_id=values.get("externalRefundId", "")[:32], now=now
            )
        except NothingLeft as error:
            raise Refusal(7, "Refund is impossible for current transaction state") from error
        except WrongAmount as error:
            raise Refusal(5, "The amount is invalid") from error

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


# What a register call must hold


def _wanted(values: Values, *, merchant: Merchant) -> dict[str, Any]:
    """The order that is asked for. Raises Refusal with the code that the portal's table gives to what is wrong."""
    for name, words in (
        ("orderNumber", "order number"),
        ("amount", "amount"),
        ("returnUrl", "return URL"),
    ):
        if not values.get(name):
            raise Refusal(4, f"The {words} is missing")
    if values.get("currency", "") != DINAR:
        raise Refusal(3, "Unknown currency")
    number, amount = values["orderNumber"], values["amount"]
    if not _ORDER_NUMBER.fullmatch(number):
        raise Refusal(5, "The order number is wrong")
    if not _is_amount(amount) or int(amount) < SMALLEST_CENTIMES:
        raise Refusal(5, "The amount is wrong")
    language = values.get("language", "").lower()
    if language not in LANGUAGES:
        raise Refusal(5, "The language is wrong")
    description = values.get("description", "")
    if len(description) > _LONGEST_TEXT:
        raise Refusal(5, "The description is too long")
    params = _json_params(values.get("jsonParams", ""))
    terminal_id = params.pop("force_terminal_id", "")
    if terminal_id not in merchant.terminals:
        raise Refusal(5, ACCESS_DENIED)
    return {
        "order_number": number,
        "amount_centimes": int(amount),
        "currency": DINAR,
        "language": language,
        "return_url": _url(values["returnUrl"], "return URL"),
        "fail_url": _url(values["failUrl"], "fail URL") if values.get("failUrl") else "",
        "description": description,
        "params": params,
        "terminal_id": terminal_id,
        "callback_url": values.get("dynamicCallbackUrl", "")[:_LONGEST_TEXT],
    }


_LONGEST_TEXT = 512
_LONGEST_PARAMS = 1024
_ORDER_NUMBER = re.compile(r"[0-9A-Za-z]{1,10}")
_AMOUNT = re.compile(r"[0-9]{1,12}")
_UDF = re.compile(r"[0-9A-Za-z]{1,20}")
_UDF_NAMES = ("udf1", "udf2", "udf3", "udf4", "udf5")
_FUNDING_TYPES = frozenset({"", "CP", "698"})
_INVALID_PARAMS = "jsonParams is invalid"


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text) is not None


def _url(text: str, words: str) -> str:
    """An absolute web address without anything that a header could not carry."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise Refusal(5, f"The {words} is wrong") from error
    printable = all("!" <= letter <= "~" for letter in text)
    if parts.scheme not in {"http", "https"} or not host or not printable or len(text) > _LONGEST_TEXT:
        raise Refusal(5, f"The {words} is wrong")
    return text


def _json_params(text: str) -> dict[str, str]:
    """`force_terminal_id` and `udf1` to `udf5`; whatever else is in there is dropped."""
    try:
        given = json.loads(text) if len(text) <= _LONGEST_PARAMS else None
    except (ValueError, RecursionError) as error:
        raise Refusal(5, _INVALID_PARAMS) from error
    if not isinstance(given, dict):
        raise Refusal(5, _INVALID_PARAMS)
    params: dict[str, str] = {}
    for name in ("force_terminal_id", *_UDF_NAMES):
        value = given.get(name, "")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refusal(5, _INVALID_PARAMS)
        if value != "":
            if not _UDF.fullmatch(str(value)):
                raise Refusal(5, _INVALID_PARAMS)
            params[name] = str(value)
    if "udf1" not in params or str(given.get("fundingTypeIndicator", "")) not in _FUNDING_TYPES:
        raise Refusal(5, _INVALID_PARAMS)
    return params


def _language(values: Values, order: Order) -> str:
    asked = values.get("language", "").lower()
    return asked if asked in LANGUAGES else order.language


# Answers, and what faults make of them


def _json(body: wire.Body) -> Answer:
    return Answer(body=json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def _unknown_order() -> Answer:
    return Answer(status=401, body='"Transaction is not found"')


def _spoilt(fault: Fault, true_answer: Answer | None, *, call: str) -> Answer:
    """The answer as the fault leaves it. `true_answer` is None when the fault came before the effect."""
    if fault.kind in _FALSE_ANSWERS:
        return _FALSE_ANSWERS[fault.kind]
    match fault.kind:
        case Kind.TIME_OUT:
            return Answer(send_fraction=0.0, after_seconds=fault.seconds)
        case Kind.STATUS:
            return _html_error(fault.status or 502)
        case Kind.ERROR_5:
            return _json(_error(call, 5, ACCESS_DENIED))
        case Kind.ERROR_7:
            return _json(_error(call, 7, SYSTEM_ERROR))
        case Kind.SLOW if true_answer is not None:
            return replace(true_answer, after_seconds=fault.seconds)
        case Kind.TRUNCATED if true_answer is not None:
            return replace(true_answer, send_fraction=0.5)
        case _ if true_answer is not None:
            return _with_wrong_value(fault.kind, true_answer)
    return NO_ANSWER


def _html_error(status: int) -> Answer:
    return Answer(status=status, body=f"<html><body><h1>{status}</h1></body></html>", content_type=HTML)


_FALSE_ANSWERS: Mapping[Kind, Answer] = {
    Kind.CLOSE: NO_ANSWER,
    Kind.TOO_MANY_REQUESTS: _html_error(429),
    Kind.BARE_401: _unknown_order(),
    Kind.HTML: Answer(body="<html><body><h1>Maintenance</h1></body></html>", content_type=HTML),
    Kind.EMPTY: Answer(),
}


def _error(call: str, code: int, message: str) -> wire.Body:
    if call == REGISTER:
        return wire.refused_register(code, message, merchant=None)
    if call == REFUND:
        return wire.refused_refund(code, message, merchant=None)
    if call == STATUS_EXTENDED:
        return wire.refused_extended(code, message)
    return wire.refused_result(code, message)


_WRONG: Mapping[Kind, Mapping[str, Callable[[Any], Any]]] = {
    Kind.WRONG_AMOUNT: {name: lambda centimes: centimes + 100 for name in ("Amount", "amount", "depositAmount")},
    Kind.WRONG_CURRENCY: {"currency": lambda _: "978"},
    Kind.WRONG_ORDER: {name: lambda number: f"{number[:-1]}X" for name in ("OrderNumber", "orderNumber")},
}


def _with_wrong_value(kind: Kind, answer: Answer) -> Answer:
    """The same answer with the value changed wherever it stands; an answer without it stays true."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(body, dict):
        return answer
    for name, change in _WRONG[kind].items():
        if name in body:
            body[name] = change(body[name])
    return replace(_json(body), status=answer.status)
