"""The channels of a company, what waits for people, the files that came, and what a company says of each channel."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.keep_channel import HoldMinutesWrong, change_channel
from bawabati.flows.take_in_channel_file import MOST_BYTES, ChannelFileTooLarge, take_in_channel_file
from bawabati.keyset import At
from bawabati.payments.models import Channel
from bawabati.payments.reads.channels import (
    find_channel_of_code,
    list_channel_differences,
    list_channel_files,
    list_channels,
    list_unclear_reservations,
    paid_by_channel,
)
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.channels.words import KINDS, say
from bawabati.web.public.typed import given_back, may_be_a_card
from bawabati.web.shared.resolving import DayNotReadable, typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

SHOWN = 50


class NoChannelFile(CannotDo):
    """The form came without a file, or without a channel."""

    code: ClassVar[str] = "no_channel_file"
    sentence: ClassVar[str] = "Choose the channel and the file."


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def channels(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything at one glance; what waits for people comes first."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.IMPORT_STATEMENTS)
def bring(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """A person brings the file that a channel has sent him."""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if not isinstance(file, UploadedFile):
                raise NoChannelFile
            if (file.size or 0) > MOST_BYTES:
                raise ChannelFileTooLarge
            name = "".join(letter for letter in str(file.name) if letter.isprintable())
            take_in_channel_file(
                channel=_channel_of(request, typed_line(request, "channel")),
                content=file.read(),
                name="file" if may_be_a_card(name) else name[-100:],
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _page(request, error=error)
    return to("office_channels")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SETTLE_DIFFERENCE)
def channel(request: StaffRequest, language: str, channel_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """What receipts call it, how long it holds bills, since when files are expected, whether it is open."""
    found = next((each for each in list_channels(request.place.company.id) if each.id == channel_id), None)
    if found is None:
        raise Http404
    shown = {
        "name_ar": found.name_ar,
        "name_fr": found.name_fr,
        "hold_minutes": str(found.hold_minutes),
        "files_since": found.files_since.isoformat() if found.files_since else "",
    }
    error = None
    if request.method == "POST":
        shown = {name: given_back(typed_line(request, name)) for name in shown}
        try:
            _change(request, found)
        except CannotDo as refusal:
            error = refusal
        else:
            return to("office_channels")
    context = {"channel": found, "shown": shown, "error": sentence_of(error) if error else ""}
    return render(request, "web/office/channels/channel.html", context, status=422 if error else 200)


def _change(request: StaffRequest, found: Channel) -> None:
    minutes = typed_line(request, "hold_minutes")
    if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 6):  # noqa: PLR2004 - more than a day
        raise HoldMinutesWrong
    change_channel(
        channel=found,
        name_ar=typed_line(request, "name_ar"),
        name_fr=typed_line(request, "name_fr"),
        hold_minutes=int(minutes),
        files_since=_day(typed_line(request, "files_since")),
        is_open=request.POST.get("is_open") == "yes",
        staff=request.staff,
        now=timezone.now(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DayNotReadable from None


def _channel_of(request: StaffRequest, code: str) -> Channel:
    found = find_channel_of_code(company_id=request.place.company.id, code=code)
    if found is None:
        raise NoChannelFile
    return found


def _page(request: StaffRequest, *, error: CannotDo | None = None) -> HttpResponse:
    company_id, first = request.place.company.id, At(rows=SHOWN)
    differences = list_channel_differences(company_id=company_id, is_open=True, at=first)
    context = {
        "channels": [(each, *paid_by_channel(channel_id=each.id)) for each in list_channels(company_id)],
        "pending": list_unclear_reservations(company_id=company_id, now=timezone.now(), at=first).rows,
        "differences": [(each, say(KINDS, each.kind)) for each in differences.rows],
        "files": list_channel_files(company_id=company_id, at=first).rows,
        "may_bring": request.may(Action.IMPORT_STATEMENTS),
        "may_set": request.may(Action.SETTLE_DIFFERENCE),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/channels/overview.html", context, status=422 if error else 200)
