"""The bank on screen: its files, a button that closes the day, and a wish for something to go wrong."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.bank.disorders import Kind, day_of
from sandbox.gateway.settings import Unusable
from sandbox.times import local_time
from sandbox.web import language_of, page, values_of, world_of
from sandbox.world import World

_MOST_SHOWN = 200


async def bank(request: Request) -> Response:
    """GET shows; POST does one thing (`do`) and shows again. What cannot be done is said on the page."""
    if request.method == "GET":
        return _show(request)
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return _show(request, problem="Another site may not close the bank's days.", status=403)
    try:
        _do(world_of(request), await values_of(request))
    except Unusable as error:
        return _show(request, problem=str(error), status=422)
    return RedirectResponse(f"/bank/?language={language_of(request)}", status_code=303)


def _do(world: World, values: dict[str, str]) -> None:
    match values.get("do"):
        case "close":
            world.tick()
            day = day_of(values.get("day"))
            if day > local_time(world.clock.now()).date():
                raise Unusable("A day that has not come cannot be closed.")
            world.bank.close_day(day)
        case "wish":
            world.bank.disorders.wish({"kind": values.get("kind"), "merchant": values.get("merchant", "")})
        case _:
            raise Unusable("There is nothing of that name to do.")


def _show(request: Request, *, problem: str = "", status: int = 200) -> Response:
    world = world_of(request)
    values = {
        "problem": problem,
        "today": local_time(world.clock.now()).date(),
        "files": world.bank.files()[: -_MOST_SHOWN - 1 : -1],
        "kinds": list(Kind),
        "merchants": world.gateway.merchants.all(),
        "wishes": world.bank.disorders.wishes(),
        "done": world.bank.disorders.done()[: -_MOST_SHOWN - 1 : -1],
    }
    return page(request, "bank.html", values, language=language_of(request), status=status)


routes = [Route("/bank/", bank, methods=["GET", "POST"])]
