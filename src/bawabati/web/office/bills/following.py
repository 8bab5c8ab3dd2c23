"""A file on its way from the disk to the bills: how far it is, and how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bawabati.bills.models import BillUpload
from bawabati.bills.reads import find_upload
from bawabati.bills.rules import UPLOAD_IS_OPEN, UploadState
from bawabati.people.rules import Action
from bawabati.web.shared.who import StaffRequest, staff_page

LOOKS_AGAIN_SECONDS: Final = 1
WITHOUT_SCRIPTS_SECONDS: Final = 4
SILENT_AFTER: Final = timedelta(seconds=45)


@require_safe
@staff_page(Action.SEE_BILLS)
def upload(request: StaffRequest, language: str, upload_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One file. While it is under way the page looks again by itself."""
    row = _upload(request, upload_id)
    context = {
        "upload": row,
        "is_open": row.state in UPLOAD_IS_OPEN,
        "percent": percent_of(row),
        "said": said_of(row),
        "refusal": refusal_of(row),
        "mark": _mark(row),
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
        "without_scripts_seconds": WITHOUT_SCRIPTS_SECONDS,
    }
    return render(request, "web/office/bills/upload.html", context)


@require_safe
@staff_page(Action.SEE_BILLS)
def look(request: StaffRequest, language: str, upload_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """How far it is, for the page's own script."""
    row = _upload(request, upload_id)
    percent = percent_of(row)
    return JsonResponse(
        {"mark": _mark(row), "words": {"said": said_of(row), "percent": f"{percent} %"}, "values": {"bar": percent}}
    )


def percent_of(row: BillUpload) -> int:
    """How much of the file has been read; merging comes after that and has no measure."""
    return min(100 * row.bytes_read // row.size_bytes, 100) if row.size_bytes else 0


def said_of(row: BillUpload) -> str:
    """What happens to it now, in the language of the page."""
    if row.state == UploadState.WAITING:
        return gettext("Waiting for its turn.")
    if row.told_at is not None and timezone.now() - row.told_at > SILENT_AFTER:
        return gettext("The worker has stopped. It will be taken up again by itself; nothing is half done.")
    if row.bytes_read >= row.size_bytes:
        return gettext("All lines are read. They are being compared with the bills that are here.")
    return gettext("The lines are being read and checked.")


def refusal_of(row: BillUpload) -> str:
    """Why nothing of it was imported; empty when that is not so."""
    if row.refusal is None:
        return ""
    english, details = row.refusal["sentence"], row.refusal["details"]
    sentence = gettext(english)
    return sentence % details if details else sentence


def _upload(request: StaffRequest, upload_id: int) -> BillUpload:
    row = find_upload(company_id=request.place.company.id, upload_id=upload_id)
    if row is None:
        raise Http404
    return row


def _mark(row: BillUpload) -> str:
    """Changes when the page would look otherwise; words and bar are told without that."""
    return "open" if row.state in UPLOAD_IS_OPEN else row.state
