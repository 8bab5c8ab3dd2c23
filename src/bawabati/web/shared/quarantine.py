"""A restored installation opens nothing to payers until somebody has compared it with the gateway."""

import re
from time import monotonic
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from bawabati.operations.reads import find_quarantine
from bawabati.web.shared.languages import GetResponse

OPEN_FOR_SECONDS: Final = 2.0
"""So long nobody asks again whether it is open: a restoration happens while the portal is stopped."""
STAYS_OPEN: Final = re.compile(r"/(?:healthz|readyz|metrics|csp-report|robots\.txt)?$|/(?:ar|fr|en)/(?:staff|office)/")
TRY_AGAIN_SECONDS: Final = "300"

_open_until = 0.0


class Quarantine:
    """Middleware: 503 with a calm page for everybody but the staff's sign-in and office, and machines that watch.

    An address that leads nowhere is answered as ever: that page asks the database nothing.
    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, unless `process_view` gives another."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Django asks this when an address has found its view."""
        if STAYS_OPEN.match(request.path_info) or not is_shut():
            return None
        if request.path_info.startswith("/api/"):
            response = HttpResponse('{"code": "quarantine"}', content_type="application/json", status=503)
        else:
            response = render(request, "web/quarantine.html", status=503)
        response.headers["Retry-After"] = TRY_AGAIN_SECONDS
        return response


def is_shut() -> bool:
    """Whether this installation is in quarantine. While the database is away nobody can say; it will fail anyway."""
    global _open_until  # noqa: PLW0603 - one process, one door
    if monotonic() < _open_until:
        return False
    try:
        shut = find_quarantine() is not None
    except DatabaseError:
        return False
    if not shut:
        _open_until = monotonic() + OPEN_FOR_SECONDS
    return shut


def ask_again() -> None:
    """Forgets that it was open."""
    global _open_until  # noqa: PLW0603 - as above
    _open_until = 0.0
