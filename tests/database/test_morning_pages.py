"""The morning page: once a day for each reader, from its hour on, and not for who may no longer see the board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pymupdf
import pytest
from django.conf import LazySettings

from agency import add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.choose_morning_page import choose_morning_page
from bawabati.flows.print_morning_page import print_morning_page
from bawabati.flows.send_notice import send_notice
from bawabati.flows.set_target import set_target
from bawabati.flows.write_morning_pages import write_morning_pages
from bawabati.jobs.letters import letter
from bawabati.notices.models import Notice
from bawabati.people.models import Staff, StaffRole
from bawabati.people.rules import NotAllowed, Role
from bawabati.reports.rules import Measure, Period
from outside import Outside
from people import NADIA, NOON, OMAR, add_bill, add_company
from programs import Program
from staff import add_person

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Seven o'clock in Algiers, the day after NOON."""


@pytest.fixture
def company(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


@pytest.fixture
def nadia(company: Company) -> Staff:
    """She is the director, and has chosen to have it."""
    person = add_person(NADIA, Role.DIRECTOR, company=company)
    choose_morning_page(company_id=company.id, wants=True, staff=person, now=NOON)
    return person


def test_nothing_is_written_before_its_hour_and_one_for_each_reader_after_it(nadia: Staff) -> None:
    assert write_morning_pages(now=MORNING - timedelta(seconds=1)) == 0
    assert write_morning_pages(now=MORNING) == 1
    assert write_morning_pages(now=MORNING + timedelta(minutes=10)) == 0
    assert write_morning_pages(now=MORNING + timedelta(hours=9)) == 0
    assert Notice.objects.get().reference == f"morning_page:{nadia.id}:2026-11-23"
    assert write_morning_pages(now=MORNING + timedelta(days=1)) == 1


def test_a_morning_without_a_worker_is_made_up_for_on_the_same_day(nadia: Staff) -> None:
    assert nadia.is_active
    assert write_morning_pages(now=MORNING + timedelta(hours=8)) == 1


def test_whoever_may_no_longer_see_the_board_gets_none(nadia: Staff, company: Company) -> None:
    StaffRole.objects.filter(staff=nadia).delete()
    assert write_morning_pages(now=MORNING) == 0
    with pytest.raises(NotAllowed):
        choose_morning_page(company_id=company.id, wants=True, staff=nadia, now=MORNING)


def test_whoever_did_not_choose_it_gets_none(company: Company) -> None:
    add_person(OMAR, Role.DIRECTOR, company=company)
    assert write_morning_pages(now=MORNING) == 0


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_arrives_with_yesterdays_figures_and_one_page(
    company: Company, nadia: Staff, outside: Outside, sandbox: Program, settings: LazySettings, language: str
) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{sandbox.announced['smtp_port']}"
    Staff.objects.filter(id=nadia.id).update(language=language)
    session = open_desk(add_agency(company))
    for seed in (1, 2, 3):
        cash(session, add_bill(company, seed=seed, due_centimes=1_000_10), now=NOON)
    write_morning_pages(now=MORNING)
    send_notice(notice_id=Notice.objects.get(kind="morning_page").id, write_letter=letter, now=MORNING)
    (mail,) = outside.mails(NADIA)
    assert "3" in mail["subject"]
    assert "3" in mail["text"]
    assert f"/{language}/office/board/" in mail["text"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_however_much_there_is_to_say_it_stays_one_page(company: Company, nadia: Staff, language: str) -> None:
    at = add_agency(company)
    at.agency.name_fr = at.agency.name_ar = "Agence commerciale principale de la commune de Bir El Djir " * 2
    at.agency.save()
    session = open_desk(at)
    for seed in range(1, 6):
        cash(session, add_bill(company, seed=seed, due_centimes=9_000_99), now=NOON)
    for measure in Measure:
        period = Period(first=NOON.date(), last=NOON.date() + timedelta(days=40))
        set_target(company_id=company.id, measure=measure, period=period, wanted=50, staff=nadia, now=NOON)
    with pymupdf.open(stream=print_morning_page(company=company, language=language, now=MORNING)) as document:
        assert document.page_count == 1
        assert "22/11/2026" in document[0].get_text()
