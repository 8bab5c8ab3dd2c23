"""A company's own host name: the portal under another name, where that company alone is to be found.

Which hosts are ours is settings (`BAWABATI_HOSTS`); which are a company's is data. Any other host is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port, validate_host

from bawabati.companies.models import Company
from bawabati.companies.reads import find_company_of_host
from bawabati.links import site
from bawabati.web.shared.headers import FOR_MACHINES
from bawabati.web.shared.languages import GetResponse
from bawabati.web.shared.staff_session import is_of_staff

_host_of: Final[ContextVar[Company | None]] = ContextVar("company_of_the_host", default=None)


def know_the_host(get_response: GetResponse) -> GetResponse:
    """Middleware: on a company's own host, nobody else's pages, and staff go to the portal's own address.

    Staff sign in under one name only: their cookies and passkeys hold for that. Rule: own-host
    """

    def answer(request: HttpRequest) -> HttpResponse:
        company = _company_of_the_host(request)
        if company is None:
            return get_response(request)
        host = request.META["HTTP_HOST"]
        request.get_host = lambda: host  # type: ignore[method-assign]  # Django knows only the hosts of its settings
        if is_of_staff(request.path_info):
            return HttpResponsePermanentRedirect(site() + request.path)
        with _on_the_host_of(company):
            return get_response(request)

    return answer


def company_of_the_host() -> Company | None:
    """Whose own host the request came to; None: the portal's."""
    return _host_of.get()


def is_elsewhere(company_id: int) -> bool:
    """Whether the request came to the own host of another company."""
    company = company_of_the_host()
    return company is not None and company.id != company_id


def _company_of_the_host(request: HttpRequest) -> Company | None:
    if request.path_info in FOR_MACHINES:
        return None
    host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
    is_ours = validate_host(host, [*settings.ALLOWED_HOSTS, urlsplit(settings.PUBLIC_URL).hostname or ""])
    return None if is_ours else find_company_of_host(host.removesuffix("."))


@contextmanager
def _on_the_host_of(company: Company) -> Iterator[None]:
    before = _host_of.set(company)
    try:
        yield
    finally:
        _host_of.reset(before)
