"""The billing system is told of each payment once, in numbered files that never change."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.export_payments import export_payments, issue_payment_file
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from bawabati.reports.models import PaymentFile, PaymentFileCopy, PaymentFileLine
from bawabati.reports.rules import NoSuchPaymentFile
from people import NADIA, NOON, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(hours=2)


def told(company: Company, *, login: str | None = SALIMA, lines_of_a_file: int = 100) -> list[PaymentFile]:
    staff = Staff.objects.get(login=login) if login else None
    return export_payments(company_id=company.id, staff=staff, now=LATER, lines_of_a_file=lines_of_a_file)


def as_csv(company: Company, number: int = 1) -> list[dict[str, str]]:
    content = bytes(issue_payment_file(company_id=company.id, number=number, form="csv").content)
    return list(csv.DictReader(StringIO(content.decode()), delimiter=";"))


def wrong_with_files() -> set[str]:
    return {
        one.check for one in check_books(now=NOON + timedelta(days=4)) if "told" in one.check or "file" in one.check
    }


@pytest.fixture
def desk_sales(company: Company) -> Callable[[int], None]:
    """So many people pay a bill each at a desk."""
    session = open_desk(add_agency(company))

    def pay(count: int) -> None:
        first = PaymentFileLine.objects.count() + 50
        for seed in range(first, first + count):
            cash(session, add_bill(company, seed=seed))

    return pay


def test_a_payment_is_told_with_its_bill_its_receipt_and_the_sums(company: Company, receipt: Receipt) -> None:
    (file,) = told(company)
    line, total = as_csv(company)
    bill = Bill.objects.get()
    assert (file.number, file.line_count, file.paid_centimes, file.taken_back_centimes) == (1, 1, 1_430_50, 0)
    assert line | {"MOMENT": ""} == {
        "RANG": "1",
        "NATURE": "PAIEMENT",
        "NUMERO_PAIEMENT": bill.payment_number,
        "NUMERO_FACTURE": "F000001",
        "NUMERO_CLIENT": "C000001",
        "PERIODE": bill.period,
        "MONTANT": "1430,50",
        "REPRISE": "0,00",
        "EXCEDENT": "0,00",
        "JOUR_COMPTABLE": "22/11/2026",
        "MOMENT": "",
        "CANAL": "INTERNET",
        "AGENCE": "",
        "RECU": receipt.facts["number"],
        "REFERENCE": PaymentFileLine.objects.get().reference,
    }
    assert (total["RANG"], total["NATURE"], total["NUMERO_PAIEMENT"], total["MONTANT"]) == (
        "1",
        "TOTAL",
        "000001",
        "1430,50",
    )


@pytest.mark.usefixtures("receipt")
def test_what_was_told_is_not_told_again(company: Company, desk_sales: Callable[[int], None]) -> None:
    assert [file.number for file in told(company)] == [1]
    assert told(company) == []
    desk_sales(2)
    assert [(file.number, file.line_count) for file in told(company, login=None)] == [(2, 2)]
    assert wrong_with_files() == set()


def test_a_past_is_told_in_as_many_files_as_it_takes(company: Company, desk_sales: Callable[[int], None]) -> None:
    desk_sales(5)
    assert [(file.number, file.line_count) for file in told(company, lines_of_a_file=2)] == [(1, 2), (2, 2), (3, 1)]
    assert wrong_with_files() == set()


def test_two_who_press_at_once_tell_each_payment_once(
    company: Company, desk_sales: Callable[[int], None], together: Callable[..., list[Any]]
) -> None:
    desk_sales(4)
    made = [file.number for files in together(*[lambda: told(company, lines_of_a_file=3)] * 5) for file in files]
    assert sorted(made) == [1, 2]
    assert PaymentFileLine.objects.values("reference").distinct().count() == PaymentFileLine.objects.count() == 4


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_goes_out_again_byte_for_byte(company: Company, receipt: Receipt, form: str) -> None:
    told(company)
    first = issue_payment_file(company_id=company.id, number=1, form=form)
    Bill.objects.update(period="2099-T4")
    again = issue_payment_file(company_id=company.id, number=1, form=form)
    assert bytes(first.content) == bytes(again.content)
    assert sha256(bytes(again.content)).hexdigest() == again.sha256
    assert receipt.facts["number"] in PaymentFileLine.objects.get().receipt_number


@pytest.mark.usefixtures("receipt")
def test_the_workbook_holds_the_same_lines_and_no_formula(company: Company) -> None:
    told(company)
    content = bytes(issue_payment_file(company_id=company.id, number=1, form="xlsx").content)
    with ZipFile(BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "1430.5" in page
    assert "<f>" not in page


def test_each_company_counts_its_own_files_and_sees_no_other(company: Company, receipt: Receipt) -> None:
    told(company)
    with pytest.raises(NoSuchPaymentFile):
        issue_payment_file(company_id=company.id + 1, number=1, form="csv")
    with pytest.raises(NoSuchPaymentFile):
        issue_payment_file(company_id=receipt.company_id, number=1, form="pdf")


def test_who_may_not_tell_tells_nothing(company: Company) -> None:
    with pytest.raises(NotAllowed):
        told(company, login=NADIA)


def test_a_payment_that_no_file_tells_is_found(company: Company, desk_sales: Callable[[int], None]) -> None:
    desk_sales(1)
    told(company)
    desk_sales(1)
    assert wrong_with_files() == {"not_told_to_billing"}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE reports_paymentfilecopy SET content = '\\x00'", "payment_file_copy_changed"),
        ("UPDATE reports_paymentfileline SET amount_centimes = 1", "payment_file_differs_from_books"),
        ("UPDATE reports_paymentfile SET line_count = 7", "payment_file_differs_from_its_lines"),
        ("UPDATE reports_paymentfile SET number = 7", "payment_file_numbers_have_a_gap"),
    ],
)
@pytest.mark.usefixtures("receipt")
def test_a_file_that_somebody_has_changed_is_found(
    company: Company, statement: str, found: str, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    told(company)
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(statement.encode())
    assert found in wrong_with_files()


def test_nothing_is_told_of_a_company_where_nothing_was_paid(company: Company) -> None:
    assert told(company) == []
    assert not PaymentFileCopy.objects.exists()
