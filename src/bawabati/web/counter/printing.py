"""Paper: printed by the agency's printer, or by the browser on a page of 80 mm."""

from __future__ import annotations

import segno
from csp.decorators import csp_update
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.print_at_desk import print_at_desk
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale, list_sales_of_session
from bawabati.payments.rules.sales import SaleState
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render, to
from bawabati.web.public.receipt import PRINT_SCRIPT, PRINT_SCRIPT_HASH
from bawabati.web.shared.frame import direction_of
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.who import StaffRequest


class NothingToReprint(CannotDo):
    """No sale of this session has a receipt yet."""

    code = "nothing_to_reprint"
    sentence = "No receipt has been written in this session yet."


@csp_update({"script-src": [PRINT_SCRIPT_HASH]})
@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def print_sale(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The receipt of a sale, or its provisional slip. The first is the original; each later one a duplicata."""
    found = _sale_of(here, sale_id)
    if request.method != "POST":
        return to("counter_sale", found.id)
    return _printed(request, here, found)


@csp_update({"script-src": [PRINT_SCRIPT_HASH]})
@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def reprint_last(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The last receipt of the session once more."""
    if request.method != "POST":
        return to("counter")
    settled = [sale for sale in list_sales_of_session(here.session.id) if sale.state == SaleState.SETTLED]
    if not settled:
        raise NothingToReprint
    return _printed(request, here, settled[0])


def _printed(request: StaffRequest, here: AtDesk, sale: Sale) -> HttpResponse:
    printed = print_at_desk(sale_id=sale.id, staff=request.staff, now=timezone.now())
    if printed.by_bridge:
        context = {"sale": sale, "copy_number": printed.copy_number}
        return desk_render(request, here, "web/counter/printing.html", context)
    qr = printed.roll.qr
    context = {
        "roll": printed.roll,
        "roll_language": printed.language,
        "roll_direction": direction_of(printed.language),
        "picture": segno.make(qr, error="m").svg_data_uri(scale=4, border=2, light="#fff") if qr else "",
        "sale": sale,
        "script": PRINT_SCRIPT,
    }
    return desk_render(request, here, "web/counter/paper.html", context)


def _sale_of(here: AtDesk, sale_id: int) -> Sale:
    found = find_sale(sale_id)
    if found is None or found.agency_id != here.session.agency_id:
        raise Http404
    return found
