"""A payer without a browser: the same steps as on the pages, in one go."""

from __future__ import annotations

from sandbox.gateway.core import CodeSent
from sandbox.gateway.orders import Order
from sandbox.world import World

GOOD_CARD = "6280581110007215"


def pay(world: World, order: Order, *, pan: str, cvv2: str, expiry: str, code: str) -> str:
    """Gives the card, then the code; what is empty is taken from the card, and the code from the phone.

    Returns the name of the last answer: `Ended`, `WrongCode`, `NotNow` and so on.
    """
    card = world.gateway.issuer.find_card(pan)
    given = world.gateway.give_card(
        order,
        pan=pan,
        expiry=expiry or (card.expiry if card else "203012"),
        cvv2=cvv2 or (card.cvv2 if card else "000"),
        holder="PAYER WITHOUT BROWSER",
        payer_ip="127.0.0.1",
        now=world.clock.now(),
    )
    if not isinstance(given, CodeSent):
        return type(given).__name__
    answer = world.gateway.give_code(order, code=code or order.code, now=world.clock.now())
    return type(answer).__name__
