"""Files of an acquirer and of a bank in every format, good ones, odd ones, and bytes of any kind."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.statements.files import (
    ACQUIRER_HEAD,
    BANK_HEAD,
    PAYMENT,
    REFUND,
    TOTAL,
    bad,
    good,
    layout,
    read,
    workbook,
    written,
)
from bawabati.adapters.statements.contract import (
    ColumnsMissing,
    ColumnTwice,
    Entry,
    FileDamaged,
    FileEmpty,
    LineKind,
    WrongFormat,
)
from bawabati.adapters.statements.csv_statement.reader import CsvStatement
from bawabati.adapters.statements.mt940_statement.reader import Mt940Statement
from bawabati.adapters.statements.xlsx_statement.reader import XlsxStatement
from bawabati.errors import CannotDo

CSV, XLSX, MT940 = CsvStatement(), XlsxStatement(), Mt940Statement()
SATIM, BANK = layout("satim"), layout("bank")


def test_an_acquirers_file_is_read(tmp_path: Path) -> None:
    lines = read(CSV, written(tmp_path / "a.csv", ACQUIRER_HEAD, PAYMENT, REFUND, TOTAL), SATIM)
    assert bad(lines) == []
    payment, refund, total = good(lines)
    assert payment == Entry(
        *(2, LineKind.PAYMENT, date(2026, 11, 19), "10:02:11", "E010901201", "SAT1", "2611190001", "ref-1", "481516"),
        *("6280****7215", 143050, 1000, 190, 141860, "R261119001", date(2026, 11, 22), "", None, None),
    )
    assert (refund.kind, refund.gross, refund.net, refund.fee) == (LineKind.REFUND, -50000, -50000, 0)
    assert (total.kind, total.gross, total.net, total.sales) == (LineKind.TOTAL, 93050, 91860, 2)


@pytest.mark.parametrize(("encoding", "end"), [("utf-8-sig", "\r\n"), ("utf-8", "\r\n")])
def test_marks_of_bytes_and_ends_of_lines_do_not_matter(tmp_path: Path, encoding: str, end: str) -> None:
    lines = read(CSV, written(tmp_path / "a.csv", ACQUIRER_HEAD, "", PAYMENT, encoding=encoding, end=end), SATIM)
    assert [(line.line_number, line.gross) for line in good(lines)] == [(3, 143050)]


def test_arabic_of_an_old_windows_is_read(tmp_path: Path) -> None:
    head = BANK_HEAD
    line = "22/11/2026;;تحويل;R1;;12,00;"
    path = written(tmp_path / "b.csv", head, line, encoding="cp1256")
    found = good(read(CSV, path, layout("bank", encoding="cp1256", words={})))[0]
    assert (found.label, found.net, found.kind) == ("تحويل", 1200, LineKind.CREDIT)
    assert bad(read(CSV, path, BANK)) == [(2, "wrong_encoding", "")]


def test_each_bad_line_says_why_and_costs_no_other(tmp_path: Path) -> None:
    wrong = [
        PAYMENT.replace("1430,50", "x"),
        PAYMENT.replace("19/11/2026", "31/02/2026"),
        PAYMENT.replace("PAIEMENT", "CADEAU"),
        PAYMENT + ";more",
        PAYMENT.replace("1430,50", "-1430,50"),
        REFUND.replace("-500,00", "500,00"),
        PAYMENT.replace("10:02:11", "25:00"),
        PAYMENT.replace("ref-1", "r" * 65),
        PAYMENT.replace("SAT1", '"SAT1'),
        PAYMENT.replace("SAT1", "S\x00T1"),
        PAYMENT.replace("1430,50", ""),
    ]
    lines = read(CSV, written(tmp_path / "a.csv", ACQUIRER_HEAD, *wrong, PAYMENT), SATIM)
    assert bad(lines) == [
        (2, "amount_not_readable", "gross"),
        (3, "date_not_readable", "happened_on"),
        (4, "kind_unknown", "kind"),
        (5, "wrong_number_of_columns", "16"),
        (6, "wrong_sign", "gross"),
        (7, "wrong_sign", "gross"),
        (8, "time_not_readable", "happened_at"),
        (9, "value_too_long", "reference"),
        (10, "quote_not_closed", ""),
        (11, "forbidden_character", ""),
        (12, "value_missing", "gross"),
    ]
    assert len(good(lines)) == 1


def test_refunds_without_a_sign_are_read_where_the_profile_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ACQUIRER_HEAD, REFUND.replace("-500,00", "500,00"))
    assert good(read(CSV, path, layout("satim", refunds_are_negative=False)))[0].net == -50000


def test_columns_may_stand_anywhere_and_be_named_by_place(tmp_path: Path) -> None:
    by_place = layout("satim", columns={"kind": 1, "happened_on": 2, "gross": 3, "order_number": 4})
    lines = read(CSV, written(tmp_path / "a.csv", "PAIEMENT;19/11/2026;12,00;77"), by_place)
    assert [(line.line_number, line.gross, line.net, line.order_number) for line in good(lines)] == [
        (1, 1200, 1200, "77")
    ]


def test_a_head_that_is_not_the_profiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing):
        read(CSV, written(tmp_path / "a.csv", BANK_HEAD, "x"), SATIM)
    with pytest.raises(ColumnTwice):
        read(CSV, written(tmp_path / "b.csv", BANK_HEAD + ";LIBELLE", "x"), BANK)


def test_a_bank_statement_is_read_with_its_balances(tmp_path: Path) -> None:
    lines = read(
        CSV,
        written(
            tmp_path / "b.csv",
            BANK_HEAD,
            "22/11/2026;22/11/2026;SOLDE INITIAL;;;;100000,00",
            "22/11/2026;23/11/2026;REMISE CARTES R1;R1;;918,60;100918,60",
            "22/11/2026;;VIREMENT SALAIRES;;500,00;;100418,60",
            "22/11/2026;22/11/2026;SOLDE FINAL;;;;100418,60",
        ),
        BANK,
    )
    assert [(line.kind, line.net, line.balance) for line in good(lines)] == [
        (LineKind.OPENING, 0, 10000000),
        (LineKind.CREDIT, 91860, 10091860),
        (LineKind.OTHER, -50000, 10041860),
        (LineKind.CLOSING, 0, 10041860),
    ]
    assert good(lines)[1].value_on == date(2026, 11, 23)
    assert good(lines)[2].value_on == date(2026, 11, 22)


def test_a_workbook_says_what_the_csv_says(tmp_path: Path) -> None:
    csv_lines = read(CSV, written(tmp_path / "a.csv", ACQUIRER_HEAD, PAYMENT, REFUND, TOTAL), SATIM)
    text = [line.split(";") for line in (ACQUIRER_HEAD, PAYMENT, REFUND, TOTAL)]
    typed: list[list[object]] = [list(row) for row in text]
    typed[1][1], typed[1][9] = date(2026, 11, 19), 1430.5
    typed[1][10], typed[1][14] = 10, date(2026, 11, 22)
    typed[3][13] = 2
    for rows in (text, typed):
        assert read(XLSX, workbook(tmp_path / "a.xlsx", *rows), layout("satim-xlsx")) == csv_lines


def test_parts_of_a_centime_in_a_cell_are_no_sum(tmp_path: Path) -> None:
    row = [*PAYMENT.split(";")]
    for value in (0.005, 1e300, 10.123):
        lines = read(
            XLSX,
            workbook(tmp_path / "a.xlsx", ACQUIRER_HEAD.split(";"), [*row[:9], value, *row[10:]]),
            layout("satim-xlsx"),
        )
        assert bad(lines) == [(2, "amount_not_readable", "gross")]


def test_one_kind_of_file_is_not_taken_for_another(tmp_path: Path) -> None:
    csv_file = written(tmp_path / "a.csv", ACQUIRER_HEAD, PAYMENT)
    book = workbook(tmp_path / "a.xlsx", ACQUIRER_HEAD.split(";"), PAYMENT.split(";"))
    for reader, path in ((XLSX, csv_file), (CSV, book), (MT940, book), (MT940, csv_file)):
        with pytest.raises(WrongFormat):
            read(reader, path, SATIM)


def test_a_workbook_that_is_cut_off_or_hostile_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", ACQUIRER_HEAD.split(";"), PAYMENT.split(";")).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileDamaged):
        read(XLSX, tmp_path / "cut.xlsx", SATIM)
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(WrongFormat):
        read(XLSX, tmp_path / "other.xlsx", SATIM)
    with zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook><sheets><sheet")
    with pytest.raises(CannotDo):
        read(XLSX, tmp_path / "broken.xlsx", SATIM)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises((FileEmpty, ColumnsMissing)):
        read(CSV, tmp_path / "a.csv", SATIM)


def test_a_file_with_a_head_alone_is_empty(tmp_path: Path) -> None:
    with pytest.raises(FileEmpty):
        read(CSV, written(tmp_path / "a.csv", ACQUIRER_HEAD), SATIM)


MT = """{1:F01BANK}{4:
:20:STMT1
:25:0001234567
:28C:1/1
:60F:C261121DZD100000,00
:61:2611221122C918,60NTRFR261119001//BK1
:86:REMISE CARTES R261119001
SUITE
:61:2611221122D500,00NMSCNONREF//BK2
:86:VIREMENT SALAIRES
:61:nonsense
:86:x
:61:2611221122RC12,5NTRFR9
:62F:C261122DZD100418,60
-}
"""


def test_mt940_is_read_and_a_field_that_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "b.sta").write_text(MT)
    lines = read(MT940, tmp_path / "b.sta", layout("bank-mt940"))
    assert bad(lines) == [(11, "field_not_readable", ":61:")]
    assert [(line.kind, line.net, line.balance, line.reference, line.label) for line in good(lines)] == [
        (LineKind.OPENING, 0, 10000000, "", ""),
        (LineKind.CREDIT, 91860, None, "R261119001", "REMISE CARTES R261119001 SUITE"),
        (LineKind.OTHER, -50000, None, "BK2", "VIREMENT SALAIRES"),
        (LineKind.OTHER, -1250, None, "R9", ""),
        (LineKind.CLOSING, 0, 10041860, "", ""),
    ]
    assert good(lines)[1].value_on == date(2026, 11, 22)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), place=st.integers(0, 400), which=st.sampled_from(["csv", "xlsx", "mt940"]))
def test_bytes_of_any_kind_bring_no_reader_to_its_knees(tmp_path: Path, content: bytes, place: int, which: str) -> None:
    if which == "csv":
        honest, reader, how = f"{ACQUIRER_HEAD}\n{PAYMENT}\n{REFUND}\n{TOTAL}".encode(), CSV, SATIM
    elif which == "mt940":
        honest, reader, how = MT.encode(), MT940, layout("bank-mt940")
    else:
        if not (tmp_path / "honest.xlsx").exists():
            workbook(tmp_path / "honest.xlsx", *(line.split(";") for line in (ACQUIRER_HEAD, PAYMENT)))
        honest, reader, how = (tmp_path / "honest.xlsx").read_bytes(), XLSX, SATIM
    at = place * len(honest) // 400
    (tmp_path / "odd").write_bytes(honest[:at] + content + honest[at + len(content) // 2 :])
    try:
        for line in reader.open(tmp_path / "odd", how).lines:
            assert line.line_number > 0
    except CannotDo:
        pass
