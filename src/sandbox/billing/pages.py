"""The door at which webhooks come in, and the page that shows them."""

from __future__ import annotations

import asyncio
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.answering import OnTheWire
from sandbox.gateway.spoiling import NO_ANSWER
from sandbox.web import body_of, language_of, page, world_of

_MOST_SHOWN = 100
_SYSTEM = re.compile(r"[a-z0-9-]{1,30}")


async def webhooks(request: Request) -> Response:
    """POST one: 200 when it is signed rightly, 401 when not; or met oddly, as somebody has wished."""
    system = request.path_params["system"]
    if not _SYSTEM.fullmatch(system):
        return JSONResponse({"error": "Unknown system."}, status_code=404)
    world = world_of(request)
    body = await body_of(request)
    oddity = world.letterbox.draw(system)
    if oddity is not None and oddity.kind == "slow":
        await asyncio.sleep(oddity.seconds)
    status = oddity.status if oddity is not None and oddity.kind in {"status", "redirect"} else 200
    told = world.letterbox.receive(system, headers=request.headers, body=body, status=status, now=world.clock.now())
    if oddity is not None and oddity.kind == "redirect":
        return RedirectResponse(f"/billing/{system}/webhooks/moved", status_code=status)
    if oddity is not None and oddity.kind == "hang_up":
        return OnTheWire(NO_ANSWER)
    return JSONResponse({"verdict": told.verdict}, status_code=told.status)


async def told_page(request: Request) -> Response:
    """What was told, newest first."""
    told = world_of(request).letterbox.told()[:_MOST_SHOWN]
    return page(request, "billing.html", {"told": told}, language=language_of(request))


routes = [Route("/billing/", told_page), Route("/billing/{system}/webhooks", webhooks, methods=["POST"])]
