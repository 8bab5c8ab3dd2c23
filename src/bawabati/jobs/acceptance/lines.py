"""What a line of the list is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bawabati.jobs.acceptance.said import Said

if TYPE_CHECKING:
    from bawabati.jobs.acceptance.stage import Stage


class Result(StrEnum):
    """What came of a line. What could not be looked at is never called passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Chapter(StrEnum):
    """Where on the payer's way a line belongs; in the order of the report."""

    BEFORE_PAYING = "before_paying"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRANSACTIONS = "transactions"
    MONEY_BACK = "money_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A screenshot: its number in the report, its file beside it, and what it shows."""

    number: int
    file: str
    caption: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one line: why, in sentences, and on which pictures it can be seen."""

    result: Result
    said: tuple[Said, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of the list. Title, words and source are English for the catalogues."""

    id: str
    chapter: Chapter
    title: str
    words: str
    source: str
    check: Callable[[Stage], Finding]


class Stopped(Exception):  # noqa: N818 - it says what happened
    """A check cannot go on; the finding says why and what that makes of the line."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(*(said.sentence for said in finding.said))
        self.finding = finding


def failed(*said: Said, pictures: Iterable[Picture] = ()) -> Stopped:
    """To be raised where the portal does not do what the line asks for."""
    return Stopped(Finding(result=Result.FAILED, said=said, pictures=tuple(pictures)))


def not_checked(*said: Said, pictures: Iterable[Picture] = ()) -> Stopped:
    """To be raised where this run cannot tell."""
    return Stopped(Finding(result=Result.NOT_CHECKED, said=said, pictures=tuple(pictures)))


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold, and the sentence for either way."""

    holds: bool
    if_so: Said
    if_not: Said


def judged(*conditions: Condition, pictures: Iterable[Picture] = ()) -> Finding:
    """Passed when every condition holds; otherwise only what does not hold is said."""
    wrong = [condition.if_not for condition in conditions if not condition.holds]
    right = [condition.if_so for condition in conditions]
    result = Result.FAILED if wrong else Result.PASSED
    return Finding(result=result, said=tuple(wrong or right), pictures=tuple(pictures))
