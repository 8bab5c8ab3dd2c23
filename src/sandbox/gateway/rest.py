"""The merchant's calls over HTTP: GET with a query, POST with a form."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answering import OnTheWire
from sandbox.web import values_of, world_of

_log = logging.getLogger("sandbox.gateway")


async def merchant_call(request: Request) -> Response:
    world = world_of(request)
    call = request.path_params["call"].lstrip("/")  # a base address that ends in a slash is common, and forgiven
    answer = world.calls.answer(call, await values_of(request), now=world.clock.now())
    _log.info("%s %s -> %s", request.method, call, answer.status)
    return OnTheWire(answer)


routes = [Route("/payment/rest/{call:path}", merchant_call, methods=["GET", "POST"])]
