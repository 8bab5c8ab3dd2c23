"""A bill that an attempt holds, and its release on somebody's own responsibility."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.models import Bill
from bawabati.bills.reads import find_bill_by_bill_number, find_bill_by_number
from bawabati.companies.rules import clean_number
from bawabati.errors import CannotDo
from bawabati.flows.find_at_desk import NobodyFound
from bawabati.flows.release_hold import release_hold
from bawabati.flows.release_reservation import release_reservation
from bawabati.flows.release_sale import release_sale
from bawabati.payments.models import Hold
from bawabati.payments.reads import list_holds
from bawabati.people.rules import Action, Level
from bawabati.web.counter.scanned import words_scanned
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.RELEASE_HOLD, at=Level.AGENCY)
def holds(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Who holds a bill; posted with a reason, what holds it lets it go."""
    if request.method != "POST":
        return render(request, "web/agency/holds.html")
    words = words_scanned(typed_line(request, "words"))
    context: dict[str, object] = {"words": given_back(words)}
    try:
        bill = _bill_of(request, words)
        hold = _hold_on(bill)
        context |= {"bill": bill, "hold": hold}
        if hold is not None and str(hold.id) == request.POST.get("hold", ""):
            _release(request, hold)
            context |= {"hold": None, "is_released": True}
    except CannotDo as error:
        return render(request, "web/agency/holds.html", context | {"error": sentence_of(error)}, status=422)
    return render(request, "web/agency/holds.html", context)


def _release(request: StaffRequest, hold: Hold) -> None:
    """Of a payment online, of a sale at one of this agency's desks, or of a channel."""
    because, now = typed_line(request, "because"), timezone.now()
    if hold.payment_id is not None:
        release_hold(payment_id=hold.payment_id, because=because, login=request.staff.login, now=now)
    elif hold.sale_id is not None:
        release_sale(sale_id=hold.sale_id, because=because, staff=request.staff, now=now)
    elif hold.reservation_id is not None:
        release_reservation(
            reservation_id=hold.reservation_id,
            because=because,
            staff=request.staff,
            agency_id=request.place.agency.id,
            now=now,
        )


def _bill_of(request: StaffRequest, words: str) -> Bill:
    company_id, number = request.place.company.id, clean_number(words)
    bill = find_bill_by_number(company_id=company_id, payment_number=number)
    bill = bill or find_bill_by_bill_number(company_id=company_id, bill_number=number)
    if bill is None:
        raise NobodyFound
    return bill


def _hold_on(bill: Bill) -> Hold | None:
    return list_holds([bill.id]).get(bill.id)
