"""What should have come and has not: files, payments in them, refunds in them, credits of the bank."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from bawabati.companies.reads import list_companies
from bawabati.flows.steps.settlement_books import post_items
from bawabati.flows.steps.settlement_items import opening_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.settlement.reads import has_statements
from bawabati.settlement.writes import hold_settlement, lay_out_items, note_missing, open_odd
from bawabati.workdays import ALGIERS

DAYS_TO_BE_SEEN: Final = 3
"""Rule: not-seen (failures.md 2.8, S3)"""
FILES_COME_BY: Final = time(10, 0)
"""In the morning after their day. Rule: missing-file (failures.md 2.8, S1)"""


def look_for_missing(*, now: datetime) -> None:
    """Opens an item for each, in companies that receive files. Safe to repeat and to race: one for each thing."""
    here = now.astimezone(ALGIERS)
    today = here.date()
    files_by = today - timedelta(days=1 if here.time() >= FILES_COME_BY else 2)
    for company in list_companies():
        if not has_statements(company_id=company.id):
            continue
        with written_together("look_for_missing: noted"):
            hold_settlement(company.id)
            opening = opening_of(company.id, now=now)
            lay_out_items()
            note_missing(
                company_id=company.id, today=today, seen_by=today - timedelta(days=DAYS_TO_BE_SEEN), files_by=files_by
            )
            post_items(company_id=company.id, moved=open_odd(opening), now=now)
