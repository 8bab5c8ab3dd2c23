"""What every list of the office does: pages by key, filters in the address, files that are safe to open."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.sheets.contract import Cell, harmless
from bawabati.bills.models import Bill
from bawabati.keyset import At, Page, every_row, page_of
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Role
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Asked, Filter, Kind, place_in_list, read_filters, to_the_list
from people import add_bill
from staff import add_person, signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bawabati.companies.models import Company

FILTERS: Final = (
    Filter("number", "Payment number"),
    Filter("day", "Day", Kind.DAY),
    Filter("amount", "Amount", Kind.AMOUNT),
    Filter("state", "State", Kind.CHOICE, choices=(("paid", "Paid"), ("open", "Open"))),
)
WITH_PEOPLE: Final = (*FILTERS, Filter("email", "E-mail address", personal=True))
CARD: Final = "4111 1111 1111 1111"
NOON: Final = datetime(2026, 2, 5, 11, 0, tzinfo=UTC)


def asked(**given: str) -> Asked:
    return read_filters(RequestFactory().get("/fr/office/things/", given), FILTERS)


def told(answer: HttpResponse) -> bytes:
    content = b"".join(answer)
    answer.close()
    return content


def as_csv(*rows: list[Cell], at_most: int = 100) -> list[list[str]]:
    with override("fr"):
        answer = as_file("csv", name="things", header=["Amount"], rows=rows, at_most=at_most)
    return list(csv.reader(io.StringIO(told(answer).decode("utf-8-sig")), delimiter=";"))


def test_filters_are_read_from_the_address() -> None:
    read = asked(number="12345", day="2026-02-05", amount="1 430,50", state="paid")
    assert read.word("number") == "12345"
    assert read.day("day") == date(2026, 2, 5)
    assert read.amount("amount") == Money(1430_50)
    assert read.word("state") == "paid"
    assert read.errors == {}
    again = read_filters(RequestFactory().get(f"/fr/office/things/?{read.query}"), FILTERS)
    assert again.values == read.values


def test_what_cannot_be_read_narrows_nothing_and_says_why() -> None:
    read = asked(day="2026-02-31", amount="a lot", state="stolen", number="12345")
    assert set(read.errors) == {"day", "amount"}
    assert dict(read.values) == {"number": "12345"}
    assert read.typed["day"] == "2026-02-31"
    assert "day" not in read.query


def test_a_card_number_is_refused_and_not_kept() -> None:
    read = asked(number=CARD, state="paid")
    assert set(read.errors) == {"number"}
    assert "4111" not in str(read)


def test_what_is_personal_is_sealed_in_the_address() -> None:
    posted = RequestFactory().post("/fr/office/things/", {"email": "amina@example.dz", "state": "paid"})
    answer = to_the_list(posted, read_filters(posted, WITH_PEOPLE))
    address = str(answer.headers["Location"])
    assert answer.status_code == 303
    assert "amina" not in address
    assert parse_qs(urlsplit(address).query)["state"] == ["paid"]
    read = read_filters(RequestFactory().get(address), WITH_PEOPLE)
    assert (read.word("email"), read.word("state")) == ("amina@example.dz", "paid")


def test_what_is_personal_is_not_read_from_an_address_in_clear() -> None:
    read = read_filters(RequestFactory().get("/", {"email": "amina@example.dz"}), WITH_PEOPLE)
    assert not read.is_narrowed


@pytest.mark.parametrize("sealed", ["", "x", "é", "A" * 50, "A" * 5000, "====", "!!!!"])
def test_a_seal_that_is_not_ours_narrows_nothing(sealed: str) -> None:
    assert not read_filters(RequestFactory().get("/", {"for": sealed}), WITH_PEOPLE).is_narrowed


def test_pages_lead_on_and_back_and_miss_nothing(company: Company) -> None:
    for number in range(23):
        add_bill(company, due_centimes=1000 + number // 5, seed=number + 1)  # some alike
    rows = Bill.objects.filter(company=company)

    def ask(at: At) -> Page[Bill]:
        return page_of(rows, order=["-due_centimes", "-id"], at=at)

    expected = [bill.id for bill in rows.order_by("-due_centimes", "-id")]
    pages = [ask(At(rows=5))]
    while pages[-1].after:
        pages.append(ask(At(after=pages[-1].after, rows=5)))
    assert [bill.id for page in pages for bill in page.rows] == expected
    assert pages[0].before is None
    back = [pages[-1]]
    while back[-1].before:
        back.append(ask(At(before=back[-1].before, rows=5)))
    assert [bill.id for page in reversed(back) for bill in page.rows] == expected
    assert [bill.id for bill in every_row(ask, rows_a_page=4)] == expected


@pytest.mark.parametrize("key", ["x", "1", "5~x", "5~1~1", "~", "9" * 400, "5~9e9", f"{10**40}~1", "-1~\0"])
def test_a_key_that_is_none_gives_the_beginning(company: Company, key: str) -> None:
    add_bill(company)
    assert len(page_of(Bill.objects.all(), order=["-due_centimes", "-id"], at=At(after=key)).rows) == 1


def test_the_place_and_the_form_stand_in_the_address() -> None:
    request = RequestFactory().get("/", {"after": "5", "as": "csv"})
    assert place_in_list(request) == At(after="5")
    assert wanted_form(request) == "csv"
    assert wanted_form(RequestFactory().get("/", {"as": "exe"})) == ""


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(first: str) -> None:
    assert harmless(f"{first}1+1") == f"'{first}1+1"
    assert as_csv([f'{first}cmd|"/c calc"!A1'])[1] == [f'\'{first}cmd|"/c calc"!A1']


def test_numbers_stay_numbers() -> None:
    assert as_csv([Money(1430_50), 12, date(2026, 2, 5), NOON, None, "12"])[1] == [
        "1430,50",
        "12",
        "2026-02-05",
        "2026-02-05 12:00:00",
        "",
        "12",
    ]


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_an_amount_in_a_file_is_read_back_as_the_same(centimes: int) -> None:
    written = as_csv([Money(centimes)])[1][0]
    assert parse_amount(written) == parse_amount(figures(Money(centimes), "fr")) == Money(centimes)


def test_a_list_that_is_too_long_ends_with_a_word() -> None:
    assert len(as_csv(["a"], ["b"], at_most=2)) == 3
    cut = as_csv(["a"], ["b"], ["c"], at_most=2)
    assert [row[0] for row in cut[1:3]] == ["a", "b"]
    assert "2" in cut[3][0]


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_words() -> None:
    with override("ar"):
        answer = as_file("xlsx", name="things", header=["Amount"], rows=[[Money(1430_50), "=1+1", 7, NOON]])
    assert "things-" in str(answer.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(told(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1430.5</v>" in sheet
    assert "<v>7</v>" in sheet
    assert "<f>" not in sheet
    assert "&#x27;=1+1" in sheet or "'=1+1" in sheet
    assert 'rightToLeft="1"' in sheet


@pytest.mark.usefixtures("collected")
def test_the_office_leads_to_what_somebody_may_do(company: Company) -> None:
    operator = signed_in(add_person("operator@oran.example", Role.OPERATOR, company=company))
    home = operator.get("/fr/staff/").content.decode()
    assert 'href="/fr/office/readers/"' in home
    assert 'href="/fr/office/people/"' not in home
    page = operator.get("/fr/office/readers/").content.decode()
    assert re.search(r'href="/fr/office/readers/"\s+aria-current="page"', page)


@pytest.mark.usefixtures("collected")
def test_nobody_is_led_where_he_may_not_go(company: Company) -> None:
    director = signed_in(add_person("director@oran.example", Role.DIRECTOR, company=company))
    assert "/office/readers/" not in director.get("/fr/staff/").content.decode()
