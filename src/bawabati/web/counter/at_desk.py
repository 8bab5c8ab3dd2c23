"""Who works at which desk: the session that every page of the counter stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from bawabati.companies.models import Desk, Reader
from bawabati.companies.reads import find_reader_of_desk
from bawabati.desks.models import DeskSession
from bawabati.desks.reads import find_open_session
from bawabati.people.rules import Action, Level
from bawabati.web.shared.lights import Light, light_of_reader
from bawabati.web.shared.who import StaffRequest, staff_page

More = ParamSpec("More")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A cashier's open session, with its desk and what stands on it."""

    session: DeskSession
    desk: Desk
    reader: Reader | None

    @property
    def light(self) -> Light:
        """How the reader is, as far as its bridge says."""
        return light_of_reader(self.reader, now=timezone.now())


DeskView = Callable[Concatenate[StaffRequest, AtDesk, More], HttpResponse]


def desk_page(view: DeskView[More]) -> Callable[..., HttpResponse]:
    """Lets a cashier in who has a session open, and leads everybody else to opening one."""

    @staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - whatever the view takes
        session = find_open_session(request.staff.id)
        if session is None:
            return to("counter_open")
        here = AtDesk(session, session.desk, find_reader_of_desk(session.desk_id))
        return view(request, here, *args, **kwargs)

    return guarded


def desk_render(
    request: HttpRequest, here: AtDesk, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the counter, with what stands around each of them."""
    around: dict[str, object] = {"session": here.session, "desk": here.desk, "reader": here.reader, "light": here.light}
    return render(request, template, around | dict(context), status=status)


def to(name: str, *args: object) -> HttpResponse:
    """There, by GET, in the language of this page."""
    return HttpResponseRedirect(reverse(name, args=[get_language(), *args]), status=303)
