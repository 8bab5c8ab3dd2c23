"""The one cookie of the payer's pages: which attempt this browser has started last, and from which bill.

It opens nothing that this browser has not opened before. It lets the same browser go on at the bank's page where
another is asked to wait, and leads it back to the bill that it had found. The attempt itself does not say which of its
bills that was, and to lead to another one would show more of that bill than its payer may see.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bawabati.links import Purpose, link_token, read_link_token

KEPT_FOR_SECONDS = 60 * 60


def cookie_name() -> str:
    """The prefix binds the cookie to this host, and needs TLS."""
    return "__Host-attempt" if settings.TLS else "attempt"


def remember_attempt(response: HttpResponse, payment_id: int, *, bill_token: str) -> None:
    """Sets the cookie: HttpOnly, SameSite=Lax, for an hour. `bill_token`: the link of the bill that was found."""
    response.set_cookie(
        cookie_name(),
        f"{link_token(Purpose.ATTEMPT, payment_id)}.{bill_token}",
        max_age=KEPT_FOR_SECONDS,
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def own_attempt_id(request: HttpRequest) -> int | None:
    """The attempt that the cookie names; None when there is none, or it is not ours."""
    return read_link_token(Purpose.ATTEMPT, _remembered(request)[0])


def own_bill_token(request: HttpRequest, *, payment_id: int) -> str:
    """The link of the bill from which this browser started that attempt; empty when it started another or none."""
    return _remembered(request)[1] if own_attempt_id(request) == payment_id else ""


def _remembered(request: HttpRequest) -> tuple[str, str]:
    attempt, _, bill = request.COOKIES.get(cookie_name(), "").partition(".")
    return attempt, bill
