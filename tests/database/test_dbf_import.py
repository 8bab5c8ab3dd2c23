"""Bills in dBase tables are brought in; of what is settled there nothing is left to pay here."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from bawabati.bills.models import BadBillLine, Bill, BillBatch
from bawabati.bills.reads import facts_of, limits_of
from bawabati.bills.rules import Standing, standing_of
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.money.amount import Money
from bawabati.payments.rules.channels import Word
from channels import Partner
from dbase import FACTURE, abonne, factures, zipped
from people import NOON, OMAR

NAMES = abonne({"NUMAB": "0112345", "RAISOC": "BENALI AMINA", "RAISOCA": "أمينة بن علي"})


def bring(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "factures.zip"
    path.write_bytes(content)
    call_command("import_bills", str(path), "--company", "oran", "--format", "dbf", "--as", OMAR)


def test_a_bill_gets_a_number_of_ours_and_keeps_it(tmp_path: Path, company: Company) -> None:
    bring(tmp_path, zipped(FACTURES=factures(FACTURE), ABONNE=NAMES))
    bill = Bill.objects.select_related("customer").get()
    assert (bill.bill_number, bill.due_centimes, len(bill.payment_number)) == ("0112345/2026-09/E", 1_445_50, 14)
    assert bill.customer.name == "أمينة بن علي"
    bring(tmp_path, zipped(FACTURES=factures(FACTURE | {"MONTTC": "1000.00"}), ABONNE=NAMES))
    again = Bill.objects.get()
    assert (again.payment_number, again.due_centimes) == (bill.payment_number, 1_015_00)
    assert again.company == company


@pytest.mark.usefixtures("company")
def test_bad_records_are_kept_with_their_reason(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        bring(tmp_path, factures(FACTURE, FACTURE | {"NUMAB": ""}, FACTURE | {"DATFACT": "x"}))
    assert sorted(BadBillLine.objects.values_list("line_number", "reason")) == [
        (2, "value_missing"),
        (3, "date_not_readable"),
    ]
    assert BillBatch.objects.get().created_count == 1


def test_what_was_settled_elsewhere_can_be_paid_no_more(tmp_path: Path, company: Company) -> None:
    bring(tmp_path, factures(FACTURE))
    bring(tmp_path, factures(FACTURE | {"DATREG": "20261110"}))
    bill = Bill.objects.get()
    assert standing_of(facts_of(bill), limits_of(company)) is Standing.PAID
    assert not Case.objects.exists()


def test_what_was_paid_here_and_is_settled_there_leaves_no_surplus(tmp_path: Path, company: Company) -> None:
    bring(tmp_path, factures(FACTURE))
    bank = Partner.of(company)
    bank.reserve("A-1", Bill.objects.get())
    bank.says("A-1", Word.PAID, Money(1_445_50))
    settled = factures(FACTURE | {"DATREG": "20261110"})
    for content in (settled, settled + b"\x1a", settled):
        bring(tmp_path, content)
    bill = Bill.objects.get()
    assert (bill.settled_centimes, bill.due_centimes) == (1_445_50, 1_445_50)
    assert not Case.objects.exists()
    assert check_books(now=NOON) == []


@pytest.mark.usefixtures("company")
def test_a_bill_that_was_settled_before_we_heard_of_it_is_paid(tmp_path: Path) -> None:
    bring(tmp_path, factures(FACTURE | {"PAIEMENT": "C"}))
    assert (Bill.objects.get().due_centimes, Bill.objects.get().settled_centimes) == (0, 0)
