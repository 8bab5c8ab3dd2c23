"""The control API for the bank: its contracts, the days that it closes, its files, and what goes wrong with them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bank.disorders import Kind, day_of
from sandbox.bank.files import BankFile
from sandbox.control.asking import NotHere, asked_of, only, route, text, whole
from sandbox.gateway.settings import Unusable
from sandbox.times import local_time
from sandbox.web import world_of


def shown(file: BankFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "which": file.which,
        "merchant": file.merchant,
        "day": file.day.isoformat(),
        "bytes": len(file.content),
        "address": f"/control/bank/files/{file.name}",
    }


async def contracts(request: Request) -> Response:
    """GET lists the contract and the account of every merchant; POST changes what it names of one `merchant`."""
    bank = world_of(request).bank
    if request.method == "POST":
        asked = await asked_of(request)
        known = bank.settings_of(text(asked, "merchant"))
        bank.use(known.changed({name: value for name, value in asked.items() if name != "merchant"}))
    return JSONResponse({"merchants": [each.to_row() for each in bank.settings()]})


async def close_day(request: Request) -> Response:
    """Closes a `day` (today unless told) and the open ones before it, for one `merchant` or all. Safe to repeat."""
    world = world_of(request)
    asked = await asked_of(request)
    only(asked, "day", "merchant")
    world.tick()
    today = local_time(world.clock.now()).date()
    day = day_of(asked["day"]) if "day" in asked else today
    if day > today:
        raise Unusable("A day that has not come cannot be closed.")
    handed = world.bank.close_day(day, merchant=text(asked, "merchant"))
    return JSONResponse({"day": day.isoformat(), "files": [shown(each) for each in handed]})


async def files(request: Request) -> Response:
    """In the order in which they were handed over; `merchant`, `which` and `day` narrow it down."""
    wanted = request.query_params
    rows = [shown(each) for each in world_of(request).bank.files()]
    narrow = [name for name in ("merchant", "which", "day") if name in wanted]
    return JSONResponse({"files": [row for row in rows if all(row[name] == wanted[name] for name in narrow)]})


async def one_file(request: Request) -> Response:
    """The file itself."""
    file = world_of(request).bank.find_file(request.path_params["name"])
    if file is None:
        raise NotHere("There is no such file.")
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"}
    return Response(file.content, media_type=file.content_type, headers=headers)


async def disorders(request: Request) -> Response:
    """GET lists what is wished for and what was done; POST wishes for one; DELETE forgets the wishes and rates."""
    plan = world_of(request).bank.disorders
    if request.method == "POST":
        return JSONResponse(plan.wish(await asked_of(request)).to_row(), status_code=201)
    if request.method == "DELETE":
        plan.forget_wishes()
    return JSONResponse(
        {
            "seed": plan.seed,
            "rates": dict(plan.rates()),
            "wished": [each.to_row() for each in plan.wishes()],
            "done": [each.to_row() for each in plan.done()],
        }
    )


async def drawn_disorders(request: Request) -> Response:
    """Disorders drawn from a seed: `{"seed": 42, "rates": {"changed_amount": 0.1, …}}`, in place of all others."""
    plan = world_of(request).bank.disorders
    asked = await asked_of(request)
    only(asked, "seed", "rates")
    rates = asked.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise Unusable(f"'rates' gives each kind its rate from 0 to 1; the kinds are: {', '.join(Kind)}.")
    plan.draw_at(seed=whole(asked, "seed"), rates=rates)
    return JSONResponse({"seed": plan.seed, "rates": dict(plan.rates())}, status_code=201)


routes = [
    route("bank/contracts", contracts, "GET", "POST"),
    route("bank/close-day", close_day, "POST"),
    route("bank/files", files),
    route("bank/files/{name}", one_file),
    route("bank/disorders", disorders, "GET", "POST", "DELETE"),
    route("bank/disorders/drawn", drawn_disorders, "POST"),
]
