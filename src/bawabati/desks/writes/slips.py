"""Blocks of receipt numbers, and what comes back of them."""

from datetime import datetime

from bawabati.desks.models import DeskSession, NumberBlock, OfflineReceipt
from bawabati.desks.rules import SlipOutcome
from bawabati.money.amount import ZERO, Money
from bawabati.people.models import Staff


def write_block(
    session: DeskSession,
    *,
    kind: str,
    year: int,
    first: int,
    last: int,
    code_scrypt: str,
    by: Staff,
    now: datetime,
) -> NumberBlock:
    """Sets the numbers aside. The database refuses a second block that a desk has in use."""
    return NumberBlock.objects.create(
        company_id=session.company_id,
        agency_id=session.agency_id,
        desk_id=session.desk_id,
        session=session,
        kind=kind,
        year=year,
        first=first,
        last=last,
        code_scrypt=code_scrypt,
        set_aside_by=by,
        set_aside_at=now,
    )


def lock_block(block_id: int) -> NumberBlock:
    """The block, locked until the transaction ends; after its session's place in the order of locks."""
    locked = NumberBlock.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("company", "session__cashier", "desk", "agency").get(id=block_id)


def write_slip(
    block: NumberBlock,
    *,
    number: int,
    outcome: SlipOutcome,
    payment_number: str = "",
    amount: Money = ZERO,
    stamp_duty: Money = ZERO,
    cashier: str = "",
    taken_at: datetime | None = None,
    case_kind: str = "",
    now: datetime,
) -> OfflineReceipt:
    """Keeps what became of a number of a locked block, once: the database refuses a second word about it."""
    return OfflineReceipt.objects.create(
        company_id=block.company_id,
        block=block,
        number=number,
        outcome=outcome,
        payment_number=payment_number,
        amount_centimes=amount.centimes,
        stamp_duty_centimes=stamp_duty.centimes,
        cashier=cashier,
        taken_at=taken_at,
        case_kind=case_kind,
        received_at=now,
    )


def end_block(block: NumberBlock, *, now: datetime) -> None:
    """The bridge is not given a locked block any more. Safe to repeat."""
    if block.ended_at is None:
        block.ended_at = now
        block.save(update_fields=["ended_at"])


def void_unused(block: NumberBlock, *, now: datetime) -> int:
    """A row for each number of a locked block that nothing has come back of; how many. Safe to repeat."""
    used = set(OfflineReceipt.objects.filter(block=block).values_list("number", flat=True))
    unused = [number for number in range(block.first, block.last + 1) if number not in used]
    OfflineReceipt.objects.bulk_create(
        OfflineReceipt(
            company_id=block.company_id, block=block, number=number, outcome=SlipOutcome.VOID, received_at=now
        )
        for number in unused
    )
    return len(unused)
