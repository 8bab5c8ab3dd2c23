"""A receipt that was written while the line was cut comes in: the money is posted, what does not fit becomes a case."""

from dataclasses import dataclass
from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of, find_bill_by_number
from bawabati.bills.writes import lock_bills
from bawabati.companies.reads import find_bridge
from bawabati.companies.rules import clean_number, looks_like_a_card_number
from bawabati.desks.models import NumberBlock, OfflineReceipt
from bawabati.desks.reads import find_block, find_slip
from bawabati.desks.rules import NoSuchBlock, SlipOutcome
from bawabati.desks.writes import lock_block, lock_session, write_slip
from bawabati.errors import CannotDo
from bawabati.flows.steps.offline_money import SlipTold, post_on_suspense, settle_slip
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.reads import find_sale_by_start_key


class NothingTaken(CannotDo):
    """A receipt is for money; a number that was not used is void."""

    code = "nothing_taken"
    sentence = "A receipt is for an amount above zero."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of the number; `case` names the work item that it has become, None in the ordinary case."""

    slip: OfflineReceipt
    case: str | None


def take_in_offline_receipt(
    *,
    bridge_id: int,
    block_id: int,
    number: int,
    payment_number: str,
    amount: Money,
    stamp_duty: Money,
    taken_at: datetime,
    cashier: str,
    voided: bool,
    now: datetime,
) -> TakenIn:
    """Takes in what a bridge tells of one number of a block. Safe to repeat: once for each number.

    The cash lies in the drawer already, so it is posted whatever became of the bill meanwhile: paid by now it is a
    surplus, unknown it waits on a suspense account, of another amount it is applied; each is a case.
    Rule: offline-blocks (behaviour.md 2, T9)

    Raises:
        NoSuchBlock: not of this bridge's agency, or no number of the block. NothingTaken.
    """
    block = _block_of(bridge_id, block_id, number)
    if not voided and not amount:
        raise NothingTaken
    told = SlipTold(
        number=number,
        payment_number=_number_told(payment_number),
        amount=amount,
        stamp_duty=stamp_duty,
        taken_at=min(max(taken_at, block.set_aside_at), now),
        cashier=cashier[:120],
    )
    known = find_bill_by_number(company_id=block.company_id, payment_number=told.payment_number)
    with written_together("take_in_offline_receipt: taken in"):
        bill = _locked(known) if known is not None and not voided else None
        lock_session(block.session_id)
        block = lock_block(block_id)
        before = find_slip(block_id=block_id, number=number)
        if before is not None:
            return _again(block, before, told, bill, voided=voided, now=now)
        if voided:
            return TakenIn(slip=write_slip(block, number=number, outcome=SlipOutcome.VOID, now=now), case=None)
        return _take_in(block, told, bill, now=now)


def _locked(known: Bill) -> Bill | None:
    """The bill, and the one that replaces it, which its money may go on to: bills come first of all locks."""
    newer = (
        find_bill_by_number(company_id=known.company_id, payment_number=known.replaced_by)
        if known.replaced_by
        else None
    )
    return lock_bills([known.id, *([newer.id] if newer else [])]).get(known.id)


def _number_told(text: str) -> str:
    """As it was typed at a desk that could ask nobody; nothing where somebody typed what may be a card's number."""
    return "" if looks_like_a_card_number(text) else clean_number(text)[:64]


def _block_of(bridge_id: int, block_id: int, number: int) -> NumberBlock:
    bridge, block = find_bridge(bridge_id), find_block(block_id)
    if bridge is None or block is None or block.agency_id != bridge.agency_id:
        raise NoSuchBlock
    if not block.first <= number <= block.last:
        raise NoSuchBlock
    return block


def _take_in(block: NumberBlock, told: SlipTold, bill: Bill | None, *, now: datetime) -> TakenIn:
    case = _what_does_not_fit(told, bill)
    if bill is None:
        outcome = SlipOutcome.UNKNOWN_BILL
        post_on_suspense(block, told, now=now)
    else:
        outcome = SlipOutcome.SETTLED
        settle_slip(block, told, bill, has_number=True, now=now)
    if case is not None and case != "surplus":  # that one has a case of its own, with the payment
        _open_case(block, told, f"offline_{case}", now=now)
    if block.session.ended_at is not None:
        _open_case(block, told, "offline_after_closing", now=now)
    slip = write_slip(
        block,
        number=told.number,
        outcome=outcome,
        payment_number=told.payment_number,
        amount=told.amount,
        stamp_duty=told.stamp_duty,
        cashier=told.cashier,
        taken_at=told.taken_at,
        case_kind=case or "",
        now=now,
    )
    return TakenIn(slip=slip, case=case)


def _what_does_not_fit(told: SlipTold, bill: Bill | None) -> str | None:
    if bill is None:
        return "unknown_bill"
    left = facts_of(bill).left
    if told.amount == left:
        return None
    return "amount_differs" if left else "surplus"


def _again(
    block: NumberBlock, before: OfflineReceipt, told: SlipTold, bill: Bill | None, *, voided: bool, now: datetime
) -> TakenIn:
    """The number is known. The same word again changes nothing; another word is money that nobody has posted yet."""
    is_same = (before.payment_number, before.amount_centimes) == (told.payment_number, told.amount.centimes)
    if voided or is_same:
        return TakenIn(slip=before, case=before.case_kind or None)
    key = told.start_key(block, is_first=False)
    if bill is not None and find_sale_by_start_key(company_id=block.company_id, start_key=key) is None:
        settle_slip(block, told, bill, has_number=False, now=now)
    elif bill is None:
        post_on_suspense(block, told, now=now, is_first=False)
    _open_case(block, told, "offline_number_twice", now=now)
    return TakenIn(slip=before, case="number_twice")


def _open_case(block: NumberBlock, told: SlipTold, kind: str, *, now: datetime) -> None:
    open_work_item(
        company_id=block.company_id,
        kind=kind,
        reference=f"number_block:{block.id}/{told.number}",
        amount=told.amount + told.stamp_duty,
        details={
            "desk": block.desk.code,
            "receipt": told.printed(block),
            "payment_number": told.payment_number,
            "cashier": told.cashier,
            "taken_at": told.taken_at.isoformat(),
        },
        now=now,
    )
