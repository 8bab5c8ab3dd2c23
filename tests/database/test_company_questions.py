"""`bawabati company add` without a file: a few questions, asked again until the answers can be taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bawabati.companies.models import Company
from bawabati.flows.add_company import AdministratorWrong, BeginningCompany, add_company
from bawabati.jobs.company_questions import Questions, code_of
from bawabati.people.models import Invitation, StaffRole
from bawabati.people.rules import NotAllowed, Role
from people import NOON
from people import add_company as a_company_is_there
from staff import add_person

pytestmark = pytest.mark.usefixtures("database")
LEILA = "leila@nation.example"


def answered(*answers: str) -> tuple[BeginningCompany, list[str]]:
    """What comes of these answers, one for each question in its order, and everything that was said."""
    waiting: Iterator[str] = iter(answers)
    said: list[str] = []
    company = Questions(ask=lambda _question: next(waiting), say=said.append).company()
    assert next(waiting, None) is None
    return company, said


USUAL = ("مياه تافنة", "Eaux de la Tafna", "", "", "clients@tafna.dz", "13, عين تموشنت", "", "", "", "", "")
PERSON = ("Houria", "houria@tafna.dz", "")


def test_eight_answers_make_a_company_and_the_rest_is_usual() -> None:
    company, said = answered(*USUAL, *PERSON)
    assert (company.code, company.facts.name_en, company.wilayas) == ("tafna", "Eaux de la Tafna", ["13", "46"])
    assert (company.number_format.longest, company.administrator.language) == (14, "ar")
    assert said == []


def test_what_cannot_be_taken_is_asked_again_with_the_reason() -> None:
    a_company_is_there("oran")
    company, said = answered(
        *("", "مياه", "Eaux de Médéa"), "", "oran", "medea", "nobody", "clients@medea.dz", "Paris", "26",
        *("ten", "6", "M", "runes", "digits", "luhn", "6", "", "digits", "luhn", "amount"),
        *("123", "000000", ""), *PERSON,
    )  # fmt: skip
    assert (company.code, company.number_format.second_value) == ("medea", "amount")
    assert any("Paris" in each for each in said)
    assert any("refused" in each for each in said)
    assert any("reads 000000" in each for each in said)


def test_a_name_suggests_a_code() -> None:
    assert code_of("Société des eaux de Sétif") == "setif"
    assert len(code_of("Eaux " + "x" * 60)) == 20


def test_only_who_works_nationally_adds_and_never_for_himself() -> None:
    company, _ = answered(*USUAL, *PERSON)
    oran = a_company_is_there("oran")
    add_person("local@oran.example", Role.ADMINISTRATOR, company=oran)
    add_person("houria@tafna.dz", Role.OPERATOR)
    for login, error in (("local@oran.example", NotAllowed), ("houria@tafna.dz", AdministratorWrong)):
        with pytest.raises(error):
            add_company(company, login=login, now=NOON)
    add_person(LEILA, Role.OPERATOR)
    company, _ = answered(*USUAL, "Kamel", "kamel@tafna.dz", "")
    added, invitation = add_company(company, login=LEILA, now=NOON)
    assert invitation is not None
    assert not added.is_open
    assert Company.objects.count() == 2
    assert StaffRole.objects.get(company=added).role == Role.ADMINISTRATOR
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DIRECTOR])
@pytest.mark.parametrize("is_national", [True, False])
def test_adding_a_company_opens_nobodys_account(role: Role, *, is_national: bool) -> None:
    """Houria has an account, and has not set a password yet: an invitation would open all that she may do."""
    oran = a_company_is_there("oran")
    add_person("houria@tafna.dz", role, company=None if is_national else oran)
    add_person(LEILA, Role.OPERATOR)
    company, _ = answered(*USUAL, *PERSON)
    with pytest.raises(AdministratorWrong):
        add_company(company, login=LEILA, now=NOON)
    assert not Invitation.objects.exists()
    assert not Company.objects.filter(code="tafna").exists()


def test_who_changes_staff_everywhere_invites_whom_he_could_invite_anyway() -> None:
    oran = a_company_is_there("oran")
    add_person("houria@tafna.dz", Role.DIRECTOR, company=oran)
    add_person(LEILA, Role.ADMINISTRATOR)
    company, _ = answered(*USUAL, *PERSON)
    _, invitation = add_company(company, login=LEILA, now=NOON)
    assert invitation is not None
    assert invitation.staff.login == "houria@tafna.dz"
