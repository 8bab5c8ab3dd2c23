"""Which days have their files, and which have gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count

from bawabati.adapters.statements.contract import Source
from bawabati.settlement.models import Difference, Statement
from bawabati.settlement.rules import DifferenceState

MOST_DAYS: Final = 92

_MISSED_AND_TOLD: Final = """
SELECT d.day FROM settlement_difference d
CROSS JOIN LATERAL (
    SELECT count(*) AS paid, count(m.id) AS told
    FROM payments_payment p LEFT JOIN settlement_match m ON m.payment_id = p.id
    WHERE p.company_id = d.company_id AND p.accounted_on = d.day AND p.state = 'paid' AND p.way IN ('web', 'card')
) AS own
WHERE d.company_id = %s AND d.kind = 'missing_file' AND d.reference = 'acquirer:' || d.day AND d.state <> 'ended'
    AND d.day BETWEEN %s AND %s AND 2 * own.told > own.paid
ORDER BY d.day
"""


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


def list_days_missed_and_told(statement: Statement) -> list[date]:
    """Days of an acquirer's file whose own file was missed, and most of whose payments some file has shown by now."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSED_AND_TOLD, [statement.company_id, statement.from_on, statement.to_on])
        return [day for (day,) in cursor.fetchall()]
