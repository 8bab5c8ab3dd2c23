"""Receipt numbers are set aside for a desk, for the hours in which its line is cut."""

from dataclasses import dataclass
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.desks.models import NumberBlock
from bawabati.desks.reads import find_block_in_use, find_bridge_of_desk, find_open_session_of_desk
from bawabati.desks.rules import (
    MOST_NUMBERS,
    BlockExists,
    BlockTooLarge,
    NoBridgeHere,
    SessionNotOpen,
    hashed_code,
    new_code,
    series_of_block,
)
from bawabati.desks.writes import lock_open_session, write_block
from bawabati.flows.steps.desk_session import get_session_for
from bawabati.flows.steps.series import series_now
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.receipts.writes import take_numbers
from bawabati.workdays import accounting_day


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """The numbers, and the code that opens the desk's offline page: shown once, kept nowhere."""

    block: NumberBlock
    code: str


def set_aside_block(*, desk_id: int, size: int, staff: Staff, now: datetime) -> SetAside:
    """Sets `size` numbers of the desk's own series aside for its open session. Not safe to repeat: one block at a time.

    Its bridge is given them with its next question. Rule: offline-blocks (behaviour.md 2, T9)

    Raises:
        SessionNotOpen, NotAllowed, BlockTooLarge, BlockExists, NoBridgeHere.
    """
    known = find_open_session_of_desk(desk_id)
    if known is None:
        raise SessionNotOpen
    get_session_for(staff, known.id)
    if not 1 <= size <= MOST_NUMBERS:
        raise BlockTooLarge(most=MOST_NUMBERS)
    if find_bridge_of_desk(desk_id) is None:
        raise NoBridgeHere
    code = new_code()
    code_scrypt = hashed_code(code)
    with written_together("set_aside_block: numbers set aside"):
        session = lock_open_session(known.id)
        in_use = find_block_in_use(desk_id)
        if in_use is not None:
            raise BlockExists(first=in_use.first, last=in_use.last)
        year, kind = accounting_day(now).year, series_now(series_of_block(known.desk.code))
        last = take_numbers(company_id=session.company_id, year=year, kind=kind, count=size)
        block = write_block(
            session,
            kind=kind,
            year=year,
            first=last - size + 1,
            last=last,
            code_scrypt=code_scrypt,
            by=staff,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=session.company_id,
            action="set_aside_block",
            target=f"number_block:{block.id}",
            details={"desk": known.desk.code, "first": block.first, "last": block.last},
            now=now,
        )
    return SetAside(block=block, code=code)
