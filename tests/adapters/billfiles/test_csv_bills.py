"""Bills in CSV as billing systems really write them, and as nobody should."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bawabati.adapters.billfiles.contract import BadLine, BillFile, BillLine
from bawabati.adapters.billfiles.csv_bills.reader import CsvBills
from bawabati.adapters.billfiles.csv_bills.text_lines import LONGEST_LINE_BYTES
from bawabati.adapters.billfiles.spelling.columns import DELIMITERS, NAMES, NEEDED
from bawabati.errors import CannotDo
from bawabati.money.amount import Money

HEAD = "payment number;bill number;customer number;name;period;issue date;due date;amount"
BILL = "12345678901231;F1;C1;Amina Benali;2026-T3;05/10/2026;05/12/2026;1 430,50"

Open = Callable[[str | bytes], BillFile]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_file(content: str | bytes) -> BillFile:
        path = tmp_path / "bills.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CsvBills().open(path)

    return open_file


def only(file: BillFile) -> BillLine | BadLine:
    (line,) = file.lines
    return line


def good(file: BillFile) -> BillLine:
    line = only(file)
    assert isinstance(line, BillLine), line
    return line


def bad(file: BillFile) -> BadLine:
    line = only(file)
    assert isinstance(line, BadLine), line
    return line


def test_a_line_is_a_bill(opened: Open) -> None:
    assert good(opened(f"{HEAD}\n{BILL}\n")) == BillLine(
        line_number=2,
        text=BILL,
        payment_number="12345678901231",
        bill_number="F1",
        customer_number="C1",
        holder_name="Amina Benali",
        period="2026-T3",
        issued_on=date(2026, 10, 5),
        due_on=date(2026, 12, 5),
        due=Money(143050),
        status="open",
        replaced_by="",
        estimated=False,
        lines=(),
    )


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_found(opened: Open, delimiter: str) -> None:
    content = f"{HEAD}\n{BILL}".replace(",", ".").replace(";", delimiter)
    assert good(opened(content)).due == Money(143050)


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "أمينة"), ("utf-8-sig", "أمينة"), ("cp1256", "أمينة"), ("cp1256", "Imène")]
)
def test_the_encoding_is_found(opened: Open, encoding: str, name: str) -> None:
    content = f"{HEAD}\n{BILL}".replace("Amina Benali", name).encode(encoding)
    assert good(opened(content)).holder_name == name


def test_one_broken_byte_costs_its_own_line_only(opened: Open) -> None:
    lines = [BILL.replace("Amina", "أمينة").encode()] * 3
    lines[1] = lines[1].replace("أ".encode(), b"\xd8")
    first, second, third = opened(b"\n".join([HEAD.encode(), *lines])).lines
    assert isinstance(first, BillLine)
    assert isinstance(second, BadLine)
    assert second.reason == "wrong_encoding"
    assert isinstance(third, BillLine)


@pytest.mark.parametrize(
    "head",
    [
        "رقم الدفع;رقم الفاتورة;رقم المشترك;الاسم;الفترة;تاريخ الفاتورة;آخر أجل;المبلغ",
        "N° de paiement;Numéro de Facture;CODE CLIENT;Nom;Période;Date d'émission;Date limite de paiement;Net à payer",
        "payment_number;bill_number;customer_number;holder_name;period;issued_on;due_on;due",
    ],
)
def test_columns_have_names_in_three_languages(opened: Open, head: str) -> None:
    assert good(opened(f"{head}\n{BILL}")).bill_number == "F1"


def test_no_name_means_two_things() -> None:
    names = [name for names in NAMES.values() for name in names]
    assert len(names) == len(set(names))


def test_quotes_hold_delimiters_and_quotes(opened: Open) -> None:
    quoted = BILL.replace("Amina Benali", '"Benali; ""Amina"""')
    assert good(opened(f"{HEAD}\n{quoted}")).holder_name == 'Benali; "Amina"'


def test_an_open_quote_costs_its_own_line_only(opened: Open) -> None:
    first, second = opened(f"{HEAD}\n{BILL.replace('Amina', chr(34) + 'Amina')}\n{BILL}").lines
    assert isinstance(first, BadLine)
    assert first.reason == "quote_not_closed"
    assert isinstance(second, BillLine)


@pytest.mark.parametrize("written", ["1430.50", "1430,50", "1 430,50", "1\u202f430,50", "1.430,50", "١٤٣٠٫٥٠"])
def test_amounts_have_point_or_comma(opened: Open, written: str) -> None:
    assert good(opened(f"{HEAD}\n{BILL.replace('1 430,50', written)}")).due == Money(143050)


@pytest.mark.parametrize("written", ["5/10/2026", "05-10-2026", "05.10.2026", "2026-10-05", "20261005", "٠٥/١٠/٢٠٢٦"])
def test_days_are_written_day_first_or_iso(opened: Open, written: str) -> None:
    assert good(opened(f"{HEAD}\n{BILL.replace('05/10/2026', written)}")).issued_on == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("replaced", "by", "reason", "detail"),
    [
        ("1 430,50", "1.430", "amount_ambiguous", "amount"),
        ("1 430,50", "-5,00", "amount_negative", "amount"),
        ("1 430,50", "1430,50 DA", "amount_not_readable", "amount"),
        ("1 430,50", "9" * 20, "amount_too_large", "amount"),
        ("1 430,50", "", "value_missing", "amount"),
        ("05/10/2026", "", "value_missing", "issue date"),
        ("05/10/2026", "05/10/26", "date_not_readable", "issue date"),
        ("05/10/2026", "31/02/2026", "date_not_readable", "issue date"),
        ("05/10/2026", "10/25/2026", "date_not_readable", "issue date"),
        ("05/12/2026", "05/12/0026", "date_not_plausible", "due date"),
        (";C1", "", "wrong_number_of_columns", ""),
        ("Amina", "\x00", "forbidden_character", ""),
        ("Amina", "A" * LONGEST_LINE_BYTES, "line_too_long", ""),
    ],
)
def test_a_bad_line_says_why(opened: Open, replaced: str, by: str, reason: str, detail: str) -> None:
    line = bad(opened(f"{HEAD}\n{BILL.replace(replaced, by)}\n"))
    assert (line.line_number, line.reason, line.detail) == (2, reason, detail)


@pytest.mark.parametrize(
    ("title", "written", "reason"),
    [
        ("status", "perdue", "status_unknown"),
        ("estimated", "peut-être", "yes_or_no_not_readable"),
        ("lines", "Eau 100,00", "lines_not_readable"),
        ("line:Eau", "x", "amount_not_readable"),
    ],
)
def test_a_bad_value_of_a_further_column_is_named(opened: Open, title: str, written: str, reason: str) -> None:
    line = bad(opened(f"{HEAD};{title}\n{BILL};{written}"))
    assert (line.reason, line.detail, line.due) == (reason, title, Money(143050))


@pytest.mark.parametrize(
    ("written", "status"),
    [("", "open"), ("Annulée", "cancelled"), ("معوضة", "replaced"), ("withdrawn", "withdrawn"), ("à payer", "open")],
)
def test_a_status_is_a_word_of_a_list(opened: Open, written: str, status: str) -> None:
    assert good(opened(f"{HEAD};état\n{BILL};{written}")).status == status


def test_lines_of_the_bill_come_as_columns(opened: Open) -> None:
    head = f"{HEAD};ligne: Eau;LINE:TVA;سطر: الاشتراك"
    lines = good(opened(f"{head}\n{BILL};1000,00;;430,50")).lines
    assert lines == (("Eau", Money(100000)), ("الاشتراك", Money(43050)))


def test_lines_of_the_bill_come_in_one_column(opened: Open) -> None:
    lines = good(opened(f"{HEAD};lines\n{BILL};Eau = 1000,00 + TVA 9 % = 430,50")).lines
    assert lines == (("Eau", Money(100000)), ("TVA 9 %", Money(43050)))


def test_a_column_without_meaning_is_named_and_its_text_looked_at(opened: Open) -> None:
    file = opened(f"{HEAD};Tournée\n{BILL};12 bis")
    assert file.ignored_columns == ("Tournée",)
    assert good(file).free_text == "12 bis"


def test_empty_lines_are_no_lines(opened: Open) -> None:
    lines = list(opened(f"\n{HEAD}\r\n\r\n;;;;;;;\r\n{BILL}\r\n\r\n").lines)
    assert [line.line_number for line in lines] == [5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bill_file_empty"),
        (b"\n \n", "bill_file_empty"),
        (HEAD.encode(), "bill_file_empty"),
        (HEAD.encode() + b"\n\n;;;\n", "bill_file_empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "bill_file_not_text"),
        (f"{HEAD}\n{BILL}".encode("utf-16"), "bill_file_not_text"),
        (b"A" * (LONGEST_LINE_BYTES + 1), "bill_file_not_text"),
        (BILL.encode(), "bill_file_columns_missing"),
        (b"name;amount\nAmina;12,00", "bill_file_columns_missing"),
        (f"{HEAD};Montant\n{BILL};1".encode(), "bill_file_column_twice"),
        (f"{HEAD};line:Eau;ligne: Eau\n{BILL};1;1".encode(), "bill_file_column_twice"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(opened: Open, content: bytes, code: str) -> None:
    with pytest.raises(CannotDo) as refused:
        list(opened(content).lines)
    assert refused.value.code == code


def test_the_missing_columns_are_named(opened: Open) -> None:
    with pytest.raises(CannotDo, match=", ".join(NEEDED[1:])):
        opened("bill number\nF1")


def test_blocks_are_sewn_together(opened: Open) -> None:
    count = 20_000  # more than a block holds
    lines = list(opened(f"{HEAD}\r\n" + f"{BILL}\r\n" * count).lines)
    assert [line.line_number for line in lines] == list(range(2, count + 2))
    assert all(isinstance(line, BillLine) for line in lines)


def test_a_line_longer_than_a_block_costs_only_itself(opened: Open) -> None:
    first, second, third = opened(f"{HEAD}\n{BILL}\n{'x' * 3_000_000}\n{BILL}").lines
    assert isinstance(first, BillLine)
    assert isinstance(second, BadLine)
    assert second.reason == "line_too_long"
    assert isinstance(third, BillLine)
    assert third.line_number == 4


hostile_values = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", '"', "\\", "\t", ";", "1430,50", "05/10/2026", "2026-T3", "٣", "\u202e", "\x00", "𝟙", "=1+1"]),
)
hostile_lines = st.lists(hostile_values, max_size=10).map(";".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(lines=st.lists(st.one_of(hostile_lines, st.just(BILL)), max_size=6))
def test_no_hostile_line_is_lost_or_raises(opened: Open, lines: list[str]) -> None:
    content = "\n".join([HEAD, BILL, *lines]).encode("utf-8", errors="surrogatepass")
    found = [line.line_number for line in opened(content).lines]
    written = content.decode("utf-8", errors="replace").split("\n")
    assert found == [number for number, line in enumerate(written, 1) if number > 1 and line.strip(';"\r \ufeff')]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.binary(max_size=400), head=st.sampled_from([b"", HEAD.encode() + b"\n"]))
def test_no_hostile_bytes_raise_anything_but_a_refusal(opened: Open, content: bytes, head: bytes) -> None:
    with suppress(CannotDo):
        for line in opened(head + content).lines:
            assert isinstance(line, BillLine | BadLine)
