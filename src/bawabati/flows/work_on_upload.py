"""What a worker writes down of a file that it brings in: that it has begun, how far it is, why it was refused."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.models import BillUpload
from bawabati.bills.rules import MOST_TRIES, ImportBroke
from bawabati.bills.writes import begin_upload, lock_upload, note_progress, refuse_upload
from bawabati.errors import CannotDo
from bawabati.flows.steps.received_files import forget_file
from bawabati.flows.steps.side_effects import written_together


def begin_import(*, upload_id: int, now: datetime) -> BillUpload | None:
    """The upload, in hand; None when it is over. Safe to repeat: a worker that died over it is followed by another.

    One over which several workers have died is refused, so that it ends. Rule: jobs-taken-up (failures.md 2.2)
    """
    with written_together("begin_import: in hand"):
        upload = lock_upload(upload_id)
        if upload is None:
            return None
        if upload.tries >= MOST_TRIES:
            _refuse(upload, ImportBroke(), now)
        else:
            begin_upload(upload, now=now)
    if upload.refusal is None:
        return upload
    forget_file(upload.stored_as)
    return None


def note_import_progress(*, upload_id: int, bytes_read: int, now: datetime) -> None:
    """How far the worker is, for whoever watches the page. Safe to repeat."""
    with written_together("note_import_progress: noted"):
        note_progress(upload_id=upload_id, bytes_read=bytes_read, now=now)


def refuse_import(*, upload_id: int, because: CannotDo, now: datetime) -> None:
    """Nothing of it was imported, and the page says why. Safe to repeat."""
    with written_together("refuse_import: said why"):
        upload = lock_upload(upload_id)
        if upload is not None:
            _refuse(upload, because, now)


def _refuse(upload: BillUpload, because: CannotDo, now: datetime) -> None:
    details = {name: str(value) for name, value in because.details.items()}
    refuse_upload(upload, code=because.code, sentence=because.sentence, details=details, now=now)
    record_act(
        staff_id=upload.uploaded_by_id,
        company_id=upload.company_id,
        action="refuse_bill_file",
        target=f"bill_upload:{upload.id}",
        details={"code": because.code},
        now=now,
    )
