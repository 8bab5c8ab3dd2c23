"""The cashier says what slip and reader show of a sale that no machine can clear up; another person confirms it."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.web.counter.at_desk import AtDesk, desk_page, to
from bawabati.web.counter.sale import sale_of, sale_page
from bawabati.web.shared.resolving import propose
from bawabati.web.shared.who import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def resolve(request: StaffRequest, here: AtDesk, language: str, sale_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """What became of it, in the cashier's word."""
    found = sale_of(here, sale_id)
    if request.method == "POST":
        try:
            propose(request, found)
        except CannotDo as error:
            return sale_page(request, here, found, error=error)
    return to("counter_sale", found.id)
