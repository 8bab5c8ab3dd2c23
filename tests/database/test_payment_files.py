"""The billing system is told of each payment once, in numbered files that never change."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from agency import add_agency, cash, open_desk
from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.export_payments import export_payments, issue_payment_file
from bawabati.flows.import_bills import import_bills
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.release_hold import release_hold
from bawabati.money.amount import Money
from bawabati.payments.rules import RefundReason
from bawabati.payments.rules.channels import Word
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from bawabati.reports.models import PaymentFile, PaymentFileCopy, PaymentFileLine
from bawabati.reports.rules import NoSuchPaymentFile
from channels import Partner
from outside import Outside
from paying import start
from people import AMINAS_CARD, KARIMS_CARD, NADIA, NOON, OMAR, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

HEAD = "payment number;bill number;customer number;name;period;issued on;due on;due;status;line:Eau"
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


def test_what_a_channel_took_is_told_as_such(company: Company, bill: Bill) -> None:
    bank = Partner.of(company)
    bank.reserve("A-1", bill)
    bank.says("A-1", Word.PAID, Money(bill.due_centimes))
    told(company)
    assert as_csv(company)[0]["CANAL"] == "CANAL"
    assert wrong_with_files() == set()


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


def test_credit_that_pays_a_bill_is_told_without_money(
    outside: Outside, company: Company, bill: Bill, tmp_path: Path
) -> None:
    """The bill is lowered after it was paid; what was too much pays the next one."""
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON)
    told(company)
    lower(company, bill, tmp_path)
    another = add_bill(company, seed=2, due_centimes=300_00, customer_number=bill.customer.number)
    apply_credit(
        company=company,
        payment_number=another.payment_number,
        amount=None,
        because="asked",
        key="wish",
        login=SALIMA,
        now=NOON + timedelta(hours=1),
    )
    (file,) = told(company)
    assert (file.paid_centimes, file.taken_back_centimes) == (300_00, 430_50)
    lowered, used, _total = as_csv(company, 2)
    assert (lowered["NATURE"], lowered["NUMERO_PAIEMENT"], lowered["REPRISE"]) == (
        "BAISSE",
        bill.payment_number,
        "430,50",
    )
    assert (used["NATURE"], used["NUMERO_PAIEMENT"], used["MONTANT"], used["CANAL"]) == (
        "CREDIT",
        another.payment_number,
        "300,00",
        "",
    )
    assert wrong_with_files() == set()


def test_money_that_goes_back_makes_the_bill_due_again(
    outside: Outside, company: Company, bill: Bill, receipt: Receipt
) -> None:
    assert outside
    told(company)
    refund = ask_refund(
        payment_id=receipt.payment_id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=Money(1_000_00),
        because="paid by mistake",
        login=SALIMA,
        now=NOON,
    )
    assert told(company) == []
    approve_refund(refund_id=refund.id, login=NADIA, now=NOON)
    refund_payment(refund_id=refund.id, now=NOON)
    (file,) = told(company)
    line, total = as_csv(company, 2)
    assert (line["NATURE"], line["NUMERO_PAIEMENT"]) == ("REPRISE", bill.payment_number)
    assert (line["MONTANT"], line["REPRISE"], line["RECU"]) == ("0,00", "1000,00", receipt.facts["number"])
    assert (total["REPRISE"], file.taken_back_centimes) == ("1000,00", 1_000_00)
    assert wrong_with_files() == set()


def test_what_was_paid_too_much_is_told_beside_its_payment(outside: Outside, company: Company, bill: Bill) -> None:
    first = start(company, bill)
    release_hold(payment_id=first.id, because="at the till", login=SALIMA, now=NOON)
    second = start(company, bill, key="karim")
    for payment, card in ((second, KARIMS_CARD), (first, AMINAS_CARD)):
        outside.pay(payment.gateway_reference or "", card)
        confirm_payment(payment_id=payment.id, now=NOON)
    (file,) = told(company)
    assert (file.line_count, file.paid_centimes, file.surplus_centimes) == (2, 1_430_50, 1_430_50)
    lines = as_csv(company)[:2]
    assert sorted((line["MONTANT"], line["EXCEDENT"]) for line in lines) == [("0,00", "1430,50"), ("1430,50", "0,00")]
    assert wrong_with_files() == set()


def lower(company: Company, bill: Bill, folder: Path) -> None:
    """The billing system asks for 1,000 DA now."""
    path = folder / "bills.csv"
    values = (bill.payment_number, bill.bill_number, bill.customer.number, "Amina Benali")
    line = ";".join((*values, "2026-T3", "05/10/2026", "05/12/2026", "1000,00", "", "1000,00"))
    path.write_text(f"{HEAD}\n{line}\n", encoding="utf-8")
    omar = Staff.objects.get(login=OMAR)
    import_bills(company=company, path=path, reader_name="csv", received_by=omar, now=NOON + timedelta(minutes=1))
