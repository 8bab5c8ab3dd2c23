"""Wishes of payers that nobody has confirmed, or that are over; rounds of days long past."""

from datetime import datetime, timedelta

from bawabati.bills.writes import erase_old_contacts
from bawabati.flows.steps.side_effects import written_together
from bawabati.reminders.writes import forget_rounds
from bawabati.workdays import accounting_day

ROUNDS_KEPT = timedelta(days=30)


def forget_old_contacts(*, now: datetime) -> int:
    """Forgets them; how many, so many at most. Safe to repeat. Rule: wishes-end, rounds-forgotten (law 18-07)"""
    with written_together("forget_old_contacts: erased"):
        erased = erase_old_contacts(now=now)
        return erased + forget_rounds(before=accounting_day(now) - ROUNDS_KEPT)
