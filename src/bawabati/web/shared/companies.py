"""Whose rows a request may see: nobody's until its door knows, then that company's to the end of the answer.

Decision: docs/decisions/0032-row-level-security.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bawabati.companies.models import Company
from bawabati.companies.reads import find_company
from bawabati.scope import enter_company, every_company, keeping_scope, nobody
from bawabati.web.shared.languages import GetResponse
from bawabati.web.shared.own_host import is_elsewhere


def begin_with_no_company(get_response: GetResponse) -> GetResponse:
    """Middleware: nothing of another request is left, and an answer that is still being written keeps its company."""

    def answer(request: HttpRequest) -> HttpResponse:
        with nobody():
            response = cast("HttpResponseBase", get_response(request))
            if isinstance(response, StreamingHttpResponse):
                pieces = cast("Iterator[bytes]", response.streaming_content)
                response.streaming_content = keeping_scope(pieces)
            return cast("HttpResponse", response)

    return answer


def the_company(code: str) -> Company:
    """The company of an address, and from here on its rows alone. Raises Http404, also on another company's host."""
    company = find_company(code)
    if company is None or is_elsewhere(company.id):
        raise Http404
    enter_company(company.id)
    return company


def in_its_company(number: int | None, company_of: Callable[[int], int | None]) -> int | None:
    """The number again, and from here on the rows of its company alone; None when it is no company's.

    For what comes with a number of ours and nothing else: a secret link, a gateway's callback.
    """
    if number is None:
        return None
    with every_company("a secret link or a gateway's callback names a row, and not yet whose it is"):
        company_id = company_of(number)
    if company_id is None or is_elsewhere(company_id):
        return None
    enter_company(company_id)
    return number
