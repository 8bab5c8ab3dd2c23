"""Questions on the payer's road, written as query sets and compiled to SQL once.

    @compiled
    def _of_that_code(code: str) -> QuerySet[Company]:
        return Company.objects.filter(code=code)

    _of_that_code.find("oran")

Django composes its SQL anew for every query set, which costs several times what sending it costs.
Decision: docs/decisions/0014-compiled-questions.md
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Asked = ParamSpec("Asked")
Row = TypeVar("Row", bound=Model)


def compiled(ask: Callable[Asked, QuerySet[Row]]) -> Question[Asked, Row]:
    """Makes a question of a function that does nothing with its parameters but put them into a query set.

    Not for a parameter that may be None, nor for a list in `__in` (but `unnest` of it): their SQL depends on the value.
    """
    return Question(ask)


class Question(Generic[Asked, Row]):
    """A query set with places. Every call goes to the database. Safe to share between threads."""

    def __init__(self, ask: Callable[Asked, QuerySet[Row]]) -> None:
        self._ask = ask

    def list(self, *given: Asked.args, **named: Asked.kwargs) -> list[Row]:
        """All rows."""
        plan = self._plan
        values = dict(zip(plan.names, given, strict=False)) | named
        parameters: list[Any] = [values[part.name] if isinstance(part, _Given) else part for part in plan.parameters]
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows can only be locked inside a transaction")
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            rows = cursor.fetchall()
        return [cast("Row", plan.instance(row)) for row in rows]

    def find(self, *given: Asked.args, **named: Asked.kwargs) -> Row | None:
        """The first row, if there is one."""
        rows = self.list(*given, **named)
        return rows[0] if rows else None

    def get(self, *given: Asked.args, **named: Asked.kwargs) -> Row:
        """The first row. Raises the model's DoesNotExist."""
        rows = self.list(*given, **named)
        if not rows:
            raise self._plan.model.DoesNotExist
        return rows[0]

    @cached_property
    def _plan(self) -> _Plan:
        names = tuple(signature(self._ask).parameters)
        query = cast("Any", self._ask)(*map(_Given, names)).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return _plan(names, sql, parameters, compiler, locks=query.select_for_update)


class _Given(Expression):
    """The place of a parameter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: object) -> tuple[str, Any]:
        return "%s", [self]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """SQL, and how its rows become instances: what Django's own ModelIterable finds out for each query set."""

    names: tuple[str, ...]
    sql: str
    parameters: tuple[Any, ...]
    locks: bool
    model: Any
    columns: slice
    fields: list[str]
    converters: list[tuple[int, list[Any], Any]]
    related: list[Any]

    def instance(self, row: tuple[Any, ...]) -> Model:
        if self.converters:
            converted = list(row)
            for place, converters, expression in self.converters:
                for convert in converters:
                    converted[place] = convert(converted[place], expression, connection)
            row = tuple(converted)
        instance: Model = self.model.from_db(connection.alias, self.fields, row[self.columns])
        for populator in self.related:
            populator.populate(row, instance)
        return instance


def _plan(names: tuple[str, ...], sql: str, parameters: Any, compiler: Any, *, locks: bool) -> _Plan:  # noqa: ANN401 - Django's
    described = compiler.klass_info
    places = described["select_fields"]
    columns = slice(places[0], places[-1] + 1)
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return _Plan(
        names=names,
        sql=sql,
        parameters=tuple(parameters),
        locks=locks,
        model=described["model"],
        columns=columns,
        fields=[expression.target.attname for expression, _, _ in compiler.select[columns]],
        converters=[(place, *how) for place, how in converters.items()],
        related=get_related_populators(described, compiler.select, connection.alias),  # type: ignore[call-arg]  # of 6.1
    )
