"""What pays a tranche of an agreement pays the bills that it stands for: the lines that are written name those alone.

So receipts, refunds, files and books never meet a tranche. Decision: docs/decisions/0046-instalments.md
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, list_agreement_bills, list_bills_in
from bawabati.bills.rules import BillStatus, cut
from bawabati.money.amount import ZERO, Money, total

_TRANCHES = "SELECT id, tranche_of_id FROM bills_bill WHERE id = ANY(%s) AND tranche_of_id IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToPay:
    """One bill to pay, or a part of it, in the version that the payer saw."""

    bill_id: int
    bill_version: int
    amount: Money


def on_real_bills(lines: Sequence[LineToPay]) -> list[LineToPay]:
    """The same sum on bills alone: tranches give way to the bills of their agreement, the oldest first.

    The bills are locked. Money that is here already may be more than is left of them: that goes to the last.

    Rule: tranches-pay-the-bills (behaviour.md I4)
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRANCHES, [[line.bill_id for line in lines]])
        agreement_of = dict(cursor.fetchall())
    if not agreement_of:
        return list(lines)
    amounts: defaultdict[int, Money] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.bill_id in agreement_of:
            amounts[agreement_of[line.bill_id]] += line.amount
    real = [line for line in lines if line.bill_id not in agreement_of]
    for agreement_id, amount in amounts.items():
        real.extend(_lines_of(agreement_id, amount))
    return real


def _lines_of(agreement_id: int, amount: Money) -> list[LineToPay]:
    bills = list_bills_in(agreement_id) or _bills_once_in(agreement_id)
    lefts = [facts_of(bill).left for bill in bills]
    takes = min(amount, total(lefts))
    parts = [*cut(takes, lefts)]
    parts[-1] += amount - takes
    return [
        LineToPay(bill_id=bill.id, bill_version=bill.version, amount=part)
        for bill, part in zip(bills, parts, strict=True)
        if part
    ]


def _bills_once_in(agreement_id: int) -> list[Bill]:
    """Of an agreement that has ended: those of which something is left, oldest first; else the last. Never empty."""
    bills = [row.bill for row in list_agreement_bills(agreement_id)]
    return [bill for bill in bills if bill.status == BillStatus.OPEN and facts_of(bill).left] or bills[-1:]
