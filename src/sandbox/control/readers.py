"""The control API for readers: adding them, playing the customer, and the faults that they are asked to play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.control import shown
from sandbox.control.asking import NotHere, asked_of, only, route, text, whole
from sandbox.gateway.settings import Unusable
from sandbox.reader.faults import Kind, ReaderFaults
from sandbox.reader.fleet import Place
from sandbox.reader.settings import How, ReaderSettings
from sandbox.web import ports_of, world_of


def _place(request: Request) -> Place:
    found = world_of(request).readers.find(request.path_params["poi_id"])
    if found is None:
        raise NotHere("There is no such reader.")
    found.reader.catch_up(now=world_of(request).clock.now())
    return found


def _shown(request: Request, place: Place) -> dict[str, Any]:
    world, ports = world_of(request), ports_of(request)
    poi_id = place.reader.settings.poi_id
    return shown.reader(place.reader, port=ports.port_of(poi_id), now=world.clock.now()) | {
        "screen": f"{world.public_url}/reader/{poi_id}/"
    }


async def readers(request: Request) -> Response:
    """GET lists; POST adds one, or gives the one with the same `poi_id` other settings."""
    world, ports = world_of(request), ports_of(request)
    if request.method == "POST":
        settings = ReaderSettings.from_row(await asked_of(request))
        known = world.readers.find(settings.poi_id)
        before = known.reader.settings if known else None
        place = world.readers.put(settings)
        try:
            await ports.open(place)
        except OSError as error:
            if before is None:
                world.readers.remove(settings.poi_id)
            else:
                await ports.open(world.readers.put(before))
            raise Unusable(f"Its port cannot be opened: {error.strerror or error}") from error
        return JSONResponse(_shown(request, place) | {"ca_pem": ports.ca_pem}, status_code=201)
    return JSONResponse({"ca_pem": ports.ca_pem, "readers": [_shown(request, each) for each in world.readers.places()]})


async def one_reader(request: Request) -> Response:
    """GET reads; POST changes the named settings; DELETE takes it away."""
    world, ports, place = world_of(request), ports_of(request), _place(request)
    if request.method == "DELETE":
        await ports.shut(place.reader.settings.poi_id)
        world.readers.remove(place.reader.settings.poi_id)
        return JSONResponse({"removed": True})
    if request.method == "POST":
        changes = await asked_of(request)
        if {"poi_id", "protocol", "port", "certificate_name"} & set(changes):
            raise Unusable("Its name, protocol, port and certificate are changed by adding it again.")
        place = world.readers.put(place.reader.settings.changed(changes))
    return JSONResponse(_shown(request, place) | {"ca_pem": ports.ca_pem})


async def transactions(request: Request) -> Response:
    """Newest first, each beside the issuer's own books."""
    reader = _place(request).reader
    listed = [shown.reader_transaction(each, reader.issuer) for each in reversed(reader.transactions())]
    return JSONResponse({"count": len(listed), "transactions": listed})


async def act(request: Request) -> Response:
    """Somebody does one thing at the reader; `done` is false when the reader did not heed it."""
    place, now = _place(request), world_of(request).clock.now()
    reader, asked = place.reader, await asked_of(request)
    match request.path_params["verb"]:
        case "card":
            only(asked, "card", "how")
            how = text(asked, "how", How.CONTACT)
            if how not in set(How):
                raise Unusable(f"'how' is one of: {', '.join(How)}.")
            card = text(asked, "card", reader.settings.autopilot_card)
            done = reader.present_card(card, how=How(how), now=now)
        case "pin":
            only(asked, "pin")
            done = reader.give_pin(text(asked, "pin", reader.settings.autopilot_pin), now=now)
        case "cancel":
            only(asked)
            done = reader.press_red(now=now)
        case "remove-card":
            only(asked)
            done = bool(reader.card_in)
            reader.remove_card(now=now)
        case "paper":
            only(asked)
            done = not reader.has_paper
            reader.put_paper_in()
        case "restart":
            only(asked, "wipe")
            done = True
            reader.restart(now=now, wipe=bool(asked.get("wipe")))
        case _:
            raise NotHere
    return JSONResponse(_shown(request, place) | {"done": done})


async def faults(request: Request) -> Response:
    """GET lists, POST adds one, DELETE removes all (and may give a new `seed`)."""
    world = world_of(request)
    plan = world.readers.faults
    if request.method == "POST":
        fault = plan.add(await asked_of(request), now=world.clock.now())
        await ports_of(request).catch_up()
        return JSONResponse(fault.to_row(), status_code=201)
    if request.method == "DELETE":
        asked = await asked_of(request)
        only(asked, "seed")
        plan.clear(seed=whole(asked, "seed") if "seed" in asked else None)
        await ports_of(request).catch_up()
    return JSONResponse({"seed": plan.seed, "faults": [fault.to_row() for fault in plan.rules()]})


async def one_fault(request: Request) -> Response:
    if not world_of(request).readers.faults.remove(request.path_params["identifier"]):
        raise NotHere("There is no such fault.")
    await ports_of(request).catch_up()
    return JSONResponse({"removed": True})


async def drawn_faults(request: Request) -> Response:
    """Faults drawn from a seed: `{"seed": 42, "rates": {"half_answer": 0.02, …}}`, in place of all others."""
    world = world_of(request)
    asked = await asked_of(request)
    only(asked, "seed", "rates", "seconds", "polls", "call", "poi_id")
    rates = asked.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise Unusable(f"'rates' gives each kind its rate from 0 to 1; the kinds are: {', '.join(Kind)}.")
    seed = whole(asked, "seed")
    added = _add_all(world.readers.faults, asked, rates, seed=seed, now=world.clock.now())
    return JSONResponse({"seed": seed, "faults": added}, status_code=201)


def _add_all(
    plan: ReaderFaults, asked: Mapping[str, Any], rates: Mapping[str, Any], *, seed: int, now: float
) -> list[dict[str, Any]]:
    shared = {name: asked[name] for name in ("seconds", "polls", "call", "poi_id") if name in asked}
    rows = [{**shared, "kind": kind, "rate": rate} for kind, rate in rates.items()]
    # Tried on the side first, so that a wrong rate changes nothing.
    trial = ReaderFaults()
    for row in rows:
        trial.add(row, now=now)
    plan.clear(seed=seed)
    return [plan.add(row, now=now).to_row() for row in rows]


routes = [
    route("readers", readers, "GET", "POST"),
    route("readers/{poi_id}", one_reader, "GET", "POST", "DELETE"),
    route("readers/{poi_id}/transactions", transactions),
    route("readers/{poi_id}/{verb}", act, "POST"),
    route("reader-faults", faults, "GET", "POST", "DELETE"),
    route("reader-faults/drawn", drawn_faults, "POST"),
    route("reader-faults/{identifier}", one_fault, "DELETE"),
]
