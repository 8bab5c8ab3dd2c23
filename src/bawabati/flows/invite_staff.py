"""A person who has an account is invited to set a password, for the first time or because it was forgotten."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.over_person import company_of_person, staff_over
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.tell_staff import tell_staff
from bawabati.people.models import Invitation
from bawabati.people.reads import find_staff, has_anybody_signed_in
from bawabati.people.rules import INVITATION_LIFE, Action, AskingPersonNeeded, NoSuchPerson
from bawabati.people.writes import lock_staff, make_invitation, system_account


def invite_staff(*, person_login: str, login: str | None, by_letter: bool = True, now: datetime) -> Invitation:
    """The invitation, which leaves by e-mail too (`by_letter`); earlier ones open nothing any more.

    Not safe to repeat: each call makes a new one.

    Whoever holds it sets the password; a second factor that is there already is still asked for.
    Rule: invitation (failures.md 5.2, 6.4), first-account

    Raises:
        NoSuchPerson, NotAllowed: nobody whom that administrator may invite.
        AskingPersonNeeded: nobody invites (`login` is None), and somebody has a password already.
    """
    person = find_staff(person_login)
    if person is None:
        raise NoSuchPerson
    if login is None and has_anybody_signed_in():
        raise AskingPersonNeeded
    with written_together("invite_staff: invited"):
        made_by = (
            system_account(now=now) if login is None else staff_over(person, login=login, action=Action.CHANGE_STAFF)
        )
        lock_staff(person.id)
        invitation = make_invitation(staff=person, made_by=made_by, expires_at=now + INVITATION_LIFE, now=now)
        company_id = company_of_person(person)
        if by_letter:
            tell_staff(person, kind="invitation", reference=f"invitation:{invitation.id}", now=now)
        record_act(
            staff_id=made_by.id,
            company_id=company_id,
            action="invite_staff",
            target=f"staff:{person.id}",
            details={"invitation": invitation.id},
            now=now,
        )
    return invitation
