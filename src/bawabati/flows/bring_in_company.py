"""A company as it describes itself: brought in, or brought up to date, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from bawabati.audit.writes import record_act
from bawabati.companies.models import Agency, Company, GatewayAccount
from bawabati.companies.reads import (
    find_active_gateway_account,
    find_company,
    find_latest_version,
    list_agencies,
    list_company_holidays,
    merchant_account,
)
from bawabati.companies.writes import (
    AgencyFacts,
    CompanyFacts,
    CompanySettings,
    GatewayAccess,
    ReaderFacts,
    describe_agency,
    describe_company,
    publish_text,
    put_holiday,
    set_gateway_account,
)
from bawabati.errors import CannotDo
from bawabati.flows.steps.merchant_account import MerchantAccountWrong, check_merchant_account
from bawabati.flows.steps.numbers_fit import numbers_fit
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff, get_staff_allowed, roles_of
from bawabati.people.rules import ALLOWED, Action, Role
from bawabati.people.writes import SYSTEM_LOGIN, add_staff, set_roles

__all__ = [
    "AgencyDescription",
    "AgencyFacts",
    "CompanyDescription",
    "CompanyFacts",
    "CompanySettings",
    "DescriptionWrong",
    "GatewayAccess",
    "HolidayDescription",
    "Mistake",
    "ReaderFacts",
    "StaffDescription",
    "TextDescription",
    "bring_in_company",
]

NEEDED = (Action.CHANGE_COMPANY, Action.CHANGE_TEXTS, Action.CHANGE_STAFF)
"""A description may hold all of it, so whoever brings it in may change all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDescription:
    """An agency with its readers."""

    facts: AgencyFacts
    is_open: bool
    readers: Sequence[ReaderFacts]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDescription:
    """A person, and every role that he or she has in this company: the role and the agency's code, or ""."""

    place: str
    login: str
    name: str
    language: str
    roles: Sequence[tuple[Role, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDescription:
    """A text of the company in one language."""

    kind: str
    language: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayDescription:
    """A day of which the company says whether it is off."""

    day: date
    name: str
    is_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDescription:
    """All that a company says of itself. `gateway` None: it has no merchant account, or keeps the one it has.

    An empty password in `gateway` stands for the one that is there.
    """

    code: str
    facts: CompanyFacts
    settings: CompanySettings
    texts: Sequence[TextDescription]
    agencies: Sequence[AgencyDescription]
    staff: Sequence[StaffDescription]
    gateway: GatewayAccess | None
    look: Mapping[str, object] = field(default_factory=dict)
    """Columns that it may leave out: wilayas, colour, band_colour, logo_svg."""
    holidays: Sequence[HolidayDescription] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something in a description that cannot be taken, and where it stands there, e.g. `staff[2].login`."""

    place: str
    problem: str


class DescriptionWrong(CannotDo):
    """The description has mistakes; every one that could be found is in `mistakes`."""

    code: ClassVar[str] = "description_wrong"
    sentence: ClassVar[str] = "The description of the company has mistakes. Nothing was changed."

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__()


def bring_in_company(description: CompanyDescription, *, login: str, now: datetime) -> list[str]:
    """What changed, a few words each: none when all was so already. Safe to repeat.

    What a description does not name stays: an agency is closed and a reader put out of use by saying so. A person
    who is named has the named roles in this company and no other. The merchant account is only made here, never
    changed: that takes two people. Rule: two-people (behaviour.md 4)

    Raises:
        NotAllowed: that person may not change company, texts and staff; for a new company, nationally.
        DescriptionWrong: everything that is wrong in it.
    """
    unusable = list(_unusable(description.gateway)) if description.gateway and description.gateway.password else []
    with written_together("bring_in_company: brought in"):
        present = find_company(description.code)
        by = _get_staff_allowed_all(login, present)
        mistakes = [*unusable, *_mistakes(description, present)]
        if mistakes:
            raise DescriptionWrong(mistakes)
        company, columns = describe_company(
            code=description.code,
            facts=description.facts,
            settings=description.settings,
            more=description.look,
            now=now,
        )
        changes = [f"company: {', '.join(columns) if present else 'new'}"] if columns else []
        changes += _bring_agencies(description, company)
        changes += _bring_holidays(description, company)
        changes += _bring_staff(description, company, now=now)
        changes += _bring_texts(description, company, now=now)
        if description.gateway and find_active_gateway_account(company.id) is None:
            set_gateway_account(company_id=company.id, access=description.gateway)
            changes.append("merchant account: new")
        if changes:
            record_act(
                staff_id=by.id,
                company_id=company.id,
                action="change_company" if present else "add_company",
                target=f"company:{company.id}",
                details={"changes": changes},
                now=now,
            )
    return changes


def _get_staff_allowed_all(login: str, company: Company | None) -> Staff:
    company_id = company.id if company else None
    allowed = [get_staff_allowed(login=login, action=action, company_id=company_id) for action in NEEDED]
    return allowed[0]


def _bring_agencies(description: CompanyDescription, company: Company) -> Iterator[str]:
    for agency in description.agencies:
        _, changed = describe_agency(
            company_id=company.id, facts=agency.facts, is_open=agency.is_open, readers=agency.readers
        )
        if changed:
            yield f"agency {agency.facts.code}: {', '.join(changed)}"


def _bring_holidays(description: CompanyDescription, company: Company) -> Iterator[str]:
    said = {row.day: (row.name, row.is_off) for row in list_company_holidays(company.id)}
    for holiday in description.holidays:
        if said.get(holiday.day) != (holiday.name, holiday.is_off):
            put_holiday(company_id=company.id, day=holiday.day, name=holiday.name, is_off=holiday.is_off)
            yield f"calendar {holiday.day}: {'off' if holiday.is_off else 'worked'}"


def _bring_staff(description: CompanyDescription, company: Company, *, now: datetime) -> Iterator[str]:
    agencies: dict[str, Agency] = {agency.code: agency for agency in list_agencies(company.id)}
    for person in description.staff:
        staff: Staff = add_staff(login=person.login, name=person.name, language=person.language, now=now)
        roles = [(role, agencies[code] if code else None) for role, code in person.roles]
        if set_roles(staff=staff, company=company, roles=roles):
            yield f"staff {person.login}: {', '.join(role for role, _ in person.roles) or 'no role'}"


def _bring_texts(description: CompanyDescription, company: Company, *, now: datetime) -> Iterator[str]:
    for text in description.texts:
        before = find_latest_version(company_id=company.id, kind=text.kind, language=text.language)
        after = publish_text(company_id=company.id, kind=text.kind, language=text.language, body=text.body, now=now)
        if after.version != before:
            yield f"text {text.kind} {text.language}: version {after.version}"


def _unusable(gateway: GatewayAccess) -> Iterator[Mistake]:
    try:
        check_merchant_account(gateway)
    except MerchantAccountWrong as wrong:
        yield Mistake(place="merchant_account", problem=str(wrong.details["problem"]))


def _mistakes(description: CompanyDescription, present: Company | None) -> Iterator[Mistake]:
    """What only the tables can tell."""
    agencies = {agency.code for agency in list_agencies(present.id)} if present else set()
    agencies |= {agency.facts.code for agency in description.agencies}
    for person in description.staff:
        if person.login == SYSTEM_LOGIN:
            yield Mistake(place=f"{person.place}.login", problem="is the system's own account")
        for number, (_, code) in enumerate(person.roles):
            if code and code not in agencies:
                yield Mistake(
                    place=f"{person.place}.roles[{number}].agency", problem=f"names no agency of this company: {code}"
                )
    if not _owns_cases(description, present):
        owners = ", ".join(sorted(ALLOWED[Action.OWN_CASE]))
        problem = f"is nobody who may own a case of this company ({owners})"
        yield Mistake(place="surplus.owner", problem=problem)
    if present and not numbers_fit(present, description.settings.number_format):
        yield Mistake(place="number_format", problem="does not fit a payment number that is printed on an open bill")
    account = find_active_gateway_account(present.id) if present else None
    yield from _account_mistakes(description, account)


def _owns_cases(description: CompanyDescription, present: Company | None) -> bool:
    owner = description.settings.surplus_owner_login
    for person in description.staff:
        if person.login == owner:
            return any(role in ALLOWED[Action.OWN_CASE] for role, _ in person.roles)
    staff = find_staff(owner)
    if staff is None:
        return False
    return bool(ALLOWED[Action.OWN_CASE] & roles_of(staff_id=staff.id, company_id=present.id if present else None))


def _account_mistakes(description: CompanyDescription, account: GatewayAccount | None) -> Iterator[Mistake]:
    asked = description.gateway
    if asked is None:
        if account is None and description.settings.is_open:
            yield Mistake(place="merchant_account", problem="is needed while the company is open")
        return
    if account is None:
        if not asked.password:
            yield Mistake(place="merchant_account.password_file", problem="is needed for the first merchant account")
        return
    different = _different(account, asked)
    if different:
        yield Mistake(
            place="merchant_account",
            problem=(
                f"is not the account that the company has ({', '.join(different)}). To change it takes two people: "
                "one asks with `bawabati change-gateway-account`, another approves with `bawabati approve-change`"
            ),
        )


def _different(account: GatewayAccount, asked: GatewayAccess) -> list[str]:
    columns = ("gateway", "base_url", "user_name", "terminal_id", "page_life_seconds")
    found = [column for column in columns if getattr(account, column) != getattr(asked, column)]
    if account.page_hosts != list(asked.page_hosts):
        found.append("page_hosts")
    if account.options != dict(asked.options):
        found.append("options")
    if asked.password and merchant_account(account).password != asked.password:
        found.append("password")
    return found
