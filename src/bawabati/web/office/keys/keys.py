"""Keys of machines: who comes in, with what leave; one is made, and shown once; one is ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.keep_keys import end_key, make_key
from bawabati.notices.models import Endpoint
from bawabati.notices.reads import count_given_up, count_waiting, list_endpoints
from bawabati.people.models import ApiKey
from bawabati.people.reads import list_keys
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.keys.words import KINDS, SCOPES
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the list shows it."""

    key: ApiKey
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class EndpointLine:
    """An address as the list shows it."""

    endpoint: Endpoint
    kinds: list[str]
    waiting: int
    given_up: int


@require_safe
@staff_page(Action.SEE_KEYS)
def keys(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything that comes in by a key, and every address that is told."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS, stepped_up=True)
def make(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another key, shown once."""
    chosen = request.POST.getlist("scope")
    context: dict[str, object] = {
        "scopes": [(scope, gettext(word), scope in chosen) for scope, word in SCOPES.items()],
        "filled": {name: given_back(typed_line(request, name)) for name in ("name", "channel", "networks")},
    }
    if request.method != "POST":
        return render(request, "web/office/keys/make.html", context)
    try:
        made = make_key(
            company_id=request.place.company.id,
            name=typed_line(request, "name"),
            scopes=chosen,
            channel_name=typed_line(request, "channel"),
            networks=typed_line(request, "networks").replace(",", " ").split(),
            login=request.staff.login,
            now=timezone.now(),
        )
    except CannotDo as error:
        context["error"] = sentence_of(error)
        return render(request, "web/office/keys/make.html", context, status=422)
    shown = {"title": made.key.name, "secret": made.text, "is_key": True}
    return render(request, "web/office/keys/shown_once.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS)
def end(request: StaffRequest, language: str, key_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """It opens nothing from now on."""
    if request.method == "POST":
        try:
            end_key(company_id=request.place.company.id, key_id=key_id, login=request.staff.login, now=timezone.now())
        except CannotDo as error:
            return _page(request, error=error)
    return to("office_keys")


def _page(request: StaffRequest, *, error: CannotDo | None = None) -> HttpResponse:
    company_id = request.place.company.id
    waiting, given_up = count_waiting(company_id), count_given_up(company_id)
    context = {
        "keys": [KeyLine(key, [gettext(SCOPES[scope]) for scope in key.scopes]) for key in list_keys(company_id)],
        "endpoints": [
            EndpointLine(
                endpoint,
                [gettext(KINDS[kind]) for kind in endpoint.kinds],
                waiting.get(endpoint.id, 0),
                given_up.get(endpoint.id, 0),
            )
            for endpoint in list_endpoints(company_id)
        ],
        "may_keep": request.may(Action.KEEP_KEYS),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/keys/list.html", context, status=422 if error else 200)
