"""What comes back over the connection, and what a fault makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.gateway import wire
from sandbox.gateway.callnames import READING, REGISTER, REGISTER_HOLD, STATUS_EXTENDED
from sandbox.gateway.faults import Fault, Kind
from sandbox.gateway.wanted import ACCESS_DENIED

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"
SYSTEM_ERROR = "System error"


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


NO_ANSWER = Answer(send_fraction=0.0)
NOT_FOUND = Answer(status=404, body="<html><body><h1>404 Not Found</h1></body></html>", content_type=HTML)


def in_json(body: wire.Body) -> Answer:
    return Answer(body=json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def unknown_order() -> Answer:
    return Answer(status=401, body='"Transaction is not found"')


def spoilt(fault: Fault, true_answer: Answer | None, *, call: str) -> Answer:
    """The answer as the fault leaves it. `true_answer` is None when the fault came before the effect."""
    if fault.kind in _FALSE_ANSWERS:
        return _FALSE_ANSWERS[fault.kind]
    match fault.kind:
        case Kind.TIME_OUT:
            return Answer(send_fraction=0.0, after_seconds=fault.seconds)
        case Kind.STATUS:
            return _html_error(fault.status or 502)
        case Kind.ERROR_5:
            return in_json(_error(call, 5, ACCESS_DENIED))
        case Kind.ERROR_7:
            return in_json(_error(call, 7, SYSTEM_ERROR))
        case Kind.SLOW if true_answer is not None:
            return replace(true_answer, after_seconds=fault.seconds)
        case Kind.REPEATED if true_answer is not None:
            return true_answer
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
    Kind.BARE_401: unknown_order(),
    Kind.HTML: Answer(body="<html><body><h1>Maintenance</h1></body></html>", content_type=HTML),
    Kind.EMPTY: Answer(),
}


def _error(call: str, code: int, message: str) -> wire.Body:
    if call == STATUS_EXTENDED:
        return wire.refused_extended(code, message, merchant=None)
    if call in READING:
        return wire.refused_result(code, message, merchant=None)
    if call in {REGISTER, REGISTER_HOLD}:
        return wire.refused_register(code, message, merchant=None)
    return wire.refused_change(code, message, merchant=None)


def _another_number(number: str) -> str:
    """Looks like the order's own, and is never it."""
    return f"{number[:-1]}{'Y' if number.endswith('X') else 'X'}"


_WRONG: Mapping[Kind, Mapping[str, Callable[[Any], Any]]] = {
    Kind.WRONG_AMOUNT: {name: lambda centimes: centimes + 100 for name in ("Amount", "amount", "depositAmount")},
    Kind.WRONG_CURRENCY: {"currency": lambda _: "978"},
    Kind.WRONG_ORDER: dict.fromkeys(("OrderNumber", "orderNumber"), _another_number),
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
    return replace(in_json(body), status=answer.status)
