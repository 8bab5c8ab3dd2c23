"""The crew's page: a number in, one word out; the scanned bill; the list that goes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.reminders.models import Round
from payers import FormClient, Page, Payer, links, words
from people import add_bill
from staff import add_agency, add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected", "database")


@pytest.fixture
def bill(company: Company) -> Bill:
    """Overdue for ten days."""
    bill = add_bill(company)
    bill.due_on = timezone.localdate() - timedelta(days=10)
    bill.save()
    return bill


@pytest.fixture
def samir(company: Company) -> Staff:
    return add_person("samir@oran.example", Role.CREW, company=company, agency=add_agency(company))


@pytest.fixture
def crew(samir: Staff) -> Client:
    return signed_in(samir, client=FormClient())


@pytest.fixture
def head(company: Company) -> Client:
    head = add_person("head@oran.example", Role.AGENCY_HEAD, company=company, agency=add_agency(company, "AG08"))
    return signed_in(head, client=FormClient())


def brought(client: Client, form: dict[str, object]) -> Page:
    """Sent as a form with a file is."""
    return client.post("/en/office/rounds/", form, MULTIPART_CONTENT)


def test_one_word_the_amount_and_the_day_and_nothing_of_the_person(crew: Client, bill: Bill) -> None:
    page = crew.post("/en/crew/", {"words": bill.customer.number})
    assert "Not paid" in words(page)
    assert "1,430.50 DA" in words(page)
    assert f"{bill.due_on:%d/%m/%Y}" in words(page)
    assert "Amina" not in words(page)
    assert AuditEntry.objects.filter(action="check_customer", target=f"customer:{bill.customer_id}").exists()
    Bill.objects.update(settled_centimes=1_430_50)
    assert "Do not cut off." in words(crew.post("/en/crew/", {"words": bill.customer.number}))


def test_the_address_of_a_scanned_bill_may_be_pasted(crew: Client, bill: Bill) -> None:
    address = f"https://pay.example.dz/q/oran/{bill.payment_number}"
    assert "Not paid" in words(crew.post("/en/crew/", {"words": address}))


def test_nobody_found_is_said(crew: Client, bill: Bill) -> None:
    answer = crew.post("/en/crew/", {"words": "999999"})
    assert answer.status_code == 422
    assert "Nothing was found" in words(answer)
    answer = crew.post("/en/crew/", {"words": "6280581110007215"})
    assert answer.status_code == 422
    assert "6280581110007215" not in answer.content.decode()
    assert bill.customer.number not in words(answer)


def test_a_scanned_bill_offers_the_crews_answer_on_a_crews_phone_alone(
    crew: Client, payer: Payer, company: Company, bill: Bill
) -> None:
    address = f"/en/q/{company.code}/{bill.payment_number}/"
    assert "Answer for the crew" not in words(payer.get(address))
    crew.get("/en/crew/")
    page = crew.get(address)
    assert "Answer for the crew" in words(page)
    link = next(link for link in links(page) if "/crew/" in link)
    box = crew.get(link)
    assert f'value="{bill.payment_number}"' in box.content.decode()
    assert not AuditEntry.objects.filter(action="check_customer").exists(), "asking is one more tap"


def test_the_mark_of_a_phone_opens_nothing(payer: Payer) -> None:
    payer.client.cookies["crew"] = "1"
    assert payer.get("/en/crew/").status_code == 303


def test_only_the_crew_and_those_who_answer_for_it_come_in(company: Company) -> None:
    for role, status in ((Role.CASHIER, 403), (Role.COMMUNICATION, 403), (Role.FINANCE, 200)):
        person = signed_in(add_person(f"{role}@oran.example", role, company=company), client=FormClient())
        assert person.get("/en/crew/").status_code == status


def test_a_round_is_brought_in_and_its_list_taken_along(
    head: Client, crew: Client, samir: Staff, company: Company, bill: Bill
) -> None:
    assert crew.post("/en/crew/list/").status_code == 422
    file = SimpleUploadedFile("round.csv", f"code client;nom\n{bill.customer.number};Amina\nC9\n".encode())
    form = {"crew": str(samir.id), "day": timezone.localdate().isoformat(), "numbers": "", "file": file}
    page = brought(head, form)
    assert "is in. Customers: 1." in words(page)
    assert "Numbers that are no customer's (1): C9" in words(page)
    assert "Customers in your round today: 1" in words(crew.get("/en/crew/"))
    told = crew.post("/en/crew/list/").json()
    ((door, left, since),) = told["rows"].values()
    assert (door, left, since) == ("not_paid", "1,430.50\u00a0DA", f"{bill.due_on:%d/%m/%Y}")
    assert bill.customer.number not in str(told)
    assert Round.objects.get().taken_at is not None
    assert AuditEntry.objects.filter(action="take_round").count() == 1
    assert company.code == "oran"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"crew": "", "numbers": "C1"}, "Choose who of the crew goes on this round."),
        ({"numbers": "nobody"}, "There is no customer number in it."),
        ({"numbers": "6280 5811 1000 7215"}, "card"),
        ({"day": "2020-01-01", "numbers": "C000001"}, "The day of this round is over."),
        ({"day": "soon", "numbers": "C000001"}, ""),
    ],
)
def test_what_is_no_round_is_said(head: Client, samir: Staff, bill: Bill, form: dict[str, str], sentence: str) -> None:
    filled = {"crew": str(samir.id), "day": timezone.localdate().isoformat()} | form
    answer = head.post("/en/office/rounds/", filled)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Round.objects.exists()
    assert "6280 5811" not in answer.content.decode()
    assert bill.customer.number == "C000001"


def test_a_spreadsheet_is_refused_with_what_to_do(head: Client, samir: Staff) -> None:
    file = SimpleUploadedFile("round.xlsx", b"PK\x03\x04\0\0")
    form = {"crew": str(samir.id), "day": timezone.localdate().isoformat(), "file": file}
    assert "This file is not a text." in words(brought(head, form))


def test_the_worker_of_the_phone_speaks_of_its_own_pages_alone(crew: Client) -> None:
    answer = crew.get("/fr/crew/worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    script = answer.content.decode()
    assert 'const PAGE = "/fr/crew/";' in script
    assert "/static/web/crew." in script
    shell = crew.get("/fr/crew/offline/")
    assert "Samir" not in words(shell), "what a phone keeps names nobody"
