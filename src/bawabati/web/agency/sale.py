"""One sale, with everything that happened to it, and what the head of the agency may do about it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.rules import CAN_REVERSE
from bawabati.errors import CannotDo
from bawabati.flows.resolve_sale import confirm_resolution, is_left_to_people
from bawabati.flows.reverse_sale import reverse_sale
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale, list_happenings, list_sale_lines
from bawabati.payments.rules.sales import SaleState
from bawabati.people.rules import Action, Level
from bawabati.receipts.reads import find_receipt_of_sale
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.resolving import propose, typed_line
from bawabati.web.shared.sale_shown import happening_words, reason_words, shown_of
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_AGENCY, at=Level.AGENCY)
def sale(request: StaffRequest, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The sale as it stands."""
    return _page(request, _sale_of(request, sale_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.RESOLVE_SALE, at=Level.AGENCY)
def resolve(request: StaffRequest, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One person's word about what became of it."""
    found = _sale_of(request, sale_id)
    if request.method == "POST":
        try:
            propose(request, found)
        except CannotDo as error:
            return _page(request, found, error=error)
    return to("agency_sale", sale_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CONFIRM_SALE, at=Level.AGENCY)
def confirm(request: StaffRequest, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The second person agrees, or does not."""
    found = _sale_of(request, sale_id)
    if request.method == "POST":
        agrees = request.POST.get("agrees") == "yes"
        seen = number_of(request.POST.get("seen", ""))
        try:
            confirm_resolution(sale_id=found.id, seen=seen, agrees=agrees, staff=request.staff, now=timezone.now())
        except CannotDo as error:
            return _page(request, found, error=error)
    return to("agency_sale", sale_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.REVERSE_SALE, at=Level.AGENCY, stepped_up=True)
def reverse(request: StaffRequest, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The money of a card goes back through the reader, on the same day."""
    found = _sale_of(request, sale_id)
    if request.method != "POST":
        return _page(request, found)
    try:
        reverse_sale(sale_id=found.id, because=typed_line(request, "because"), staff=request.staff, now=timezone.now())
    except CannotDo as error:
        return _page(request, found, error=error)
    return to("agency_sale", sale_id)


def _page(request: StaffRequest, found: Sale, *, error: CannotDo | None = None) -> HttpResponse:
    in_review = found.state == SaleState.REVIEW
    said_by = {found.proposed_by_id, found.typed_by_id} - {None}
    has_word = bool(found.proposed or (found.typed_by_id and found.approval_code))
    can_go_back = found.reader is not None and found.reader.protocol in CAN_REVERSE
    context = {
        "sale": found,
        "shown": shown_of(found),
        "reason": reason_words(found),
        "lines": list_sale_lines(found.id),
        "happenings": [(each, happening_words(each.event)) for each in list_happenings(found.id)],
        "receipt": find_receipt_of_sale(found.id),
        "may_propose": is_left_to_people(found, now=timezone.now()) and request.may(Action.RESOLVE_SALE),
        "may_confirm": in_review and has_word and request.may(Action.CONFIRM_SALE) and request.staff.id not in said_by,
        "has_word": has_word,
        "may_reverse": found.state == SaleState.SETTLED and can_go_back and request.may(Action.REVERSE_SALE),
        "error": sentence_of(error) if error else "",
        "typed": {name: given_back(typed(str(value))) for name, value in request.POST.items()},
        "today": timezone.localdate(),
    }
    return render(request, "web/agency/sale.html", context, status=422 if error else 200)


def _sale_of(request: StaffRequest, sale_id: int) -> Sale:
    found = find_sale(sale_id)
    if found is None or found.agency_id != request.place.agency.id:
        raise Http404
    return found
