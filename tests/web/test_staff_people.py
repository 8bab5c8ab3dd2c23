"""An administrator's page of the people who work for the company."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Agency, Company
from bawabati.people.models import Invitation, PendingChange, Staff, StaffRole
from bawabati.people.reads import has_factor
from bawabati.people.rules import Factor, Role
from people import SALIMA, add_company
from staff import add_agency, add_person, give_device, give_password, signed_in

pytestmark = pytest.mark.usefixtures("collected")
PEOPLE = "/fr/office/people/"
LEILA = "leila@oran.example"
TAREK = "tarek@oran.example"
NADJIA = "nadjia@oran.example"


@pytest.fixture
def leila(company: Company) -> Client:
    return signed_in(add_person(LEILA, Role.ADMINISTRATOR, company=company))


@pytest.fixture
def nadjia(company: Company) -> Staff:
    nadjia = add_person(NADJIA, Role.CASHIER, company=company, agency=add_agency(company))
    give_device(nadjia)
    return nadjia


def test_everybody_of_the_company_is_there_and_nobody_else(leila: Client, nadjia: Staff) -> None:
    add_person("amel@tafna.example", Role.CASHIER, company=add_company("tafna"))
    page = leila.get(PEOPLE).content.decode()
    assert nadjia.login in page
    assert SALIMA in page
    assert "amel" not in page


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.AUDITOR}])
def test_only_administrators_and_auditors_see_it(company: Company, role: Role) -> None:
    assert signed_in(add_person(f"{role}@oran.example", role, company=company)).get(PEOPLE).status_code == 403


def test_an_auditor_reads_it_and_is_offered_nothing(company: Company, nadjia: Staff) -> None:
    auditor = signed_in(add_person("amel@oran.example", Role.AUDITOR, company=company))
    page = auditor.get(PEOPLE).content.decode()
    assert nadjia.login in page
    assert f"{PEOPLE}close/" not in page
    assert f"{PEOPLE}add/" not in page
    assert auditor.post(f"{PEOPLE}close/", {"person": nadjia.login}).status_code == 403


def test_a_role_is_taken_away_and_counts_no_more(leila: Client, nadjia: Staff, company: Company) -> None:
    held = StaffRole.objects.get(staff=nadjia, company=company)
    assert leila.post(f"{PEOPLE}take-role/", {"held": held.id}).status_code == 303
    assert not StaffRole.objects.filter(staff=nadjia).exists()
    assert AuditEntry.objects.get(action="take_role").target == f"staff:{nadjia.id}"
    assert leila.post(f"{PEOPLE}take-role/", {"held": held.id}).status_code == 422


def test_nobody_takes_the_own_role_nor_one_of_another_company(leila: Client, company: Company) -> None:
    own = StaffRole.objects.get(staff__login=LEILA, company=company)
    other = add_company("tafna")
    theirs = StaffRole.objects.filter(company=other).first()
    assert theirs is not None
    for held in (own.id, theirs.id, "", "x"):
        assert leila.post(f"{PEOPLE}take-role/", {"held": held}).status_code == 422
    assert StaffRole.objects.filter(id__in=[own.id, theirs.id]).count() == 2


def test_its_changes_ask_for_the_second_factor_once_more(company: Company, settings: object) -> None:
    settings.PASSKEYS_REQUIRED = False  # type: ignore[attr-defined]
    administrator = add_person(LEILA, Role.ADMINISTRATOR, company=company)
    client = signed_in(administrator, factor=Factor.TOTP)
    session = client.session
    del session["confirmed_at"]
    session.save()
    assert client.get(PEOPLE).status_code == 200
    assert client.post(f"{PEOPLE}close/", {"person": NADJIA}).headers["Location"].startswith("/fr/staff/confirm/")


def test_an_invitation_is_shown_as_a_link(leila: Client, nadjia: Staff) -> None:
    page = leila.post(f"{PEOPLE}invite/", {"person": nadjia.login}).content.decode()
    assert re.search(r"/fr/staff/invitation/[\w-]{38}/", page)
    assert Invitation.objects.get().staff == nadjia
    assert leila.post(f"{PEOPLE}invite/", {"person": LEILA}).status_code == 422
    assert leila.post(f"{PEOPLE}invite/", {"person": "nobody@oran.example"}).status_code == 422


def test_somebody_new_is_added_and_invited_at_once(leila: Client, nadjia: Staff, company: Company) -> None:
    agency = Agency.objects.get(company=company)
    form = {"person": "Yasmine@Oran.example", "name": "Yasmine", "role": "cashier", "agency": str(agency.id)}
    page = leila.post(f"{PEOPLE}add/", form).content.decode()
    assert re.search(r"/staff/invitation/[\w-]{38}/", page)
    held = StaffRole.objects.get(staff__login="yasmine@oran.example")
    assert (held.role, held.company, held.agency) == ("cashier", company, agency)
    give_password(nadjia)
    again = leila.post(f"{PEOPLE}add/", {"person": NADJIA, "name": "x", "role": "auditor", "agency": ""})
    assert "/staff/invitation/" not in again.content.decode()
    assert StaffRole.objects.filter(staff=nadjia).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"person": "nobody"}, {"role": "king"}, {"agency": "999999"}, {"agency": "x"}, {"name": " "}, {"person": ""}],
)
def test_what_cannot_be_added_is_said(leila: Client, wrong: dict[str, str]) -> None:
    form = {"person": "yasmine@oran.example", "name": "Yasmine", "role": "cashier", "agency": ""} | wrong
    assert leila.post(f"{PEOPLE}add/", form).status_code == 422
    assert not Staff.objects.filter(name="Yasmine").exists()


@pytest.mark.usefixtures("leila")
def test_the_command_adds_somebody_to_an_agency(company: Company) -> None:
    add_agency(company)
    wish = {"name": "Yasmine", "role": "cashier", "login": LEILA}
    call_command("add_staff", "yasmine@oran.example", company=company.code, agency="AG07", **wish)
    assert StaffRole.objects.get(staff__name="Yasmine").agency == Agency.objects.get()
    for where in ({"agency": "AG07"}, {"agency": "AG99", "company": company.code}):
        with pytest.raises(CommandError, match="agency"):
            call_command("add_staff", "yasmine@oran.example", **where, **wish)


def test_two_administrators_take_a_lost_factor_away(company: Company, leila: Client, nadjia: Staff) -> None:
    tarek = signed_in(add_person(TAREK, Role.ADMINISTRATOR, company=company))
    assert leila.post(f"{PEOPLE}lost-factor/", {"person": NADJIA, "because": ""}).status_code == 422
    assert leila.post(f"{PEOPLE}lost-factor/", {"person": NADJIA, "because": "she came by"}).status_code == 303
    change = PendingChange.objects.get()
    assert "she came by" in tarek.get(PEOPLE).content.decode()
    assert leila.post(f"{PEOPLE}approve/", {"change": change.id}).status_code == 422
    for nonsense in ("", "x", "-1", "9" * 30, "٣"):
        assert tarek.post(f"{PEOPLE}approve/", {"change": nonsense}).status_code == 422
    assert tarek.post(f"{PEOPLE}approve/", {"change": change.id}).status_code == 303
    assert not has_factor(nadjia.id)


def test_it_may_be_refused(leila: Client, nadjia: Staff) -> None:
    leila.post(f"{PEOPLE}lost-factor/", {"person": NADJIA, "because": "she came by"})
    assert leila.post(f"{PEOPLE}refuse/", {"change": PendingChange.objects.get().id}).status_code == 303
    assert has_factor(nadjia.id)


def test_whoever_leaves_is_out_at_once_and_may_come_back(leila: Client, nadjia: Staff) -> None:
    inside = signed_in(nadjia)
    assert inside.get("/fr/staff/").status_code == 200
    leila.post(f"{PEOPLE}close/", {"person": NADJIA})
    assert inside.get("/fr/staff/").status_code == 303
    assert leila.post(f"{PEOPLE}invite/", {"person": NADJIA}).status_code == 422
    leila.post(f"{PEOPLE}reopen/", {"person": NADJIA})
    assert signed_in(nadjia).get("/fr/staff/").status_code == 200
    assert leila.post(f"{PEOPLE}close/", {"person": LEILA}).status_code == 422


@pytest.mark.usefixtures("leila", "nadjia")
def test_the_command_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close_account", NADJIA, login=LEILA)
    call_command("close_account", NADJIA, login=LEILA, reopen=True)
    assert capsys.readouterr().out == f"{NADJIA}: closed, and out everywhere.\n{NADJIA}: open again.\n"
    with pytest.raises(CommandError):
        call_command("close_account", NADJIA, login=NADJIA)
