"""Somebody wants no more reminders: by the link of one, or by word of mouth at a desk."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.rules.contacts import Source, read_email
from bawabati.bills.writes import erase_contacts
from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.reads import find_address
from bawabati.notices.rules import PhoneWrong, read_phone
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reminders.models import ReminderMessage
from bawabati.reminders.reads import find_company_message
from bawabati.reminders.rules import CodeWrong, OptedBy, read_code
from bawabati.reminders.writes import lock_plan, opt_out


def end_reminders(*, message: ReminderMessage, now: datetime) -> None:
    """No more reminders to where that message went, from this second on and for ever. Safe to repeat.

    What the payer himself had asked for is forgotten. Rule: opt-out-for-ever (law 18-07)
    """
    address = _address_of(message)
    if address is not None:
        with written_together("end_reminders: ended"):
            plan = lock_plan(message.company_id, now=now)
            opt_out(plan, address=address, by=OptedBy.LINK, staff=None, now=now)
            erase_contacts(company_id=message.company_id, address=address, source=Source.PAYER)


def end_reminders_at_desk(*, company_id: int, agency_id: int | None, words: str, staff: Staff, now: datetime) -> None:
    """The same at a desk, by the code of a message, a telephone number or an e-mail address. Safe to repeat.

    Whoever types a code never sees where the message went. Raises NotAllowed, CodeWrong.
    """
    get_staff_allowed(login=staff.login, action=Action.STOP_REMINDERS, company_id=company_id, agency_id=agency_id)
    address = _address_said(company_id, words)
    with written_together("end_reminders_at_desk: ended"):
        plan = lock_plan(company_id, now=now)
        opt_out(plan, address=address, by=OptedBy.DESK, staff=staff, now=now)
        erase_contacts(company_id=company_id, address=address, source=Source.PAYER)
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="end_reminders",
            target=f"company:{company_id}",
            details={},
            now=now,
        )


def _address_said(company_id: int, words: str) -> str:
    if address := read_email(words):
        return address
    try:
        return read_phone(words)
    except PhoneWrong:
        message = find_company_message(company_id=company_id, message_id=read_code(words))
    known = _address_of(message) if message is not None else None
    if known is None:
        raise CodeWrong
    return known


def _address_of(message: ReminderMessage) -> str | None:
    """Where it goes, or went; None once both are erased."""
    if message.contact is not None:
        return message.contact.address
    return find_address(message.notice_id) if message.notice_id else None
