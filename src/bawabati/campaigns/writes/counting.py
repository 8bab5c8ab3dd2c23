"""Counting steps: one statement that waits for nobody."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection

from bawabati.campaigns.rules import Step
from bawabati.workdays import ALGIERS

SHARDS: Final = 32

# First, and alone: a statement waits for its table before it does anything itself.
LIGHTLY: Final = "SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '250ms', true)"
COUNT: Final = """
WITH known AS (
    SELECT of_medium.code
    FROM campaigns_campaigncode of_medium JOIN campaigns_campaign campaign ON campaign.id = of_medium.campaign_id
    WHERE of_medium.company_id = %(company_id)s::bigint AND of_medium.code = %(code)s::text
        AND campaign.company_id = %(company_id)s::bigint AND campaign.ended_at IS NULL
        AND %(day)s::date BETWEEN campaign.begins_on AND coalesce(campaign.ends_on, 'infinity')
)
INSERT INTO campaigns_stepcount AS counter (company_id, counted_on, hour, code, step, shard, count)
SELECT %(company_id)s::bigint, %(day)s::date, %(hour)s::smallint, coalesce((SELECT code FROM known), ''), step,
    pg_backend_pid() %% %(shards)s::int, 1
FROM unnest(%(steps)s::text[]) AS step
ON CONFLICT (company_id, counted_on, code, step, hour, shard) DO UPDATE SET count = counter.count + 1
"""


def count_steps(*, company_id: int, steps: Collection[Step], code: str, now: datetime) -> None:
    """Adds one to each of `steps`; a code that is unknown, another company's, or ended counts as none.

    In a short transaction of its own: a row belongs to a connection, so that hardly anybody waits, and the end of the
    transaction does not wait for the disk. A crash may lose the counts of its last moments, and nothing else.
    Not safe to repeat: each call counts.
    """
    at = now.astimezone(ALGIERS)
    given = {
        "company_id": company_id,
        "day": at.date(),
        "hour": at.hour,
        "code": code,
        "steps": [step.value for step in sorted(steps)],
        "shards": SHARDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(LIGHTLY)
        cursor.execute(COUNT, given)  # type: ignore[arg-type]  # dates and lists are psycopg's to adapt
