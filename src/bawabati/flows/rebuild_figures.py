"""The figures of the board, counted anew and mended, while paying goes on."""

from __future__ import annotations

from collections.abc import Callable

from bawabati.flows.steps.side_effects import written_together
from bawabati.reports.reads.expected import ALL_FIGURES
from bawabati.reports.writes import hold_figures, mend_figures, take_in_missing_lines

TellCount = Callable[[str, int], None]


def rebuild_figures(*, tell: TellCount = lambda _table, _count: None) -> int:
    """How many rows were missing or wrong; `tell` is told of each table. Safe to repeat, to kill and to race.

    Nobody waits but while lines are taken in of which nothing is kept: usually there are none.
    Rule: figures-of-the-books (behaviour.md I5)
    """
    with written_together("rebuild_figures: lines taken in"):
        hold_figures()
        found = take_in_missing_lines()
    tell("reports_paidline", found)
    for figures in ALL_FIGURES:
        with written_together("rebuild_figures: mended"):
            wrong = mend_figures(figures)
        tell(figures.table, wrong)
        found += wrong
    return found
