"""Tranches of an agreement: written when it begins, fitted to what is left of its bills, taken away at its end.

The bills of the agreement are locked by whoever calls, and always before its tranches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import SystemRandom

from django.db.models import F

from bawabati.bills.models import Agreement, AgreementBill, Bill
from bawabati.bills.rules import BillStatus, Tranche, fit
from bawabati.companies.rules import mint_number
from bawabati.money.amount import Money


def begin_tranches(
    agreement: Agreement, *, bills: Sequence[Bill], tranches: Sequence[Tranche], now: datetime
) -> list[Bill]:
    """The agreement has these locked bills from now on, and is paid by these tranches, which sum to what is left.

    Each tranche has a payment number of its own, minted, so that it can be typed wherever a bill's can.
    """
    AgreementBill.objects.bulk_create(
        AgreementBill(
            company_id=agreement.company_id,
            agreement=agreement,
            bill=bill,
            bill_version=bill.version,
            left_centimes=bill.due_centimes - bill.settled_centimes,
        )
        for bill in bills
    )
    Bill.objects.filter(id__in=[bill.id for bill in bills]).update(in_agreement=agreement)
    return Bill.objects.bulk_create([_as_bill(agreement, tranche, now) for tranche in tranches])


def _as_bill(agreement: Agreement, tranche: Tranche, now: datetime) -> Bill:
    return Bill(
        company_id=agreement.company_id,
        customer_id=agreement.customer_id,
        payment_number=_new_number(agreement.company_id),
        bill_number=f"ECH-{agreement.id}-{tranche.place}",
        period=f"{tranche.place}/{agreement.tranches}",
        issued_on=min(now.date(), tranche.due_on),
        due_on=tranche.due_on,
        version=1,
        due_centimes=tranche.amount.centimes,
        as_of=now,
        tranche_of=agreement,
        tranche_place=tranche.place,
        agreed_centimes=tranche.amount.centimes,
    )


def _new_number(company_id: int) -> str:
    """One that no bill of the company has. Rule: minted-numbers (at least 12 random digits and 2 check digits)"""
    while True:
        number = mint_number(random=SystemRandom())
        if not Bill.objects.filter(company_id=company_id, payment_number=number).exists():
            return number


def fit_tranches(agreement_id: int, *, now: datetime | None = None) -> None:
    """What is left of the tranches is what is left of their bills, to the centime. Safe to repeat.

    `now`: when a tranche of which nothing is left was settled.

    Rule: tranches-follow-the-bills (behaviour.md I4)
    """
    tranches = list(Bill.objects.filter(tranche_of_id=agreement_id, status=BillStatus.OPEN).order_by("tranche_place"))
    own = Bill.objects.filter(in_agreement_id=agreement_id, status=BillStatus.OPEN)
    remaining = sum(due - settled for due, settled in own.values_list("due_centimes", "settled_centimes"))
    agreed = [Money(tranche.agreed_centimes or 0) for tranche in tranches]
    for tranche, fitted in zip(tranches, fit(agreed, Money(remaining)), strict=True):
        due, settled = fitted.due.centimes, fitted.due.centimes - fitted.left.centimes
        if (due, settled) == (tranche.due_centimes, tranche.settled_centimes):
            continue
        Bill.objects.filter(id=tranche.id).update(
            due_centimes=due,
            settled_centimes=settled,
            settled_at=None if fitted.left else tranche.settled_at or now,
            version=F("version") + int(due != tranche.due_centimes),
        )


def end_tranches(agreement: Agreement) -> Mapping[str, int]:
    """Its bills owe for themselves again, with what is left of each; what is left of its tranches is cancelled."""
    freed = Bill.objects.filter(in_agreement=agreement).update(in_agreement=None)
    unpaid = Bill.objects.filter(tranche_of=agreement, status=BillStatus.OPEN, settled_centimes__lt=F("due_centimes"))
    return {"bills": freed, "tranches": unpaid.update(status=BillStatus.CANCELLED)}
