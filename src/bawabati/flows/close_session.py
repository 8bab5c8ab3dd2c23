"""A session is closed: the drawer counted blindly, differences posted with their reason, the Z numbered and chained."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.desks.models import DeskSession, ZReport
from bawabati.desks.reads import find_z_of_session
from bawabati.desks.rules import (
    DifferenceNeedsReason,
    Pieces,
    SalesBeingChecked,
    SessionReport,
    SessionState,
    sum_of_pieces,
    with_count,
)
from bawabati.desks.writes import end_session, lock_session, write_count, write_z
from bawabati.flows.steps.blocks import give_block_back
from bawabati.flows.steps.desk_session import get_session_for, may_sign
from bawabati.flows.steps.reader_totals import ask_for_totals
from bawabati.flows.steps.session_report import report_session
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.flows.steps.work_item import HANDED_OVER, open_work_item
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day

LONGEST_BECAUSE = 200


def close_session(
    *, session_id: int, counted: Pieces, because: str, staff: Staff, now: datetime, handing_over: bool
) -> ZReport:
    """Closes the session and gives its Z. Safe to repeat: a closed session gives the Z that it has.

    What the drawer should hold is compared only now, with the count, and every count is kept: a difference asks for a
    reason, or to be counted again. It is posted to an account of its own. Sales that are not over are handed over by
    the head of the agency, each as a case that the head owns.
    Rule: blind-count (readers.md 5.1). Rule: closing-with-unknown (behaviour.md 3, R14)

    Raises:
        NoSuchSession, NotAllowed, NotCounted, WordsTooLong and its kin.
        SalesBeingChecked: some sale is not over, and this person may not or does not hand it over.
        DifferenceNeedsReason: nothing is closed, the count is kept.
    """
    get_session_for(staff, session_id)
    sum_counted = sum_of_pieces(counted)
    because = check_words(because, longest=LONGEST_BECAUSE) if because.strip() else ""
    z: ZReport | None = None
    with written_together("close_session: counted, and closed"):
        session = lock_session(session_id)
        if session.state == SessionState.CLOSED:
            return _z_of(session)
        so_far = report_session(session, now=now)
        _check_all_over(so_far, may_hand_over=handing_over and may_sign(staff, session))
        expected = Money(so_far.expected_cash_centimes or 0)
        write_count(session, pieces=counted, expected=expected, by=staff, now=now)
        if sum_counted == expected or because:
            closing = with_count(so_far, pieces=counted, sum_of=sum_counted, by=staff.name, because=because)
            z = _close(session, closing, staff=staff, now=now)
    if z is None:
        raise DifferenceNeedsReason(counted=sum_counted, expected=expected)
    return z


def _z_of(session: DeskSession) -> ZReport:
    z = find_z_of_session(session.id)
    assert z is not None  # noqa: S101 - both are written in one transaction
    return z


def _check_all_over(so_far: SessionReport, *, may_hand_over: bool) -> None:
    if so_far.being_checked and not may_hand_over:
        raise SalesBeingChecked(count=len(so_far.being_checked))


def _close(session: DeskSession, closing: SessionReport, *, staff: Staff, now: datetime) -> ZReport:
    give_block_back(session, now=now)
    _post_difference(session, closing.cash_difference_centimes, now=now)
    for sale in closing.being_checked:
        open_work_item(
            company_id=session.company_id,
            kind=HANDED_OVER,
            reference=f"sale:{sale.sale_id}",
            amount=Money(sale.amount_centimes),
            details={"sale": sale.reference, "desk": session.desk.code, "session": session.id},
            owner=staff,
            now=now,
        )
    ask_for_totals(session, now=now)
    end_session(session, now=now)
    z = write_z(session, closing, by=staff, now=now)
    record_act(
        staff_id=staff.id,
        company_id=session.company_id,
        action="close_session",
        target=f"desk_session:{session.id}",
        details={
            "desk": session.desk.code,
            "z": z.number,
            "difference_centimes": closing.cash_difference_centimes,
            "handed_over": [sale.reference for sale in closing.being_checked],
        },
        now=now,
    )
    return z


def _post_difference(session: DeskSession, difference_centimes: int, *, now: datetime) -> None:
    """The drawer's account holds what was counted. Rule: cash-difference (failures.md 2.7, T8)"""
    if not difference_centimes:
        return
    cash, amount = Side(AccountRole.CASH), Money(abs(difference_centimes))
    missing = difference_centimes < 0
    transfer(
        company_id=session.company_id,
        debit=Side(AccountRole.CASH_SHORTAGE) if missing else cash,
        credit=cash if missing else Side(AccountRole.CASH_SURPLUS),
        amount=amount,
        reason=Reason.CASH_DIFFERENCE,
        reference=f"desk_session:{session.id}",
        accounted_on=accounting_day(now),
        now=now,
    )
