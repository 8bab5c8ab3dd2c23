"""A company joins: itself, its agencies, its people, its texts and its merchant account, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.companies.rules import NumberFormat
from bawabati.companies.writes import (
    AgencyFacts,
    CompanyFacts,
    GatewayAccess,
    add_agency,
    add_company,
    publish_text,
    set_gateway_account,
)
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.people.writes import add_staff, give_role, system_account

__all__ = ["AgencyFacts", "CompanyFacts", "GatewayAccess", "NewCompany", "StaffFacts", "TextFacts", "set_up_company"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """A person who works for the company, in one of its agencies when `agency_code` says so."""

    login: str
    name: str
    language: str
    role: Role
    agency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """A text of the company in one language."""

    kind: str
    language: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """Everything that a company brings with it."""

    code: str
    facts: CompanyFacts
    number_format: NumberFormat
    minimum: Money
    ceiling: Money
    allows_part_payment: bool
    offers_other_bills: bool
    surplus_owner_login: str
    agencies: Sequence[AgencyFacts]
    staff: Sequence[StaffFacts]
    texts: Sequence[TextFacts]
    gateway: GatewayAccess
    look: Mapping[str, object] = field(default_factory=dict)
    """Columns by which its payers find and recognise it: wilayas, colour, band_colour."""
    nation: Sequence[StaffFacts] = ()
    """People who work for every company."""


def set_up_company(new: NewCompany, *, set_up_by: Staff | None, now: datetime) -> Company:
    """The company, able to take payments. Safe to repeat.

    What the company has changed of itself since stays; the merchant account takes the address that is given now, and
    a text that says something else becomes a new version. Without `set_up_by` the system's own account acts, because
    the first company comes before the first person.
    """
    with written_together("set_up_company: set up"):
        company, is_new = add_company(
            code=new.code,
            facts=new.facts,
            number_format=new.number_format,
            minimum=new.minimum,
            ceiling=new.ceiling,
            allows_part_payment=new.allows_part_payment,
            offers_other_bills=new.offers_other_bills,
            surplus_owner_login=new.surplus_owner_login,
            look=new.look,
            now=now,
        )
        agencies = {facts.code: add_agency(company_id=company.id, facts=facts) for facts in new.agencies}
        for person in new.staff:
            staff = add_staff(login=person.login, name=person.name, language=person.language, now=now)
            give_role(staff=staff, role=person.role, company=company, agency=agencies.get(person.agency_code))
        for person in new.nation:
            staff = add_staff(login=person.login, name=person.name, language=person.language, now=now)
            give_role(staff=staff, role=person.role, company=None)
        for text in new.texts:
            publish_text(company_id=company.id, kind=text.kind, language=text.language, body=text.body, now=now)
        account = set_gateway_account(company_id=company.id, access=new.gateway)
        record_act(
            staff_id=(set_up_by or system_account(now=now)).id,
            company_id=company.id,
            action="add_company" if is_new else "set_gateway_account",
            target=f"company:{company.id}",
            details={"gateway_account": account.id, "base_url": account.base_url},
            now=now,
        )
    return company
