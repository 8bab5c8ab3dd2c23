"""What a plan would send: the same questions as the planning asks, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from bawabati.money.amount import Money
from bawabati.reminders.models import ReminderPlan
from bawabati.reminders.reads.due import ADDRESSES, DUE_BILLS, due_values
from bawabati.reminders.reads.plans import digest_key, ways_of
from bawabati.reminders.rules import Reach, Stage


class Expected(NamedTuple):
    """Messages of one stage, way and language: how many, and what is left to pay by one on average."""

    stage: Stage
    means: str
    language: str
    messages: int
    bills: int
    left: Money


def expect(plan: ReminderPlan, reaches: Sequence[Reach]) -> list[Expected]:
    """What would be planned if these were the days. Most urgent stage first. Reads bills in one statement."""
    if not reaches:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _EXPECTED,
            {**due_values(plan.company_id, reaches), "key": digest_key(plan), "ways": ways_of(plan)},
        )
        return [
            Expected(Stage(stage), means, language, messages, int(bills), Money(int(left)))
            for stage, means, language, messages, bills, left in cursor
        ]


_EXPECTED = f"""
WITH due AS MATERIALIZED ({DUE_BILLS}), reminded AS (
    SELECT customer_id, (array_agg(stage ORDER BY rank DESC))[1] AS stage, max(rank) AS rank, count(*) AS bills,
        sum(left_centimes) AS left_centimes
    FROM due GROUP BY customer_id
)
SELECT stage, means, language, count(*), sum(bills), avg(left_centimes)
FROM reminded JOIN ({ADDRESSES}) AS contact USING (customer_id)
GROUP BY stage, rank, means, language ORDER BY rank DESC, means DESC, language
"""  # noqa: S608 - no value in it
