"""A file of bills that a person brings over the pages, or a machine pushes: on the disk until a worker has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError

from bawabati.audit.writes import record_act
from bawabati.bills.models import BillUpload
from bawabati.bills.reads import find_batch, find_open_upload
from bawabati.bills.writes import StoredFile, end_upload, lock_upload, write_upload
from bawabati.defer import Job, defer
from bawabati.flows.steps.received_files import forget_file
from bawabati.flows.steps.side_effects import written_together
from bawabati.money.amount import Money
from bawabati.people.models import ApiKey, Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

__all__ = ["Received", "StoredFile", "receive_bill_file", "receive_pushed_bills"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The upload; `is_new` False: somebody brought the same content a moment ago, and this is that upload."""

    upload: BillUpload
    is_new: bool


def receive_bill_file(
    *,
    company_id: int,
    file: StoredFile,
    expected_count: int | None,
    expected_sum: Money | None,
    staff: Staff,
    now: datetime,
) -> Received:
    """The file, waiting for a worker. Safe to repeat and to race: the same content waits once.

    Content that was received before is not read again: its upload is over at once, and says so.
    Rule: import-once (behaviour.md I12)

    Raises NotAllowed.
    """
    try:
        get_staff_allowed(login=staff.login, action=Action.IMPORT_BILLS, company_id=company_id)
    except Exception:
        forget_file(file.stored_as)
        raise
    return _received(company_id, file, _Announced(expected_count, expected_sum), staff, now)


def receive_pushed_bills(
    *,
    key: ApiKey,
    file: StoredFile,
    expected_count: int | None,
    expected_sum: Money | None,
    begins_at: datetime | None = None,
    now: datetime,
) -> Received:
    """What a machine pushes, whose key has the scope for it: the door has asked. As `receive_bill_file`.

    `begins_at`: when a worker takes it up, if the caller has not brought it in itself by then.
    """
    announced = _Announced(expected_count, expected_sum, begins_at)
    return _received(key.company_id, file, announced, key.staff, now)


def _received(company_id: int, file: StoredFile, announced: _Announced, staff: Staff, now: datetime) -> Received:
    try:
        received = _receive(company_id, file, announced, staff, now)
    except IntegrityError:  # the same content, brought by two people at once
        other = find_open_upload(company_id=company_id, content_sha256=file.content_sha256)
        if other is None:
            forget_file(file.stored_as)
            raise
        received = Received(upload=other, is_new=False)
    except Exception:
        forget_file(file.stored_as)
        raise
    # The same form sent twice names the same file, which its upload still needs.
    is_needed = received.upload.stored_as == file.stored_as and received.upload.batch_id is None
    if not is_needed:
        forget_file(file.stored_as)
    return received


class _Announced(NamedTuple):
    """What the sender says of the file."""

    lines: int | None
    due: Money | None
    begins_at: datetime | None = None


def _receive(company_id: int, file: StoredFile, announced: _Announced, staff: Staff, now: datetime) -> Received:
    with written_together("receive_bill_file: waits"):
        other = find_open_upload(company_id=company_id, content_sha256=file.content_sha256)
        if other is not None:
            return Received(upload=other, is_new=False)
        upload = write_upload(
            company_id=company_id,
            file=file,
            expected_count=announced.lines,
            expected_sum=announced.due,
            uploaded_by_id=staff.id,
            now=now,
        )
        known = find_batch(company_id=company_id, content_sha256=file.content_sha256)
        if known is None:
            defer(Job.IMPORT_BILLS, at=announced.begins_at, lock=f"import_bills:{company_id}", upload_id=upload.id)
        else:
            upload = lock_upload(upload.id) or upload
            end_upload(upload, batch=known, was_known=True, lowered=0, ignored_columns=(), now=now)
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="receive_bill_file",
            target=f"bill_upload:{upload.id}",
            details={"content_sha256": file.content_sha256, "bytes": file.size_bytes, "was_known": known is not None},
            now=now,
        )
    return Received(upload=upload, is_new=True)
