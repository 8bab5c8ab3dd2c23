"""What a file of the acquirer or of the bank would bring, before anything of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from bawabati.adapters.statements.contract import BadEntry, Entry
from bawabati.flows.steps.statement_file import OpenStatement, digest_of, open_statement
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.settlement.models import Statement, StatementProfile
from bawabati.settlement.reads import find_statement, get_profile
from bawabati.settlement.rules import day_of

SHOWN: Final = 20
SHOWN_BAD: Final = 100


@dataclass(slots=True, kw_only=True)
class Preview:
    """The first lines, the sums of all, the bad ones with their reasons. `known`: the file was received before."""

    lines: list[Entry] = field(default_factory=list)
    bad: list[BadEntry] = field(default_factory=list)
    line_count: int = 0
    bad_count: int = 0
    gross_centimes: int = 0
    fee_centimes: int = 0
    vat_centimes: int = 0
    net_centimes: int = 0
    announced: dict[str, int] = field(default_factory=dict)
    day: date | None = None
    from_on: date | None = None
    to_on: date | None = None
    known: Statement | None = None
    total_missing: bool = False


def preview_statement(
    *,
    company_id: int,
    profile_id: int,
    file_name: str,
    path: Path,
    staff: Staff,
    now: datetime,  # noqa: ARG001 - flows are told the time
) -> Preview:
    """Reads the whole file and keeps nothing. Raises NotAllowed, NoSuchProfile, CannotDo, OSError."""
    get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=company_id)
    profile = get_profile(company_id=company_id, profile_id=profile_id)
    preview = Preview(known=find_statement(company_id=company_id, content_sha256=digest_of(path)))
    return _looked_at(preview, open_statement(path, profile), file_name)


def try_layout(
    *,
    company_id: int,
    layout: Mapping[str, Any],
    file_name: str,
    path: Path,
    staff: Staff,
    now: datetime,  # noqa: ARG001 - flows are told the time
) -> Preview:
    """What a profile that nobody has kept yet would read in a file. Keeps nothing.

    Raises NotAllowed, ProfileNotReadable, CannotDo, OSError.
    """
    get_staff_allowed(login=staff.login, action=Action.IMPORT_STATEMENTS, company_id=company_id)
    tried = StatementProfile(company_id=company_id, layout=dict(layout))
    return _looked_at(Preview(), open_statement(path, tried), file_name)


def _looked_at(preview: Preview, file: OpenStatement, file_name: str) -> Preview:
    for line in file.lines():
        if isinstance(line, BadEntry):
            preview.bad_count += 1
            if len(preview.bad) < SHOWN_BAD:
                preview.bad.append(line)
        else:
            _add(preview, line.entry)
    preview.announced = file.announced
    preview.total_missing = file.is_cut_off
    preview.day = day_of(file_name, preview.to_on)
    return preview


def _add(preview: Preview, entry: Entry) -> None:
    preview.line_count += 1
    preview.gross_centimes += entry.gross
    preview.fee_centimes += entry.fee
    preview.vat_centimes += entry.vat
    preview.net_centimes += entry.net
    if entry.happened_on is not None:
        preview.from_on = min(preview.from_on or entry.happened_on, entry.happened_on)
        preview.to_on = max(preview.to_on or entry.happened_on, entry.happened_on)
    if len(preview.lines) < SHOWN:
        preview.lines.append(entry)
