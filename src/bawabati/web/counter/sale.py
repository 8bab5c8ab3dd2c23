"""One sale: a page that follows the reader, and then says how it ended and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.companies.rules import CAN_ABORT
from bawabati.errors import CannotDo
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.steps.receipt_document import PRINTED
from bawabati.flows.type_approval import type_approval, type_refusal
from bawabati.money.amount import Money
from bawabati.payments.models import Sale, SaleLine
from bawabati.payments.reads import find_sale, list_happenings, list_sale_lines
from bawabati.receipts.reads import find_receipt_of_sale
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render, to
from bawabati.web.counter.links import customer_address
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.resolving import typed_day, typed_line
from bawabati.web.shared.sale_shown import (
    IN_PROGRESS,
    LIVE,
    Shown,
    mark_of,
    reason_words,
    seconds_of_foreground,
    seconds_since,
    shown_of,
    step_words,
)
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest

LOOKS_AGAIN_SECONDS: Final = 1
WITHOUT_SCRIPTS_SECONDS: Final = 3
TEMPLATES: Final = {
    Shown.FOLLOWED: "web/counter/sale_followed.html",
    Shown.TYPED: "web/counter/sale_typed.html",
    Shown.PAID: "web/counter/sale_paid.html",
    Shown.REFUSED: "web/counter/sale_refused.html",
    Shown.UNKNOWN: "web/counter/sale_unknown.html",
    Shown.REVIEW: "web/counter/sale_review.html",
    Shown.REVERSING: "web/counter/sale_reversing.html",
    Shown.REVERSED: "web/counter/sale_refused.html",
}


@require_safe
@desk_page
def sale(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """How the sale stands."""
    return sale_page(request, here, sale_of(here, sale_id))


@require_safe
@desk_page
def sale_live(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The same for the page's own script: a mark that changes with the page, and the words that change within it."""
    found = sale_of(here, sale_id)
    return JsonResponse({"mark": mark_of(found), "words": {"step": step_words(found)}})


@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def cancel(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Gives the sale up; a reader that has it is asked to, and says what became of it."""
    if request.method == "POST":
        cancel_sale(sale_id=sale_of(here, sale_id).id, staff=request.staff, now=timezone.now())
    return to("counter_sale", sale_id)


@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def approval(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """What the slip of a reader says that nothing connects to us."""
    found = sale_of(here, sale_id)
    if request.method != "POST":
        return to("counter_sale", sale_id)
    try:
        type_approval(
            sale_id=found.id,
            approval_code=typed_line(request, "approval_code"),
            last_four=typed_line(request, "last_four"),
            slip_number=typed_line(request, "slip_number"),
            slip_on=typed_day(request, "slip_on"),
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as error:
        return sale_page(request, here, found, error=error)
    return to("counter_sale", sale_id)


@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def refusal(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The reader that nothing connects to us has refused."""
    found = sale_of(here, sale_id)
    if request.method == "POST":
        reason = typed_line(request, "reason")
        type_refusal(sale_id=found.id, reason=reason, staff=request.staff, now=timezone.now())
    return to("counter_sale", sale_id)


def sale_page(request: StaffRequest, here: AtDesk, found: Sale, *, error: CannotDo | None = None) -> HttpResponse:
    """The page that fits how it stands."""
    now, shown = timezone.now(), shown_of(found)
    lines = list_sale_lines(found.id)
    receipt = find_receipt_of_sale(found.id) if shown is Shown.PAID else None
    total = Money(found.amount_centimes + found.stamp_duty_centimes)
    context: dict[str, object] = {
        "sale": found,
        "lines": lines,
        "total": total,
        "change": Money(found.tendered_centimes) - total if found.tendered_centimes is not None else None,
        "receipt": receipt,
        "mark": mark_of(found),
        "step": step_words(found),
        "reason": reason_words(found),
        "seconds": seconds_since(found.opened_at, now=now),
        "left_seconds": seconds_of_foreground(found, now=now),
        "unknown_seconds": seconds_since(found.unknown_since, now=now),
        "can_abort": found.reader is not None and found.reader.protocol in CAN_ABORT,
        "in_progress": shown in IN_PROGRESS,
        "is_live": shown in LIVE,
        "looks_again_seconds": LOOKS_AGAIN_SECONDS,
        "without_scripts_seconds": WITHOUT_SCRIPTS_SECONDS,
        "error": sentence_of(error) if error else "",
        "today": timezone.localdate(now),
        "typed": {name: given_back(typed(str(value))) for name, value in request.POST.items()},
        "is_printed": any(happening.event == PRINTED for happening in list_happenings(found.id)),
        "customer_address": _again(request, lines),
    }
    return desk_render(request, here, TEMPLATES[shown], context, status=422 if error else 200)


def _again(request: StaffRequest, lines: Sequence[SaleLine]) -> str:
    """The customer's bills once more; the bill itself ticked where the sale had one."""
    bill = lines[0].bill
    bill_id = bill.id if len(lines) == 1 else None
    return customer_address(staff_id=request.staff.id, customer_id=bill.customer_id, bill_id=bill_id)


def sale_of(here: AtDesk, sale_id: int) -> Sale:
    """The sale, if it is this agency's. Raises Http404."""
    found = find_sale(sale_id)
    if found is None or found.agency_id != here.session.agency_id:
        raise Http404
    return found
