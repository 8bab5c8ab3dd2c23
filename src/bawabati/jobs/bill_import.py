"""The worker brings in a file that somebody has uploaded, and tells how far it is while it does."""

from __future__ import annotations

from contextlib import suppress
from contextvars import copy_context
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import structlog
from django.db import connection
from django.utils import timezone

from bawabati.bills.models import BillUpload
from bawabati.bills.rules import FileIsGone, ImportBroke
from bawabati.companies.reads import get_company
from bawabati.errors import CannotDo
from bawabati.flows.import_bills import import_bills
from bawabati.flows.steps.received_files import forget_file, path_of
from bawabati.flows.work_on_upload import begin_import, note_import_progress, refuse_import
from bawabati.jobs.each import DATABASE_LOST
from bawabati.money.amount import Money

TELLS_EVERY_SECONDS: Final = 0.5

log = structlog.get_logger()


def import_upload(upload_id: int) -> None:
    """Brings the file in, or says why not. Safe to repeat: an upload that is over is left alone.

    Only the loss of the database is passed on, so that the job is done again when it is back.
    """
    upload = begin_import(upload_id=upload_id, now=timezone.now())
    if upload is None:
        return
    try:
        _bring_in(upload)
    except CannotDo as refusal:
        refuse_import(upload_id=upload_id, because=refusal, now=timezone.now())
    except DATABASE_LOST:
        raise
    except Exception:
        log.exception("import_failed", company_id=upload.company_id, reference=f"bill_upload:{upload_id}")
        refuse_import(upload_id=upload_id, because=ImportBroke(), now=timezone.now())
    forget_file(upload.stored_as)


def _bring_in(upload: BillUpload) -> None:
    path = path_of(upload.stored_as)
    if not path.exists():
        raise FileIsGone
    with Teller(upload.id) as teller:
        import_bills(
            company=get_company(upload.company_id),
            path=path,
            reader_name=upload.format,
            received_by=upload.uploaded_by,
            now=timezone.now(),
            expected_count=upload.expected_count,
            expected_sum=None if upload.expected_centimes is None else Money(upload.expected_centimes),
            progress=teller.hear,
            upload=upload,
        )


class Teller:
    """Writes down how far the import is, on a connection of its own: the import's own transaction shows nothing yet."""

    def __init__(self, upload_id: int) -> None:
        self._upload_id = upload_id
        self._bytes_read = 0
        self._is_over = Event()
        # In the scope of the job: a thread of its own would see nobody's rows.
        self._thread = Thread(target=copy_context().run, args=[self._tell], name=f"upload {upload_id}", daemon=True)

    def hear(self, bytes_read: int, _size: int) -> None:
        """The import says how far it is."""
        self._bytes_read = bytes_read

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, _failed: type[BaseException] | None, _error: object, _where: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def _tell(self) -> None:
        try:
            while not self._is_over.wait(TELLS_EVERY_SECONDS):
                with suppress(*DATABASE_LOST):  # the import notices by itself
                    note_import_progress(upload_id=self._upload_id, bytes_read=self._bytes_read, now=timezone.now())
        finally:
            connection.close()
