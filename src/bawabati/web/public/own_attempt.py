"""The one cookie of the payer's pages: which attempt this browser has started last.

It opens nothing by itself. It only lets the same browser go on at the bank's page where another is asked to wait.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bawabati.links import Purpose, link_token, read_link_token

KEPT_FOR_SECONDS = 60 * 60


def cookie_name() -> str:
    """The prefix binds the cookie to this host, and needs TLS."""
    return "__Host-attempt" if settings.TLS else "attempt"


def remember_attempt(response: HttpResponse, payment_id: int) -> None:
    """Sets the cookie: HttpOnly, SameSite=Lax, for an hour."""
    response.set_cookie(
        cookie_name(),
        link_token(Purpose.ATTEMPT, payment_id),
        max_age=KEPT_FOR_SECONDS,
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def own_attempt_id(request: HttpRequest) -> int | None:
    """The attempt that the cookie names; None when there is none, or it is not ours."""
    return read_link_token(Purpose.ATTEMPT, request.COOKIES.get(cookie_name(), ""))
