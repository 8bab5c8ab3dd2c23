"""Where merchants hand over text messages: the HTTP contract of docs/reference/sms.md, and its faults.

Like a provider's door it knows a message by its identifier and takes it once.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.gateway.faults import SMS_KINDS, Fault, Kind, Moment
from sandbox.web import body_of, world_of
from sandbox.world import World

ADDRESS = "/sms/messages"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 1600
_BAD_GATEWAY = 502
_FOR_NOW = 429


async def messages(request: Request) -> Response:
    """POST one message: 202 accepted, 422 rejected, 401 without a key."""
    if not re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")):
        return _answer(401, "rejected", "A key is needed: Authorization: Bearer …")
    message = _read(await body_of(request))
    if message is None:
        return _answer(422, "rejected", "A message has id, to (E.164), text and sender.")
    world = world_of(request)
    fault = world.faults.draw(Moment.SMS, kinds=SMS_KINDS)
    match fault.kind if fault else None:
        case Kind.SMS_REFUSED if fault is not None and fault.status == _FOR_NOW:
            return _answer(_FOR_NOW, "later", "Too many messages.")
        case Kind.SMS_REFUSED:
            return _answer(422, "rejected", f"The number {message['to']} is not in service.")
        case Kind.SMS_STATUS if fault is not None:
            return _broken(world, message, fault)
        case _:
            return await _taken(world, message, fault)


async def _taken(world: World, message: dict[str, str], fault: Fault | None) -> Response:
    is_known = world.phone.has(message["id"])
    copies = 2 if fault is not None and fault.kind is Kind.SMS_TWICE else 0 if is_known else 1
    for _ in range(copies):
        _deliver(world, message)
    if fault is not None and fault.kind is Kind.SMS_SLOW:
        await asyncio.sleep(fault.seconds)
    return _answer(200 if is_known else 202, "accepted")


def _broken(world: World, message: dict[str, str], fault: Fault) -> Response:
    if fault.has_effect and not world.phone.has(message["id"]):
        _deliver(world, message)
    return Response("<html><body>Bad gateway</body></html>", status_code=fault.status or _BAD_GATEWAY)


def _deliver(world: World, message: dict[str, str]) -> None:
    world.phone.receive(
        phone=message["to"],
        text=message["text"],
        sender=message["sender"],
        identifier=message["id"],
        now=world.clock.now(),
    )


def _read(body: bytes) -> dict[str, str] | None:
    """The four fields, each a text that can be shown; None when anything is missing or out of bounds."""
    try:
        read: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or set(read) != {"id", "to", "text", "sender"}:
        return None
    if not all(isinstance(value, str) and value and _can_be_shown(value) for value in read.values()):
        return None
    return read if _E164.fullmatch(read["to"]) and len(read["text"]) <= _LONGEST else None


def _can_be_shown(text: str) -> bool:
    """Half of a surrogate pair is good JSON, and no text."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _answer(status: int, word: str, reason: str = "") -> Response:
    return JSONResponse({"status": word, **({"reason": reason} if reason else {})}, status_code=status)


routes = [Route(ADDRESS, messages, methods=["POST"])]
