"""An accounting day of a company as it stands: its sources beside one another, and what does not agree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bawabati.cases.reads import find_case
from bawabati.flows.steps.settled_day import look_at_settlement
from bawabati.reports.reads import list_agencies_of_day, list_late_days, sum_of_entries, ways_of_day
from bawabati.reports.rules import (
    AgencyOfDay,
    ChannelFiled,
    Credited,
    LateOfDay,
    OpenDifference,
    Sums,
    WayOfDay,
    differences_of_books,
)

CASE = "closing_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLookedAt:
    """What the sources say. `filed` and `credited` are empty where nothing has come from gateway and bank."""

    day: date
    ways: tuple[WayOfDay, ...]
    entries: Sums
    late: tuple[LateOfDay, ...]
    filed: tuple[ChannelFiled, ...]
    credited: tuple[Credited, ...]
    agencies: tuple[AgencyOfDay, ...]
    differences: tuple[OpenDifference, ...]

    @property
    def unowned(self) -> tuple[OpenDifference, ...]:
        """The differences that nobody sees to yet."""
        return tuple(one for one in self.differences if not one.owner)


def look_at_day(*, company_id: int, day: date) -> DayLookedAt:
    """Asks every source. Rule: four-sources (house.md 5)"""
    ways = ways_of_day(company_id=company_id, day=day)
    agencies = list_agencies_of_day(company_id=company_id, day=day)
    settled = look_at_settlement(company_id=company_id, day=day)
    return DayLookedAt(
        day=day,
        ways=ways,
        entries=sum_of_entries(company_id=company_id, day=day),
        late=list_late_days(company_id=company_id, entered_on=day),
        filed=settled.filed,
        credited=settled.credited,
        agencies=agencies,
        differences=tuple(_with_owners(company_id, day, (*differences_of_books(ways, agencies), *settled.differences))),
    )


def reference_of(day: date, key: str) -> str:
    """How a case names a difference of a day."""
    return f"day:{day.isoformat()}:{key}"


def _with_owners(company_id: int, day: date, differences: Iterable[OpenDifference]) -> Iterable[OpenDifference]:
    """Each with whoever its open case belongs to."""
    for difference in differences:
        if difference.settlement_id:
            yield difference
            continue
        case = find_case(company_id=company_id, kind=CASE, reference=reference_of(day, difference.key))
        if case is None or case.state != "open" or case.owner.is_system:
            yield difference
        else:
            yield replace(difference, owner=case.owner.name, promised_on=case.promised_on.isoformat())
