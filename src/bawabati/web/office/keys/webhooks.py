"""Addresses that are told what happened: added, opened again, ended, with what came of each event."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.deliver_events import body_of
from bawabati.flows.keep_webhooks import (
    add_endpoint,
    end_endpoint,
    open_endpoint,
    renew_secret,
    send_again,
    send_delivery_again,
)
from bawabati.keyset import At, Page
from bawabati.notices.models import Delivery, DeliveryTry, Endpoint
from bawabati.notices.reads import (
    count_given_up,
    count_waiting,
    find_delivery,
    find_endpoint,
    list_deliveries,
    list_tries,
)
from bawabati.notices.rules import DeliveryState
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.keys.words import KINDS, REASONS, STATES
from bawabati.web.public.typed import given_back
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

FILTERS: Final = (Filter("state", _("State"), Kind.CHOICE, choices=tuple(STATES.items())),)
LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """An event on its way, as pages show it."""

    delivery: Delivery
    kind: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class TryLine:
    """What one try brought."""

    tried: DeliveryTry
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS, stepped_up=True)
def add(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another address; its secret is shown once."""
    chosen = request.POST.getlist("kind") if request.method == "POST" else list(KINDS)
    context: dict[str, object] = {
        "kinds": [(kind, gettext(word), kind in chosen) for kind, word in KINDS.items()],
        "filled": {"url": given_back(typed_line(request, "url"))},
    }
    if request.method != "POST":
        return render(request, "web/office/keys/add.html", context)
    try:
        made = add_endpoint(
            company_id=request.place.company.id,
            url=typed_line(request, "url"),
            kinds=chosen,
            login=request.staff.login,
            now=timezone.now(),
        )
    except CannotDo as error:
        context["error"] = sentence_of(error)
        return render(request, "web/office/keys/add.html", context, status=422)
    return _shown_once(request, made.endpoint, made.secret)


@require_safe
@staff_page(Action.SEE_KEYS)
def endpoint(request: StaffRequest, language: str, endpoint_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One address, and what came of each event."""
    return _page(request, _endpoint_of(request, endpoint_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS, stepped_up=True)
def secret(request: StaffRequest, language: str, endpoint_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another secret, shown once; the former one holds for a day."""
    found = _endpoint_of(request, endpoint_id)
    if request.method != "POST":
        return to("office_webhook", endpoint_id)
    new = renew_secret(
        company_id=request.place.company.id, endpoint_id=found.id, login=request.staff.login, now=timezone.now()
    )
    return _shown_once(request, found, new)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS)
def reopen(request: StaffRequest, language: str, endpoint_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """It is told again, of what it has missed too."""
    found = _endpoint_of(request, endpoint_id)
    if request.method == "POST":
        open_endpoint(
            company_id=request.place.company.id, endpoint_id=found.id, login=request.staff.login, now=timezone.now()
        )
    return to("office_webhook", endpoint_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS)
def end(request: StaffRequest, language: str, endpoint_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """It is told nothing more."""
    found = _endpoint_of(request, endpoint_id)
    if request.method != "POST":
        return to("office_webhook", endpoint_id)
    end_endpoint(
        company_id=request.place.company.id, endpoint_id=found.id, login=request.staff.login, now=timezone.now()
    )
    return to("office_keys")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS)
def again(request: StaffRequest, language: str, endpoint_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every event after a number leaves once more, or all that was given up."""
    found = _endpoint_of(request, endpoint_id)
    if request.method == "POST":
        given_up_only = request.POST.get("which") == DeliveryState.GIVEN_UP
        typed = "0" if given_up_only else typed_line(request, "after")
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
        after = int(typed) if is_number else found.told_up_to
        send_again(
            company_id=request.place.company.id,
            endpoint_id=found.id,
            after=after,
            given_up_only=given_up_only,
            by=request.staff,
            now=timezone.now(),
        )
    return to("office_webhook", endpoint_id)


@require_safe
@staff_page(Action.SEE_KEYS)
def delivery(request: StaffRequest, language: str, delivery_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One event on its way: what it says, and what each try brought."""
    found = _delivery_of(request, delivery_id)
    context = {
        "line": _line(found),
        "delivery": found,
        "body": json.dumps(json.loads(body_of(found.event)), indent=2, ensure_ascii=False),
        "tries": [TryLine(one, gettext(REASONS[one.reason]) if one.reason in REASONS else one.reason)
                  for one in list_tries([found.id])],
        "may_keep": request.may(Action.KEEP_KEYS) and found.endpoint.ended_at is None,
    }  # fmt: skip
    return render(request, "web/office/keys/delivery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_KEYS)
def deliver_again(request: StaffRequest, language: str, delivery_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """This event leaves once more."""
    found = _delivery_of(request, delivery_id)
    if request.method == "POST" and found.endpoint.ended_at is None:
        send_delivery_again(
            company_id=request.place.company.id, delivery_id=found.id, login=request.staff.login, now=timezone.now()
        )
    return to("office_delivery", delivery_id)


def _page(request: StaffRequest, found: Endpoint) -> HttpResponse:
    asked = read_filters(request, FILTERS)

    def ask(at: At) -> Page[Delivery]:
        state = asked.word("state")
        return list_deliveries(
            company_id=found.company_id, endpoint_id=found.id, states=[state] if state else [], at=at
        )

    context = {
        "endpoint": found,
        "kinds": [gettext(KINDS[kind]) for kind in found.kinds],
        "waiting": count_waiting(found.company_id).get(found.id, 0),
        "given_up": count_given_up(found.company_id).get(found.id, 0),
        "asked": asked,
        "page": ask(place_in_list(request)).of(_line),
        "may_keep": request.may(Action.KEEP_KEYS),
    }
    return render(request, "web/office/keys/endpoint.html", context, status=422 if asked.errors else 200)


def _shown_once(request: StaffRequest, found: Endpoint, new: str) -> HttpResponse:
    shown = {"title": found.url, "secret": new, "is_key": False}
    return render(request, "web/office/keys/shown_once.html", shown)


def _line(delivery: Delivery) -> DeliveryLine:
    reason = delivery.last_reason
    return DeliveryLine(
        delivery,
        gettext(KINDS[delivery.event.kind]),
        gettext(STATES[delivery.state]),
        gettext(REASONS[reason]) if reason in REASONS else reason,
    )


def _endpoint_of(request: StaffRequest, endpoint_id: int) -> Endpoint:
    """Raises Http404."""
    found = find_endpoint(company_id=request.place.company.id, endpoint_id=endpoint_id)
    if found is None:
        raise Http404
    return found


def _delivery_of(request: StaffRequest, delivery_id: int) -> Delivery:
    """Raises Http404."""
    found = find_delivery(company_id=request.place.company.id, delivery_id=delivery_id)
    if found is None:
        raise Http404
    return found
