"""The pool of connections of this process, after the database was away: all are dead, and none knows it."""

from contextlib import suppress

from django.db import DatabaseError, connection


def throw_dead_connections_away() -> None:
    """Tries each connection that nobody has in hand, and replaces those that fail. Never raises; safe to repeat."""
    with suppress(DatabaseError):
        connection.close()
        pool = getattr(connection, "pool", None)
        if pool is not None and not pool.closed:
            pool.check()
