"""One box for everything that a customer may bring: a bill to scan, a number, a name."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.find_at_desk import find_at_desk
from bawabati.payments.reads import list_sales_of_session
from bawabati.payments.rules.sales import SaleState
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render
from bawabati.web.counter.links import customer_address
from bawabati.web.counter.scanned import receipt_scanned, words_scanned
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest

LAST_SALES = 5
NOT_ENDED = frozenset({SaleState.OPENED, SaleState.SENT, SaleState.UNKNOWN, SaleState.REVERSING})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def search(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:
    """The box; posted, leads to the customer, or lets the cashier choose among several."""
    if request.method != "POST":
        return _page(request, here)
    words = words_scanned(typed_line(request, "words"))
    if code := receipt_scanned(words):
        return HttpResponseRedirect(reverse("receipt_code", args=[language, code]), status=303)
    try:
        found = find_at_desk(agency=here.session.agency, words=words, staff=request.staff, now=timezone.now())
    except CannotDo as error:
        return _page(request, here, words=given_back(words), error=error)
    choices = [
        (
            customer,
            customer_address(staff_id=request.staff.id, customer_id=customer.customer_id, bill_id=customer.bill_id),
        )
        for customer in found.customers
    ]
    if len(choices) == 1:
        return HttpResponseRedirect(choices[0][1], status=303)
    context = {"choices": choices, "there_are_more": found.there_are_more, "words": given_back(words)}
    return desk_render(request, here, "web/counter/search.html", context)


def _page(request: StaffRequest, here: AtDesk, *, words: str = "", error: CannotDo | None = None) -> HttpResponse:
    sales = list_sales_of_session(here.session.id)
    context = {
        "words": words,
        "error": sentence_of(error) if error else "",
        "takes_focus": True,
        "last_sales": sales[:LAST_SALES],
        "unfinished": [sale for sale in sales if sale.state in NOT_ENDED],
    }
    return desk_render(request, here, "web/counter/search.html", context, status=422 if error else 200)
