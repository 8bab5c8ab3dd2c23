"""The core in this process: no HTTP, a clock that is passed in, the same run from the same seed."""

from __future__ import annotations

from contextlib import suppress
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.gateway.cards import DECK, passes_luhn
from sandbox.gateway.core import Gateway, NothingLeft, TextMessage, WrongAmount, WrongState
from sandbox.gateway.faults import FaultPlan
from sandbox.gateway.issuer import Issuer
from sandbox.gateway.merchants import DEMO_MERCHANTS, Merchants
from sandbox.gateway.orders import AUTHORISED_STATES, Order, State
from sandbox.logs import redacted

CARDS = sorted(DECK)


class World:
    """A gateway, its texts, and a merchant who registers."""

    def __init__(self, *, seed: int = 1) -> None:
        self.texts: list[TextMessage] = []
        self.issuer = Issuer(cards=DECK.values(), opened_at=0.0)
        self.gateway = Gateway(
            merchants=Merchants(DEMO_MERCHANTS),
            issuer=self.issuer,
            faults=FaultPlan(seed=seed),
            random=Random(seed),
            send_text=lambda message, _now: self.texts.append(message),
        )

    def register(self, number: str, *, now: float = 0.0, amount: int = 143_050, two_phase: bool = False) -> Order:
        order = self.gateway.register(
            merchant=DEMO_MERCHANTS[0],
            order_number=number,
            amount_centimes=amount,
            currency="012",
            language="ar",
            return_url="http://merchant.example/back",
            fail_url="http://merchant.example/not-paid",
            description="",
            params={"udf1": "1"},
            terminal_id="E010901201",
            callback_url="",
            two_phase=two_phase,
            now=now,
        )
        assert order is not None
        return order

    def give_card(self, order: Order, pan: str, *, now: float) -> None:
        card = DECK[pan]
        self.gateway.give_card(
            order, pan=pan, expiry=card.expiry, cvv2=card.cvv2, holder="A B", payer_ip="127.0.0.1", now=now
        )


def test_every_card_but_the_one_that_cannot_be_typed_passes_the_check() -> None:
    assert [pan for pan in CARDS if not passes_luhn(pan)] == ["6280581110003927"]


def test_the_same_seed_gives_the_same_run() -> None:
    def run() -> list[str]:
        world = World(seed=42)
        order = world.register("A1")
        world.give_card(order, CARDS[0], now=1)
        return [order.md_order, *(text.code for text in world.texts)]

    assert run() == run()


def test_identifiers_are_twenty_signs_and_never_repeat() -> None:
    world = World()
    identifiers = {world.register(f"N{count}").md_order for count in range(500)}
    assert len(identifiers) == 500
    assert {len(each) for each in identifiers} == {20}
    assert all(each.isascii() and each.isalnum() for each in identifiers)


steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "card",
                "right",
                "wrong",
                "resend",
                "cancel",
                "acknowledge",
                "deposit",
                "reverse",
                "decline",
                "refund",
                "late",
                "tick",
            ]
        ),
        st.integers(0, 2),
        st.sampled_from(CARDS),
        st.sampled_from([0, 1, 50, 301, 700, 1300]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps=steps, seed=st.integers(0, 1000))
def test_whatever_happens_the_books_agree(steps: list[tuple[str, int, str, int]], seed: int) -> None:
    world = World(seed=seed)
    gateway, issuer = world.gateway, world.issuer
    orders = [world.register(f"N{count}", two_phase=count == 2) for count in range(3)]
    now = 0.0
    for step, place, pan, seconds in steps:
        now += seconds
        order = orders[place]
        authorised = order.state in AUTHORISED_STATES
        play(world, order, step=step, pan=pan, now=now)
        captured, returned = issuer.captured_centimes(order.md_order), issuer.returned_centimes(order.md_order)
        assert captured in ({0, 100_000} if order.two_phase else {0, order.amount_centimes})
        assert captured - returned == order.deposited_centimes
        assert bool(captured) == bool(order.paid_at)
        held = order.amount_centimes if order.state is State.APPROVED else 0
        assert issuer.held_centimes(order.md_order) == held
        if authorised:
            assert order.outcome_name == "accepted"
    for account in issuer.accounts():
        assert account.balance_centimes == sum(entry.centimes for entry in account.entries)
        assert 0 <= account.available_centimes <= account.balance_centimes
    held_by_orders = sum(issuer.held_centimes(order.md_order) for order in orders)
    assert held_by_orders == sum(account.held_centimes for account in issuer.accounts())
    gateway.tick(now=now + 10_000)
    for order in orders:
        assert not gateway.is_open(order, now=now + 10_000)
        assert order.acknowledged_at or not order.deposited_centimes
        assert order.acknowledged_at or not issuer.held_centimes(order.md_order)


def play(world: World, order: Order, *, step: str, pan: str, now: float) -> None:
    gateway = world.gateway
    with suppress(WrongState):
        match step:
            case "deposit":
                gateway.deposit(order, amount_centimes=100_000, now=now)
            case "reverse":
                gateway.reverse(order, now=now)
            case "decline":
                gateway.decline(order, now=now)
            case _:
                play_with_one_phase(world, order, step=step, pan=pan, now=now)


def play_with_one_phase(world: World, order: Order, *, step: str, pan: str, now: float) -> None:
    gateway = world.gateway
    match step:
        case "card":
            world.give_card(order, pan, now=now)
        case "right":
            gateway.give_code(order, code=order.code, now=now)
        case "wrong":
            gateway.give_code(order, code="no code", now=now)
        case "resend":
            gateway.send_another_code(order, now=now)
        case "cancel":
            gateway.cancel(order, now=now)
        case "acknowledge":
            gateway.acknowledge(order, now=now)
        case "refund":
            try:
                gateway.refund(order, amount_centimes=50_000, refund_id="", now=now)
            except (NothingLeft, WrongAmount):
                assert order.deposited_centimes < 50_000
        case "late":
            gateway.faults.clear()
            gateway.faults.add({"kind": "authorisation_late", "seconds": 400, "times": 1}, now=now)
        case _:
            gateway.tick(now=now)


def test_a_log_line_loses_its_secrets() -> None:
    line = "GET /x?password=hunter2&iCVC=373&iPAN=6280581110007215 6280 5811 1000 7215"
    assert redacted(line) == "GET /x?password=[hidden]&iCVC=[hidden]&iPAN=[hidden] [card]"
