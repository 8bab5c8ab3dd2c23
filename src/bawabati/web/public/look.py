"""A company's colours, as a style sheet of its own beside the portal's: what is inline no browser would take."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bawabati.companies.models import Company
from bawabati.companies.reads import find_company
from bawabati.companies.rules import brighter, deeper, for_the_dark, mist_of, text_on
from bawabati.companies.rules.colours import DARK_PAPER, PAPER
from bawabati.web.shared.own_host import is_elsewhere

FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
_COLOURS: Final = """\
:root {{ --water: {light}; --water-deep: {light_deep}; --on-water: {on_light}; --mist: {light_mist}; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --water: {dark}; --water-deep: {dark_deep}; --on-water: {on_dark}; --mist: {dark_mist}; }}
}}
"""
_BAND: Final = """\
body > header {{ background: {band}; color: {ink}; border-block-end-color: {band}; }}
body > header a, body > header .brand small {{ color: {ink}; }}
body > header .brand svg {{ fill: {ink}; }}
body > header :focus-visible {{ outline-color: {ink}; }}
"""


def look_address(company: Company) -> str:
    """Where the company's style sheet stands; another address as soon as it says something else. Empty: it has none."""
    if not company.colour and not company.band_colour:
        return ""
    said = f"{company.colour}-{company.band_colour}".replace("#", "")
    return f"{reverse('look', args=[company.code])}?{said}"


@require_safe
def look(request: HttpRequest, code: str) -> HttpResponse:
    """The colours of one company. Kept for a year under the address that names them."""
    company = find_company(code)
    if company is None or is_elsewhere(company.id):
        raise Http404
    response = HttpResponse(style_of(company), content_type="text/css; charset=utf-8")
    if request.get_full_path() == look_address(company):
        response.headers["Cache-Control"] = FOR_A_YEAR
    return response


def style_of(company: Company) -> str:
    """The style sheet; colours that were checked when they were kept, and those that follow from them."""
    written = ""
    if company.colour:
        dark = for_the_dark(company.colour)
        written += _COLOURS.format(
            light=company.colour,
            light_deep=deeper(company.colour),
            on_light=PAPER,
            light_mist=mist_of(company.colour),
            dark=dark,
            dark_deep=brighter(dark),
            on_dark=text_on(dark),
            dark_mist=mist_of(dark, on=DARK_PAPER),
        )
    if company.band_colour:
        written += _BAND.format(band=company.band_colour, ink=text_on(company.band_colour))
    return written
