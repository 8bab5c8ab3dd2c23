"""A file of the acquirer or of the bank comes in: read, checked as a whole, every line kept, matched by a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bawabati.adapters.statements.contract import BadEntry, Source
from bawabati.audit.writes import record_act
from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.defer import Job, defer
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.statement_file import OpenStatement, digest_of, open_statement
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.settlement.models import Statement
from bawabati.settlement.reads import find_statement, get_profile
from bawabati.settlement.rules import BadLines, TotalMissing, day_of
from bawabati.settlement.writes import (
    StagedEntry,
    find_repeats,
    find_told_in_another_format,
    give_default_profiles,
    hold_settlement,
    stage_entries,
    sum_stage,
    write_statement,
)

_LONGEST_NAME: Final = 200
_LINES_BETWEEN_NEWS: Final = 5000

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file. `was_known`: this very content had been received before, and nothing has changed now."""

    statement: Statement
    was_known: bool


def import_statement(
    *,
    company_id: int,
    profile_id: int,
    file_name: str,
    path: Path,
    staff: Staff,
    now: datetime,
    keep_bad_lines: bool = False,
    progress: Progress = lambda _read, _size: None,
) -> Imported:
    """Keeps a file whole or not at all, once for each content. Safe to repeat, to race and to be killed.

    A job compares its lines with our books afterwards. Rule: statement-once (failures.md 2.8, S1)

    Raises:
        NotAllowed, NoSuchProfile: not this person, or not this profile.
        BadLines: some lines cannot be read, and `keep_bad_lines` does not say that they are to be kept as items.
        TotalMissing: the file was cut off before its last line.
        LooksLikeACardNumber: of the file's name.
        CannotDo: the file as a whole cannot be read.
        OSError: it cannot be opened.
    """
    get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=company_id)
    if looks_like_a_card_number(file_name):
        raise LooksLikeACardNumber
    profile = get_profile(company_id=company_id, profile_id=profile_id)
    content_sha256 = digest_of(path)
    file = open_statement(path, profile)
    with written_together("import_statement: kept"):
        known = find_statement(company_id=company_id, content_sha256=content_sha256)
        if known is None:
            stage_entries(_told(file, progress))
            hold_settlement(company_id)
            known = find_statement(company_id=company_id, content_sha256=content_sha256)
        if known is not None:
            return Imported(statement=known, was_known=True)
        find_repeats(company_id)
        if file.layout.source is Source.BANK:
            find_told_in_another_format(company_id=company_id, profile_id=profile.id)
        sums = sum_stage()
        if sums.bad and not keep_bad_lines:
            raise BadLines(count=sums.bad)
        if file.is_cut_off:
            raise TotalMissing
        statement = write_statement(
            company_id=company_id,
            profile_id=profile.id,
            source=file.layout.source,
            file_name=file_name.replace("\0", "")[-_LONGEST_NAME:],
            content_sha256=content_sha256,
            size_bytes=file.file.size_bytes,
            day=day_of(file_name, sums.to_on),
            announced=file.announced,
            received_by_id=staff.id,
            sums=sums,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="import_statement",
            target=f"statement:{statement.id}",
            details={"lines": sums.lines, "bad": sums.bad, "content_sha256": content_sha256},
            now=now,
        )
        defer(Job.MATCH_STATEMENT, statement_id=statement.id)
    return Imported(statement=statement, was_known=False)


def prepare_profiles(*, company_id: int, staff: Staff, now: datetime) -> None:
    """Gives a company the default profiles that it does not have. Safe to repeat and to race."""
    with written_together("prepare_profiles: given"):
        give_default_profiles(company_id=company_id, changed_by_id=staff.id, now=now)


def _told(file: OpenStatement, progress: Progress) -> Iterator[StagedEntry | BadEntry]:
    for count, line in enumerate(file.lines()):
        if count % _LINES_BETWEEN_NEWS == 0:
            progress(file.file.bytes_read(), file.file.size_bytes)
        yield line
    progress(file.file.size_bytes, file.file.size_bytes)
