"""What is hidden of a table cannot be worked out from its sums; and no more is hidden than has to be."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bawabati.campaigns.rules import Table, hide_small
from bawabati.campaigns.rules.hiding import bridges

BELOW = 5
counts = st.one_of(st.integers(0, 7), st.sampled_from([0, 0, 1, 4, 5, 40, 900]))
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=5)
)


def hidden_cells(table: Table) -> list[tuple[int, int]]:
    return [(row, column) for row, line in enumerate(table) for column, count in enumerate(line) if count is None]


def worked_out(table: Table) -> set[tuple[int, int]]:
    """The hidden cells that somebody finds who solves all sums of the table as equations, exactly."""
    unknown = hidden_cells(table)
    height, width = len(table), len(table[0])
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    lines += [[(row, column) for row in range(height)] for column in range(width)]
    rows = []
    for *parts, total in lines:
        equation = {cell: Fraction(1) for cell in parts} | {total: Fraction(-1)}
        rows.append([equation.get(cell, Fraction(0)) for cell in unknown])
    solved, pivots = 0, []
    for column in range(len(unknown)):
        pivot = next((at for at in range(solved, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[solved], rows[pivot] = rows[pivot], rows[solved]
        lead = rows[solved][column]
        rows[solved] = [value / lead for value in rows[solved]]
        for at, row in enumerate(rows):
            if at != solved and row[column]:
                factor = row[column]
                rows[at] = [value - factor * other for value, other in zip(row, rows[solved], strict=True)]
        pivots.append(column)
        solved += 1
    return {unknown[column] for at, column in enumerate(pivots) if sum(map(bool, rows[at])) == 1}


@settings(max_examples=300)
@given(tables)
def test_nobody_works_out_what_is_hidden(raw: list[list[int]]) -> None:
    assert worked_out(hide_small(raw, below=BELOW)) == set()


@given(tables)
def test_every_small_count_is_hidden_and_what_is_shown_is_true(raw: list[list[int]]) -> None:
    table = hide_small(raw, below=BELOW)
    full = [[*line, sum(line)] for line in raw]
    full.append([sum(line[column] for line in full) for column in range(len(full[0]))])
    for shown, true in zip(table, full, strict=True):
        for count, what in zip(shown, true, strict=True):
            assert count is None or (count == what and not 0 < count < BELOW)


@given(tables)
def test_hidden_parts_of_a_sum_that_is_shown_come_to_more_than_a_small_count(raw: list[list[int]]) -> None:
    """Or else who sees a sum of 2 and two hidden parts knows both."""
    table = hide_small(raw, below=BELOW)
    for row, line in enumerate(table[:-1]):
        parts = [raw[row][column] for column, count in enumerate(line[:-1]) if count is None]
        assert not parts or line[-1] is None or sum(parts) >= BELOW


@given(tables)
def test_the_bridges_are_exactly_what_can_be_worked_out(raw: list[list[int]]) -> None:
    alone = {(row, column) for row, line in enumerate(raw) for column, count in enumerate(line) if 0 < count < BELOW}
    blank: Table = tuple(
        tuple(None if (row, column) in alone else 0 for column in range(len(raw[0]) + 1)) for row in range(len(raw) + 1)
    )
    assert bridges(alone) == worked_out(blank)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ([[10, 20], [30, 40]], ((10, 20, 30), (30, 40, 70), (40, 60, 100))),
        ([[0, 0]], ((0, 0, 0), (0, 0, 0))),
        ([[3]], ((None, None), (None, None))),
        ([[3, 10, 20], [9, 8, 7]], ((None, None, 20, 33), (None, None, 7, 24), (12, 18, 27, 57))),
    ],
)
def test_examples(raw: list[list[int]], shown: tuple[tuple[int | None, ...], ...]) -> None:
    assert hide_small(raw, below=BELOW) == shown


def test_nothing_is_hidden_with_a_threshold_of_one() -> None:
    assert hidden_cells(hide_small([[1, 2], [0, 3]], below=1)) == []


def test_a_campaign_of_many_agencies_and_weeks_is_hidden_at_once() -> None:
    """Forty codes over sixty days of small and large counts: the page must not wait for it."""
    raw = [[(row * 31 + column * 17) % 23 * (row % 3) for column in range(62)] for row in range(40)]
    table = hide_small(raw, below=BELOW)
    assert bridges(set(hidden_cells(table))) == set()
