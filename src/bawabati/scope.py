"""Whose rows the database shows at the moment: one company's, every company's, or nobody's.

    with only_company(company.id):
        ...
    with every_company("the sweep asks about every open attempt"):
        ...

Every connection is held to it before its next statement (`bawabati.database`), and PostgreSQL itself keeps it, by
row-level security: a forgotten filter, plain SQL and a wrong identifier meet no other company's rows. Where nobody has
said anything, a question to a company's table is an error. It is the second wall: every query names its company too.
Decision: docs/decisions/0032-row-level-security.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar

Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class Scope:
    """`company_id` None: nobody's rows, unless `is_every`."""

    company_id: int | None = None
    is_every: bool = False


NOBODY: Final = Scope()
EVERY: Final = Scope(is_every=True)

_present: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def present_scope() -> Scope:
    """Whose rows it is now."""
    return _present.get()


@contextmanager
def only_company(company_id: int) -> Iterator[None]:
    """Inside, the database shows and takes rows of that company alone."""
    with _within(Scope(company_id)):
        yield


@contextmanager
def every_company(why: str) -> Iterator[None]:  # noqa: ARG001 - for whoever reads it, and for the table of the docs
    """Inside, the database shows and takes rows of all companies. `why` stands in docs/concepts/one-company.md."""
    with _within(EVERY):
        yield


@contextmanager
def nobody() -> Iterator[None]:
    """Inside, no company's rows, until somebody enters one: around each request. What was entered ends with it."""
    with _within(NOBODY):
        yield


def enter_company(company_id: int) -> None:
    """From here to the end of the surrounding block that company alone. For doors that know whose request it is."""
    _present.set(Scope(company_id))


def enter_every_company(why: str) -> None:  # noqa: ARG001 - as above
    """From here to the end of the surrounding block: all companies. For doors that belong to no company."""
    _present.set(EVERY)


def keeping_scope(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, each made in the scope that holds now: for an answer that is written after its view has returned."""
    return _each_within(_present.get(), pieces)


def _each_within(scope: Scope, pieces: Iterable[Piece]) -> Iterator[Piece]:
    rest = iter(pieces)
    while True:
        with _within(scope):
            try:
                piece = next(rest)
            except StopIteration:
                return
        yield piece


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    before = _present.set(scope)
    try:
        yield
    finally:
        _present.reset(before)
