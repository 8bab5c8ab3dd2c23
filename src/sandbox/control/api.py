"""The control API: JSON over HTTP, for tests, benchmarks and demonstrations. It answers `{"error": …}` to bad input."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import Clock
from sandbox.control import shown
from sandbox.control.asking import NotHere, asked_of, only, route, text, whole
from sandbox.control.paying import GOOD_CARD, pay
from sandbox.gateway.faults import FaultPlan, Kind
from sandbox.gateway.issuer import Account
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.settings import Unusable
from sandbox.gateway.wanted import LANGUAGES
from sandbox.web import world_of

_MOST_LISTED = 1000
_MOST_SHIFT_SECONDS = 10 * 366 * 86_400


# Being there


async def health(request: Request) -> Response:
    world = world_of(request)
    return JSONResponse({"ready": True, "public_url": world.public_url, "now": world.clock.now()})


async def reset(request: Request) -> Response:
    """Back to the first day. Safe to repeat."""
    world_of(request).reset()
    return JSONResponse({"reset": True})


# Settings and time


async def settings(request: Request) -> Response:
    """GET reads, POST changes the named ones."""
    gateway = world_of(request).gateway
    if request.method == "POST":
        gateway.use(gateway.settings.changed(await asked_of(request)))
    return JSONResponse(gateway.settings.to_row())


async def clock(request: Request) -> Response:
    """GET reads; POST takes one of `advance_seconds`, `now` (ISO 8601 with a zone), `reset`; then all falls due."""
    world = world_of(request)
    if request.method == "POST":
        asked = await asked_of(request)
        only(asked, "advance_seconds", "now", "reset")
        _turn(world.clock, asked)
        world.keep_clock()
        world.tick()
    return JSONResponse({"now": world.clock.now(), "shift_seconds": world.clock.shift_seconds})


def _turn(clock: Clock, asked: Mapping[str, Any]) -> None:
    if asked.get("reset"):
        clock.shift_seconds = 0.0
    if "now" in asked:
        clock.set_to(moment=_moment(text(asked, "now")))
    seconds = asked.get("advance_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) <= _MOST_SHIFT_SECONDS:
        raise Unusable("'advance_seconds' is a number of seconds, at most ten years of them.")
    clock.advance(seconds=seconds)


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise Unusable("'now' needs a time zone, for example 2026-11-22T10:00:00+01:00.")
        return moment.timestamp()
    except (ValueError, OverflowError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable("'now' is a moment such as 2026-11-22T10:00:00+01:00.") from error


# Faults


async def faults(request: Request) -> Response:
    """GET lists, POST adds one, DELETE removes all (and may give a new `seed`)."""
    world = world_of(request)
    if request.method == "POST":
        fault = world.faults.add(await asked_of(request), now=world.clock.now())
        return JSONResponse(fault.to_row(), status_code=201)
    if request.method == "DELETE":
        asked = await asked_of(request)
        only(asked, "seed")
        world.faults.clear(seed=whole(asked, "seed") if "seed" in asked else None)
    return JSONResponse({"seed": world.faults.seed, "faults": [fault.to_row() for fault in world.faults.rules()]})


async def one_fault(request: Request) -> Response:
    if not world_of(request).faults.remove(request.path_params["identifier"]):
        raise NotHere("There is no such fault.")
    return JSONResponse({"removed": True})


async def drawn_faults(request: Request) -> Response:
    """Faults drawn from a seed: `{"seed": 42, "rates": {"time_out": 0.02, …}, "seconds": 5}`, in place of all others.

    `effect` may be true, false, or left out for what is usual of each kind.
    """
    world = world_of(request)
    asked = await asked_of(request)
    only(asked, "seed", "rates", "seconds", "effect", "call")
    rates = asked.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise Unusable(f"'rates' gives each kind its rate from 0 to 1; the kinds are: {', '.join(Kind)}.")
    shared = {name: asked[name] for name in ("seconds", "effect", "call") if name in asked}
    plan = [{**shared, "kind": kind, "rate": rate} for kind, rate in rates.items()]
    seed = whole(asked, "seed")
    # Tried on the side first, so that a wrong rate changes nothing.
    trial = FaultPlan()
    for row in plan:
        trial.add(row, now=0.0)
    world.faults.clear(seed=seed)
    added = [world.faults.add(row, now=world.clock.now()) for row in plan]
    return JSONResponse({"seed": seed, "faults": [fault.to_row() for fault in added]}, status_code=201)


# Merchants


async def merchants(request: Request) -> Response:
    """GET lists (without passwords), POST adds one or replaces the one with the same `user_name`."""
    known = world_of(request).gateway.merchants
    if request.method == "POST":
        asked = await asked_of(request)
        try:
            merchant = Merchant.from_row(asked)
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable(f"A merchant needs user_name, password and terminals: {error}") from error
        known.put(merchant)
    return JSONResponse({"merchants": [shown.merchant(each) for each in known.all()]})


# Orders


async def orders(request: Request) -> Response:
    """Newest first. `order_number`, `md_order` and `merchant` narrow it down; `limit` is 1000 unless told."""
    world = world_of(request)
    world.tick()
    wanted = request.query_params
    found = [
        order
        for order in reversed(world.gateway.orders())
        if wanted.get("order_number", order.order_number) == order.order_number
        and wanted.get("md_order", order.md_order) == order.md_order
        and wanted.get("merchant", order.merchant) == order.merchant
    ]
    listed = found[: _limit(request)]
    return JSONResponse({"count": len(found), "orders": [shown.order(each, world.gateway.issuer) for each in listed]})


async def one_order(request: Request) -> Response:
    world = world_of(request)
    order = world.gateway.find_order(request.path_params["md_order"])
    if order is None:
        raise NotHere("There is no such order.")
    world.gateway.catch_up(order, now=world.clock.now())
    return JSONResponse(shown.order(order, world.gateway.issuer))


async def pay_order(request: Request) -> Response:
    """Card, code and debit of one order in one call, through the same steps as the pages."""
    world = world_of(request)
    asked = await asked_of(request)
    only(asked, "mdOrder", "card", "cvv2", "expiry", "code", "language")
    order = world.gateway.find_order(text(asked, "mdOrder"))
    if order is None:
        raise NotHere("There is no such order.")
    answer = pay(
        world,
        order,
        pan=text(asked, "card", GOOD_CARD),
        cvv2=text(asked, "cvv2"),
        expiry=text(asked, "expiry"),
        code=text(asked, "code"),
    )
    language = text(asked, "language", order.language)
    return JSONResponse(
        {
            "answer": answer,
            "state": order.state,
            "outcome": order.outcome_name,
            "redirect_url": order.way_back(language=language if language in LANGUAGES else order.language),
        }
    )


def _limit(request: Request) -> int:
    asked = request.query_params.get("limit", "")
    if not asked:
        return _MOST_LISTED
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 9):  # noqa: PLR2004 - more orders than memory holds
        raise Unusable("'limit' is a whole number.")
    return int(asked)


# Accounts and cards


async def accounts(request: Request) -> Response:
    return JSONResponse({"accounts": [shown.account(each) for each in world_of(request).gateway.issuer.accounts()]})


async def entries(request: Request) -> Response:
    """GET lists the entries of an account, POST `{"centimes": n}` moves money by hand (below zero takes it)."""
    world = world_of(request)
    found = _account(request)
    if request.method == "POST":
        asked = await asked_of(request)
        only(asked, "centimes")
        world.gateway.issuer.move_by_hand(found.number, centimes=whole(asked, "centimes"), now=world.clock.now())
    listed = found.entries[-_limit(request) :]
    return JSONResponse(shown.account(found) | {"entries": [shown.entry(each) for each in listed]})


def _account(request: Request) -> Account:
    found = world_of(request).gateway.issuer.find_account(request.path_params["number"])
    if found is None:
        raise NotHere("There is no such account.")
    return found


async def cards(request: Request) -> Response:
    issuer = world_of(request).gateway.issuer
    return JSONResponse({"cards": [shown.card(each, issuer) for each in issuer.cards()]})


async def lock_card(request: Request) -> Response:
    """POST to `…/lock` or `…/unlock`. Safe to repeat."""
    issuer = world_of(request).gateway.issuer
    card = issuer.find_card(request.path_params["pan"])
    if card is None:
        raise NotHere("There is no such card.")
    if request.path_params["verb"] == "lock":
        issuer.lock(card)
    elif request.path_params["verb"] == "unlock":
        issuer.unlock(card)
    else:
        raise NotHere
    return JSONResponse(shown.card(card, issuer))


# Messages


async def texts(request: Request) -> Response:
    """Newest first; `phone` and `md_order` narrow it down."""
    world = world_of(request)
    world.tick()
    wanted = request.query_params
    found = world.phone.messages(phone=wanted.get("phone", ""), md_order=wanted.get("md_order", ""))
    return JSONResponse({"sms": [shown.text(each) for each in found[: _limit(request)]]})


async def mails(request: Request) -> Response:
    """Newest first; `to` narrows it down."""
    found = world_of(request).inbox.mails(to=request.query_params.get("to", ""))
    return JSONResponse({"count": len(found), "mails": [shown.mail(each) for each in found[: _limit(request)]]})


async def one_mail(request: Request) -> Response:
    found = world_of(request).inbox.find_mail(request.path_params["number"])
    if found is None:
        raise NotHere("There is no such mail.")
    return JSONResponse(shown.mail(found))


routes = [
    route("health", health),
    route("reset", reset, "POST"),
    route("settings", settings, "GET", "POST"),
    route("clock", clock, "GET", "POST"),
    route("faults", faults, "GET", "POST", "DELETE"),
    route("faults/drawn", drawn_faults, "POST"),
    route("faults/{identifier}", one_fault, "DELETE"),
    route("merchants", merchants, "GET", "POST"),
    route("orders", orders),
    route("orders/{md_order}", one_order),
    route("pay", pay_order, "POST"),
    route("accounts", accounts),
    route("accounts/{number}/entries", entries, "GET", "POST"),
    route("cards", cards),
    route("cards/{pan}/{verb}", lock_card, "POST"),
    route("sms", texts),
    route("mails", mails),
    route("mails/{number:int}", one_mail),
]
