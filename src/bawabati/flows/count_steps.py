"""A payer took a step: one more in a counter of the hour, without the payer."""

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import DatabaseError

from bawabati.campaigns import writes
from bawabati.campaigns.rules import Step
from bawabati.flows.steps.side_effects import written_together

log = structlog.get_logger(__name__)


def count_steps(*, company_id: int, steps: Collection[Step], code: str, now: datetime) -> None:
    """Counts `steps` by `code` (empty: none). Never raises and hardly waits: who pays does not pay for our counting.

    Call it outside a transaction. An unknown or ended code counts as none. Not safe to repeat: each call counts.

    Rule: steps-without-people (algeria.md 4, law 18-07)
    """
    try:
        with written_together("count_steps: counted"):
            writes.count_steps(company_id=company_id, steps=steps, code=code, now=now)
    except DatabaseError:
        log.exception("step_not_counted", company_id=company_id)
