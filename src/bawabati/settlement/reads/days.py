"""Which days have their files, and which have gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from bawabati.adapters.statements.contract import Source
from bawabati.settlement.models import Difference, Statement
from bawabati.settlement.rules import DifferenceState

MOST_DAYS: Final = 92


@dataclass(slots=True, kw_only=True)
class DayOfFiles:
    """The files about one day, and how many of its items are open."""

    day: date
    is_past: bool
    acquirer: list[Statement] = field(default_factory=list)
    bank: list[Statement] = field(default_factory=list)
    open_count: int = 0


def list_days(*, company_id: int, from_on: date, to_on: date, today: date) -> list[DayOfFiles]:
    """Every day of the period, the newest first, with or without files; of a long one its last `MOST_DAYS`.

    A day before `today` without a file is a gap.
    """
    first = max(from_on, to_on - timedelta(days=MOST_DAYS - 1))
    all_days = [to_on - timedelta(days=back) for back in range((to_on - first).days + 1)]
    days = {day: DayOfFiles(day=day, is_past=day < today) for day in all_days}
    files = Statement.objects.filter(company_id=company_id, day__gte=first, day__lte=to_on)
    for file in files.order_by("id"):
        there = days[file.day]
        (there.acquirer if file.source == Source.ACQUIRER else there.bank).append(file)
    differences = Difference.objects.filter(company_id=company_id, day__gte=first, day__lte=to_on)
    counts = differences.exclude(state=DifferenceState.ENDED).values_list("day").annotate(count=Count("id"))
    for day, count in counts:
        days[day].open_count = count
    return list(days.values())
