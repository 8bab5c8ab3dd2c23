"""What becomes of a reservation that its channel knows nothing of, and of a difference: one says so, another agrees."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.resolve_reservation import BY_PEOPLE, UNCLEAR, confirm_reservation_end, propose_reservation_end
from bawabati.flows.settle_channel_difference import How, confirm_channel_end, propose_channel_end
from bawabati.payments.models import ChannelDifference, Reservation
from bawabati.payments.reads.channels import (
    find_channel_difference,
    find_payment_of_reservation,
    find_reservation,
    list_reservation_happenings,
    list_reservation_lines,
)
from bawabati.payments.rules.channels import ChannelDifferenceKind, ReservationEvent
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.channels.words import CHOICES, ENDINGS, EVENTS, KINDS, STATES, say
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


class NothingChosen(CannotDo):
    """None of the answers is ticked."""

    code: ClassVar[str] = "nothing_chosen"
    sentence: ClassVar[str] = "Choose one of the answers."


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def reservation(request: StaffRequest, language: str, reservation_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Its bills, everything that happened to it, and what may be said of it."""
    return _reservation_page(request, _reservation_of(request, reservation_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SETTLE_DIFFERENCE)
def propose(request: StaffRequest, language: str, reservation_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One person says what became of it."""
    found = _reservation_of(request, reservation_id)
    if request.method == "POST":
        try:
            what = request.POST.get("what", "")
            if what not in BY_PEOPLE:
                raise NothingChosen
            propose_reservation_end(
                reservation_id=found.id,
                what=ReservationEvent(what),
                because=typed_line(request, "because"),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _reservation_page(request, found, error=error)
    return to("office_reservation", reservation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CONFIRM_DIFFERENCE, stepped_up=True)
def confirm(request: StaffRequest, language: str, reservation_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another person agrees, or does not; after a second factor just now, for the books change."""
    found = _reservation_of(request, reservation_id)
    if request.method == "POST":
        try:
            confirm_reservation_end(
                reservation_id=found.id,
                seen=number_of(request.POST.get("seen", "")) or 0,
                agrees=request.POST.get("agrees") == "yes",
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _reservation_page(request, _reservation_of(request, reservation_id), error=error)
    return to("office_reservation", reservation_id)


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def difference(request: StaffRequest, language: str, channel_difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Both sides, and what may be done about it."""
    return _difference_page(request, _difference_of(request, channel_difference_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SETTLE_DIFFERENCE)
def propose_end(request: StaffRequest, language: str, channel_difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One person says how it ends."""
    found = _difference_of(request, channel_difference_id)
    if request.method == "POST":
        try:
            propose_channel_end(
                difference_id=found.id,
                how=_how(request),
                because=typed_line(request, "because"),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _difference_page(request, found, error=error)
    return to("office_channel_difference", channel_difference_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CONFIRM_DIFFERENCE, stepped_up=True)
def confirm_end(request: StaffRequest, language: str, channel_difference_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another person agrees, or does not; after a second factor just now, for the books may change."""
    found = _difference_of(request, channel_difference_id)
    if request.method == "POST":
        try:
            confirm_channel_end(
                difference_id=found.id,
                how=_how(request),
                agrees=request.POST.get("agrees") == "yes",
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _difference_page(request, _difference_of(request, channel_difference_id), error=error)
    return to("office_channel_difference", channel_difference_id)


def _how(request: StaffRequest) -> How:
    if request.POST.get("how") not in set(How):
        raise NothingChosen
    return How(request.POST["how"])


def _reservation_page(request: StaffRequest, found: Reservation, *, error: CannotDo | None = None) -> HttpResponse:
    is_unclear = found.state in UNCLEAR
    is_mine = found.proposed_by_id == request.staff.id
    context = {
        "reservation": found,
        "state": say(STATES, found.state),
        "lines": list_reservation_lines(found.id),
        "payment": find_payment_of_reservation(found.id),
        "happenings": [(each, say(EVENTS, each.event)) for each in list_reservation_happenings(found.id)],
        "choices": [(what.value, say(CHOICES, what)) for what in sorted(BY_PEOPLE, reverse=True)],
        "proposed": say(CHOICES, found.proposed),
        "may_propose": is_unclear and request.may(Action.SETTLE_DIFFERENCE),
        "may_confirm": is_unclear and bool(found.proposed) and not is_mine and request.may(Action.CONFIRM_DIFFERENCE),
        "waits_for_another": is_unclear and bool(found.proposed) and is_mine,
        "typed_because": given_back(typed_line(request, "because")),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/channels/reservation.html", context, status=422 if error else 200)


def _difference_page(request: StaffRequest, found: ChannelDifference, *, error: CannotDo | None = None) -> HttpResponse:
    is_open = found.ended_at is None
    is_mine = found.proposed_by_id == request.staff.id
    hows = [How.TAKEN_IN, How.EXPLAINED] if found.kind == ChannelDifferenceKind.NOT_OURS else [How.EXPLAINED]
    context = {
        "difference": found,
        "kind": say(KINDS, found.kind),
        "choices": [(how.value, say(ENDINGS, how)) for how in hows],
        "proposed": say(ENDINGS, found.proposed),
        "ending": say(ENDINGS, found.ended_as),
        "may_propose": is_open and request.may(Action.SETTLE_DIFFERENCE),
        "may_confirm": is_open and bool(found.proposed) and not is_mine and request.may(Action.CONFIRM_DIFFERENCE),
        "waits_for_another": is_open and bool(found.proposed) and is_mine,
        "typed_because": given_back(typed_line(request, "because")),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/channels/difference.html", context, status=422 if error else 200)


def _reservation_of(request: StaffRequest, reservation_id: int) -> Reservation:
    found = find_reservation(reservation_id)
    if found is None or found.company_id != request.place.company.id:
        raise Http404
    return found


def _difference_of(request: StaffRequest, difference_id: int) -> ChannelDifference:
    found = find_channel_difference(difference_id)
    if found is None or found.company_id != request.place.company.id:
        raise Http404
    return found
