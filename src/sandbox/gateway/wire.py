"""The bodies of the gateway's answers, field for field and in the order seen on the wire. No field is ours."""

from __future__ import annotations

from html.entities import codepoint2name
from typing import Any

from sandbox.gateway.cards import masked
from sandbox.gateway.merchants import Codes, Merchant
from sandbox.gateway.orders import AUTHORISED_STATES, Order, State
from sandbox.gateway.outcomes import CANCELLED, DECLINED_BY_MERCHANT, NOT_ATTEMPTED, Outcome, Wire

Body = dict[str, Any]

_MILLISECONDS = 1000
_DECLINED_A = "Order is not confirmed due to order's state"


def registered(order: Order, *, merchant: Merchant, form_url: str) -> Body:
    return {
        "errorCode": _code(0, merchant=merchant, seen_as_text=merchant.wire is Wire.A),
        "orderId": order.md_order,
        "formUrl": form_url,
    }


def refused_register(code: int, message: str, *, merchant: Merchant | None) -> Body:
    seen_as_text = merchant is not None and merchant.wire is Wire.A
    return {"errorCode": _code(code, merchant=merchant, seen_as_text=seen_as_text), "errorMessage": message}


def changed(*, merchant: Merchant) -> Body:
    """The answer of everything that changes an order."""
    return {"errorCode": _code(0, merchant=merchant, seen_as_text=True)}


def refused_change(code: int, message: str, *, merchant: Merchant | None) -> Body:
    return {"errorCode": _code(code, merchant=merchant, seen_as_text=True), "errorMessage": message}


def refused_result(code: int, message: str, *, merchant: Merchant | None) -> Body:
    """The refusal of a result or status call with capitalised fields."""
    return {"ErrorCode": _result_code(code, merchant=merchant), "ErrorMessage": message}


def refused_extended(code: int, message: str, *, merchant: Merchant | None) -> Body:
    error_code = _result_code(code, merchant=merchant)
    return {"errorCode": error_code, "errorMessage": message, "merchantOrderParams": [], "attributes": []}


def result_b(order: Order, *, merchant: Merchant, language: str, readable: bool = True) -> Body:
    """What `acknowledgeTransaction.do` answers."""
    outcome = order.outcome if readable else NOT_ATTEMPTED
    state = order.state if readable else State.REGISTERED
    body: Body = {}
    if order.has_card and outcome is not NOT_ATTEMPTED:
        body |= {"expiration": order.card_expiry, "cardholderName": order.card_holder}
    body |= {"depositAmount": order.deposited_centimes if readable else 0, "currency": order.currency}
    if outcome.accepted:
        body |= {"authorizationResponseId": order.approval_code, "approvalCode": order.approval_code}
    declined = state is State.DECLINED
    body |= {
        "actionCode": outcome.action_code(Wire.B),
        "actionCodeDescription": outcome.sentence(language),
        "ErrorCode": _result_code(2 if declined else 0, merchant=merchant),
        "ErrorMessage": "Payment is declined" if declined else "Success",
        "OrderStatus": state.on_the_wire,
        "OrderNumber": order.order_number,
        "Pan": _pan(order, outcome, wire=Wire.B),
        "Amount": order.amount_centimes,
    }
    if order.has_card and outcome is not NOT_ATTEMPTED:
        body["Ip"] = order.payer_ip
    if outcome.response_code is not None:
        body["params"] = _params(order, outcome, language=language)
    if order.description:
        body["Description"] = _with_entities(order.description)
    if outcome.response_code is not None:
        body["SvfeResponse"] = outcome.response_code
    return body


def result_a(order: Order, *, merchant: Merchant, language: str, confirmed_before: bool, readable: bool = True) -> Body:
    """What `confirmOrder.do` answered on the older wire."""
    outcome = order.outcome if readable else NOT_ATTEMPTED
    state = order.state if readable else State.REGISTERED
    code, message = 3, _DECLINED_A
    if state in AUTHORISED_STATES or state is State.REVERSED:
        code, message = (2, "Order is already confirmed") if confirmed_before else (0, "Success")
    elif outcome in {CANCELLED, DECLINED_BY_MERCHANT}:
        message = "Payment is cancelled"
    error_code = _result_code(code, merchant=merchant)
    body = _capitalised(order, outcome, state, code=error_code, message=message, readable=readable, wire=Wire.A)
    asked = outcome.response_code is not None
    body["params"] = _params(order, outcome, language=language) if asked else {}
    body["actionCode"] = outcome.action_code(Wire.A)
    body["actionCodeDescription"] = (
        outcome.sentence(language) if outcome.accepted or not asked else f"processing.error.{body['actionCode']}"
    )
    if order.description:
        body["Description"] = _with_entities(order.description)
    return body


def status(order: Order, *, merchant: Merchant, readable: bool = True) -> Body:
    """What `getOrderStatus.do` answers: the older shape on both wires, and never more than a reading."""
    outcome = order.outcome if readable else NOT_ATTEMPTED
    state = order.state if readable else State.REGISTERED
    declined = state is State.DECLINED
    return _capitalised(
        order,
        outcome,
        state,
        code=_result_code(2 if declined else 0, merchant=merchant),
        message="Payment is declined" if declined else "Success",
        readable=readable,
        wire=merchant.wire,
    )


def status_extended(order: Order, *, merchant: Merchant, language: str, readable: bool = True) -> Body:
    """What `getOrderStatusExtended.do` answers."""
    outcome = order.outcome if readable else NOT_ATTEMPTED
    state = order.state if readable else State.REGISTERED
    sent = {"force_terminal_id": order.terminal_id, **order.params}
    body: Body = {
        "errorCode": _result_code(0, merchant=merchant),
        "errorMessage": "Success",
        "orderNumber": order.order_number,
        "orderStatus": state.on_the_wire,
        "actionCode": outcome.action_code(merchant.wire),
        "actionCodeDescription": outcome.sentence(language),
        "amount": order.amount_centimes,
        "currency": order.currency,
        "date": int(order.registered_at * _MILLISECONDS),
        "orderDescription": order.description,
        "ip": order.payer_ip,
        "merchantOrderParams": [{"name": name, "value": value} for name, value in sent.items()],
        "attributes": [{"name": "mdOrder", "value": order.md_order}],
    }
    if order.has_card and outcome is not NOT_ATTEMPTED:
        body["cardAuthInfo"] = {
            "pan": masked(order.card_first6 + order.card_last4, wire=Wire.A),
            "expiration": order.card_expiry,
            "cardholderName": order.card_holder,
        }
        if outcome.accepted:
            body["cardAuthInfo"] |= {
                "approvalCode": order.approval_code,
                "authorizationResponseId": order.approval_code,
            }
    if order.ended_at and readable:
        body["authDateTime"] = int((order.paid_at or order.ended_at) * _MILLISECONDS)
    body["terminalId"] = order.terminal_id
    if outcome.accepted:
        body["authRefNum"] = order.approval_code.rjust(12, "0")
    body["fraudLevel"] = 0
    return body


def _capitalised(
    order: Order,
    outcome: Outcome,
    state: State,
    *,
    code: int | str,
    message: str,
    readable: bool,
    wire: Wire,
) -> Body:
    body: Body = {}
    card_given = order.has_card and outcome is not NOT_ATTEMPTED
    if card_given:
        body |= {"expiration": order.card_expiry, "cardholderName": _starred(order.card_holder)}
    body |= {"depositAmount": order.deposited_centimes if readable else 0, "currency": order.currency}
    if outcome.accepted:
        body["approvalCode"] = order.approval_code
    body |= {
        "authCode": 2,
        "ErrorCode": code,
        "ErrorMessage": message,
        "OrderStatus": state.on_the_wire,
        "OrderNumber": order.order_number,
        "Pan": _pan(order, outcome, wire=wire),
        "Amount": order.amount_centimes,
    }
    if card_given:
        body["Ip"] = order.payer_ip
    if outcome.response_code is not None:
        body["SvfeResponse"] = outcome.response_code
    return body


def _params(order: Order, outcome: Outcome, *, language: str) -> dict[str, str]:
    return {
        "respCode_desc": outcome.sentence(language),
        **order.params,
        "respCode": outcome.response_code or "",
    }


def _pan(order: Order, outcome: Outcome, *, wire: Wire) -> str:
    if outcome is NOT_ATTEMPTED:
        return ""
    return masked(order.card_first6 + order.card_last4, wire=wire)


def _starred(holder: str) -> str:
    return holder[:2] + "*" * len(holder[2:])


def _result_code(code: int, *, merchant: Merchant | None) -> int | str:
    """The error code of a call that only reads: a text unless the merchant wants numbers."""
    return code if merchant is not None and merchant.result_codes is Codes.NUMBER else str(code)


def _code(code: int, *, merchant: Merchant | None, seen_as_text: bool) -> int | str:
    codes = merchant.codes if merchant else Codes.AS_SEEN
    if codes is Codes.STRING or (codes is Codes.AS_SEEN and seen_as_text):
        return str(code)
    return code


def _with_entities(text: str) -> str:
    """Accented letters come back as HTML entities; what has no entity of its own stays."""
    return "".join(f"&{codepoint2name[ord(letter)]};" if ord(letter) in codepoint2name else letter for letter in text)
