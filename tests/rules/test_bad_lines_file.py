"""The file of bad lines: as they came, harmless in a spreadsheet, and readable again."""

from __future__ import annotations

import csv

from hypothesis import given
from hypothesis import strategies as st

from bawabati.adapters.billfiles.spelling.values import unguarded
from bawabati.bills.rules import RefusedLine, bad_lines_file

HEAD = "bill number;name;amount"


def written(*texts: str) -> list[str]:
    lines = [RefusedLine(place, text, "amount_negative", "amount") for place, text in enumerate(texts, start=2)]
    return list(bad_lines_file(head=HEAD, delimiter=";", lines=lines))


def test_a_line_stands_as_it_came_with_its_reason_behind_it() -> None:
    assert written("F1;Amina;-5,00") == [
        f"{HEAD};reason;detail;line number\r\n",
        "F1;Amina;-5,00;amount_negative;amount;2\r\n",
    ]


def test_a_formula_is_made_harmless_and_a_number_below_zero_is_not_touched() -> None:
    assert written("=1+1;@SUM(A1);-5,00")[1].startswith("'=1+1;'@SUM(A1);-5,00;")


def test_a_line_that_cannot_be_parted_is_kept_all_the_same() -> None:
    assert written('F1;"open;5')[1].startswith('F1;"open;5;')
    assert written('=F1;"open;5')[1].startswith("'=F1;")


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)), max_size=12),
        min_size=3,
        max_size=3,
    )
)
def test_no_cell_is_ever_computed_and_each_reads_as_it_was(values: list[str]) -> None:
    import io  # noqa: PLC0415

    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow(values)
    cells = next(csv.reader([written(line.getvalue())[1]], delimiter=";"))[:3]
    for cell, value in zip(cells, values, strict=True):
        plain_number = cell.strip("+-0123456789., \t\u00a0") == ""
        assert plain_number or cell.strip()[:1] not in tuple("=+-@")
        if not value.startswith("'"):
            assert unguarded(cell) == value
