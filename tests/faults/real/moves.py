"""Whose turn it is. A new move of people or machines is a function of a world, and a line here."""

from __future__ import annotations

from collections.abc import Callable

from faults.real import machines, office
from faults.real.cashiers import agency_moves
from faults.real.payers import payer_moves
from faults.real.world import World

Move = Callable[[World], object]
MOVES: tuple[tuple[float, Move], ...] = (
    (12, payer_moves),
    (3, machines.sweep),
    (3, machines.do_a_job),
    (0.5, machines.resend),
    (1, machines.sweep_refunds),
    (1, machines.hear_callback),
    (0.3, machines.compare_with_the_gateway),
    (2, office.somebody_of_the_office),
)
BUSY_OFFICE: tuple[tuple[float, Move], ...] = (
    (4, payer_moves),
    (1, machines.sweep),
    (6, machines.do_a_job),
    (6, machines.sweep_refunds),
    (10, office.see_to_refunds),
    (2, office.somebody_of_the_office),
)


BUSY_AGENCY: tuple[tuple[float, Move], ...] = (
    (20, agency_moves),
    (6, machines.sweep_sales),
)


def somebody_moves(world: World) -> None:
    """One move of anybody."""
    random = world.random
    if random.random() < world.rates.clock_jump:
        machines.clock_jumps(world)
    if random.random() < world.rates.company_changes_bill:
        office.company_changes_bill(world)
    moves = BUSY_OFFICE if world.rates.busy_office else MOVES
    if world.agency is not None:
        moves = (*moves, *BUSY_AGENCY)
    (move,) = random.choices([move for _, move in moves], weights=[weight for weight, _ in moves])
    move(world)
    world.outside.gateway.tick(now=world.clock.true)
