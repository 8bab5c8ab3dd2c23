"""An administrator's page: who works for the company, invitations, lost second factors, accounts that close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.close_account import close_account, reopen_account
from bawabati.flows.invite_staff import invite_staff
from bawabati.links import invitation_address
from bawabati.people.models import Staff, StaffRole
from bawabati.people.reads import list_people, list_waiting_changes, list_with_factor
from bawabati.people.rules import Action, ChangeKind
from bawabati.web.public.typed import typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.signin.to import there

Act = Callable[[StaffRequest], HttpResponse | None]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company, with the roles held in it."""

    staff: Staff
    roles: list[StaffRole]
    has_factor: bool


@require_safe
@staff_page(Action.CHANGE_STAFF, stepped_up=True)
def people(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everybody who holds a role in this company, and what waits for another administrator."""
    return _page(request)


def _page(request: StaffRequest, *, error: CannotDo | None = None, link: str = "") -> HttpResponse:
    company = request.place.company
    held: dict[int, list[StaffRole]] = {}
    for role in list_people(company.id):
        held.setdefault(role.staff_id, []).append(role)
    with_factor = list_with_factor(held)
    context = {
        "people": [Person(roles[0].staff, roles, staff_id in with_factor) for staff_id, roles in held.items()],
        "changes": list_waiting_changes(company_id=company.id, kind=ChangeKind.LOST_FACTOR),
        "error": sentence_of(error) if error else "",
        "link": link,
    }
    return render(request, "web/staff/people.html", context, status=422 if error else 200)


def _post(act: Act) -> Callable[..., HttpResponse]:
    """An act of that page: back to it afterwards, or the page with the reason why not."""

    @require_POST
    @staff_page(Action.CHANGE_STAFF, stepped_up=True)
    @wraps(act)
    def acting(request: StaffRequest, language: str) -> HttpResponse:
        try:
            done = act(request)
        except CannotDo as error:
            return _page(request, error=error)
        return done or there(reverse("staff_people", args=[language]))

    return acting


def _invite(request: StaffRequest) -> HttpResponse:
    """The link is shown too: not every person reads e-mail before the first day."""
    invitation = invite_staff(person_login=_person(request), login=request.staff.login, now=timezone.now())
    return _page(request, link=invitation_address(invitation.id, language=get_language() or "ar"))


def _ask_reset(request: StaffRequest) -> None:
    because = typed(request.POST.get("because", ""))
    ask_factor_reset(person_login=_person(request), because=because, login=request.staff.login, now=timezone.now())


def _approve(request: StaffRequest) -> None:
    approve_change(change_id=_change(request), login=request.staff.login, now=timezone.now())


def _refuse(request: StaffRequest) -> None:
    refuse_change(change_id=_change(request), login=request.staff.login, now=timezone.now())


def _close(request: StaffRequest) -> None:
    close_account(person_login=_person(request), login=request.staff.login, now=timezone.now())


def _reopen(request: StaffRequest) -> None:
    reopen_account(person_login=_person(request), login=request.staff.login, now=timezone.now())


def _person(request: HttpRequest) -> str:
    return typed(request.POST.get("person", ""))


def _change(request: HttpRequest) -> int:
    number = request.POST.get("change", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER else 0


LONGEST_NUMBER: Final = 19

people_urls = [
    path("", people, name="staff_people"),
    path("invite/", _post(_invite), name="staff_invite"),
    path("lost-factor/", _post(_ask_reset), name="staff_lost_factor"),
    path("approve/", _post(_approve), name="staff_approve_change"),
    path("refuse/", _post(_refuse), name="staff_refuse_change"),
    path("close/", _post(_close), name="staff_close_account"),
    path("reopen/", _post(_reopen), name="staff_reopen_account"),
]
