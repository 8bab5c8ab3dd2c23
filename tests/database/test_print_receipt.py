"""A receipt printed again by staff."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company
from bawabati.flows.print_receipt import print_receipt
from bawabati.flows.render_receipt import render_receipt
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt, ReceiptPrint
from bawabati.receipts.rules import NoSuchReceipt
from people import NOON, OMAR, SALIMA, add_company


def words(document: bytes | None) -> str:
    with pymupdf.open(stream=document, filetype="pdf") as pages:  # type: ignore[no-untyped-call]
        return "".join(page.get_text() for page in pages)


def again(receipt: Receipt, *, login: str = SALIMA, company: Company | None = None) -> tuple[bytes, ReceiptPrint]:
    number = str(receipt.facts["number"])
    return print_receipt(company=company or receipt.company, number=number, login=login, now=NOON)


def test_a_duplicate_says_so_and_has_the_same_number(receipt: Receipt) -> None:
    original, (duplicate, printed) = words(render_receipt(receipt_id=receipt.id, form="pdf")), again(receipt)
    number = str(receipt.facts["number"])
    assert number in words(duplicate).replace("\u2011", "-")
    assert duplicate != render_receipt(receipt_id=receipt.id, form="pdf")
    assert len(words(duplicate)) > len(original)
    assert printed.copy_number == 1


def test_each_duplicate_is_counted_and_written_down(receipt: Receipt) -> None:
    assert [again(receipt)[1].copy_number for _ in range(3)] == [1, 2, 3]
    acts = AuditEntry.objects.filter(action="print_receipt").order_by("id")
    assert [(act.staff.login, act.details["copy_number"]) for act in acts] == [(SALIMA, copy) for copy in (1, 2, 3)]


def test_copies_printed_at_once_have_numbers_of_their_own(receipt: Receipt, together: Callable[..., list[Any]]) -> None:
    answers = together(*[lambda: again(receipt)] * 4)
    assert sorted(printed.copy_number for _, printed in answers) == [1, 2, 3, 4]


def test_only_who_may_prints_and_only_the_own_companys(receipt: Receipt) -> None:
    with pytest.raises(NotAllowed):
        again(receipt, login=OMAR)
    with pytest.raises(NoSuchReceipt):
        again(receipt, company=add_company("tafna"))
    assert not ReceiptPrint.objects.exists()


def test_a_count_is_never_taken_back(receipt: Receipt) -> None:
    again(receipt)
    for change in (lambda: ReceiptPrint.objects.update(copy_number=9), lambda: ReceiptPrint.objects.all().delete()):
        with pytest.raises(DatabaseError, match=r"permission denied|insert-only"), transaction.atomic():
            change()


def test_the_command_writes_the_duplicate(receipt: Receipt, tmp_path: Path) -> None:
    output, said = tmp_path / "again.pdf", StringIO()
    arguments = ("--company=oran", f"--as={SALIMA}", f"--output={output}")
    call_command("print_receipt", receipt.facts["number"], *arguments, stdout=said)
    assert "duplicate 1 of receipt" in said.getvalue()
    assert output.read_bytes().startswith(b"%PDF")


def test_what_cannot_be_printed_is_not_counted_and_leaves_nothing(receipt: Receipt, tmp_path: Path) -> None:
    for number, output, why in (
        ("2026-W-9999999", tmp_path / "a.pdf", "no receipt with this number"),
        (str(receipt.facts["number"]), tmp_path / "nowhere" / "a.pdf", "No such file"),
    ):
        with pytest.raises(CommandError, match=why):
            call_command("print_receipt", number, "--company=oran", f"--as={SALIMA}", f"--output={output}")
    assert not ReceiptPrint.objects.exists()
    assert list(tmp_path.iterdir()) == []
