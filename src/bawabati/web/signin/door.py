"""Sessions, accounts and form tokens, for the addresses of staff and for no other."""

from collections.abc import Callable
from typing import Any, Final, cast

from allauth.core.context import request_context
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from bawabati.scope import enter_every_company
from bawabati.web.shared.headers import HEADERS
from bawabati.web.shared.languages import GetResponse
from bawabati.web.shared.staff_session import LIVE, end_when_over, is_of_sign_in, is_of_staff

WITH_PASSKEYS: Final = HEADERS["Permissions-Policy"].replace("get=()", "get=(self)")
"""Nobody else's pages ask for a passkey."""


class StaffDoor:
    """Middleware. A payer's request passes by it untouched: no cookie, no query, no token.

    Decision: docs/decisions/0021-staff-sign-in.md
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._to_everybody = get_response
        self._tokens = CsrfViewMiddleware(AuthenticationMiddleware(_present(get_response)))
        self._to_staff = SessionMiddleware(self._tokens)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, by the way that its address asks for."""
        if is_of_staff(request.path_info):
            if is_of_sign_in(request.path_info):
                enter_every_company("signing in comes before any place")
            response = cast("HttpResponseBase", self._to_staff(request))
            response.headers.setdefault("Permissions-Policy", WITH_PASSKEYS)
            return response
        return self._to_everybody(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuses a form without its token. Django asks this before it calls a view."""
        if is_of_staff(request.path_info):
            return self._tokens.process_view(request, view, args, kwargs)
        return None


def _present(get_response: GetResponse) -> GetResponse:
    """Ends sessions that are over, and gives allauth the request that its passkeys ask for."""

    def answer(request: HttpRequest) -> HttpResponse:
        end_when_over(request.session, is_presence=LIVE not in request.GET, now=timezone.now())
        with request_context(request):
            return get_response(request)

    return answer
