"""The connection that agrees with the scope before each statement. Django finds this module by its name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.pq import TransactionStatus

from bawabati.database.roles import COMPANY, role_of_every_company
from bawabati.scope import Scope, present_scope

_COPYING: Final = frozenset({"copy", "stream"})


class _Scoped(CursorWrapper):
    """A cursor whose every statement is made in the scope that holds when it is sent."""

    db: DatabaseWrapper

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - psycopg's
        if name in _COPYING:
            self.db.agree()
        return super().__getattr__(name)

    def callproc(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - Django's
        self.db.agree()
        return super().callproc(*given, **named)

    def _execute(self, *given: Any) -> Any:  # noqa: ANN401 - Django's
        self.db.agree()
        return super()._execute(*given)  # type: ignore[misc]  # not in the stubs

    def _executemany(self, *given: Any) -> Any:  # noqa: ANN401 - Django's
        self.db.agree()
        return super()._executemany(*given)  # type: ignore[misc]


class _ScopedDebug(_Scoped, base.CursorDebugWrapper):
    """The same, with Django's record of what was asked."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, and the scope that this connection was last told.

    The scope is a setting of the session, told anew only when it is another: nothing for most statements. It is in
    doubt with each connection from the pool, and after each rollback, which takes settings back as well: also after the
    one that PostgreSQL makes of the commit of a transaction in which something has failed.
    """

    _told: Scope | None = None

    def agree(self) -> None:
        """Tells the connection whose rows it is about, unless it was told. One statement, sent at once."""
        scope = present_scope()
        if scope == self._told:
            return
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_words(scope, role=str(self.settings_dict["USER"])), prepare=False)
        self._told = scope

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg's
        """One from the pool: whoever had it before has left his scope in it."""
        self._told = None
        return super().get_new_connection(conn_params)

    def make_cursor(self, cursor: Any) -> _Scoped:  # noqa: ANN401 - psycopg's
        """The cursor that everybody gets."""
        return _Scoped(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> _ScopedDebug:  # noqa: ANN401 - psycopg's
        """The cursor of a test that counts statements."""
        return _ScopedDebug(cursor, self)

    def _commit(self) -> None:
        if self.connection is not None and self.connection.info.transaction_status is TransactionStatus.INERROR:
            self._told = None  # somebody has swallowed an error: PostgreSQL answers with a rollback, and says nothing
        super()._commit()  # type: ignore[misc]  # not in the stubs

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = present_scope()  # where a statement has failed, PostgreSQL takes none but this rollback
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        finally:
            self._told = None


@lru_cache(maxsize=256)
def _words(scope: Scope, *, role: str) -> bytes:
    """Both halves each time: statements that set something are the cheapest there are, and need no snapshot."""
    company = "" if scope.company_id is None else str(scope.company_id)
    words = sql.SQL("SET {} TO {}; SET ROLE {}").format(
        sql.Identifier(*COMPANY.split(".")),
        sql.Literal(company),
        sql.Identifier(role_of_every_company(role)) if scope.is_every else sql.SQL("NONE"),
    )
    return words.as_bytes()
