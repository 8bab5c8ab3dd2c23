"""Which series of receipt numbers is counted in now."""

from typing import Final

from bawabati.operations.reads import find_series_mark

LONGEST: Final = 20


def series_now(kind: str) -> str:
    """The name of the series of `kind` ("web", an agency's code, a block's): another one after each restoration.

    A name that is too long for its column loses its end; two agencies may then share a series, never a number.
    Rule: receipt-numbers-after-restore (behaviour.md 2)
    """
    mark = find_series_mark()
    return f"{kind[: LONGEST - len(mark)]}{mark}"
