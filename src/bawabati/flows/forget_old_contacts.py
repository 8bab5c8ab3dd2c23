"""Wishes of payers that nobody has confirmed, or that are over; rounds of days long past."""

from datetime import datetime, timedelta

from bawabati.bills.writes import UNCONFIRMED_KEPT, erase_old_contacts
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.writes import erase_addresses_of_kind
from bawabati.reminders.rules import WISH
from bawabati.reminders.writes import forget_rounds
from bawabati.workdays import accounting_day

ROUNDS_KEPT = timedelta(days=30)


def forget_old_contacts(*, now: datetime) -> int:
    """Forgets them; how many, so many at most. Safe to repeat. Rule: wishes-end, rounds-forgotten (law 18-07)

    Where somebody was asked for his word is forgotten as soon as an unconfirmed wish: it may be a stranger's address.
    """
    with written_together("forget_old_contacts: erased"):
        erased = erase_old_contacts(now=now)
        erased += erase_addresses_of_kind(WISH, written_before=now - UNCONFIRMED_KEPT)
        return erased + forget_rounds(before=accounting_day(now) - ROUNDS_KEPT)
