"""What people who work here are told by e-mail, over real SMTP."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from bawabati.companies.models import Company
from bawabati.flows.invite_staff import invite_staff
from bawabati.flows.send_notice import send_notice
from bawabati.flows.sign_in import note_sign_in
from bawabati.jobs.letters import letter
from bawabati.links import Purpose, link_token
from bawabati.notices.models import Notice
from bawabati.people.models import Invitation, Staff
from bawabati.people.rules import Factor, Role
from outside import Outside
from people import NOON, add_company
from programs import Program
from staff import add_person

LEILA = "leila@oran.example"
NADJIA = "nadjia@oran.example"


@pytest.fixture(autouse=True)
def mail(sandbox: Program, settings: LazySettings) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"


@pytest.fixture
def company(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


@pytest.fixture
def nadjia(company: Company) -> Staff:
    add_person(LEILA, Role.ADMINISTRATOR, company=company)
    return add_person(NADJIA, Role.CASHIER, company=company)


def send_all() -> None:
    for notice in Notice.objects.all():
        send_notice(notice_id=notice.id, write_letter=letter, now=NOON)


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "اختر كلمة السر هنا"), ("fr", "Choisissez votre mot de passe"), ("en", "Choose")]
)
def test_an_invitation_arrives_with_its_link(outside: Outside, nadjia: Staff, language: str, words: str) -> None:
    Staff.objects.filter(id=nadjia.id).update(language=language)
    invite_staff(person_login=NADJIA, login=LEILA, now=NOON)
    send_all()
    (mail,) = outside.mails(NADJIA)
    assert words in mail["text"]
    token = link_token(Purpose.INVITATION, Invitation.objects.get().id)
    assert f"/{language}/staff/invitation/{token}/" in mail["text"]
    assert token not in str(list(Notice.objects.values())) + str(list(Invitation.objects.values()))


def test_an_invitation_without_a_letter_sends_none(nadjia: Staff) -> None:
    invite_staff(person_login=nadjia.login, login=LEILA, by_letter=False, now=NOON)
    assert not Notice.objects.exists()


def test_somebody_who_works_everywhere_is_written_to_by_the_portal(outside: Outside, nadjia: Staff) -> None:
    add_person("first@example.org", Role.ADMINISTRATOR)
    add_person("omar.national@example.org", Role.OPERATOR)
    invite_staff(person_login="omar.national@example.org", login="first@example.org", now=NOON)
    send_all()
    assert outside.mails("omar.national@example.org")
    assert nadjia


def test_a_sign_in_from_another_browser_is_told_and_from_the_same_one_is_not(outside: Outside, nadjia: Staff) -> None:
    for mark in ("one", "one", "two", "two", "one"):
        note_sign_in(staff=nadjia, factor=Factor.TOTP, browser_mark=mark, now=NOON)
    send_all()
    (mail,) = outside.mails(NADJIA)
    assert "22/11/2026 12:00" in mail["text"]
    assert "/ar/staff/security/" in mail["text"]
