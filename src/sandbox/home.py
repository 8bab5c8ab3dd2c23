"""The sandbox's first page, and its books on screen."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.web import language_of, page, world_of

_MOST_SHOWN = 100


async def home(request: Request) -> Response:
    issuer = world_of(request).gateway.issuer
    cards = issuer.cards()
    values = {
        "decks": [
            ("published_cards", [card for card in cards if not card.invented]),
            ("invented_cards", [card for card in cards if card.invented]),
        ],
        "locked": issuer.is_locked,
    }
    return page(request, "home.html", values, language=language_of(request))


async def orders(request: Request) -> Response:
    gateway = world_of(request).gateway
    values = {"orders": gateway.orders()[: -_MOST_SHOWN - 1 : -1], "issuer": gateway.issuer}
    return page(request, "orders.html", values, language=language_of(request))


async def accounts(request: Request) -> Response:
    values = {"accounts": world_of(request).gateway.issuer.accounts()}
    return page(request, "accounts.html", values, language=language_of(request))


routes = [Route("/", home), Route("/orders/", orders), Route("/accounts/", accounts)]
