"""Which phones are a crew's: a mark without a secret, so that a scanned bill offers the crew's page there.

It opens nothing: the crew's page asks for the session as always.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

KEPT_FOR_SECONDS: Final = 10 * 60 * 60


def cookie_name() -> str:
    """The prefix binds the cookie to this host, and needs TLS."""
    return "__Host-crew" if settings.TLS else "crew"


def mark_phone(response: HttpResponse) -> HttpResponse:
    """From now on this browser is a crew's, for a shift."""
    response.set_cookie(
        cookie_name(), "1", max_age=KEPT_FOR_SECONDS, secure=settings.TLS, httponly=True, samesite="Lax"
    )
    return response


def is_of_a_crew(request: HttpRequest) -> bool:
    """Whether it says so."""
    return request.COOKIES.get(cookie_name()) == "1"
