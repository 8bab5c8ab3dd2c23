"""The control API for the company's own billing system: its secrets, what it was told, and how it misbehaves."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.control.asking import asked_of, only, route, text, whole
from sandbox.gateway.settings import Unusable
from sandbox.web import world_of


async def system(request: Request) -> Response:
    """GET lists what it was told, newest first; POST gives it its `secrets`; DELETE ends every oddity."""
    letterbox, name = world_of(request).letterbox, request.path_params["system"]
    if request.method == "POST":
        asked = await asked_of(request)
        only(asked, "secrets")
        secrets = asked.get("secrets")
        if not isinstance(secrets, list) or not all(isinstance(secret, str) for secret in secrets):
            raise Unusable("'secrets' is a list of texts.")
        letterbox.trust(name, secrets)
    if request.method == "DELETE":
        letterbox.behave(name)
    return JSONResponse({"told": [told.to_row() for told in letterbox.told(name)]})


async def oddity(request: Request) -> Response:
    """POST wishes for one: `kind` slow (`seconds`), status or redirect (`status`), or hang_up; so many `times`."""
    asked = await asked_of(request)
    only(asked, "kind", "times", "seconds", "status")
    kind = text(asked, "kind")
    world_of(request).letterbox.wish(
        request.path_params["system"],
        kind=kind,
        times=whole(asked, "times") if "times" in asked else 1,
        seconds=whole(asked, "seconds") if "seconds" in asked else 30,
        status=whole(asked, "status") if "status" in asked else (307 if kind == "redirect" else 500),
    )
    return JSONResponse({}, status_code=201)


routes = [
    route("billing/{system}", system, "GET", "POST", "DELETE"),
    route("billing/{system}/oddities", oddity, "POST"),
]
