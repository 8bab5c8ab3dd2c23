"""A page to try a scanner on."""

import segno
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render
from bawabati.web.shared.who import StaffRequest

EXPECTED = "BAWABATI-0123456789-AZQWM"
"""What French and Arabic keyboards write otherwise than the US one: digits, the hyphen, the letters A, Z, Q, W, M."""


@require_safe
@desk_page
def scanner_test(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Something to scan, and what arrived of it: whether scanner and keyboard layout go together."""
    picture = segno.make(EXPECTED, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return desk_render(request, here, "web/counter/scanner.html", {"expected": EXPECTED, "picture": picture})
