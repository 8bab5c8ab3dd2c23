"""What all addresses of the control API share: reading what was sent, answering what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.gateway.settings import Unusable
from sandbox.web import body_of

Handler = Callable[[Request], Awaitable[Response]]

_HALF_A_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")


class NotHere(Exception):  # noqa: N818 - reads as what it is
    """Nothing has this name."""


def _guarded(handler: Handler) -> Handler:
    """Turns what is wrong with a request into an answer that says so."""

    async def guarded(request: Request) -> Response:
        if request.method != "GET" and request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return _error(403, "Another site may not control the sandbox.")
        try:
            return await handler(request)
        except NotHere as error:
            return _error(404, str(error) or "There is no such thing.")
        except Unusable as error:
            return _error(422, str(error))

    return guarded


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)


async def asked_of(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object. Raises Unusable."""
    body = await body_of(request)
    try:
        asked = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Unusable("The body is not JSON.") from error
    if not isinstance(asked, dict):
        raise Unusable("The body is not a JSON object.")
    if _HALF_A_LETTER.search(body):
        # Half of a surrogate pair is good JSON, but no text: it could never be shown again.
        raise Unusable("The body holds escapes of surrogates; send the letters themselves.")
    return asked


def only(asked: Mapping[str, Any], *names: str) -> None:
    unknown = sorted(set(asked) - set(names))
    if unknown:
        raise Unusable(f"Not known here: {', '.join(unknown)}. Known: {', '.join(names)}.")


def text(asked: Mapping[str, Any], name: str, default: str = "") -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise Unusable(f"{name!r} is a text.")
    return value


def whole(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name)
    if type(value) is not int or abs(value) > 10**15:
        raise Unusable(f"{name!r} is a whole number.")
    return value


def route(path: str, handler: Handler, *methods: str) -> Route:
    return Route(f"/control/{path}", _guarded(handler), methods=list(methods or ("GET",)))
