"""Bills arrive: read and check each line, lay all of them out, merge them in sets, all in one transaction.

A file is taken as a whole or not at all: what cannot be read of it is kept as a bad line, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Final

from bawabati.adapters import registry
from bawabati.adapters.billfiles.contract import BadLine, BillFile
from bawabati.audit.writes import record_act
from bawabati.bills.models import BillBatch, BillUpload
from bawabati.bills.reads import find_batch
from bawabati.bills.rules import ControlTotalsDiffer, TakenLine, take
from bawabati.bills.writes import (
    LineResult,
    StageCounts,
    count_stage,
    end_upload,
    erase_wishes_of_former_holders,
    find_matches,
    hold_imports,
    keep_contacts,
    keep_results,
    list_agreements_changed,
    list_results,
    lock_upload,
    merge_lines,
    mint_numbers,
    recall_texts,
    refuse_conflicts,
    stage_lines,
    write_batch,
)
from bawabati.companies.models import Company
from bawabati.companies.rules import MINTED_FORMAT, LooksLikeACardNumber, NumberFormat, looks_like_a_card_number
from bawabati.flows.steps.agreement_moves import follow
from bawabati.flows.steps.lowered_bills import credit_excess
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.people.models import Staff

_LINES_BETWEEN_NEWS: Final = 5000

__all__ = ["ImportReport", "LineResult", "Progress", "import_bills"]

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read. All of them: the merge has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of a file. `was_known`: this very content had been received before, and nothing has changed now."""

    batch: BillBatch
    was_known: bool
    lowered: int
    """How many bills were lowered below what had been paid: the excess is their customers' credit."""
    ignored_columns: tuple[str, ...]
    head: str
    delimiter: str


def import_bills(
    *,
    company: Company,
    path: Path,
    reader_name: str,
    received_by: Staff,
    now: datetime,
    expected_count: int | None = None,
    expected_sum: Money | None = None,
    progress: Progress = lambda _read, _size: None,
    tell_result: Callable[[LineResult], None] | None = None,
    upload: BillUpload | None = None,
) -> ImportReport:
    """Takes a file of bills. Safe to repeat: the same content is taken once; safe to race; killed, it was never there.

    `tell_result` is told what became of each line, in order, just before everything is committed. `upload` is the row
    of a file that came over the pages: it ends in the same moment, and what became of each line is kept as rows.
    Rule: import-once (behaviour.md I12)

    Raises:
        ControlTotalsDiffer: lines or sum are not what was announced. Nothing is imported.
        CannotDo: the file as a whole cannot be read.
        OSError: it cannot be opened.
    """
    content_sha256 = _digest(path)
    file = registry.billfile_reader(reader_name).open(path)
    if looks_like_a_card_number(file.head):
        raise LooksLikeACardNumber
    number_format = NumberFormat.from_json(company.number_format)
    mints = number_format == MINTED_FORMAT
    with written_together("import_bills: merged"):
        known = find_batch(company_id=company.id, content_sha256=content_sha256)
        if known is None:
            stage_lines(_taken(file, number_format, progress, mints=mints))
            hold_imports(company.id)
            known = find_batch(company_id=company.id, content_sha256=content_sha256)
        if known is not None:
            report = _report(known, file, lowered=0, was_known=True)
            _end(upload, report, now)
            return report
        find_matches(company.id)
        refuse_conflicts(company.id)
        recall_texts(file.texts)
        if mints:
            mint_numbers(company.id)
        counts = count_stage()
        _check_totals(counts, expected_count, expected_sum)
        batch = write_batch(
            company_id=company.id,
            content_sha256=content_sha256,
            file_name=upload.file_name if upload else path.name[-200:],
            head=file.head,
            delimiter=file.delimiter,
            received_by_id=received_by.id,
            counts=counts,
            now=now,
        )
        erase_wishes_of_former_holders(company.id)
        lowered = merge_lines(company_id=company.id, batch=batch, now=now)
        contacts = keep_contacts(company_id=company.id, now=now)
        credit_excess(company_id=company.id, lowered=lowered, now=now)
        follow(list_agreements_changed(), now=now)
        record_act(
            staff_id=received_by.id,
            company_id=company.id,
            action="import_bills",
            target=f"bill_batch:{batch.id}",
            details={
                "lines": counts.lines,
                "bad": counts.bad,
                "contacts": contacts,
                "content_sha256": content_sha256,
            },
            now=now,
        )
        for result in list_results() if tell_result else ():
            tell_result(result)  # type: ignore[misc]  # there are none without it
        report = _report(batch, file, lowered=len(lowered), was_known=False)
        if upload is not None:
            keep_results(batch)
            _end(upload, report, now)
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _taken(
    file: BillFile, number_format: NumberFormat, progress: Progress, *, mints: bool
) -> Iterator[TakenLine | BadLine]:
    for count, line in enumerate(file.lines):
        if count % _LINES_BETWEEN_NEWS == 0:
            progress(file.bytes_read(), file.size_bytes)
        yield take(line, number_format=number_format, mints=mints)
    progress(file.size_bytes, file.size_bytes)


def _check_totals(counts: StageCounts, expected_count: int | None, expected_sum: Money | None) -> None:
    """Every line counts, good or bad: the totals say whether the file is whole. Rule: control-totals"""
    count_differs = expected_count is not None and expected_count != counts.lines
    sum_differs = expected_sum is not None and expected_sum != counts.announced_due
    if count_differs or sum_differs:
        raise ControlTotalsDiffer(
            count=counts.lines,
            sum=figures(counts.announced_due, "en"),
            expected_count="?" if expected_count is None else expected_count,
            expected_sum="?" if expected_sum is None else figures(expected_sum, "en"),
            unreadable=counts.unreadable_amounts,
        )


def _end(upload: BillUpload | None, report: ImportReport, now: datetime) -> None:
    """The row of the upload says what came of it. Locked last: its worker goes on telling how far it is."""
    still_open = lock_upload(upload.id) if upload else None
    if still_open is not None:
        end_upload(
            still_open,
            batch=report.batch,
            was_known=report.was_known,
            lowered=report.lowered,
            ignored_columns=report.ignored_columns,
            now=now,
        )


def _report(batch: BillBatch, file: BillFile, *, lowered: int, was_known: bool) -> ImportReport:
    return ImportReport(
        batch=batch,
        was_known=was_known,
        lowered=lowered,
        ignored_columns=file.ignored_columns,
        head=file.head,
        delimiter=file.delimiter,
    )
