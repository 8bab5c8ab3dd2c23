"""A restored installation is compared with the gateway, and a named person opens it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.operations.models import Restoration
from bawabati.operations.rules import Checked, check_may_leave
from bawabati.operations.writes import leave_quarantine as write_leaving
from bawabati.operations.writes import lock_quarantine, note_check
from bawabati.payments.reads import find_sale, list_due_sales
from bawabati.people.models import Staff
from bawabati.people.reads import all_roles_of, find_staff
from bawabati.people.rules import Action, NotAllowed, is_allowed

LONGEST_BECAUSE = 200
FAR = timedelta(days=3650)
MOST_SALES = 10_000
SALE_CASE = "sale_open_at_restore"


def hand_over_open_sales(*, now: datetime) -> int:
    """Every sale at a desk that was open when the backup was made becomes a case; how many.

    What the reader did since, only its own roll says. Safe to repeat.
    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """
    open_sales = list_due_sales(now=now + FAR, at_most=MOST_SALES)
    for sale_id in open_sales:
        sale = find_sale(sale_id)
        if sale is None:
            continue
        with written_together("hand_over_open_sales: handed over"):
            open_work_item(
                company_id=sale.company_id,
                kind=SALE_CASE,
                reference=f"sale:{sale_id}",
                amount=Money(sale.amount_centimes),
                details={"state": sale.state},
                now=now,
            )
    return len(open_sales)


def keep_check(found: Checked, *, now: datetime) -> None:
    """Writes down what the comparison has found. Raises NotInQuarantine."""
    with written_together("keep_check: kept"):
        note_check(lock_quarantine()[0], found, now=now)


def leave_quarantine(*, login: str, because: str, in_spite: bool, now: datetime) -> Restoration:
    """Opens the doors, in the name of a person. `in_spite`: although the gateway was silent about some attempts.

    Rule: quarantine (behaviour.md 6, "Restore from a backup")

    Raises:
        NotAllowed, NotInQuarantine, NotCheckedYet, GatewaySilent, WordsMissing and its kin.
    """
    because = check_words(because, longest=LONGEST_BECAUSE)
    staff = _allowed(login)
    with written_together("leave_quarantine: left"):
        shut = lock_quarantine()
        latest = shut[0]
        unanswered = int(latest.found.get("unanswered", 0))
        check_may_leave(checked_at=latest.checked_at, unanswered=unanswered, in_spite=in_spite, now=now)
        for restoration in shut:
            write_leaving(restoration, by=staff, because=because, now=now)
        record_act(
            staff_id=staff.id,
            company_id=None,
            action="leave_quarantine",
            target=f"restoration:{latest.id}",
            details={"because": because, **latest.found},
            now=now,
        )
    return latest


def _allowed(login: str) -> Staff:
    """The whole installation is opened: whoever runs one of its companies may say so. Raises NotAllowed."""
    staff = find_staff(login)
    if staff is None or staff.is_system or not is_allowed(Action.LEAVE_QUARANTINE, all_roles_of(staff.id)):
        raise NotAllowed
    return staff
