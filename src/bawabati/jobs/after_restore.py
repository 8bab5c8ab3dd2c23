"""After a restoration: everything that the outside may know better than this database is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from bawabati.flows.check_books import check_books
from bawabati.flows.leave_quarantine import hand_over_open_sales, keep_check
from bawabati.flows.steps.order_journal import read_journal
from bawabati.flows.take_in_lost_order import take_in_lost_order
from bawabati.jobs.comparison import FAILED, compare_with_gateway
from bawabati.operations.models import Restoration
from bawabati.operations.rules import Checked
from bawabati.payments.rules import Discrepancy


def check_restored(
    restoration: Restoration, *, journals: Sequence[Path], days: int, say: Callable[[str], None]
) -> Checked:
    """Asks about all that the backup cannot know, posts what is missing, and hands the rest over to people.

    The orders of the journals first, then every attempt since `days` before the backup. Safe to repeat and to kill.
    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """
    taken_in = _take_in(journals, since=restoration.backup_made_at - timedelta(minutes=1), say=say)
    since = restoration.backup_made_at - timedelta(days=days)
    recovered = left = unanswered = 0
    for finding in compare_with_gateway(since=since, repairs=True):
        say(f"{finding.what}: company {finding.company_id}, {finding.reference}: {finding.done}")
        recovered += finding.is_mended
        silent = finding.what in {Discrepancy.NO_ANSWER, FAILED}  # nobody has compared them, whoever is to blame
        unanswered += finding.count if silent else 0
        left += not finding.is_mended and not silent
    left += hand_over_open_sales(now=timezone.now())
    differences = check_books(now=timezone.now())
    for difference in differences:
        say(f"{difference.invariant} {difference.check}: {difference.reference}: {difference.finding}")
    found = Checked(
        recovered=recovered,
        left_for_people=left,
        unanswered=unanswered,
        unknown_orders=taken_in,
        differences=len(differences),
    )
    keep_check(found, now=timezone.now())
    return found


def _take_in(journals: Sequence[Path], *, since: datetime, say: Callable[[str], None]) -> int:
    count = 0
    for folder in journals:
        for order in read_journal(folder, since=since):
            payment = take_in_lost_order(order, now=timezone.now())
            if payment is not None:
                count += 1
                say(f"order {order.order_number} was not in the backup: it is payment:{payment.id} now")
    return count
