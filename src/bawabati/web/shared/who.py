"""Who works on a page, and where: `@staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)` before a view.

The view gets a `StaffRequest`. Whoever is not signed in, has not shown the second factor that his roles ask for, may
not do this anywhere, or has not said where, does not reach it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from bawabati.companies.models import Agency, Company
from bawabati.companies.reads import get_agency, get_company
from bawabati.people.models import Staff
from bawabati.people.reads import all_roles_of, list_places_allowing, roles_for
from bawabati.people.rules import FROM_ANY_AGENCY, Action, Level, NotAllowed, Role, Where, factor_suffices, is_allowed
from bawabati.scope import enter_company, enter_every_company
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import factor_of, is_confirmed, place_of, work_at

More = ParamSpec("More")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: in an agency, in a company as a whole, or everywhere."""

    of_company: Company | None = None
    of_agency: Agency | None = None

    @property
    def company(self) -> Company:
        """The company; there on every page but those of no place."""
        assert self.of_company is not None  # noqa: S101 - by `staff_page`
        return self.of_company

    @property
    def agency(self) -> Agency:
        """The agency; there on pages `at=Level.AGENCY`."""
        assert self.of_agency is not None  # noqa: S101 - by `staff_page`
        return self.of_agency


class StaffRequest(HttpRequest):
    """A request of somebody who may do what the page is for, at `place`. Only for the types: see `staff_page`."""

    staff: Staff
    place: Place
    may_nationally: Callable[[Action], bool]
    """The same, for all companies at once: only roles that are held nationally count."""
    may: Callable[[Action], bool]
    """Whether this person may do that at this place: for what a page offers, never instead of the flow's own check."""


ALL_COMPANIES: Final = frozenset({Level.ANYWHERE, Level.NATION})

View = Callable[..., HttpResponse]
StaffView = Callable[Concatenate[StaffRequest, More], HttpResponse]


def staff_page(
    action: Action | None, *, at: Level = Level.COMPANY, stepped_up: bool = False
) -> Callable[[StaffView[More]], View]:
    """Lets in who may do `action`; None: whoever works here. `stepped_up`: only after a second factor just now.

    From there on the database shows the rows of the place's company alone; `at=Level.ANYWHERE` and `Level.NATION`
    those of every company.

    Rule: role-holds-where (behaviour.md I13), second-factor, step-up (failures.md 5.8)
    """

    def decorate(view: StaffView[More]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - whatever the view takes
            staff = staff_of(request)
            if staff is None:
                return _led_to(request, "staff_sign_in")
            enter_every_company("where somebody may come in, his roles everywhere say; and pages of no place")
            roles = all_roles_of(staff.id)
            if not factor_suffices(factor_of(request), roles, passkeys_required=settings.PASSKEYS_REQUIRED):
                return _led_to(request, "staff_security")
            where = place_of(request)
            if action is not None and not _is_allowed_at(staff, action, at, where):
                places = list_places_allowing(action, staff_id=staff.id, at=at)
                if not places:
                    return refused(request)
                if len(places) > 1:
                    return _led_to(request, "staff_place", {"for": action.value, "at": at.value})
                where = places[0]
                work_at(request, where)
            if stepped_up and not is_confirmed(request, now=timezone.now()):
                return _led_to(request, "staff_confirm")
            ours = _with_staff(request, staff, where)
            if at not in ALL_COMPANIES:
                enter_company(ours.place.company.id)
            return view(ours, *args, **kwargs)

        return guarded

    return decorate


def signed_in_page(view: StaffView[More]) -> View:
    """Lets in whoever has given the right password, second factor or not: for setting one up."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - whatever the view takes
        staff = staff_of(request)
        if staff is None:
            return _led_to(request, "staff_sign_in")
        enter_every_company("one's own sign-in belongs to no company")
        return view(_with_staff(request, staff, place_of(request)), *args, **kwargs)

    return guarded


def staff_of(request: HttpRequest) -> Staff | None:
    """Who is signed in on an address of staff."""
    return request.user if isinstance(request.user, Staff) else None


def refused(request: HttpRequest) -> HttpResponse:
    """403, with the sentence that the flows give."""
    return render(request, "web/cannot.html", {"sentence": sentence_of(NotAllowed())}, status=403)


def _with_staff(request: HttpRequest, staff: Staff, where: Where) -> StaffRequest:
    ours = cast("StaffRequest", request)
    ours.staff = staff
    ours.place = Place(
        get_company(where.company_id) if where.company_id else None,
        get_agency(where.agency_id) if where.agency_id else None,
    )
    held: dict[bool, frozenset[Role]] = {}

    def may(action: Action) -> bool:
        from_any = action in FROM_ANY_AGENCY
        if from_any not in held:
            held[from_any] = _roles(staff, action, where)
        return is_allowed(action, held[from_any])

    @cache
    def may_nationally(action: Action) -> bool:
        return is_allowed(action, _roles(staff, action, Where()))

    ours.may, ours.may_nationally = may, may_nationally
    return ours


def _is_allowed_at(staff: Staff, action: Action, at: Level, where: Where) -> bool:
    match at:
        case Level.AGENCY:
            return where.agency_id is not None and is_allowed(action, _roles(staff, action, where))
        case Level.COMPANY:
            company = Where(where.company_id)
            return where.company_id is not None and is_allowed(action, _roles(staff, action, company))
        case Level.NATION:
            return is_allowed(action, _roles(staff, action, Where()))
        case Level.ANYWHERE:
            return is_allowed(action, all_roles_of(staff.id))


def _roles(staff: Staff, action: Action, where: Where) -> frozenset[Role]:
    return roles_for(action, staff_id=staff.id, company_id=where.company_id, agency_id=where.agency_id)


def _led_to(request: HttpRequest, name: str, more: dict[str, str] | None = None) -> HttpResponse:
    """To another page first, and back from there; what was posted has to be posted again."""
    query = urlencode({"to": request.path, **(more or {})})
    return HttpResponseRedirect(f"{reverse(name, args=[get_language()])}?{query}", status=303)
