"""One line for each request: what, how it ended, how long it took. No query string, no address, no secret."""

from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse

from bawabati.web.shared.languages import GetResponse
from bawabati.web.shared.paths import path_for_the_log

log = structlog.get_logger("request")


def log_each_request(get_response: GetResponse) -> GetResponse:
    """Middleware, the outermost: it sees every answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = get_response(request)
        log.info(
            "request",
            method=request.method,
            path=path_for_the_log(request.path),
            status=response.status_code,
            milliseconds=round((perf_counter() - began) * 1000, 1),
        )
        return response

    return answer
