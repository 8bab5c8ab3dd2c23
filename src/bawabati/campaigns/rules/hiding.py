"""Small counts are shown to nobody, nor what they could be worked out from.

A table with sums at its edges tells more than its cells: whoever knows a sum and all but one of its parts knows the
part. So beside the small counts others are hidden, until no sum gives one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

Cell = tuple[int, int]
Table = tuple[tuple[int | None, ...], ...]

_OF_A_ZERO: Final = 10**9
_OF_A_SUM: Final = 10**12


def hide_small(counts: Sequence[Sequence[int]], *, below: int) -> Table:
    """The table with a last column and a last row of sums; None is hidden.

    Hidden are counts and sums from 1 to below `below`, and as many others as it takes that none of them can be worked
    out from what is shown. Zero is shown while nothing has to hide behind it.

    Rule: small-counts (law 18-07; ours: with what gives them away)
    """
    full = _with_sums(counts)
    hidden = {(row, column) for row, line in enumerate(full) for column, count in enumerate(line) if 0 < count < below}
    while covers := _given_away(full, hidden, below):
        hidden |= covers
    return tuple(
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(full)
    )


def _with_sums(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    full = [[*line, sum(line)] for line in counts]
    width = len(counts[0]) + 1 if counts else 1
    return [*full, [sum(line[column] for line in full) for column in range(width)]]


def _given_away(full: list[list[int]], hidden: set[Cell], below: int) -> set[Cell]:
    """What has to be hidden as well; empty when nothing can be worked out."""
    covers: set[Cell] = set()
    for alone in sorted(bridges(hidden)):
        covers |= _cheapest_ring(full, alone, hidden | covers)
    for line in _lines(full):
        *parts, total = line
        unseen = hidden | covers
        behind = [cell for cell in parts if cell in unseen]
        if behind and total not in unseen and sum(full[row][column] for row, column in behind) < below:
            shown = [cell for cell in parts if cell not in unseen and full[cell[0]][cell[1]]]
            covers.add(min(shown, key=lambda cell: _cost(full, *cell)) if shown else total)
    return covers - hidden


def _lines(full: list[list[int]]) -> list[list[Cell]]:
    """Each row and each column, its sum last."""
    rows, columns = range(len(full)), range(len(full[0]))
    return [[(row, column) for column in columns] for row in rows] + [
        [(row, column) for row in rows] for column in columns
    ]


def _cheapest_ring(full: list[list[int]], alone: Cell, unseen: set[Cell]) -> set[Cell]:
    """The corners of the rectangle through that cell that cost least to hide besides what is hidden already."""
    row, column = alone
    rows = [other for other in range(len(full)) if other != row]
    columns = [other for other in range(len(full[0])) if other != column]
    beside = {other: 0 if (row, other) in unseen else _cost(full, row, other) for other in columns}
    below = {other: 0 if (other, column) in unseen else _cost(full, other, column) for other in rows}

    def cost(corner: Cell) -> tuple[int, Cell]:
        of_corner = 0 if corner in unseen else _cost(full, *corner)
        return below[corner[0]] + beside[corner[1]] + of_corner, corner

    other_row, other_column = min(((other, across) for other in rows for across in columns), key=cost)
    return {(row, other_column), (other_row, column), (other_row, other_column)} - unseen


def _cost(full: list[list[int]], row: int, column: int) -> int:
    """How much is lost: a part before a zero, which hides little, and before a sum, which many look at."""
    is_sum = row == len(full) - 1 or column == len(full[0]) - 1
    return full[row][column] + (_OF_A_SUM if is_sum else 0) + (_OF_A_ZERO if full[row][column] == 0 else 0)


def bridges(hidden: set[Cell]) -> set[Cell]:
    """The hidden cells that the sums of rows and columns give away.

    Each row and each column of a table with sums says one thing of what is hidden in it. A hidden cell ties its row to
    its column; it can be worked out exactly when no ring of hidden cells leads through it, because along a ring one
    may be made larger and the next smaller without any sum changing.
    """
    ties: dict[tuple[str, int], list[tuple[tuple[str, int], Cell]]] = {}
    for cell in sorted(hidden):
        row, column = ("row", cell[0]), ("column", cell[1])
        ties.setdefault(row, []).append((column, cell))
        ties.setdefault(column, []).append((row, cell))
    reached: dict[tuple[str, int], int] = {}
    lowest: dict[tuple[str, int], int] = {}
    found: set[Cell] = set()
    for start, first in ties.items():
        if start in reached:
            continue
        reached[start] = lowest[start] = len(reached)
        road: list[tuple[tuple[str, int], Cell | None, Iterable[tuple[tuple[str, int], Cell]]]] = [
            (start, None, iter(first))
        ]
        while road:
            here, by, others = road[-1]
            for there, cell in others:
                if cell == by:
                    continue
                if there in reached:
                    lowest[here] = min(lowest[here], reached[there])
                    continue
                reached[there] = lowest[there] = len(reached)
                road.append((there, cell, iter(ties[there])))
                break
            else:
                road.pop()
                if road and by is not None:
                    before = road[-1][0]
                    lowest[before] = min(lowest[before], lowest[here])
                    if lowest[here] > reached[before]:
                        found.add(by)
    return found
