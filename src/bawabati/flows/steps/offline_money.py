"""Cash that was taken while the line was cut, posted in the caller's transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.desks.models import NumberBlock
from bawabati.flows.steps.receipt_document import PRINTED
from bawabati.flows.steps.settle_sale import settle_sale
from bawabati.ledger.reads import find_transfer
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.payments.rules.sales import IDLE_AFTER, SaleEvent
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import LineToPay, move_sale, note_happening, open_sale_row
from bawabati.receipts.rules import Numbered, printed_number
from bawabati.receipts.writes import get_series_id
from bawabati.workdays import accounting_day


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipTold:
    """What a bridge tells of a receipt that was written offline."""

    number: int
    payment_number: str
    amount: Money
    stamp_duty: Money
    taken_at: datetime
    cashier: str

    def start_key(self, block: NumberBlock, *, is_first: bool) -> str:
        """Of the sale that posts it: one for the number, and one for each other word about the same number."""
        key = f"offline:{block.id}:{self.number}"
        if is_first:
            return key
        word = f"{self.payment_number} {self.amount.centimes} {self.stamp_duty.centimes}"
        return f"{key}:{hashlib.sha256(word.encode()).hexdigest()[:12]}"

    def printed(self, block: NumberBlock) -> str:
        """The number as it stands on the payer's paper."""
        return printed_number(year=block.year, kind=block.kind, number=self.number)


def settle_slip(block: NumberBlock, told: SlipTold, bill: Bill, *, has_number: bool, now: datetime) -> Sale:
    """Posts it to its locked bill, whoever holds the bill: the money is here. Without its number, with the agency's."""
    session = block.session
    sale = open_sale_row(
        session=session,
        way=Way.CASH,
        reader=None,
        lines=[LineToPay(bill_id=bill.id, bill_version=bill.version, amount=told.amount)],
        start_key=told.start_key(block, is_first=has_number),
        language=session.cashier.language,
        stamp_duty=told.stamp_duty,
        in_spite_of="",
        cashier=session.cashier,
        next_step_at=now + IDLE_AFTER,
        now=told.taken_at,
        holds=False,
    )
    evidence = {"offline": told.printed(block), "cashier": told.cashier, "taken_at": told.taken_at.isoformat()}
    move_sale(sale, event=SaleEvent.RECEIVED, by=None, evidence=evidence, next_step_at=None, now=now)
    numbered = _numbered(block, told) if has_number else None
    settle_sale(sale, evidence=evidence, now=now, paid_at=told.taken_at, numbered=numbered)
    if has_number:
        note_happening(sale, event=PRINTED, by=None, evidence={"offline": told.printed(block)}, now=now)
    return sale


def post_on_suspense(block: NumberBlock, told: SlipTold, *, now: datetime, is_first: bool = True) -> None:
    """Cash of which nobody knows the bill; a person sees to it. Safe to repeat."""
    reference = told.start_key(block, is_first=is_first)
    if find_transfer(company_id=block.company_id, reason=Reason.WITHOUT_BILL, references=[reference]) is not None:
        return
    parts = (
        (told.amount, Side(AccountRole.SUSPENSE), Reason.WITHOUT_BILL),
        (told.stamp_duty, Side(AccountRole.STAMP_DUTY), Reason.STAMP_DUTY),
    )
    for amount, credited, reason in parts:
        if amount:
            transfer(
                company_id=block.company_id,
                debit=Side(AccountRole.CASH),
                credit=credited,
                amount=amount,
                reason=reason,
                reference=reference,
                accounted_on=accounting_day(now),
                now=now,
            )


def _numbered(block: NumberBlock, told: SlipTold) -> Numbered:
    series_id = get_series_id(company_id=block.company_id, year=block.year, kind=block.kind)
    return Numbered(series_id=series_id, year=block.year, kind=block.kind, number=told.number)
