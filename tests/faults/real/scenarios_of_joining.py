"""Small stories about a company that joins; see `scenarios.py`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Agency, Company, CompanyHoliday, Reader
from bawabati.companies.rules import MINTED_FORMAT, CodeTaken
from bawabati.flows.add_company import Administrator, BeginningCompany, CompanyFacts, add_company
from bawabati.flows.keep_agency import AgencyFacts, keep_agencies
from bawabati.flows.keep_holidays import forget_holiday, keep_holiday
from bawabati.people.models import Invitation, Staff, StaffRole
from bawabati.people.rules import Role
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON, OMAR
from staff import add_person

TAFNA = BeginningCompany(
    code="tafna",
    facts=CompanyFacts(
        name_ar="مياه تافنة", name_fr="Eaux de la Tafna", name_en="Tafna Water", email="clients@tafna.example",
        legal_form="", address_ar="", address_fr="", phone="", nif="", nis="", rc="", ai="",
    ),
    wilayas=["13"],
    number_format=MINTED_FORMAT,
    administrator=Administrator(login="houria@tafna.example", name="Houria", language="ar"),
)  # fmt: skip
A_DAY = date(2027, 4, 15)


@passes("add_company: added")
def a_company_is_added(world: World) -> None:
    leila = add_person("leila@nation.example", Role.OPERATOR)
    add = partial(add_company, TAFNA, login=leila.login, now=NOON)
    insist(world, "Leila", "adds a company", add)
    again = insist(world, "Leila", "presses once more", add)
    assert isinstance(again, CodeTaken)
    company = Company.objects.get()
    assert not company.is_open
    assert StaffRole.objects.filter(company=company).count() == Invitation.objects.count() == 1
    assert AuditEntry.objects.filter(action="add_company").count() == 1


@passes("keep_agencies: kept")
def agencies_come_from_a_table(world: World) -> None:
    world.found_company()
    facts = [
        AgencyFacts(
            code=f"T{number}", name_ar="وكالة", name_fr="Agence", commune_ar="وهران", commune_fr="Oran",
            reader_serial=f"R{number}",
        )
        for number in range(3)
    ]  # fmt: skip
    omar = Staff.objects.get(login=OMAR)
    for _ in range(2):
        insist(
            world,
            "Omar",
            "brings a table of agencies",
            lambda: keep_agencies(company_id=world.company.id, agencies=facts, staff=omar, now=NOON),
        )
    assert (
        Agency.objects.filter(code__startswith="T").count()
        == Reader.objects.filter(serial__in=["R0", "R1", "R2"]).count()
        == 3
    )
    assert AuditEntry.objects.filter(action="keep_agencies").count() == 1


def _a_holiday(world: World) -> None:
    omar = Staff.objects.get(login=OMAR)
    insist(
        world,
        "Omar",
        "says of a day that nobody works",
        lambda: (
            keep_holiday(company_id=world.company.id, day=A_DAY, name="Founding day", is_off=True, staff=omar, now=NOON)
            or True
        ),
    )


@passes("keep_holiday: kept")
def a_company_has_a_day_of_its_own(world: World) -> None:
    world.found_company()
    for _ in range(2):
        _a_holiday(world)
    assert CompanyHoliday.objects.get().day == A_DAY


@passes("forget_holiday: forgotten")
def a_day_is_as_the_calendar_says_again(world: World) -> None:
    world.found_company()
    _a_holiday(world)
    omar = Staff.objects.get(login=OMAR)
    for _ in range(2):
        insist(
            world,
            "Omar",
            "takes it back",
            lambda: (
                forget_holiday(company_id=world.company.id, day=A_DAY, staff=omar, now=NOON + timedelta(hours=1))
                or True
            ),
        )
    assert not CompanyHoliday.objects.exists()
    assert AuditEntry.objects.filter(action="keep_holiday").count() >= 2
