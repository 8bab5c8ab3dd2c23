"""In and out: password, second factor, sign-out."""

import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bawabati.errors import CannotDo
from bawabati.flows.sign_in import check_code, check_password, note_sign_in
from bawabati.guard.rules import TooManyTries
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff, has_factor
from bawabati.people.rules import Factor
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import begin, enter, pending_of
from bawabati.web.shared.visitors import visitor_of
from bawabati.web.signin.to import there, wanted

LONGEST_PASSWORD: Final = 200
MARK_LIFE_SECONDS: Final = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, language: str) -> HttpResponse:
    """E-mail address and password."""
    if request.method != "POST":
        return render(request, "web/staff/sign_in.html", {"to": wanted(request)})
    now, login, to = timezone.now(), typed(request.POST.get("login", "")), wanted(request)
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    try:
        staff = check_password(login=login, password=password, visitor=visitor_of(request), now=now)
    except CannotDo as error:
        context = {"error": sentence_of(error), "login": given_back(login), "to": to}
        return render(request, "web/staff/sign_in.html", context, status=status_of(error))
    if has_factor(staff.id):
        begin(request, staff_id=staff.id, to=to, now=now)
        return there(reverse("staff_second_factor", args=[language]))
    return let_in(request, staff, factor=None, to=reverse("staff_security", args=[language]))


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest, language: str) -> HttpResponse:
    """A code of a device, or a recovery code; or a passkey."""
    now = timezone.now()
    pending = pending_of(request, now=now)
    if pending is None:
        return there(reverse("staff_sign_in", args=[language]))
    if request.method != "POST":
        return render(request, "web/staff/second_factor.html")
    try:
        factor = check_code(staff_id=pending.staff_id, code=typed(request.POST.get("code", "")), now=now)
    except CannotDo as error:
        context = {"error": sentence_of(error)}
        return render(request, "web/staff/second_factor.html", context, status=status_of(error))
    return let_in(request, get_staff(pending.staff_id), factor=factor, to=pending.to)


@require_POST
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    """Out of this browser. What it kept of our pages goes too, and with it a crew's list."""
    request.session.flush()
    response = there(reverse("staff_sign_in", args=[language]))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def let_in(request: HttpRequest, staff: Staff, *, factor: Factor | None, to: str) -> HttpResponse:
    """Opens the session, and gives the browser the mark by which a desk PIN knows it."""
    now = timezone.now()
    mark = request.COOKIES.get(mark_name(), "") or secrets.token_urlsafe(32)
    note_sign_in(staff=staff, factor=factor, browser_mark=mark, now=now)
    enter(request, staff, factor=factor, now=now)
    response = there(to)
    response.set_cookie(
        mark_name(), mark, max_age=MARK_LIFE_SECONDS, secure=settings.TLS, httponly=True, samesite="Strict"
    )
    return response


def mark_name() -> str:
    """The cookie that tells one browser from another. It says nothing of who has used it."""
    return "__Host-desk" if settings.TLS else "desk"


def status_of(error: CannotDo) -> int:
    """Of a form that is shown again."""
    return 429 if isinstance(error, TooManyTries) else 422
