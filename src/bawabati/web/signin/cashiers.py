"""On a shared desk: another cashier takes over. Decision: docs/decisions/0022-change-of-cashier.md"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.change_cashier import change_cashier, set_desk_pin
from bawabati.flows.sign_in import browser_digest
from bawabati.flows.steps.midnight import last_midnight
from bawabati.people.reads import list_known_here
from bawabati.people.rules import Factor, Level
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import enter
from bawabati.web.shared.visitors import visitor_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.signin.entering import mark_name, status_of
from bawabati.web.signin.passwords import typed_twice
from bawabati.web.signin.to import there, wanted


@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Login and PIN; then the session is the other person's, and nothing of the former one's is left in it."""
    now, digest = timezone.now(), browser_digest(request.COOKIES.get(mark_name(), ""))
    context: dict[str, object] = {"to": wanted(request), "known": list_known_here(digest, since=last_midnight(now))}
    if request.method != "POST":
        return render(request, "web/staff/take_over.html", context)
    login, pin = typed(request.POST.get("login", "")), typed(request.POST.get("pin", ""))
    try:
        staff = change_cashier(login=login, typed=pin, browser_sha256=digest, visitor=visitor_of(request), now=now)
    except CannotDo as error:
        context |= {"error": sentence_of(error), "login": given_back(login)}
        return render(request, "web/staff/take_over.html", context, status=status_of(error))
    enter(request, staff, factor=Factor.DESK_PIN, now=now)
    return there(wanted(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(None, at=Level.ANYWHERE, stepped_up=True)
def pin(request: StaffRequest, language: str) -> HttpResponse:
    """The own PIN; nothing typed takes it away."""
    if request.method != "POST":
        return render(request, "web/staff/pin.html")
    try:
        set_desk_pin(staff=request.staff, pin=typed_twice(request.POST), now=timezone.now())
    except CannotDo as error:
        return render(request, "web/staff/pin.html", {"error": sentence_of(error)}, status=422)
    return there(reverse("staff_security", args=[language]))
