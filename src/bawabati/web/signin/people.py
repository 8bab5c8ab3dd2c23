"""An administrator's page: who works for the company, invitations, lost second factors, accounts that close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from bawabati.companies.reads import list_agencies
from bawabati.errors import CannotDo
from bawabati.flows.add_staff import add_staff
from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.close_account import close_account, reopen_account
from bawabati.flows.invite_staff import invite_staff
from bawabati.flows.take_role import take_role
from bawabati.links import invitation_address
from bawabati.people.models import Staff, StaffRole
from bawabati.people.reads import list_people, list_waiting_changes, list_with_factor
from bawabati.people.rules import Action, ChangeKind, Role
from bawabati.scope import every_company
from bawabati.web.public.typed import typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.signin.to import there

LONGEST_NUMBER: Final = 19
LONGEST_NAME: Final = 120
LONGEST_LOGIN: Final = 150

Act = Callable[[StaffRequest], HttpResponse | None]


class PersonIncomplete(CannotDo):
    """Not what the form asks for."""

    code: ClassVar[str] = "person_incomplete"
    sentence: ClassVar[str] = "Give an e-mail address, a name, a role and a place."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company, with the roles held in it."""

    staff: Staff
    roles: list[StaffRole]
    has_factor: bool


@require_safe
@staff_page(Action.SEE_STAFF)
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
        "agencies": list_agencies(company.id),
        "every_role": list(Role),
        "changes": list_waiting_changes(company_id=company.id, kind=ChangeKind.LOST_FACTOR),
        "may_change": request.may(Action.CHANGE_STAFF),
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
            with every_company("a person is changed as a whole, wherever he works"):
                done = act(request)
        except CannotDo as error:
            return _page(request, error=error)
        return done or there(reverse("staff_people", args=[language]))

    return acting


def _add(request: StaffRequest) -> HttpResponse:
    """Somebody new, or another role of somebody; whoever has no password yet is invited at once."""
    login, chosen, place = (
        _person(request).strip().lower(),
        request.POST.get("role", ""),
        request.POST.get("agency", ""),
    )
    agencies = {str(agency.id): agency for agency in list_agencies(request.place.company.id)}
    name = typed(request.POST.get("name", "")).strip()
    if chosen not in set(Role) or (place and place not in agencies) or not _is_address(login) or not name:
        raise PersonIncomplete
    staff = add_staff(
        login=login,
        name=name[:LONGEST_NAME],
        language=get_language() or "ar",
        role=Role(chosen),
        company=request.place.company,
        agency=agencies.get(place),
        asked_by=request.staff.login,
        now=timezone.now(),
    )
    return _invite(request) if not staff.has_usable_password() else _page(request)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_LOGIN and "\0" not in text


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


def _take_role(request: StaffRequest) -> None:
    take_role(
        held_id=_number(request, "held"),
        company_id=request.place.company.id,
        login=request.staff.login,
        now=timezone.now(),
    )


def _person(request: HttpRequest) -> str:
    return typed(request.POST.get("person", ""))


def _change(request: HttpRequest) -> int:
    return _number(request, "change")


def _number(request: HttpRequest, name: str) -> int:
    number = request.POST.get(name, "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER else 0


people_urls = [
    path("", people, name="staff_people"),
    path("add/", _post(_add), name="staff_add"),
    path("take-role/", _post(_take_role), name="staff_take_role"),
    path("invite/", _post(_invite), name="staff_invite"),
    path("lost-factor/", _post(_ask_reset), name="staff_lost_factor"),
    path("approve/", _post(_approve), name="staff_approve_change"),
    path("refuse/", _post(_refuse), name="staff_refuse_change"),
    path("close/", _post(_close), name="staff_close_account"),
    path("reopen/", _post(_reopen), name="staff_reopen_account"),
]
