"""What the office does with messages: lets one leave again, forgets where it went."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.defer import Job, defer
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.models import Notice
from bawabati.notices.reads import find_address, find_notice
from bawabati.notices.rules import AddressErased, NoSuchNotice, NoticeOnItsWay
from bawabati.notices.writes import erase_address, erase_old_addresses, let_leave_again, lock_undelivered_notice
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def send_again(*, company_id: int, notice_id: int, login: str, now: datetime) -> Notice:
    """Lets a message leave once more. Safe to race: while it is on its way it is not asked again.

    Raises:
        NotAllowed, NoSuchNotice, NoticeOnItsWay, AddressErased.
    """
    staff, known = _for_staff(company_id, notice_id, login)
    with written_together("send_again: asked"):
        notice = lock_undelivered_notice(known)
        if notice is None:
            raise NoticeOnItsWay
        if find_address(notice_id) is None:
            raise AddressErased
        let_leave_again(notice, now=now)
        defer(Job.SEND_NOTICE, notice_id=notice_id)
        _record(staff, known, "send_notice_again", now)
    return notice


def forget_address(*, company_id: int, notice_id: int, login: str, now: datetime) -> None:
    """Erases where a message went; that it left, and when, stays. Safe to repeat. Rule: addresses-erased

    Raises:
        NotAllowed, NoSuchNotice.
    """
    staff, known = _for_staff(company_id, notice_id, login)
    with written_together("forget_address: erased"):
        if erase_address(known):
            _record(staff, known, "erase_address", now)


def forget_old_addresses(*, now: datetime) -> int:
    """Erases, each night, what is no longer needed; how much. Safe to repeat. Rule: addresses-erased"""
    with written_together("forget_old_addresses: erased"):
        return erase_old_addresses(now=now)


def _for_staff(company_id: int, notice_id: int, login: str) -> tuple[Staff, Notice]:
    staff = get_staff_allowed(login=login, action=Action.OWN_CASE, company_id=company_id)
    known = find_notice(company_id=company_id, notice_id=notice_id)
    if known is None:
        raise NoSuchNotice
    return staff, known


def _record(staff: Staff, notice: Notice, action: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=notice.company_id,
        action=action,
        target=f"notice:{notice.id}",
        details={"kind": notice.kind, "reference": notice.reference},
        now=now,
    )
