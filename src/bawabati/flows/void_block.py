"""The head of an agency voids numbers that a bridge will never tell of."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.cases.writes import close_case
from bawabati.desks.reads import find_block
from bawabati.desks.rules import NoSuchBlock, SessionState, SessionStillOpen
from bawabati.desks.writes import lock_block, void_unused
from bawabati.flows.steps.blocks import NOT_RETURNED
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_agency
from bawabati.flows.steps.typed_words import check_words
from bawabati.people.models import Staff
from bawabati.people.rules import Action

LONGEST_BECAUSE = 200


def void_block(*, block_id: int, because: str, staff: Staff, now: datetime) -> int:
    """Voids every number of the block of which nothing has come back; how many. Safe to repeat.

    What comes back all the same is posted under another number, with a case.
    Rule: offline-blocks (behaviour.md 2, T9)

    Raises:
        NoSuchBlock, NotAllowed, SessionStillOpen, WordsMissing and its kin.
    """
    because = check_words(because, longest=LONGEST_BECAUSE)
    block = find_block(block_id)
    if block is None:
        raise NoSuchBlock
    check_at_agency(staff, Action.SIGN_CLOSING, company_id=block.company_id, agency_id=block.agency_id)
    if block.session.state == SessionState.OPEN:
        raise SessionStillOpen
    with written_together("void_block: voided"):
        voided = void_unused(lock_block(block.id), now=now)
        reference = f"number_block:{block.id}"
        close_case(company_id=block.company_id, kind=NOT_RETURNED, reference=reference, because=because, now=now)
        record_act(
            staff_id=staff.id,
            company_id=block.company_id,
            action="void_block",
            target=reference,
            details={"voided": voided, "because": because},
            now=now,
        )
    return voided
