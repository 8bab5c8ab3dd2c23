"""A file that somebody has brought over the pages, from the moment it is on the disk to what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bawabati.bills.models import BillBatch, BillLineResult, BillUpload
from bawabati.bills.rules import UPLOAD_IS_OPEN, UploadState
from bawabati.money.amount import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it lies in the folder of uploads. `file_name` is what its sender calls it."""

    file_name: str
    stored_as: str
    format: str
    content_sha256: str
    size_bytes: int


def write_upload(
    *,
    company_id: int,
    file: StoredFile,
    expected_count: int | None,
    expected_sum: Money | None,
    uploaded_by_id: int,
    now: datetime,
) -> BillUpload:
    """A file that waits. The database refuses the same content while it is open already."""
    return BillUpload.objects.create(
        company_id=company_id,
        file_name=file.file_name,
        format=file.format,
        content_sha256=file.content_sha256,
        size_bytes=file.size_bytes,
        stored_as=file.stored_as,
        expected_count=expected_count,
        expected_centimes=None if expected_sum is None else expected_sum.centimes,
        uploaded_by_id=uploaded_by_id,
        uploaded_at=now,
    )


def begin_upload(upload: BillUpload, *, now: datetime) -> None:
    """A worker has it in hand, perhaps after another one died over it."""
    upload.state = UploadState.RUNNING
    upload.tries += 1
    upload.bytes_read = 0
    upload.told_at = now
    upload.save(update_fields=["state", "tries", "bytes_read", "told_at"])


def note_progress(*, upload_id: int, bytes_read: int, now: datetime) -> None:
    """How far its worker has come. What is over stays as it is."""
    BillUpload.objects.filter(id=upload_id, state=UploadState.RUNNING).update(bytes_read=bytes_read, told_at=now)


def lock_upload(upload_id: int) -> BillUpload | None:
    """The upload, locked while it is open; None when it is over."""
    found = BillUpload.objects.select_for_update().filter(id=upload_id, state__in=UPLOAD_IS_OPEN)
    return found.first()


def end_upload(
    upload: BillUpload,
    *,
    batch: BillBatch,
    was_known: bool,
    lowered: int,
    ignored_columns: Sequence[str],
    now: datetime,
) -> None:
    """Its lines are in `batch`, which may have been there before."""
    upload.state = UploadState.DONE
    upload.batch = batch
    upload.was_known = was_known
    upload.lowered_count = lowered
    upload.ignored_columns = list(ignored_columns)
    upload.ended_at = now
    upload.save(update_fields=["state", "batch", "was_known", "lowered_count", "ignored_columns", "ended_at"])


def refuse_upload(upload: BillUpload, *, code: str, sentence: str, details: Mapping[str, str], now: datetime) -> None:
    """Nothing of it was imported. `sentence` is English, for the catalogues."""
    upload.state = UploadState.REFUSED
    upload.refusal = {"code": code, "sentence": sentence, "details": dict(details)}
    upload.ended_at = now
    upload.save(update_fields=["state", "refusal", "ended_at"])


def keep_results(batch: BillBatch) -> None:
    """What became of each line of the stage, as rows that pages can show. In the import's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [batch.company_id, batch.id])


_KEEP = """
INSERT INTO bills_billlineresult (company_id, batch_id, line_number, outcome, bill_number)
SELECT %s, %s, line_number,
    CASE WHEN reason IS NOT NULL THEN 'bad' WHEN is_unchanged THEN 'unchanged'
         WHEN is_unchanged IS NOT NULL THEN 'changed' ELSE 'created' END,
    CASE WHEN reason IS NULL THEN bill_number ELSE '' END
FROM staged_line LEFT JOIN staged_match USING (line_number)
ORDER BY line_number
"""


def forget_results(*, received_before: datetime) -> int:
    """Takes away what became of each line of old files; how many rows. Batches and bad lines stay. Safe to repeat."""
    old = BillBatch.objects.filter(received_at__lt=received_before)
    return BillLineResult.objects.filter(batch_id__in=old.values("id")).delete()[0]
