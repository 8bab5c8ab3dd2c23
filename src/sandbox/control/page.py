"""The control page: the control API for people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.gateway import callnames
from sandbox.gateway.faults import DEFAULT_SECONDS, Kind
from sandbox.gateway.settings import Unusable
from sandbox.web import language_of, page, values_of, world_of
from sandbox.world import World

_CALLS = (*callnames.ALL, "page")
_ADDRESS = "/control/"


async def control_page(request: Request) -> Response:
    """GET shows; POST does one thing (`do`) and shows again. What cannot be done is said on the page."""
    if request.method == "GET":
        return _show(request)
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return _show(request, problem="Another site may not control the sandbox.", status=403)
    try:
        _do(world_of(request), await values_of(request))
    except Unusable as error:
        return _show(request, problem=str(error), status=422)
    return RedirectResponse(f"{_ADDRESS}?language={language_of(request)}", status_code=303)


def _do(world: World, values: dict[str, str]) -> None:
    match values.get("do"):
        case "settings":
            known = world.gateway.settings.to_row()
            world.gateway.use(world.gateway.settings.changed({name: values[name] for name in known if name in values}))
        case "advance":
            world.clock.advance(seconds=_number(values, "seconds"))
            world.keep_clock()
            world.tick()
        case "fault":
            world.faults.add(_fault_row(values), now=world.clock.now())
        case "remove_fault":
            world.faults.remove(values.get("identifier", ""))
        case "unlock":
            card = world.gateway.issuer.find_card(values.get("card", ""))
            if card is not None:
                world.gateway.issuer.unlock(card)
        case "reset":
            world.reset()
        case _:
            raise Unusable("There is nothing of that name to do.")


def _fault_row(values: dict[str, str]) -> dict[str, object]:
    row: dict[str, object] = {
        name: values[name] for name in ("kind", "call", "card", "order_number") if values.get(name)
    }
    for name in ("times", "amount_centimes", "status"):
        if values.get(name):
            row[name] = int(_number(values, name))
    if values.get("seconds"):
        row["seconds"] = _number(values, "seconds")
    if values.get("effect") in {"yes", "no"}:
        row["effect"] = values["effect"] == "yes"
    return row


_LARGEST_NUMBER = 10**9


def _number(values: dict[str, str], name: str) -> float:
    try:
        number = float(values.get(name, ""))
    except ValueError as error:
        raise Unusable(f"{name!r} is a number.") from error
    if not abs(number) <= _LARGEST_NUMBER:
        raise Unusable(f"{name!r} is too large.")
    return number


def _show(request: Request, *, problem: str = "", status: int = 200) -> Response:
    world = world_of(request)
    issuer = world.gateway.issuer
    return page(
        request,
        "control.html",
        {
            "problem": problem,
            "settings": world.gateway.settings.to_row(),
            "now": world.clock.now(),
            "shift_seconds": world.clock.shift_seconds,
            "faults": world.faults.rules(),
            "kinds": list(Kind),
            "calls": _CALLS,
            "default_seconds": DEFAULT_SECONDS,
            "locked_cards": [card for card in issuer.cards() if issuer.is_locked(card)],
        },
        language=language_of(request),
        status=status,
    )


routes = [Route(_ADDRESS, control_page, methods=["GET", "POST"])]
