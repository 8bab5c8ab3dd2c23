"""Blocks of receipt numbers as a bridge is given them, and what is done with them when their session ends."""

from datetime import datetime, timedelta

from bawabati.companies.models import Bridge
from bawabati.desks.models import DeskSession, NumberBlock
from bawabati.desks.reads import (
    find_block_in_use,
    find_bridge_of_desk,
    list_blocks_of_bridge,
    next_number_of,
)
from bawabati.desks.writes import end_block, lock_block, void_unused
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import ZERO, Money
from bawabati.money.stamp_duty import STAMP_DUTY_TABLE, StampDutyRow

CONTACT_LASTS = timedelta(minutes=2)
NOT_RETURNED = "block_not_returned"
"""The case of numbers of which nobody knows yet whether they were used."""


def blocks_for_bridge(bridge_id: int) -> list[dict[str, object]]:
    """What a bridge is told of the blocks in use at its desks, with the law of the stamp duty and the company's names.

    `next`: the first number of which nothing has come back; a bridge that has lost its journal goes on there.
    """
    duties = [_duty(row) for row in STAMP_DUTY_TABLE]
    return [_told(block, duties) for block in list_blocks_of_bridge(bridge_id)]


def give_block_back(session: DeskSession, *, now: datetime) -> None:
    """Ends the block of a locked session that is being closed. Safe to repeat.

    What its bridge says it has not used is void. While the bridge is not heard of, or holds what it could not deliver,
    nothing is voided: a case is opened instead. Rule: offline-blocks (behaviour.md 2, T9)
    """
    in_use = find_block_in_use(session.desk_id)
    if in_use is None or in_use.session_id != session.id:
        return
    block = lock_block(in_use.id)
    end_block(block, now=now)
    bridge = find_bridge_of_desk(session.desk_id)
    if bridge is not None and _has_told_all(bridge, now=now):
        void_unused(block, now=now)
        return
    open_work_item(
        company_id=block.company_id,
        kind=NOT_RETURNED,
        reference=f"number_block:{block.id}",
        amount=ZERO,
        details={"desk": block.desk.code, "kind": block.kind, "first": block.first, "last": block.last},
        now=now,
    )


def _has_told_all(bridge: Bridge, *, now: datetime) -> bool:
    heard_at = bridge.last_contact_at
    return heard_at is not None and now - heard_at < CONTACT_LASTS and bridge.waiting_results == 0


def _told(block: NumberBlock, duties: list[dict[str, object]]) -> dict[str, object]:
    company = block.company
    return {
        "block": block.id,
        "desk": block.desk.code,
        "kind": block.kind,
        "year": block.year,
        "first": block.first,
        "last": block.last,
        "next": next_number_of(block),
        "session": block.session_id,
        "cashier": block.session.cashier.name,
        "code_scrypt": block.code_scrypt,
        "stamp_duty": duties,
        "company": {
            "name_ar": company.name_ar,
            "name_fr": company.name_fr,
            "legal_form": company.legal_form,
            "address_ar": company.address_ar,
            "address_fr": company.address_fr,
            "phone": company.phone,
            "nif": company.nif,
            "nis": company.nis,
            "rc": company.rc,
            "ai": company.ai,
        },
    }


def _duty(row: StampDutyRow) -> dict[str, object]:
    return {
        "from_on": row.from_on.isoformat(),
        "brackets": [
            {
                "above_centimes": bracket.above.centimes,
                "for_each_hundred_dinars_centimes": bracket.for_each_hundred_dinars.centimes,
            }
            for bracket in row.brackets
        ],
        "least_centimes": row.least.centimes,
        "most_centimes": _centimes(row.most),
    }


def _centimes(amount: Money | None) -> int | None:
    return None if amount is None else amount.centimes
