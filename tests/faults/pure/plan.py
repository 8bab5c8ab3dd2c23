"""What a seed draws: a swarm, in which each kind of fault is often missing altogether."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from faults.pure.faults_of_calls import ASK_FAULTS, REGISTER_FAULTS

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR


class Unheard(StrEnum):
    """What the gateway does with a paid order that nobody acknowledged for 20 minutes. Nobody outside knows."""

    MONEY_GOES_BACK = "the money goes back"
    KEEPS_AND_SAYS_REVERSED = "the gateway keeps the money and says reversed"
    KEEPS_AND_FORGETS = "the gateway keeps the money and does not know the order"
    NEVER_CANCELLED = "never cancelled"


class AtPageEnd(StrEnum):
    """What the gateway says of an unpaid order whose page is over."""

    WAITING = "still waiting"
    TIMED_OUT = "page timed out"
    UNKNOWN = "unknown order"


@dataclass(slots=True)
class Plan:
    """Rates are shares of one; times are seconds of the world."""

    unheard: Unheard
    at_page_end: AtPageEnd
    page_life: int
    may_retry: bool
    asks_by_number: bool
    people: int
    bills: int
    register_faults: tuple[str, ...] = ()
    ask_faults: tuple[str, ...] = ()
    fault_rate: float = 0.0
    crash_rate: float = 0.0
    machine_rate: float = 0.0
    pause_rate: float = 0.0
    full_rate: float = 0.0
    mail_fault_rate: float = 0.0
    callback_rate: float = 0.0
    late_rate: float = 0.0
    unreadable_rate: float = 0.0
    lost_redirect_rate: float = 0.0
    outage: tuple[int, int] = (-1, -1)
    portal_down: tuple[int, int] = (-1, -1)
    jumps: tuple[tuple[int, int], ...] = ()
    changes_bills: bool = False
    gives_back: bool = False
    sweep_lag: int = 0
    heals_at: int = 0

    @property
    def is_calm(self) -> bool:
        """Nothing goes wrong but what payers do."""
        quiet = (self.fault_rate, self.crash_rate, self.pause_rate, self.full_rate, self.late_rate)
        return not any((*quiet, self.unreadable_rate, self.jumps, self.outage[1] > 0, self.portal_down[1] > 0))


def draw(random: Random) -> Plan:
    """A plan. The order of the draws is part of what a seed means."""
    dice, one_of = random.random, random.choice
    plan = Plan(
        unheard=one_of(_UNHEARD),
        at_page_end=one_of(_AT_PAGE_END),
        page_life=one_of((10, 12, 12, 20)) * MINUTE,
        may_retry=dice() < 0.5,
        asks_by_number=dice() < 0.7,
        people=one_of((1, 1, 2, 2, 3)),
        bills=one_of((1, 1, 2, 3)),
        sweep_lag=one_of((0, 3, 9)),
        changes_bills=dice() < 0.2,
        gives_back=dice() < 0.25,
        lost_redirect_rate=one_of((0.0, 0.0, 0.3)),
        callback_rate=one_of((0.0, 0.0, 0.5)),
    )
    if dice() < 0.2:
        plan.heals_at = HOUR
        return plan
    plan.fault_rate = one_of((0.0, 0.0, 0.05, 0.2, 0.6))
    if plan.fault_rate:
        plan.register_faults = some(random, _REGISTER_FAULTS)
        plan.ask_faults = some(random, _ASK_FAULTS)
    plan.crash_rate = one_of((0.0, 0.0, 0.02, 0.1, 0.3))
    plan.machine_rate = one_of((0.0, 0.3))
    plan.pause_rate = one_of((0.0, 0.0, 0.0, 0.05))
    plan.full_rate = one_of((0.0, 0.0, 0.0, 0.3))
    plan.mail_fault_rate = one_of((0.0, 0.0, 0.4))
    plan.late_rate = one_of((0.0, 0.0, 0.15, 0.6))
    plan.unreadable_rate = one_of((0.0, 0.0, 0.2))
    plan.heals_at = one_of((HOUR, 2 * HOUR, 3 * HOUR, 40 * HOUR, 90 * HOUR))
    if dice() < 0.2:
        begins = int(dice() * HOUR)
        plan.outage = (begins, begins + 10 * MINUTE + int(dice() * dice() * 7 * HOUR))
    if dice() < 0.1:
        begins = int(dice() * HOUR)
        plan.portal_down = (begins, begins + int(dice() * dice() * 5 * HOUR))
    if dice() < 0.1:
        plan.jumps = _jumps(random)
    last = [plan.outage[1], plan.portal_down[1], *(at for at, _ in plan.jumps)]
    plan.heals_at = max(plan.heals_at, *last)
    return plan


def some(random: Random, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(random.choice(names) for _ in range(random.choice((1, 2, 4, 8))))


def _jumps(random: Random) -> tuple[tuple[int, int], ...]:
    """The portal's clock jumps by a day; perhaps somebody sets it right again."""
    at, by = int(random.random() ** 2 * 40 * HOUR), random.choice((DAY, -DAY))
    back = at + 1 + int(random.random() * 10 * HOUR)
    return ((at, by), (back, -by)) if random.random() < 0.5 else ((at, by),)


_UNHEARD = tuple(Unheard)
_AT_PAGE_END = tuple(AtPageEnd)
_REGISTER_FAULTS = tuple(REGISTER_FAULTS)
_ASK_FAULTS = tuple(ASK_FAULTS)
