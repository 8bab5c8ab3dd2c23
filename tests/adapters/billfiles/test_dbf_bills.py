"""Bills in dBase tables as EPEOR writes them: every record reads as a bill or says why not, whatever is sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from struct import pack_into

import pytest

from bawabati.adapters.billfiles.contract import BadLine, BillLine, FileEmpty
from bawabati.adapters.billfiles.dbf_bills.reader import DbfBills
from bawabati.adapters.billfiles.dbf_bills.table import NotADbaseFile, text_of
from bawabati.adapters.billfiles.spelling.columns import ColumnsMissing
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from dbase import FACTURE, abonne, factures, zipped

IN_THE_DIRECTORY = b"PK\x01\x02"
SIZE_OF_ENTRY = 46
UNPACKED_SIZE_AT = 24
"""Of an entry in the directory at the end of a zip; its name comes behind it."""


def read(path: Path, content: bytes) -> list[BillLine | BadLine]:
    path.write_bytes(content)
    return list(DbfBills().open(path).lines)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bills"


def test_a_record_is_a_bill_with_its_days_and_amounts(file: Path) -> None:
    (bill,) = read(file, factures(FACTURE))
    assert isinstance(bill, BillLine)
    assert (bill.payment_number, bill.bill_number, bill.customer_number) == ("", "0112345/2026-09/E", "0112345")
    assert (bill.period, bill.issued_on, bill.due_on) == ("2026-09/E", date(2026, 9, 30), date(2026, 10, 30))
    assert (bill.due, bill.status) == (Money(1_445_50), "open")
    assert bill.lines == (("TTC", Money(1_430_50)), ("Timbre", Money(15_00)))


@pytest.mark.parametrize("empty", ["", "        ", "19000101", "00000000"])
def test_no_day_is_written_in_four_ways(file: Path, empty: str) -> None:
    (bill,) = read(file, factures(FACTURE | {"DATREG": empty}))
    assert isinstance(bill, BillLine)
    assert bill.status == "open"


@pytest.mark.parametrize(
    ("settled_on", "payment", "status"),
    [("20261101", "", "settled"), ("20261122", "T", "settled"), ("20261123", "", "open"), ("", "C", "settled")],
)
def test_unpaid_is_what_was_not_settled_when_the_table_was_written(
    file: Path, settled_on: str, payment: str, status: str
) -> None:
    (bill,) = read(file, factures(FACTURE | {"DATREG": settled_on, "PAIEMENT": payment}, written=(126, 11, 22)))
    assert isinstance(bill, BillLine)
    assert bill.status == status


def test_customers_have_their_arabic_names_from_the_other_table(file: Path) -> None:
    names = abonne(
        {"NUMAB": "0112345", "RAISOC": "BENALI AMINA", "RAISOCA": "أمينة بن علي"},
        {"NUMAB": "0112346", "RAISOC": "HÔTEL ÉTOILE", "RAISOCA": ""},
    )
    content = zipped(FACTURES=factures(FACTURE, FACTURE | {"NUMAB": "0112346"}), ABONNE=names)
    assert [bill.holder_name for bill in read(file, content) if isinstance(bill, BillLine)] == [
        "أمينة بن علي",
        "HÔTEL ÉTOILE",
    ]


@pytest.mark.parametrize("text", ["", "أمينة", "Amina", "HÔTEL ÉTOILE", "12/3"])
def test_both_alphabets_are_read(text: str) -> None:
    alphabet = "cp1256" if text[:1] == "أ" else "cp1252"
    assert text_of(text.encode(alphabet).ljust(30)) == text


def test_other_types_have_the_number_of_their_record_behind(file: Path) -> None:
    works = [FACTURE | {"TYPE": "A", "NUMREC": number} for number in ("771", "772")]
    assert [bill.bill_number for bill in read(file, factures(*works)) if isinstance(bill, BillLine)] == [
        "0112345/2026-09/A-771",
        "0112345/2026-09/A-772",
    ]


@pytest.mark.parametrize(
    ("wrong", "reason", "column"),
    [
        ({"DATFACT": "20261340"}, "date_not_readable", "issued on"),
        ({"DATFACT": ""}, "value_missing", "issued on"),
        ({"MONTTC": "many"}, "amount_not_readable", "due"),
        ({"MONTTC": ""}, "amount_not_readable", "due"),
        ({"MONTTC": "-5"}, "amount_negative", "due"),
        ({"TIMBRE": "?"}, "amount_not_readable", "due"),
    ],
)
def test_a_bad_record_says_why_and_keeps_the_others(
    file: Path, wrong: dict[str, str], reason: str, column: str
) -> None:
    bad, good = read(file, factures(FACTURE | wrong, FACTURE))
    assert isinstance(bad, BadLine)
    assert (bad.line_number, bad.reason, bad.detail) == (1, reason, column)
    assert isinstance(good, BillLine)


def test_a_bad_record_comes_back_as_the_line_of_a_csv(file: Path) -> None:
    (bad,) = read(file, factures(FACTURE | {"MONTTC": "many", "NOM": 'A; "B"'}))
    assert isinstance(bad, BadLine)
    assert bad.text.startswith('0112345/2026-09/E;0112345;"A; ""B""";2026-09/E;2026-09-30;2026-10-30;many;open;')


def test_deleted_records_are_no_lines_and_the_others_keep_their_numbers(file: Path) -> None:
    (bill,) = read(file, factures(FACTURE | {"deleted": "*"}, FACTURE))
    assert bill.line_number == 2


def test_a_table_that_was_not_copied_whole_gives_what_it_holds_and_says_so(file: Path) -> None:
    good, bad = read(file, factures(FACTURE, FACTURE)[:-20])
    assert isinstance(good, BillLine)
    assert isinstance(bad, BadLine)
    assert (bad.line_number, bad.reason) == (2, "record_cut_off")


def test_what_is_no_table_is_refused_as_a_whole(file: Path) -> None:
    for content in (b"", b"\x03", b"PK\x03\x04", b"NUMAB;MONTTC\n", factures(FACTURE)[:60], zipped(RUE=b"")):
        with pytest.raises(NotADbaseFile):
            read(file, content)
    with pytest.raises(FileEmpty):
        read(file, factures())
    with pytest.raises(FileEmpty):
        read(file, factures(FACTURE | {"deleted": "*"}))
    with pytest.raises(ColumnsMissing):
        read(file, abonne({"NUMAB": "1", "RAISOC": "A", "RAISOCA": ""}))


@pytest.mark.parametrize("table", ["FACTURES", "ABONNE"])
def test_a_small_zip_with_an_endless_table_is_refused_before_it_is_unpacked(file: Path, table: str) -> None:
    content = bytearray(zipped(FACTURES=factures(FACTURE), ABONNE=abonne({"NUMAB": "0112345"})))
    entry = content.index(f"EPEOR/{table.lower()}.dbf".encode(), content.index(IN_THE_DIRECTORY)) - SIZE_OF_ENTRY
    pack_into("<I", content, entry + UNPACKED_SIZE_AT, 2 * 1024**3 + 1)
    with pytest.raises(NotADbaseFile):
        read(file, bytes(content))


def test_a_second_reading_gives_the_text_of_the_same_records(file: Path) -> None:
    file.write_bytes(factures(FACTURE, FACTURE | {"NUMAB": "0112346"}))
    opened = DbfBills().open(file)
    assert [line.text for line in opened.lines] == [text for _, text in opened.texts()]
    assert opened.bytes_read() == opened.size_bytes


def test_nothing_that_is_sent_breaks_the_reader(file: Path) -> None:
    random = Random(8)
    whole = [factures(FACTURE, FACTURE), zipped(FACTURES=factures(FACTURE), ABONNE=abonne({"NUMAB": "0112345"}))]
    for _ in range(400):
        damaged = bytearray(random.choice(whole))
        for _ in range(random.randint(1, 6)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        with suppress(CannotDo):
            read(file, bytes(damaged[: random.randint(1, len(damaged))]))
