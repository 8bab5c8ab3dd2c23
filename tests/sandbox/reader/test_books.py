"""Whatever customers, tills and faults do: the log says what the books say, but where a fault makes one of them lie."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

import pytest

from sandbox.gateway.cards import DECK
from sandbox.reader.faults import Fault, Kind
from sandbox.reader.settings import How
from sandbox.reader.transactions import Category, Direction, Transaction, Wanted

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import InProcess

GOOD = "6280581110007215"
STEPS = 200
FORGETS = {Kind.LOG_WIPED}
"""After these the log knows less than the books."""
LIES = {Kind.HOST_REVERSAL_LOST}
"""With these the books say something else than the log, and nobody at the till can know."""


def the_till(world: InProcess, random: Random, seen: dict[str, Transaction]) -> None:
    reader, now = world.reader, world.now
    if seen and random.random() < 0.3:
        original = random.choice([*seen.values()])
        wanted = Wanted(
            amount_centimes=original.amount_centimes, currency="DZD", service_id=f"R{random.randrange(STEPS)}"
        )
        kind = random.choice([Kind.HOST_UNREACHABLE, Kind.HOST_TIME_OUT, None, None, None])
        got = reader.reverse(wanted, original=original, now=now, fault=Fault(kind=kind) if kind else None)
    elif reader.current is not None and random.random() < 0.1:
        reader.abort(reader.current, now=now)
        return
    else:
        wanted = Wanted(
            amount_centimes=random.choice((1, 5_000, 600_000, 30_000_000)),
            currency="DZD",
            direction=random.choice((Direction.DEBIT, Direction.DEBIT, Direction.CREDIT)),
            service_id=f"S{random.randrange(STEPS)}",
        )
        kind = random.choice([*Kind, *[None] * 20])
        got = reader.begin(wanted, now=now, fault=Fault(kind=kind) if kind else None)
    if isinstance(got, Transaction):
        assert got.identifier not in seen
        seen[got.identifier] = got


def the_customer(world: InProcess, random: Random) -> None:
    reader, now = world.reader, world.now
    match random.randrange(20):
        case 0:
            reader.press_red(now=now)
        case 1:
            reader.remove_card(now=now)
        case number if number % 2:
            card = random.choice([GOOD, GOOD, GOOD, *DECK])
            reader.present_card(card, how=random.choice(list(How)), now=now)
        case _:
            reader.give_pin(random.choice(("1234", "1234", "0000")), now=now)


def the_world(world: InProcess, random: Random) -> None:
    world.passes(random.choice((0.4, 1.1, 40.0, 70.0)))
    for card in DECK.values():
        world.issuer.unlock(card)
    if random.random() < 0.2:
        world.reader.restart(now=world.now)


@pytest.mark.parametrize("seed", range(40))
def test_the_log_and_the_books_agree(in_process: Callable[..., InProcess], seed: int) -> None:
    random = Random(seed)
    world = in_process()
    seen: dict[str, Transaction] = {}
    for _ in range(STEPS):
        who = random.randrange(10)
        if who < 3:
            the_till(world, random, seen)
        elif who < 8:
            the_customer(world, random)
        else:
            the_world(world, random)
    world.passes(1000)
    assert world.reader.current is None
    assert all(each.is_over for each in seen.values())
    for each in seen.values():
        if each.category is not Category.PAYMENT:
            continue
        taken = world.issuer.captured_centimes(each.books) - world.issuer.returned_centimes(each.books)
        sign = -1 if each.wanted.direction is Direction.CREDIT else 1
        if each.fault is None or each.fault.kind not in LIES:
            assert taken == (sign * each.amount_centimes if each.counts else 0), each
    known = {each.identifier for each in world.reader.transactions()}
    if not any(each.fault and each.fault.kind in FORGETS for each in seen.values()):
        assert known == set(seen)
    services = [each.wanted.service_id for each in world.reader.transactions() if each.category is Category.PAYMENT]
    assert len(services) == len(set(services))
    total = sum(entry.centimes for account in world.issuer.accounts() for entry in account.entries)
    balances = sum(account.balance_centimes for account in world.issuer.accounts())
    assert total == balances
