"""The director's board: every number of the page is the ledger's, whatever is asked for, and each leaves as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from agency import At, add_agency, cash, open_desk
from bawabati.companies.models import Company
from bawabati.flows.count_debts import count_debts
from bawabati.ledger.models import Transfer
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.reports.models import MorningReader, Target
from bawabati.workdays import accounting_day
from payers import FormClient
from people import NADIA, OMAR, SALIMA, add_bill
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("collected")
BOARD = "/fr/office/board/"
TABLES = ("days", "targets", "ways", "cards", "hours", "funnel", "agencies", "debt")


@pytest.fixture
def director(company: Company) -> Staff:
    return add_person(NADIA, Role.DIRECTOR, company=company)


@pytest.fixture
def nadia(director: Staff) -> FormClient:
    client = FormClient()
    signed_in(director, client=client)
    return client


@pytest.fixture
def at(company: Company) -> At:
    """Four bills of uneven amounts were paid at a desk two days ago."""
    at, then = add_agency(company), timezone.now() - timedelta(days=2)
    session = open_desk(at, now=then)
    for seed, centimes in enumerate((1_430_55, 99_01, 3_000_00, 777_77), start=1):
        cash(session, add_bill(company, seed=seed, due_centimes=centimes), now=then)
    return at


def shown(page: str) -> str:
    """Words alone, one space between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def ledger_centimes(first: date, last: date) -> int:
    """What the books say was captured on those days."""
    captured = Transfer.objects.filter(reason__in=["capture", "surplus"], accounted_on__range=(first, last))
    return sum(captured.values_list("amount_centimes", flat=True))


def file_of(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = answer.getvalue()
    answer.close()
    return content


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_before_the_first_payment_the_board_says_so(nadia: Client, language: str) -> None:
    page = nadia.get(f"/{language}/office/board/")
    assert page.status_code == 200
    assert "<svg" not in page.content.decode().partition('class="board"')[2].partition("figures")[0]


def test_the_page_and_every_table_agree_with_the_ledger_to_the_centime(nadia: Client, at: At) -> None:
    today = accounting_day(timezone.now())
    first = today - timedelta(days=27)
    in_books = ledger_centimes(first, today)
    assert in_books == 1_430_55 + 99_01 + 3_000_00 + 777_77
    query = f"?from={first}&to={today}&with=nothing"
    page = shown(nadia.get(BOARD + query).content.decode())
    assert with_currency(Money(in_books), "fr").replace("\u00a0", " ") in page
    for table, column in (("days", 4), ("ways", 2), ("hours", 2), ("agencies", 4)):
        head, *rows = rows_of(file_of(nadia, f"{BOARD}tables/{table}/{query}&as=csv"))
        assert sum(int(row[column].replace(",", "")) for row in rows) == in_books, (table, head)
    assert at.agency.name_fr in page


def test_every_table_leaves_as_csv_and_as_a_workbook(nadia: Client, at: At) -> None:
    assert at.company
    assert nadia.get(f"{BOARD}tables/debt/?as=csv").status_code == 404, "nothing has been counted yet"
    count_debts(now=timezone.now())
    for table in TABLES:
        assert rows_of(file_of(nadia, f"{BOARD}tables/{table}/?as=csv"))[0], table
        sheet = BytesIO(file_of(nadia, f"{BOARD}tables/{table}/?as=xlsx"))
        assert CalamineWorkbook.from_filelike(sheet).get_sheet_by_index(0).to_python()[0], table
    assert nadia.get(f"{BOARD}tables/secrets/?as=csv").status_code == 404
    assert nadia.get(f"{BOARD}tables/ways/").status_code == 404


def test_another_period_and_the_one_beside_it_stand_in_the_address(nadia: Client, at: At) -> None:
    today, paid_on = accounting_day(timezone.now()), accounting_day(timezone.now() - timedelta(days=2))
    assert at.company
    here = shown(nadia.get(f"{BOARD}?from={paid_on}&to={paid_on}").content.decode())
    assert "4 payeurs" in here or "Payeurs 4" in here
    later = shown(nadia.get(f"{BOARD}?from={today}&to={today}&with=other&with_from={paid_on}").content.decode())
    assert f"{paid_on:%d/%m/%Y}" in later
    assert "avant : 4" in later
    before = shown(nadia.get(f"{BOARD}?from={paid_on}&to={today}").content.decode())
    assert "avant :" not in before, "before the first payment there is nothing to compare with"


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-13-45",
        "from=2026-11-20&to=2026-11-10",
        "from=1000-01-01&to=2026-11-10",
        "to=9999-12-31",
        "from=2020-01-01&to=2026-11-20",
        "with=other&with_from=nonsense",
    ],
)
def test_a_period_that_cannot_be_meant_gets_a_sentence_and_the_usual_one(nadia: Client, query: str) -> None:
    page = nadia.get(f"{BOARD}?{query}")
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_a_target_is_set_seen_followed_and_withdrawn(nadia: FormClient, at: At, director: Staff) -> None:
    today = accounting_day(timezone.now())
    said = {"from": f"{today - timedelta(days=9)}", "to": f"{today + timedelta(days=10)}"}
    assert nadia.post(f"{BOARD}targets/", said | {"measure": "payers", "wanted": "4"}).status_code == 303
    assert nadia.post(f"{BOARD}targets/", said | {"measure": "amount", "wanted": "1 000 000"}).status_code == 303
    target = Target.objects.get(measure="amount")
    assert (target.wanted, target.set_by_id, target.company) == (1_000_000_00, director.id, at.company)
    page = shown(nadia.get(f"{BOARD}targets/").content.decode())
    assert "4 sur 4" in page
    assert "atteint" in page
    assert director.name in page
    assert nadia.post(f"{BOARD}targets/{target.id}/withdraw/").status_code == 303
    assert nadia.post(f"{BOARD}targets/{target.id}/withdraw/").status_code == 409
    assert Target.objects.filter(measure="amount").count() == 2, "what was said stays"
    assert "retiré" in shown(nadia.get(f"{BOARD}targets/").content.decode())


@pytest.mark.parametrize(
    "wrong", [{"wanted": "0"}, {"wanted": "many"}, {"wanted": "9" * 30}, {"to": "2020-01-01"}, {"measure": "love"}]
)
def test_a_target_that_cannot_be_meant_is_refused_and_what_was_typed_stays(
    nadia: FormClient, wrong: dict[str, str]
) -> None:
    said = {"measure": "payers", "wanted": "50", "from": "2026-11-01", "to": "2026-11-30"} | wrong
    answer = nadia.post(f"{BOARD}targets/", said)
    assert answer.status_code == 422
    assert 'value="2026-11-01"' in answer.content.decode()
    assert not Target.objects.exists()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.COMMUNICATION, Role.AUDITOR])
def test_who_sees_the_board_but_keeps_no_targets_cannot_set_one(company: Company, role: Role) -> None:
    client = FormClient()
    signed_in(add_person(OMAR, role, company=company), client=client)
    assert client.get(BOARD).status_code == 200
    said = {"measure": "payers", "wanted": "50", "from": "2026-11-01", "to": "2026-11-30"}
    assert client.post(f"{BOARD}targets/", said).status_code == 422
    assert not Target.objects.exists()


def test_a_cashier_does_not_see_the_board(company: Company) -> None:
    agency = add_agency(company)
    assert signed_in(agency.warda, agency=agency.agency).get(BOARD).status_code == 403


def test_the_morning_page_is_chosen_and_no_longer_chosen(nadia: FormClient, director: Staff) -> None:
    assert nadia.post(f"{BOARD}morning/", {"wants": "1"}).status_code == 303
    assert MorningReader.objects.get().staff == director
    assert nadia.post(f"{BOARD}morning/", {}).status_code == 303
    assert not MorningReader.objects.exists()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_morning_page_opens_as_a_pdf(nadia: FormClient, at: At, language: str) -> None:
    assert at.company
    document = nadia.get(f"/{language}/office/board/morning/page/")
    assert document.headers["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF")
    assert SALIMA.encode() not in document.content
