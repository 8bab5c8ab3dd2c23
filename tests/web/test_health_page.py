"""The health page says in words what needs somebody, and lets those who may do a failed job again."""

from __future__ import annotations

import json
from datetime import timedelta
from inspect import signature

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company
from bawabati.defer import Queue
from bawabati.flows.see_health import TABLES
from bawabati.notices.writes import write_notice
from bawabati.operations.models import Paper
from bawabati.operations.writes import note_backup, note_pulse
from bawabati.people.rules import Role
from bawabati.web.office.health.page import QUEUES
from people import add_company
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("database", "collected")

PAGE = "/en/office/health/"


def who(company: Company, role: Role) -> Client:
    return signed_in(add_person(f"{role.value}@health.example", role, company=company))


def all_is_well() -> None:
    now = timezone.now()
    note_pulse("worker", seen={"silent_gateways": {}}, now=now)
    note_pulse("books:all", seen={"differences": 0}, now=now)
    note_backup(made_at=now - timedelta(hours=1), file_name="b", size=10, sha256="0" * 64, milliseconds=1)


def failed_job(**about: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status) "
            "VALUES ('letters', 'send_notice', 0, %s::jsonb, 'failed') RETURNING id",
            [json.dumps(about)],
        )
        return int(cursor.fetchone()[0])


def a_notice(company: Company) -> int:
    return write_notice(
        company_id=company.id, kind="receipt", reference="x", language="fr", address="a@b.example", now=timezone.now()
    ).id


def status_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


def test_when_all_is_well_it_says_so(company: Company) -> None:
    all_is_well()
    page = who(company, Role.OPERATOR).get(PAGE).content.decode()
    assert "All is well" in page


def test_a_worker_that_is_silent_is_said_first_with_what_to_do(company: Company) -> None:
    page = who(company, Role.OPERATOR).get(PAGE).content.decode()
    assert "The worker gives no sign of life" in page
    assert "There is no backup of the last day" in page
    assert page.index("The worker gives no sign of life") < page.index("How it stands")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_speaks_three_languages(language: str, company: Company) -> None:
    words = {"ar": "لا تصدر عن العامل", "fr": "Le worker ne donne pas signe de vie", "en": "gives no sign of life"}
    assert words[language] in who(company, Role.OPERATOR).get(f"/{language}/office/health/").content.decode()


def test_the_auditor_sees_it_and_can_press_nothing(company: Company) -> None:
    job = failed_job()
    auditor = who(company, Role.AUDITOR)
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "Do again" not in page.content.decode()
    auditor.post(f"{PAGE}jobs/{job}/again/")
    assert status_of(job) == "failed"


def test_a_finance_officer_does_not_see_it(company: Company) -> None:
    assert who(company, Role.FINANCE).get(PAGE).status_code == 403


def test_a_failed_job_shows_its_words_and_is_done_again_once(company: Company) -> None:
    notice = a_notice(company)
    job = failed_job(notice_id=notice)
    note_pulse(
        f"job:{job}", seen={"words": "Broken: a sealed secret cannot be opened (sealed.py:42)"}, now=timezone.now()
    )
    operator = who(company, Role.OPERATOR)
    page = operator.get(PAGE).content.decode()
    assert "a sealed secret cannot be opened" in page
    assert f"notice_id {notice}" in page
    operator.post(f"{PAGE}jobs/{job}/again/")
    assert status_of(job) == "todo"
    assert AuditEntry.objects.filter(action="repeat_job", target=f"job:{job}").count() == 1
    assert operator.post(f"{PAGE}jobs/{job}/again/").status_code == 422


def test_a_failed_job_of_another_company_is_neither_shown_nor_done_again(company: Company) -> None:
    other = add_company("alger")
    of_other, of_all = failed_job(notice_id=a_notice(other)), failed_job(timestamp=12)
    note_pulse(f"job:{of_other}", seen={"words": "of Alger"}, now=timezone.now())
    note_pulse(f"job:{of_all}", seen={"words": "of everybody"}, now=timezone.now())
    operator = who(company, Role.OPERATOR)
    page = operator.get(PAGE).content.decode()
    assert "of Alger" not in page
    assert "of everybody" in page
    assert operator.post(f"{PAGE}jobs/{of_other}/again/").status_code == 422
    assert status_of(of_other) == "failed"
    their_own = signed_in(add_person("other@health.example", Role.OPERATOR, company=other))
    assert "of Alger" in their_own.get(PAGE).content.decode()
    assert their_own.post(f"{PAGE}jobs/{of_other}/again/").status_code == 303


def test_every_job_of_a_flow_says_whose_it_is() -> None:
    named = {name for task in app.tasks.values() for name in signature(task.func).parameters}
    assert {name for name in named if name.endswith("_id")} == TABLES.keys()


def test_the_last_day_of_a_contract_is_written_down_and_watched(company: Company) -> None:
    all_is_well()
    operator = who(company, Role.OPERATOR)
    soon = timezone.localdate() + timedelta(days=10)
    operator.post(f"{PAGE}papers/", {"kind": "gateway_contract", "ends_on": soon.isoformat(), "note": "N° 12/2024"})
    assert Paper.objects.get().note == "N° 12/2024"
    page = operator.get(PAGE).content.decode()
    assert "A contract or an authorisation ends soon" in page
    assert f"{soon:%d/%m/%Y}" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": "gateway_contract", "ends_on": "soon"}, "Give the last day as a date"),
        ({"kind": "treasure_map", "ends_on": "2027-01-01"}, "Choose which contract"),
        ({"kind": "gateway_contract", "ends_on": "2027-01-01", "note": "6280581110007215"}, "card"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(
    typed: dict[str, str], words: str, company: Company
) -> None:
    answer = who(company, Role.OPERATOR).post(f"{PAGE}papers/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "6280581110007215" not in answer.content.decode()
    assert not Paper.objects.exists()


def test_another_companys_papers_are_not_shown(company: Company) -> None:
    other = add_company("alger")
    who(other, Role.OPERATOR).post(
        f"{PAGE}papers/", {"kind": "gateway_contract", "ends_on": "2020-01-01", "note": "of Alger"}
    )
    assert "of Alger" not in who(company, Role.ADMINISTRATOR).get(PAGE).content.decode()


def test_every_queue_of_the_worker_has_a_name_on_the_page() -> None:
    assert set(QUEUES) == {queue.value for queue in Queue}
