"""The control API: JSON over HTTP, for tests, benchmarks and demonstrations. It answers `{"error": …}` to bad input."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.control import shown
from sandbox.control.paying import GOOD_CARD, pay
from sandbox.gateway.faults import FaultPlan, Kind
from sandbox.gateway.issuer import Account
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.settings import Unusable
from sandbox.gateway.wanted import LANGUAGES
from sandbox.web import body_of, world_of

Handler = Callable[[Request], Awaitable[Response]]

_MOST_LISTED = 1000
_HALF_A_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_SHIFT_SECONDS = 10 * 366 * 86_400


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


async def _asked(request: Request) -> dict[str, Any]:
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


def _only(asked: Mapping[str, Any], *names: str) -> None:
    unknown = sorted(set(asked) - set(names))
    if unknown:
        raise Unusable(f"Not known here: {', '.join(unknown)}. Known: {', '.join(names)}.")


def _text(asked: Mapping[str, Any], name: str, default: str = "") -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise Unusable(f"{name!r} is a text.")
    return value


def _whole(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name)
    if type(value) is not int or abs(value) > 10**15:
        raise Unusable(f"{name!r} is a whole number.")
    return value


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
        gateway.use(gateway.settings.changed(await _asked(request)))
    return JSONResponse(gateway.settings.to_row())


async def clock(request: Request) -> Response:
    """GET reads; POST takes one of `advance_seconds`, `now` (ISO 8601 with a zone), `reset`; then all falls due."""
    world = world_of(request)
    if request.method == "POST":
        asked = await _asked(request)
        _only(asked, "advance_seconds", "now", "reset")
        _turn(world.clock, asked)
        world.keep_clock()
        world.tick()
    return JSONResponse({"now": world.clock.now(), "shift_seconds": world.clock.shift_seconds})


def _turn(clock: Clock, asked: Mapping[str, Any]) -> None:
    if asked.get("reset"):
        clock.shift_seconds = 0.0
    if "now" in asked:
        clock.set_to(moment=_moment(_text(asked, "now")))
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
        fault = world.faults.add(await _asked(request), now=world.clock.now())
        return JSONResponse(fault.to_row(), status_code=201)
    if request.method == "DELETE":
        asked = await _asked(request)
        _only(asked, "seed")
        world.faults.clear(seed=_whole(asked, "seed") if "seed" in asked else None)
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
    asked = await _asked(request)
    _only(asked, "seed", "rates", "seconds", "effect", "call")
    rates = asked.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise Unusable(f"'rates' gives each kind its rate from 0 to 1; the kinds are: {', '.join(Kind)}.")
    shared = {name: asked[name] for name in ("seconds", "effect", "call") if name in asked}
    plan = [{**shared, "kind": kind, "rate": rate} for kind, rate in rates.items()]
    seed = _whole(asked, "seed")
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
        asked = await _asked(request)
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
    asked = await _asked(request)
    _only(asked, "mdOrder", "card", "cvv2", "expiry", "code", "language")
    order = world.gateway.find_order(_text(asked, "mdOrder"))
    if order is None:
        raise NotHere("There is no such order.")
    answer = pay(
        world,
        order,
        pan=_text(asked, "card", GOOD_CARD),
        cvv2=_text(asked, "cvv2"),
        expiry=_text(asked, "expiry"),
        code=_text(asked, "code"),
    )
    language = _text(asked, "language", order.language)
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
        asked = await _asked(request)
        _only(asked, "centimes")
        world.gateway.issuer.move_by_hand(found.number, centimes=_whole(asked, "centimes"), now=world.clock.now())
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


def _route(path: str, handler: Handler, *methods: str) -> Route:
    return Route(f"/control/{path}", _guarded(handler), methods=list(methods or ("GET",)))


routes = [
    _route("health", health),
    _route("reset", reset, "POST"),
    _route("settings", settings, "GET", "POST"),
    _route("clock", clock, "GET", "POST"),
    _route("faults", faults, "GET", "POST", "DELETE"),
    _route("faults/drawn", drawn_faults, "POST"),
    _route("faults/{identifier}", one_fault, "DELETE"),
    _route("merchants", merchants, "GET", "POST"),
    _route("orders", orders),
    _route("orders/{md_order}", one_order),
    _route("pay", pay_order, "POST"),
    _route("accounts", accounts),
    _route("accounts/{number}/entries", entries, "GET", "POST"),
    _route("cards", cards),
    _route("cards/{pan}/{verb}", lock_card, "POST"),
    _route("sms", texts),
    _route("mails", mails),
    _route("mails/{number:int}", one_mail),
]
