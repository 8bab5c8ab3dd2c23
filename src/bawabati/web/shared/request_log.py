"""One line for each request: what, how it ended, how long it took. No query string, no address, no secret."""

from secrets import token_urlsafe
from time import perf_counter
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

from bawabati.measures import REQUEST_SECONDS, REQUESTS
from bawabati.web.shared.languages import GetResponse
from bawabati.web.shared.paths import path_for_the_log

NAME_BYTES: Final = 9
"""Of the random name of a request: it stands in each of its lines, in the audit log, and on the page of a fault."""

log = structlog.get_logger("request")


def log_each_request(get_response: GetResponse) -> GetResponse:
    """Middleware, the outermost: it sees every answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        with structlog.contextvars.bound_contextvars(request=token_urlsafe(NAME_BYTES)):
            response = get_response(request)
            took = perf_counter() - began
            log.info(
                "request",
                method=request.method,
                path=path_for_the_log(request.path),
                status=response.status_code,
                milliseconds=round(took * 1000, 1),
            )
        _measure(request, response, took)
        return response

    return answer


def _measure(request: HttpRequest, response: HttpResponse, took: float) -> None:
    """By the pattern of the address: what somebody typed into it is nobody's label."""
    matched = request.resolver_match
    route = matched.route if matched is not None else "none"
    REQUESTS.labels(route=route, method=_known(request.method), status=str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route=route).observe(took)


def _known(method: str | None) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"
