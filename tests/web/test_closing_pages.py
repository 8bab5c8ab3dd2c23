"""Days, payment files and journals at the pages of the office: finance works, director and auditor see."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.utils import timezone

from agency import At, add_agency, cash, open_desk
from bawabati.audit.models import AuditEntry
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.close_day import close_company_day
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.reports.models import CompanyClosing, PaymentFile
from bawabati.reports.reads import next_day_to_close
from bawabati.web.shared.staff_session import CONFIRMED_AT
from bawabati.workdays import accounting_day
from payers import FormClient
from people import NADIA, OMAR, SALIMA, add_bill
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected")
CLOSING = "/fr/office/closing/"


@pytest.fixture
def at(company: Company) -> At:
    """A bill was paid in cash two days ago; the desk is still open."""
    at, then = add_agency(company), timezone.now() - timedelta(days=2)
    cash(open_desk(at, now=then), add_bill(company), now=then)
    return at


@pytest.fixture
def day(at: At) -> date:
    turn = next_day_to_close(at.company.id)
    assert turn is not None
    return turn


@pytest.fixture
def client_of() -> Callable[[str], FormClient]:
    def of(login: str) -> FormClient:
        client = FormClient()
        signed_in(Staff.objects.get(login=login), client=client)
        return client

    return of


@pytest.fixture
def salima(at: At, client_of: Callable[[str], FormClient]) -> FormClient:  # noqa: ARG001 - whose days she closes
    return client_of(SALIMA)


def plain(answer: Any) -> str:  # noqa: ANN401 - a response of the client
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def body(answer: Any) -> bytes:  # noqa: ANN401 - a response of the client
    content = b"".join(answer) if answer.streaming else answer.content
    answer.close()
    return bytes(content)


def closed(at: At, day: date) -> CompanyClosing:
    owners = {f"agency:{at.agency.code}": SALIMA}
    staff = Staff.objects.get(login=SALIMA)
    return close_company_day(company_id=at.company.id, day=day, staff=staff, owners=owners, now=timezone.now())


def test_the_days_say_what_can_be_closed_and_what_waits(salima: FormClient, day: date) -> None:
    page = plain(salima.get(CLOSING, {"month": f"{day:%Y-%m}"}))
    assert f"Prochaine journée à clôturer : {day:%d/%m/%Y}" in page
    assert "peut être clôturée" in page
    later = plain(salima.get(f"{CLOSING}days/{day + timedelta(days=1)}/"))
    assert "l’une après l’autre" in later
    assert "pas terminée" in plain(salima.get(f"{CLOSING}days/{accounting_day(timezone.now())}/"))


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "2031-02"])
def test_an_odd_month_in_the_address_is_no_fault(salima: FormClient, month: str) -> None:
    assert salima.get(CLOSING, {"month": month}).status_code == 200


@pytest.mark.parametrize("odd", ["2026-02-30", "20261122", "heute"])
def test_a_day_that_is_none_has_no_page(salima: FormClient, odd: str) -> None:
    assert salima.get(f"{CLOSING}days/{odd}/").status_code == 404


def test_finance_names_an_owner_and_closes(salima: FormClient, at: At, day: date) -> None:
    address = f"{CLOSING}days/{day}/close/"
    refused = salima.post(address, {})
    assert refused.status_code == 422
    assert "sans responsable" in plain(refused)
    owner = {f"owner:agency:{at.agency.code}": SALIMA}
    done = salima.post(address, owner)
    assert (done.status_code, done["Location"]) == (303, f"{CLOSING}days/{day}/")
    page = plain(salima.get(done["Location"]))
    assert "certificat n° 1" in page
    assert "AG07 n’a pas signé sa journée" in page
    assert salima.get(address)["Location"] == f"{CLOSING}days/{day}/"
    assert AuditEntry.objects.filter(action="close_day").count() == 1


def test_the_case_of_a_difference_leads_to_its_day(salima: FormClient, at: At, day: date) -> None:
    closed(at, day)
    case = Case.objects.get(kind="closing_difference")
    page = salima.get(f"/fr/office/cases/{case.id}/")
    assert "clôturée avec un écart" in plain(page)
    assert f"{CLOSING}days/{day}/" in page.content.decode()


def test_an_owner_who_may_not_own_is_refused_in_words(salima: FormClient, at: At, day: date) -> None:
    refused = salima.post(f"{CLOSING}days/{day}/close/", {f"owner:agency:{at.agency.code}": OMAR})
    assert refused.status_code == 422
    assert not CompanyClosing.objects.exists()


def test_closing_asks_for_a_second_factor_just_now(salima: FormClient, day: date) -> None:
    session = salima.session
    session[CONFIRMED_AT] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    led = salima.get(f"{CLOSING}days/{day}/close/")
    assert led.status_code == 303
    assert "/staff/confirm/" in led["Location"]


def test_the_certificate_comes_in_arabic_and_french_the_same_each_time(salima: FormClient, at: At, day: date) -> None:
    closed(at, day)
    first, again = (salima.get(f"{CLOSING}days/{day}/certificate.pdf") for _ in range(2))
    arabic = salima.get(f"/ar/office/closing/days/{day}/certificate.pdf")
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again.content
    assert arabic.content[:5] == first.content[:5] == b"%PDF-"
    assert arabic.content != first.content


def test_a_day_that_is_open_has_no_certificate(salima: FormClient, day: date) -> None:
    assert salima.get(f"{CLOSING}days/{day}/certificate.pdf").status_code == 409
    assert salima.get(f"{CLOSING}days/{day}/signed.txt").status_code == 404


def test_anybody_with_the_key_and_the_text_checks_the_signature(salima: FormClient, at: At, day: date) -> None:
    closing = closed(at, day)
    text = body(salima.get(f"{CLOSING}days/{day}/signed.txt"))
    pem = body(salima.get(f"{CLOSING}keys.pem"))
    assert closing.key_name.encode() in pem
    key = load_pem_public_key(pem.partition(b"\n")[2])
    assert isinstance(key, Ed25519PublicKey)
    key.verify(bytes(closing.signature), text)


def test_a_file_is_made_listed_had_and_noted(salima: FormClient, at: At) -> None:
    assert salima.post(f"{CLOSING}files/make/").status_code == 303
    assert PaymentFile.objects.get().number == 1
    nothing = salima.post(f"{CLOSING}files/make/")
    assert nothing.status_code == 422
    assert "rien de nouveau" in plain(nothing)
    assert "Salima" in plain(salima.get(f"{CLOSING}files/"))
    had = salima.get(f"{CLOSING}files/1/csv/")
    assert had["Content-Disposition"] == 'attachment; filename="oran-payments-000001.csv"'
    assert body(had).startswith(b"RANG;NATURE;")
    assert body(salima.get(f"{CLOSING}files/1/xlsx/")).startswith(b"PK")
    assert AuditEntry.objects.filter(action="read_payment_file", company=at.company).count() == 2


@pytest.mark.parametrize("odd", ["files/2/csv/", "files/1/pdf/", f"files/{10**12}/csv/"])
def test_a_file_that_there_is_not_is_said_in_words(salima: FormClient, odd: str) -> None:
    assert salima.get(f"{CLOSING}{odd}").status_code in {404, 409}


@pytest.mark.parametrize("style", ["detailed", "grouped"])
def test_a_journal_has_equal_debits_and_credits(salima: FormClient, day: date, style: str) -> None:
    asked = {"from": f"{day}", "to": f"{day}", "style": style, "as": "csv"}
    answer = salima.get(f"{CLOSING}journals/file/", asked)
    head, *lines, total = csv.reader(io.StringIO(body(answer).decode("utf-8-sig")), delimiter=";")
    assert head[:3] == ["Jour du journal", "Écriture", "Compte SCF"]
    assert {line[2] for line in lines} == {"53", "411", "447"}
    assert total[-2:] == ["1445,50", "1445,50"]
    assert AuditEntry.objects.filter(action="export_journal").count() == 1
    asked["as"] = "xlsx"
    assert body(salima.get(f"{CLOSING}journals/file/", asked)).startswith(b"PK")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-11-22", "2026-11-21"), ("2020-01-01", "2026-01-01"), ("", ""), ("x", "2026-11-22")],
)
def test_a_period_that_is_none_is_said_in_words_and_kept(salima: FormClient, first: str, last: str) -> None:
    refused = salima.get(f"{CLOSING}journals/file/", {"from": first, "to": last, "style": "grouped"})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert 'value="grouped" selected' in re.sub(r"\s+", " ", refused.content.decode())


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR])
def test_director_and_auditor_see_and_change_nothing(
    at: At, day: date, client_of: Callable[[str], FormClient], role: Role
) -> None:
    closed(at, day)
    add_person("amel@oran.example", role, company=at.company)
    amel = client_of("amel@oran.example" if role is Role.AUDITOR else NADIA)
    for name in ("", f"days/{day}/", f"days/{day}/certificate.pdf", "keys.pem", "files/", "journals/"):
        assert amel.get(f"{CLOSING}{name}").status_code == 200, name
    later = f"{CLOSING}days/{day + timedelta(days=1)}/"
    assert "/close/" not in amel.get(later).content.decode()
    assert amel.post(f"{later}close/").status_code == 403
    assert amel.post(f"{CLOSING}files/make/").status_code == 403
    had = amel.get(f"{CLOSING}journals/file/", {"from": f"{day}", "to": f"{day}"})
    assert had.status_code == (200 if role is Role.AUDITOR else 403)
    body(had)


def test_a_cashier_sees_nothing_of_it(at: At, day: date, client_of: Callable[[str], FormClient]) -> None:
    warda = client_of(at.warda.login)
    for name in ("", f"days/{day}/", "files/", "journals/", f"days/{day}/close/"):
        assert warda.get(f"{CLOSING}{name}").status_code == 403, name


def test_another_company_sees_none_of_our_days_and_files(
    at: At, day: date, client_of: Callable[[str], FormClient], salima: FormClient
) -> None:
    closed(at, day)
    salima.post(f"{CLOSING}files/make/")
    other = Company.objects.create(
        code="alger",
        name_ar="ا",
        name_fr="a",
        name_en="a",
        number_format=at.company.number_format,
        created_at=timezone.now(),
    )
    add_person("omar2@alger.example", Role.FINANCE, company=other)
    stranger = client_of("omar2@alger.example")
    assert "certificat" not in plain(stranger.get(f"{CLOSING}days/{day}/")).lower()
    assert stranger.get(f"{CLOSING}days/{day}/certificate.pdf").status_code == 409
    assert stranger.get(f"{CLOSING}files/1/csv/").status_code == 409
    assert body(stranger.get(f"{CLOSING}keys.pem")) == b""
