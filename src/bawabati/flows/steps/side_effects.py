"""The two side effects that a flow may have: rows that hold together, and a call to the outside.

Between any two of them the process may die. Each has a name, written once and nowhere else, and the fault harness dies
before and after every one of them: a house test collects the names, and a name that was never died at fails the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from bawabati.crashpoints import crashpoint


@contextmanager
def written_together(name: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """One transaction, the outermost: what is written inside becomes true at once and for good, or not at all.

    `name` says what is true once it holds. `using`: another role's connection than the application's.
    """
    with transaction.atomic(using=using, durable=True):
        yield
        crashpoint(f"{name}: about to hold")
    crashpoint(f"{name}: holds")


@contextmanager
def read_at_one_instant() -> Iterator[None]:
    """A transaction that changes nothing and sees the whole database as it was at one moment. No side effect."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def outside(name: str) -> Iterator[None]:
    """A call to the outside world. Whoever dies inside does not know whether it happened."""
    crashpoint(f"{name}: about to be sent")
    yield
    crashpoint(f"{name}: answered")
