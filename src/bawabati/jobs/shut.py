"""While a restored installation is shut, what moves money or leaves the house waits.

What was paid, said or sent after the backup is not known here. Decision: docs/decisions/0036-quarantine.md
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from bawabati.operations.reads import find_quarantine

Given = ParamSpec("Given")


def not_while_shut(work: Callable[Given, None]) -> Callable[Given, None]:
    """Work that is not done while the installation is shut; each says in its own words why."""

    @wraps(work)
    def unless_shut(*given: Given.args, **named: Given.kwargs) -> None:
        if find_quarantine() is None:
            work(*given, **named)

    return unless_shut
