"""The list, line by line: what each check found, whatever happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _
from playwright.sync_api import Error

from bawabati.jobs.acceptance.lines import Finding, Requirement, Result, Stopped
from bawabati.jobs.acceptance.said import say
from bawabati.jobs.acceptance.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What came of one requirement, and when."""

    requirement: Requirement
    finding: Finding
    at: datetime


def go_through(
    stage: Stage, requirements: Iterable[Requirement], *, clock: Callable[[], datetime], tell: Callable[[Line], object]
) -> list[Line]:
    """Checks each requirement and tells it at once; one that breaks fails with the reason, and the next is checked."""
    lines = []
    for requirement in requirements:
        line = Line(requirement=requirement, finding=_look(stage, requirement), at=clock())
        lines.append(line)
        tell(line)
    return lines


def _look(stage: Stage, requirement: Requirement) -> Finding:
    try:
        return requirement.check(stage)
    except Stopped as stopped:
        return stopped.finding
    except Error as error:
        said = say(_("The browser could not go on: %(why)s"), why=str(error).partition("\n")[0])
        return Finding(result=Result.FAILED, said=(said,))
    finally:
        _tidy(stage)


def _tidy(stage: Stage) -> None:
    """Closes what a line opened beside the payers' own pages."""
    for context in stage.browser.contexts:
        for extra in context.pages[1:]:
            with suppress(Error):
                extra.close()
