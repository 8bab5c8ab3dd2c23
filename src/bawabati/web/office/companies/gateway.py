"""The merchant account: shown without its password, changed by two people."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import find_active_gateway_account
from bawabati.errors import CannotDo
from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.flows.ask_change import GatewayChange, ask_gateway_change
from bawabati.people.models import PendingChange
from bawabati.people.reads import find_change, list_waiting_changes
from bawabati.people.rules import Action, ChangeKind, NoSuchChange
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import is_confirmed
from bawabati.web.shared.who import StaffRequest, staff_page

LONGEST_PASSWORD = 200
_TYPED = ("base_url", "user_name", "terminal_id", "page_hosts")


@require_safe
@staff_page(Action.SEE_COMPANY)
def account(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The account and what waits for its second person, for everybody who sees the company.

    Forms are there for who may ask or approve and has shown a second factor just now. Rule: step-up (failures.md 5.8)
    """
    return _page(request)


@require_POST
@staff_page(Action.ASK_GATEWAY_CHANGE, stepped_up=True)
def ask(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Asks for a change; nothing changes before another person approves. Rule: two-people (behaviour.md 4)"""
    company = request.place.company
    password = request.POST.get("password", "").replace("\0", "")[:LONGEST_PASSWORD]
    try:
        ask_gateway_change(
            company=company,
            change=GatewayChange(
                base_url=typed_line(request, "base_url"),
                user_name=typed_line(request, "user_name"),
                terminal_id=typed_line(request, "terminal_id"),
                page_hosts=typed_line(request, "page_hosts").replace(",", " ").split(),
                gateway=_gateway(typed_line(request, "gateway")),
                password=password or None,
            ),
            login=request.staff.login,
            now=timezone.now(),
        )
    except CannotDo as error:
        return _page(request, error)
    return to("office_gateway")


@require_POST
@staff_page(Action.APPROVE_GATEWAY_CHANGE, stepped_up=True)
def decide(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Another person approves, or refuses; who asked takes it back."""
    decided = approve_change if typed_line(request, "act") == "approve" else refuse_change
    try:
        change = find_change(number_of(typed_line(request, "change")))
        if change is None or change.company_id != request.place.company.id or change.kind != ChangeKind.GATEWAY_ACCOUNT:
            raise NoSuchChange
        decided(change_id=change.id, login=request.staff.login, now=timezone.now())
    except CannotDo as error:
        return _page(request, error)
    return to("office_gateway")


def _page(request: StaffRequest, error: CannotDo | None = None) -> HttpResponse:
    company = request.place.company
    row = find_active_gateway_account(company.id)
    is_sure = is_confirmed(request, now=timezone.now())
    waiting = list_waiting_changes(company_id=company.id, kind=ChangeKind.GATEWAY_ACCOUNT)
    context = {
        "account": row,
        "waiting": [(change, _lines(change)) for change in waiting],
        "filled": _filled(request, row),
        "gateways": sorted(settings.GATEWAYS),
        "may_ask": request.may(Action.ASK_GATEWAY_CHANGE) and is_sure,
        "may_decide": request.may(Action.APPROVE_GATEWAY_CHANGE) and is_sure,
        "has_to_confirm": not is_sure
        and (request.may(Action.ASK_GATEWAY_CHANGE) or request.may(Action.APPROVE_GATEWAY_CHANGE)),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/companies/gateway.html", context, status=422 if error else 200)


def _gateway(name: str) -> str | None:
    return name if name in settings.GATEWAYS else None


def _filled(request: StaffRequest, row: GatewayAccount | None) -> dict[str, str]:
    if request.method == "POST" and "base_url" in request.POST:
        return {name: given_back(typed_line(request, name)) for name in _TYPED}
    if row is None:
        return dict.fromkeys(_TYPED, "")
    return {name: _shown(getattr(row, name)) for name in _TYPED}


def _lines(change: PendingChange) -> list[tuple[str, str, str]]:
    """Column, what it says now, what it is to say. A password is never shown."""
    return [(column, _shown(before), _shown(after)) for column, (before, after) in change.what["changes"].items()]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
