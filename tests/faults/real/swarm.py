"""Which faults a seed plays, and how often: some seeds play many, some few, and each leaves some out entirely."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from sandbox.gateway.faults import ANYTHING, CALLBACK_KINDS, WIRE_KINDS, Fault, FaultPlan, Kind, Moment, Occasion

NO_CONNECTION = "no_connection"
"""The gateway cannot even be reached. Played by the line, since the sandbox never hears of it."""
MAYBE_AFTER_THE_EFFECT = frozenset({Kind.CLOSE, Kind.TIME_OUT, Kind.STATUS, Kind.HTML, Kind.EMPTY, Kind.ERROR_7})
FAULTS_OF_THE_PAGE = (Kind.RESULT_LATE, Kind.AUTHORISATION_LATE, Kind.RETRY_AFTER_DECLINE, Kind.REDIRECT_LOST)
SWARM = (*sorted(WIRE_KINDS), *FAULTS_OF_THE_PAGE, *sorted(CALLBACK_KINDS))
ONCE_IN_A_WHILE = (0.02, 0.05, 0.1, 0.3)
ON_THE_PAGE = (0.1, 0.3, 0.6)
"""A page is passed once or twice in a seed; a call is made many times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How likely each thing goes wrong whenever it could; 0 where this seed leaves it out."""

    kinds: dict[Kind, float] = field(default_factory=dict)
    no_connection: float = 0.0
    crash: float = 0.0
    meanwhile: float = 0.0
    """Somebody else does something between two side effects."""
    crowded: float = 0.0
    """Every place at the gateway is taken."""
    clock_jump: float = 0.0
    job_twice: float = 0.0
    mail: float = 0.0
    company_changes_bill: float = 0.0
    outage: tuple[float, float] | None = None
    """From and until, in seconds from the beginning."""
    busy_office: bool = False
    """Staff do much while faults last: money goes back through a gateway that is unwell."""

    @classmethod
    def drawn(cls, random: Random) -> Rates:
        calm = random.random() < 0.1
        share = 0.0 if calm else random.choice((0.0, 0.15, 0.4))
        kinds = {
            kind: random.choice(ON_THE_PAGE if kind not in WIRE_KINDS else ONCE_IN_A_WHILE)
            for kind in SWARM
            if random.random() < share
        }
        begins = random.uniform(0, 1800)

        def sometimes(*rates: float) -> float:
            return 0.0 if calm else random.choice((0.0, *rates))

        return cls(
            kinds=kinds,
            no_connection=sometimes(0.05),
            crash=sometimes(0.02, 0.06, 0.15),
            meanwhile=sometimes(0.05, 0.2),
            crowded=sometimes(0.1, 0.4),
            clock_jump=sometimes(0.0, 0.02),
            job_twice=sometimes(0.2),
            mail=sometimes(0.0, 0.3),
            company_changes_bill=sometimes(0.0, 0.03),
            outage=(begins, begins + random.uniform(120, 3 * 3600)) if sometimes(0, 0, 1) else None,
            busy_office=random.random() < 0.3,
        )


NOTHING_GOES_WRONG = Rates()


class SwarmPlan(FaultPlan):
    """A plan of the sandbox's that draws from the harness's own randomness, by the seed's rates.

    `once` holds faults that a directed run wants: each strikes once, at the next call where it can.
    """

    def __init__(self, *, random: Random, rates: Rates, begins_at: float) -> None:
        super().__init__()
        self._random = random
        self._begins_at = begins_at
        self.rates = rates
        self.once: list[Fault] = []
        self.struck: list[tuple[str, str]] = []
        """(kind, call) of every fault that struck."""

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.rates = NOTHING_GOES_WRONG
        self.once.clear()

    def outage(self, *, now: float) -> bool:
        if self.rates.outage is None:
            return False
        begins, ends = self.rates.outage
        return begins <= now - self._begins_at < ends

    def draw(self, moment: Moment, *, kinds: Collection[Kind], occasion: Occasion = ANYTHING) -> Fault | None:
        for fault in self.once:
            if fault.kind in kinds and fault.call in {"", occasion.call}:
                self.once.remove(fault)
                return self._strikes(fault, moment, occasion)
        for kind, rate in self.rates.kinds.items():
            if kind in kinds and self._random.random() < rate:
                return self._strikes(self._made(kind), moment, occasion)
        return None

    def refuses_connection(self, call: str) -> bool:
        refuses = self._random.random() < self.rates.no_connection
        if refuses:
            self.struck.append((NO_CONNECTION, call))
        return refuses

    def _made(self, kind: Kind) -> Fault:
        effect = self._random.random() < 0.5 if kind in MAYBE_AFTER_THE_EFFECT else None
        longest = self._random.choice((1500, 1500, 40 * 3600)) if kind is Kind.AUTHORISATION_LATE else 60
        return Fault(kind=kind, seconds=self._random.uniform(1, longest), effect=effect)

    def _strikes(self, fault: Fault, moment: Moment, occasion: Occasion) -> Fault:
        after = "" if fault.kind not in MAYBE_AFTER_THE_EFFECT else (" after" if fault.effect else " before")
        place = occasion.call if moment is Moment.REST else moment.value
        self.struck.append((f"{fault.kind.value}{after}", place))
        return fault
