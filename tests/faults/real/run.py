"""One seed from its beginning to the verdict: faults, then everything heals and must become final."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from bawabati.jobs.each import LEFT_BEHIND_AFTER
from bawabati.notices.models import Notice
from bawabati.payments.models import Payment, ReaderOrder, Refund, Sale
from bawabati.payments.rules.sales import OrderState
from faults.real import machines, moves, office, payers
from faults.real.agency import Agency
from faults.real.cashiers import close_the_desks, resolve_what_waits
from faults.real.invariants import broken, broken_meanwhile
from faults.real.invariants_of_sales import broken_at_desks
from faults.real.seen import Outcome, seen_in
from faults.real.swarm import NOTHING_GOES_WRONG
from faults.real.world import World

TEMPOS = (2.0, 15.0, 60.0, 240.0)
LEAST_MOVES, MOST_MOVES = 10, 36
LONGEST = 5 * 3600.0
"""Seconds that faults may last: less than the longest wait between two late checks, so that a lying gateway cannot
answer all of them."""
MOST_ROUNDS = 1500
"""A clock that was a day ahead when a page was opened has us ask every 90 s for a day more."""
STEPS_AT_THE_BANK = 6
LOOKS_INTO_THE_BOOKS = 0.1
"""After so many of the moves."""


def run_seed(seed: int, *, code: str = "") -> Outcome:
    """Runs it; exactly the same each time. Whatever an exception says is a finding like any other.

    `code` names the company, for whoever runs a seed twice in one database.
    """
    world = World(seed)
    with world.running():
        world.found_company(code=code)
        return _live(world)


def _live(world: World) -> Outcome:
    """The first phase, then healing, then the verdict."""
    try:
        findings = _misbehave(world)
        world.heal()
        until_quiet(world)
        until_the_issuer_is_done(world)
        machines.compare_with_the_gateway(world)
        until_quiet(world)
        if world.agency is not None:
            close_the_desks(world.agency)
            until_quiet(world)
        findings += broken(world)
        findings += broken_at_desks(world)
    except Exception as surprise:  # noqa: BLE001 - an exception out of a flow is what we are looking for
        findings = [f"surprise: {type(surprise).__name__}: {surprise}", traceback.format_exc()]
    for finding in findings:
        world.tell("BROKEN", finding)
    return Outcome(seed=world.seed, broken=findings, story=str(world.story), seen=seen_in(world))


def _misbehave(world: World) -> list[str]:
    random = world.random
    bills = world.add_bills(random.choice((2, 4, 6)) if world.has_agency else random.choice((1, 1, 2)))
    payers.add_payers(world, bills, count=random.choice((1, 2, 2, 3)))
    if world.rates.busy_office:
        _somebody_has_paid_before(world)
    if world.has_agency:
        world.agency = Agency(world)
    world.moves = moves.somebody_moves
    tempo = random.choice(TEMPOS[:2] if world.has_agency else TEMPOS)
    findings: list[str] = []
    most = 2 * MOST_MOVES if world.rates.busy_office or world.agency else MOST_MOVES
    for _ in range(random.randrange(LEAST_MOVES, most)):
        if world.clock.true - world.clock.started > LONGEST:
            break
        world.clock.let_pass(random.expovariate(1 / tempo))
        moves.somebody_moves(world)
        if random.random() < LOOKS_INTO_THE_BOOKS:
            findings += broken_meanwhile(world)
    world.moves = None
    return findings


def _somebody_has_paid_before(world: World) -> None:
    """Before anything goes wrong, so that the office has money to give back while much does."""
    drawn, world.plan.rates = world.plan.rates, NOTHING_GOES_WRONG
    payer = world.payers[0]
    payers.look(world, payer)
    payers.press_pay(world, payer)
    payers.open_attempt_page(world, payer)
    for _ in range(STEPS_AT_THE_BANK):
        order = world.outside.page_of(payer.page_url)
        if order is None or not world.outside.gateway.is_open(order, now=world.clock.true):
            break
        payers.at_the_card_page(world, payer, surely=True)
    payers.come_back(world, payer, by_fail=False)
    world.plan.rates = drawn


def until_quiet(world: World) -> None:
    """Time goes on from one due moment to the next, until nothing is due any more. Raises StillUneasy."""
    for _ in range(MOST_ROUNDS):
        for _ in range(MOST_ROUNDS):
            if not (machines.do_a_job(world) or machines.sweep(world) or office.decide_all(world)):
                break
        go_on_at_desks(world)
        machines.resend(world)
        machines.sweep_refunds(world)
        world.outside.gateway.tick(now=world.clock.true)
        next_at = _next_due(world)
        if next_at is not None:
            world.clock.let_pass_until(next_at)
        elif not office.decide_all(world):
            return
    waits = [f"{order.kind} {order.state}" for order in _open_orders(world)]
    raise StillUneasy(", ".join(waits))


def until_the_issuer_is_done(world: World) -> None:
    """Until every yes that is still on its way has arrived, however late."""
    late = [order.authorises_at for order in world.outside.gateway.orders()]
    world.clock.let_pass(max(late, default=0.0) + 1 - world.clock.true)
    world.outside.gateway.tick(now=world.clock.true)


class StillUneasy(Exception):  # noqa: N818 - reads as what it is
    """The world has healed, and something is never over."""


def _next_due(world: World) -> datetime | None:
    now = world.clock.now()
    moments = list(
        Payment.objects.filter(company=world.company, next_ask_at__isnull=False).values_list(
            "next_ask_at", "leased_until"
        )
    )
    due = [max(ask_at, leased_until or ask_at) for ask_at, leased_until in moments]
    notices = Notice.objects.filter(company=world.company, state="waiting").values_list("next_try_at", flat=True)
    due += [next_try_at + LEFT_BEHIND_AFTER for next_try_at in notices if next_try_at]
    refunds = Refund.objects.filter(company=world.company, next_step_at__isnull=False)
    due += list(refunds.values_list("next_step_at", flat=True))
    due += [max(now, at or now) for at in _jobs_at()]
    due += _at_desks(world)
    return max(min(due), now) + timedelta(milliseconds=1) if due else None


def _at_desks(world: World) -> list[datetime]:
    """When time brings something at a desk, a reader or a bridge: only while something is not over there."""
    sales = Sale.objects.filter(company=world.company, next_step_at__isnull=False)
    due = [at for at in sales.values_list("next_step_at", flat=True) if at]
    agency = world.agency
    if agency is not None and (_open_orders(world).exists() or agency.program.waits()):
        at = agency.next_at()
        due += [datetime.fromtimestamp(at, tz=UTC)] if at is not None else []
    return due


def _open_orders(world: World) -> QuerySet[ReaderOrder]:
    open_states = (OrderState.WAITING, OrderState.TAKEN)
    return ReaderOrder.objects.filter(company=world.company, state__in=open_states)


def go_on_at_desks(world: World) -> None:
    """Whatever can be done now at the desks is done: by bridge, line, sweep, and the people who have to say."""
    agency = world.agency
    if agency is None:
        return
    for _ in range(MOST_ROUNDS):
        agency.program.start()
        agency.step()
        requests = agency.requests()
        for request in requests:
            agency.carry(request)
        has_died = not agency.program.is_alive
        if not (requests or has_died or machines.sweep_sales(world) or resolve_what_waits(agency)):
            return


def _jobs_at() -> list[datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE status = 'todo'")
        return [at for (at,) in cursor.fetchall()]
