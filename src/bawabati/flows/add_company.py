"""A company joins: the little that has to be known at first. It is closed until its own people have done the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.companies.reads import find_company
from bawabati.companies.rules import CodeTaken, NumberFormat, SettingMissing, SettingWrong, check_code, check_value
from bawabati.companies.writes import CompanyFacts, begin_company
from bawabati.flows.steps.email_address import check_email
from bawabati.flows.steps.over_person import staff_over
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.tell_staff import tell_staff
from bawabati.people.models import Invitation, Staff
from bawabati.people.reads import find_staff, find_staff_open_or_closed, get_staff_allowed, roles_of
from bawabati.people.rules import INVITATION_LIFE, Action, NotAllowed, Role, is_allowed
from bawabati.people.writes import add_staff, give_role, lock_accounts, lock_staff, make_invitation

__all__ = ["KNOWN_AT_FIRST", "Administrator", "BeginningCompany", "CompanyFacts", "add_company"]

KNOWN_AT_FIRST: Final = ("name_ar", "name_fr", "name_en", "email")
"""Of what a company says of itself; the rest is needed before it opens."""


class AdministratorWrong(SettingWrong):
    """Whoever adds a company does not become its administrator so; nor does the system, or a closed account.

    Nor somebody who waits for an invitation elsewhere: another invitation would open all that he may do there.
    """

    code: ClassVar[str] = "administrator_wrong"
    sentence: ClassVar[str] = "The company's administrator has to be somebody else: a person of the company itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """The first person of the company: invited, and from then on inviting the others."""

    login: str
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningCompany:
    """A company as it is added. Of `facts` only `KNOWN_AT_FIRST` has to be there."""

    code: str
    facts: CompanyFacts
    wilayas: Sequence[str]
    number_format: NumberFormat
    administrator: Administrator


def add_company(new: BeginningCompany, *, login: str, now: datetime) -> tuple[Company, Invitation | None]:
    """The company, closed, and the invitation of its first administrator: none for who has a password already.

    Not safe to repeat: a code is given once. Safe to race: of two with the same code one is told.

    Rule: first-administrator (ours: whoever adds a company runs it no more than before), whole-person (ours)

    Raises:
        NotAllowed: that person may not add companies nationally.
        CodeWrong, CodeReserved, CodeTaken, SettingWrong, LooksLikeACardNumber: what cannot be taken, by its column.
        AdministratorWrong: see there.
    """
    check_code(new.code)
    for column in CompanyFacts.__dataclass_fields__:
        check_value(column, getattr(new.facts, column), is_needed=column in KNOWN_AT_FIRST)
    check_email("email", new.facts.email)
    _check_person(new.administrator)
    with written_together("add_company: added"):
        by = get_staff_allowed(login=login, action=Action.ADD_COMPANY, company_id=None)
        lock_accounts()
        if find_company(new.code) is not None:
            raise CodeTaken("code")
        company = begin_company(
            code=new.code, facts=new.facts, number_format=new.number_format, wilayas=new.wilayas, now=now
        )
        person, invitation = _invite(new.administrator, company, by, now)
        record_act(
            staff_id=by.id,
            company_id=company.id,
            action="add_company",
            target=f"company:{company.id}",
            details={"code": company.code, "administrator": person.id},
            now=now,
        )
    return company, invitation


def _check_person(person: Administrator) -> None:
    if not person.login:
        raise SettingMissing("administrator_login")
    check_email("administrator_login", person.login)
    if not person.name:
        raise SettingMissing("administrator_name")
    check_value("administrator_name", person.name)


def _invite(asked: Administrator, company: Company, by: Staff, now: datetime) -> tuple[Staff, Invitation | None]:
    was_known = find_staff_open_or_closed(asked.login) is not None
    person = add_staff(login=asked.login, name=asked.name, language=asked.language, now=now)
    runs_every_company = is_allowed(Action.CHANGE_STAFF, roles_of(staff_id=by.id, company_id=None))
    if person.is_system or find_staff(person.login) is None or (person.id == by.id and not runs_every_company):
        raise AdministratorWrong("administrator_login")
    if was_known and not person.has_usable_password():
        _check_may_invite(person, by)
    give_role(staff=person, role=Role.ADMINISTRATOR, company=company)
    if person.has_usable_password():
        return person, None
    lock_staff(person.id)
    invitation = make_invitation(staff=person, made_by=by, expires_at=now + INVITATION_LIFE, now=now)
    tell_staff(person, kind="invitation", reference=f"invitation:{invitation.id}", now=now)
    return person, invitation


def _check_may_invite(person: Staff, by: Staff) -> None:
    """Whoever holds an invitation comes in as that person, wherever he works. Raises AdministratorWrong."""
    try:
        staff_over(person, login=by.login, action=Action.CHANGE_STAFF)
    except NotAllowed:
        raise AdministratorWrong("administrator_login") from None
