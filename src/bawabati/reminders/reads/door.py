"""How bills and customers stand now: read at the moment of sending, and at the moment of knocking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bawabati.bills.models import Bill
from bawabati.bills.rules import BillStatus
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, PaymentLine
from bawabati.payments.rules import State
from bawabati.reminders.rules import BillAtDoor


def bills_now(bill_ids: Sequence[int], *, watched_since: datetime) -> dict[int, tuple[Bill, BillAtDoor]]:
    """These bills as they stand now. One statement: what is paid meanwhile is either seen or comes after.

    `watched_since`: money may still come of an attempt whose page ended after that.
    """
    return {bill.id: (bill, _at_door(bill)) for bill in _with_attempts(watched_since).filter(id__in=list(bill_ids))}


def open_bills_of(customer_ids: Sequence[int], *, watched_since: datetime) -> dict[int, list[BillAtDoor]]:
    """What customers may owe, oldest first: every bill that is open and of which something is left. One statement."""
    found: dict[int, list[BillAtDoor]] = {customer_id: [] for customer_id in customer_ids}
    still_open = Q(status=BillStatus.OPEN, settled_centimes__lt=F("due_centimes"))
    for bill in _with_attempts(watched_since).filter(still_open, customer_id__in=list(customer_ids)).order_by("due_on"):
        found[bill.customer_id].append(_at_door(bill))
    return found


def _with_attempts(watched_since: datetime) -> QuerySet[Bill]:
    """A tranche of an agreement is paid by way of the bills that it stands for."""
    watched = PaymentLine.objects.filter(payment__state=State.WATCHED, payment__page_ends_at__gt=watched_since)
    its_own, of_its_agreement = Q(bill_id=OuterRef("id")), Q(bill__in_agreement_id=OuterRef("tranche_of_id"))
    return Bill.objects.annotate(
        is_held=Exists(Hold.objects.filter(its_own)) | Exists(Hold.objects.filter(of_its_agreement)),
        may_be_paid_still=Exists(watched.filter(its_own)) | Exists(watched.filter(of_its_agreement)),
    )


def _at_door(bill: Bill) -> BillAtDoor:
    return BillAtDoor(
        status=BillStatus(bill.status),
        due_on=bill.due_on,
        left=Money(bill.due_centimes - bill.settled_centimes),
        is_held=bill.is_held,  # type: ignore[attr-defined]  # annotated above
        may_be_paid_still=bill.may_be_paid_still,  # type: ignore[attr-defined]
        is_agreed=bill.in_agreement_id is not None,
    )
