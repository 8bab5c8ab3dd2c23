"""What goes back over a connection, and what a fault makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.reader.faults import Fault, Kind
from sandbox.reader.transactions import Transaction

JSON = "application/json"
HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Bytes for a connection. `status` and `content_type` matter only where HTTP is spoken."""

    body: bytes = b""
    status: int = 200
    content_type: str = JSON
    after_seconds: float = 0.0
    """How long the connection is held before anything is sent."""
    send_fraction: float = 1.0
    """How much of it is sent before the connection is closed; 0: it is closed without a byte."""
    times: int = 1
    byte_by_byte: bool = False


NO_REPLY = Reply(send_fraction=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The answer comes when the transaction is over; `reply` makes it then."""

    transaction: Transaction
    reply: Callable[[], Reply]


def before_anything(fault: Fault) -> Reply:
    """For a fault of `BEFORE_ANYTHING_KINDS`: the message was read, and nothing came of it."""
    return replace(NO_REPLY, after_seconds=fault.seconds if fault.kind is Kind.SILENT else 0.0)


def spoilt(reply: Reply, fault: Fault | None, *, nonsense: bytes) -> Reply:
    """A true reply as the fault leaves it on the wire."""
    match fault.kind if fault else None:
        case Kind.CLOSE_AFTER_APPROVAL | Kind.IN_PROGRESS | Kind.LOG_WIPED:
            return NO_REPLY
        case Kind.HALF_ANSWER:
            return replace(reply, send_fraction=0.5)
        case Kind.LATE_ANSWER if fault is not None:
            return replace(reply, after_seconds=fault.seconds)
        case Kind.ANSWER_TWICE:
            return replace(reply, times=2)
        case Kind.BYTE_BY_BYTE:
            return replace(reply, byte_by_byte=True)
        case Kind.HTTP_500:
            return replace(reply, status=500, body=nonsense, content_type=HTML)
        case Kind.INVALID_JSON:
            return replace(reply, body=nonsense)
        case _:
            return reply
