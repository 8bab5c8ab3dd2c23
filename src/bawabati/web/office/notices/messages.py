"""Messages: what left, what did not and why; one leaves again, and an address is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.keep_notice import forget_address, send_again
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page
from bawabati.notices.models import Notice
from bawabati.notices.reads import count_undelivered, find_notice, list_notices
from bawabati.notices.rules import UNDELIVERED, NoticeState, masked_address
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.cases.about import About, about
from bawabati.web.office.cases.seen import sees_all
from bawabati.web.office.notices.words import MEANS, OF_BILLS, REASONS, STATES, TO_STAFF
from bawabati.web.office.payments.words import NOTICE_STATES, NOTICES, words
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, refused, staff_page

KINDS: Final = NOTICES | TO_STAFF | OF_BILLS
FILTERS: Final = (
    Filter("state", _("State"), Kind.CHOICE, choices=tuple(STATES.items())),
    Filter("means", _("Way"), Kind.CHOICE, choices=tuple(MEANS.items())),
    Filter("kind", _("What it is"), Kind.CHOICE, choices=tuple(KINDS.items())),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the list shows it. `address` is masked, and empty once it is erased."""

    notice: Notice
    kind: str
    means: str
    state: str
    reason: str
    address: str
    about: About


@require_safe
@staff_page(Action.SEE_CASES)
def messages(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The newest first. Addresses are masked: nobody needs them to see what failed."""
    if not sees_all(request):
        return refused(request)
    company = request.place.company
    asked = read_filters(request, FILTERS)

    def ask(at: At) -> Page[Notice]:
        wanted = asked.word("state")
        return list_notices(
            company_id=company.id,
            states=sorted(UNDELIVERED) if wanted == "undelivered" else [wanted] if wanted else [],
            means=asked.word("means"),
            kind=asked.word("kind"),
            at=at,
        )

    context = {
        "asked": asked,
        "page": ask(place_in_list(request)).of(_line),
        "undelivered": count_undelivered(company.id),
    }
    return render(request, "web/office/notices/list.html", context, status=422 if asked.errors else 200)


@require_safe
@staff_page(Action.SEE_CASES)
def message(request: StaffRequest, language: str, notice_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One message."""
    return _page(request, _notice_of(request, notice_id))


@require_POST
@staff_page(Action.OWN_CASE)
def show_address(request: StaffRequest, language: str, notice_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The whole address, this once; that it was read is written down. Rule: address-masked (law 18-07)"""
    found = _notice_of(request, notice_id)
    note_reading(
        staff=request.staff,
        company_id=request.place.company.id,
        what="address",
        target=f"notice:{found.id}",
        now=timezone.now(),
    )
    return _page(request, found, whole=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.OWN_CASE)
def again(request: StaffRequest, language: str, notice_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """It leaves once more."""
    found = _notice_of(request, notice_id)
    if request.method == "POST":
        try:
            send_again(
                company_id=request.place.company.id,
                notice_id=found.id,
                login=request.staff.login,
                now=timezone.now(),
            )
        except CannotDo as error:
            return _page(request, _notice_of(request, notice_id), error=error)
    return to("office_notice", notice_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.OWN_CASE)
def forget(request: StaffRequest, language: str, notice_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Where it went is erased."""
    found = _notice_of(request, notice_id)
    if request.method == "POST":
        forget_address(
            company_id=request.place.company.id, notice_id=found.id, login=request.staff.login, now=timezone.now()
        )
    return to("office_notice", notice_id)


def _notice_of(request: StaffRequest, notice_id: int) -> Notice:
    """Raises Http404: there is none, or this person works in an agency."""
    found = find_notice(company_id=request.place.company.id, notice_id=notice_id)
    if found is None or not sees_all(request):
        raise Http404
    return found


def _page(request: StaffRequest, found: Notice, *, whole: bool = False, error: CannotDo | None = None) -> HttpResponse:
    known = getattr(found, "address_row", None)
    context = {
        "line": _line(found),
        "notice": found,
        "address": known.address if known and whole else "",
        "has_address": known is not None,
        "may_act": request.may(Action.OWN_CASE),
        "is_waiting": found.state == NoticeState.WAITING,
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/notices/one.html", context, status=422 if error else 200)


def _line(notice: Notice) -> Line:
    known = getattr(notice, "address_row", None)
    return Line(
        notice,
        words(KINDS, notice.kind),
        words(MEANS, notice.means),
        words(NOTICE_STATES, notice.state),
        words(REASONS, notice.last_reason),
        masked_address(known.address) if known else "",
        about(notice.reference),
    )
