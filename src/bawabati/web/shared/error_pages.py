"""Pages for what goes wrong, in the reader's language, without a word about our insides."""

import sys
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation import gettext

from bawabati.measures import SECURITY_EVENTS
from bawabati.pool import throw_dead_connections_away
from bawabati.web.shared.languages import language_of, wished_language
from bawabati.web.shared.paths import path_for_the_log

REFUSED_BY_THE_DATABASE: Final = "42501"
"""A row or a table that this connection may not touch: our code asked for what it must not."""

log = structlog.get_logger("security")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400: malformed, or for another host."""
    return _page(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: a form that another site has sent."""
    return _page(request, 403)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: a form of staff without its token, from another site or from before somebody else signed in."""
    sentence = gettext("This page is from before somebody signed in here, or from another site. Open it again.")
    return render(request, "web/cannot.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404; an address that only lacks its last slash is led on."""
    if request.method == "GET" and not request.path.endswith("/") and is_valid_path(f"{request.path_info}/"):
        return HttpResponsePermanentRedirect(f"{request.path}/")
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, in our log. 503: the database does not answer, and will again.

    Said without a question to anything that may be what has failed.
    """
    error = sys.exc_info()[1]
    if getattr(getattr(error, "__cause__", None), "sqlstate", "") == REFUSED_BY_THE_DATABASE:
        SECURITY_EVENTS.labels(kind="refused_by_database").inc()
        log.error("refused_by_database", path=path_for_the_log(request.path))
    language = language_of(request.path_info) or wished_language(request)
    with translation.override(language):
        response = HttpResponse(
            render_to_string(
                "web/broken.html",
                {"language": language, "request_name": structlog.contextvars.get_contextvars().get("request", "")},
            ),
            status=500,
        )
    if isinstance(error, InterfaceError | OperationalError):
        throw_dead_connections_away()  # so that only this reader notices
        response.status_code = 503
        response.headers["Retry-After"] = "30"
    return response


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "web/error.html", {"status": status}, status=status)
