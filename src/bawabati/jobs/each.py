"""One after another: a fault of ours with one keeps no other waiting, and a lost database ends them all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

DATABASE_LOST: Final = (InterfaceError, OperationalError)
WHEN_IT_IS_BACK: Final = RetryStrategy(max_attempts=100, wait=5, retry_exceptions=DATABASE_LOST)
"""A job that has lost the database is done again; whatever else is wrong with one, a flow has seen to."""

FAULTS_OF_ONE: Final = frozenset({"40001", "40P01", "55P03", "57014"})
"""Codes of PostgreSQL that Django counts among lost databases: one lost a race for a lock, or took too long."""

LEFT_BEHIND_AFTER: Final = timedelta(seconds=30)
"""What nobody has taken up by then was left by a worker that died."""

log = structlog.get_logger()


@dataclass(slots=True)
class Turn:
    """One of many."""

    failed: bool = False
    """By a fault of ours, which the log tells."""


@contextmanager
def no_other_waits(said_as: str, **about: int | str | None) -> Iterator[Turn]:
    """A fault inside is logged as `said_as`, with `about`, and goes no further: whoever comes next has his turn.

    Raises InterfaceError or OperationalError: without the database nobody's turn can come.
    """
    turn = Turn()
    try:
        yield turn
    except Exception as error:
        if isinstance(error, DATABASE_LOST) and getattr(error.__cause__, "sqlstate", None) not in FAULTS_OF_ONE:
            raise
        log.exception(said_as, **about)
        turn.failed = True
