"""Bills come in, and are asked about. Pushing the same content again changes nothing and answers the same."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from bawabati.api.bills.read import bill_words, file_words, line_words
from bawabati.api.bills.words import (
    BIGGEST,
    MOST_BILLS,
    Asked,
    BillsWords,
    FileWords,
    LinesWords,
    Push,
    PushedWords,
)
from bawabati.api.calls import key_of, once_if_asked
from bawabati.api.keys import CompanyKey
from bawabati.api.problems import REFUSED, Problem
from bawabati.bills.models import BillUpload
from bawabati.bills.reads import find_upload, list_bills_numbered, list_line_results, list_open_uploads
from bawabati.errors import CannotDo
from bawabati.flows.import_bills import import_bills
from bawabati.flows.receive_bill_file import StoredFile, receive_pushed_bills
from bawabati.flows.steps.received_files import MEGABYTE, path_of, store
from bawabati.flows.work_on_upload import refuse_import
from bawabati.keyset import At
from bawabati.money.amount import Money
from bawabati.people.models import ApiKey
from bawabati.people.rules import ApiScope

FOLLOWED_AFTER: Final = timedelta(minutes=1)
"""A worker takes up what the call has not brought in by then: its process died."""
PIECE_BYTES: Final = MEGABYTE
MOST_LINES: Final = 1000
FORMATS: Final = {"application/x-ndjson": "json", "application/jsonl": "json", "text/csv": "csv"}
_Announced = Annotated[int, Field(ge=0, le=BIGGEST)]

bills_router = Router(tags=["bills"], auth=CompanyKey(ApiScope.BILLS_WRITE))
files_router = Router(tags=["bill files"], auth=CompanyKey(ApiScope.BILLS_WRITE))


class NoSuchFile(CannotDo):
    """The company has pushed none of that number."""

    code = "no_such_file"
    sentence = "There is no file with this number."


class FormatUnknown(CannotDo):
    """The body is neither lines of JSON nor CSV, as far as its Content-Type says."""

    code = "format_unknown"
    sentence = "Say what the body is: Content-Type application/x-ndjson or text/csv."


@bills_router.post(
    "", response={200: PushedWords, 202: PushedWords, 409: Problem, 413: Problem, 422: Problem, **REFUSED}
)
@once_if_asked
def push(request: HttpRequest, body: Push) -> Status[PushedWords]:
    """Up to 10,000 bills and 8 MB. 202: another file is being brought in; ask for this one under `bill-files`."""
    key = key_of(request)
    pieces = (json.dumps(bill, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for bill in body.bills)
    upload = _received(
        key,
        _stored(pieces, file_format="json", name="api"),
        count=body.count,
        sum_centimes=body.sum_centimes,
        waits=True,
    )
    others = [other for other in list_open_uploads(key.company_id) if other.id != upload.id]
    if upload.batch_id is None and not others:
        _bring_in(key, upload)
    upload = _upload(key, upload.id)
    lines = list_line_results(upload.batch_id, outcome="", at=At(rows=MOST_BILLS)).rows if upload.batch_id else []
    words = PushedWords(file=file_words(upload), lines=[line_words(line) for line in lines])
    return Status(200 if upload.batch_id else 202, words)


@bills_router.post("query", auth=CompanyKey(ApiScope.BILLS_READ), response={200: BillsWords, 422: Problem, **REFUSED})
def query(request: HttpRequest, body: Asked) -> BillsWords:
    """How bills stand: what is due, what is settled. Numbers travel in the body, because addresses are logged."""
    found = list_bills_numbered(
        company_id=key_of(request).company_id, bill_numbers=body.bill_numbers, payment_numbers=body.payment_numbers
    )
    known = {bill.bill_number for bill in found} | {bill.payment_number for bill in found}
    asked = dict.fromkeys([*body.bill_numbers, *body.payment_numbers])
    return BillsWords(
        bills=[bill_words(bill) for bill in found], unknown=[number for number in asked if number not in known]
    )


_TEXT = {"schema": {"type": "string"}}


@files_router.post(
    "",
    response={202: FileWords, 413: Problem, 415: Problem, 422: Problem, **REFUSED},
    openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(FORMATS, _TEXT)}},
)
def push_file(
    request: HttpRequest, count: _Announced | None = None, sum_centimes: _Announced | None = None
) -> Status[FileWords]:
    """A file as the body: lines of JSON, or CSV as docs/reference/bill-file.md says. A worker brings it in."""
    file_format = FORMATS.get((request.content_type or "").lower())
    if file_format is None:
        raise FormatUnknown
    key = key_of(request)
    file = _stored(_pieces(request), file_format=file_format, name="api")
    upload = _received(key, file, count=count, sum_centimes=sum_centimes, waits=False)
    return Status(202, file_words(upload))


@files_router.get("{int:file_id}", response={200: FileWords, 404: Problem, **REFUSED})
def file(request: HttpRequest, file_id: int) -> FileWords:
    """How far it is."""
    return file_words(_upload(key_of(request), file_id))


@files_router.get("{int:file_id}/lines", response={200: LinesWords, 404: Problem, 422: Problem, **REFUSED})
def lines(
    request: HttpRequest,
    file_id: int,
    outcome: Literal["", "created", "changed", "unchanged", "bad"] = "",
    after: Annotated[int, Query(), Field(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(), Field(ge=1, le=MOST_LINES)] = 100,
) -> LinesWords:
    """What became of each line; known for 90 days, and of bad ones for ever."""
    upload = _upload(key_of(request), file_id)
    if upload.batch_id is None:
        return LinesWords(lines=[], next_line=after, has_more=False)
    page = list_line_results(upload.batch_id, outcome=outcome, at=At(after=str(after), rows=limit))
    shown = [line_words(line) for line in page.rows]
    return LinesWords(lines=shown, next_line=shown[-1].line if shown else after, has_more=page.after is not None)


def _stored(pieces: Iterator[bytes], *, file_format: str, name: str) -> StoredFile:
    stored = store(pieces, at_most_megabytes=settings.BILL_FILE_MEGABYTES)
    return StoredFile(
        file_name=f"{name}.{file_format}",
        stored_as=stored.stored_as,
        format=file_format,
        content_sha256=stored.content_sha256,
        size_bytes=stored.size_bytes,
    )


def _received(
    key: ApiKey, stored: StoredFile, *, count: int | None, sum_centimes: int | None, waits: bool
) -> BillUpload:
    now = timezone.now()
    received = receive_pushed_bills(
        key=key,
        file=stored,
        expected_count=count,
        expected_sum=None if sum_centimes is None else Money(sum_centimes),
        begins_at=now + FOLLOWED_AFTER if waits else None,
        now=now,
    )
    return received.upload


def _bring_in(key: ApiKey, upload: BillUpload) -> None:
    """In this very call: whoever pushes a few bills wants to know at once. The file stays until a worker tidies up."""
    try:
        import_bills(
            company=key.company,
            path=path_of(upload.stored_as),
            reader_name=upload.format,
            received_by=key.staff,
            now=timezone.now(),
            expected_count=upload.expected_count,
            expected_sum=None if upload.expected_centimes is None else Money(upload.expected_centimes),
            upload=upload,
        )
    except CannotDo as refusal:
        refuse_import(upload_id=upload.id, because=refusal, now=timezone.now())
        raise


def _upload(key: ApiKey, file_id: int) -> BillUpload:
    upload = find_upload(company_id=key.company_id, upload_id=file_id) if file_id < BIGGEST else None
    if upload is None:
        raise NoSuchFile
    return upload


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE_BYTES):
        yield piece
