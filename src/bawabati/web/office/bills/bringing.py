"""Bringing a file of bills in: written to the disk as it comes, then left to the worker."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.receive_bill_file import StoredFile, receive_bill_file
from bawabati.flows.steps.received_files import begins_as_dbase, holds_dbase, path_of
from bawabati.money.amount import Money
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.public.typed import given_back, may_be_a_card
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.uploads import OnDisk, ToDisk
from bawabati.web.shared.who import StaffRequest, staff_page

LONGEST_NAME: Final = 200
LARGEST_COUNT: Final = 10_000_000
KEPT_FOR_SECONDS: Final = 60 * 60
_SPREADSHEET_BEGINS: Final = b"PK\x03\x04"
_SALT: Final = "bawabati.office.bill_file"
_BETWEEN_DIGITS: Final = re.compile(r"[\s.,\u00a0\u202f]")


class NoFileChosen(CannotDo):
    """The form came without a file."""

    code: ClassVar[str] = "no_file_chosen"
    sentence: ClassVar[str] = "Choose a file."


class CountNotReadable(CannotDo):
    """The control total is no number of lines."""

    code: ClassVar[str] = "count_not_readable"
    sentence: ClassVar[str] = "Write the number of lines in digits, or leave it empty."


@csrf_exempt  # looked at below: before that, the form would be read, and the file with it
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.IMPORT_BILLS)
def bring(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form, and the file that it sends. Nobody's file is read before we know who sends it."""
    if request.method != "POST":
        return _page(request)
    to_disk = ToDisk(at_most_megabytes=settings.BILL_FILE_MEGABYTES)
    request.upload_handlers = [to_disk]
    return _received(request, to_disk)


@csrf_protect
def _received(request: StaffRequest, to_disk: ToDisk) -> HttpResponse:
    stored: StoredFile | None = None
    try:
        stored = _stored(request, to_disk)
        received = receive_bill_file(
            company_id=request.place.company.id,
            file=stored,
            expected_count=_count(typed_line(request, "count")),
            expected_sum=_sum(typed_line(request, "sum")),
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as error:
        return _page(request, error=error, stored=stored)
    return to("office_bill_upload", received.upload.id)


def _page(request: StaffRequest, *, error: CannotDo | None = None, stored: StoredFile | None = None) -> HttpResponse:
    """The form; a file that has come already need not be sent again when a number beside it was wrong."""
    kept = stored is not None and path_of(stored.stored_as).exists()
    context = {
        "error": sentence_of(error) if error else "",
        "megabytes": settings.BILL_FILE_MEGABYTES,
        "filled": {name: given_back(typed_line(request, name)) for name in ("count", "sum")},
        "kept": _sealed(stored, request.staff.id) if stored and kept else "",
        "kept_name": stored.file_name if stored and kept else "",
    }
    return render(request, "web/office/bills/bring.html", context, status=422 if error else 200)


def _format_of(file: OnDisk) -> str:
    """By what it holds: a zip of dBase tables begins as a spreadsheet does."""
    if file.begins.startswith(_SPREADSHEET_BEGINS):
        return "dbf" if holds_dbase(path_of(file.stored_as)) else "xlsx"
    return "dbf" if begins_as_dbase(file.begins) else "csv"


def _stored(request: StaffRequest, to_disk: ToDisk) -> StoredFile:
    """Raises NoFileChosen, FileTooLarge, NoRoomForFile."""
    files: MultiValueDict[str, object] = request.FILES  # type: ignore[assignment]  # of our own handler
    file = files.get("file")
    if to_disk.refusal is not None:
        raise to_disk.refusal
    if isinstance(file, OnDisk) and file.size:
        name = "".join(letter for letter in str(file.name) if letter.isprintable()) or "bills"
        return StoredFile(
            file_name="bills" if may_be_a_card(name) else name[-LONGEST_NAME:],
            stored_as=file.stored_as,
            format=_format_of(file),
            content_sha256=file.content_sha256,
            size_bytes=file.size,
        )
    return _unsealed(request.POST.get("kept", ""), request.staff.id)


def _sealed(file: StoredFile, staff_id: int) -> str:
    return signing.dumps(
        [staff_id, file.file_name, file.stored_as, file.format, file.content_sha256, file.size_bytes], salt=_SALT
    )


def _unsealed(kept: str, staff_id: int) -> StoredFile:
    """The file that came with the form before. Raises NoFileChosen."""
    try:
        whose, name, stored_as, file_format, digest, size = signing.loads(kept, salt=_SALT, max_age=KEPT_FOR_SECONDS)
    except signing.BadSignature:
        raise NoFileChosen from None
    if whose != staff_id or not path_of(stored_as).exists():
        raise NoFileChosen
    return StoredFile(file_name=name, stored_as=stored_as, format=file_format, content_sha256=digest, size_bytes=size)


def _count(text: str) -> int | None:
    if not text:
        return None
    digits = _BETWEEN_DIGITS.sub("", text)
    if not digits.isdecimal() or len(digits) > len(str(LARGEST_COUNT)):
        raise CountNotReadable
    return int(digits)


def _sum(text: str) -> Money | None:
    return parse_amount(text) if text else None
