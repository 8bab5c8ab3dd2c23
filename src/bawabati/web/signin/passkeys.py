"""Passkeys: set up, and shown to come in or to confirm. The browser's part is `static/web/passkey.js`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.set_up_factor import set_up_passkey
from bawabati.flows.sign_in import count_passkey
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff
from bawabati.people.rules import Factor, Level, PasskeyWrong
from bawabati.web.public.typed import typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import factor_of, pending_of, show_factor
from bawabati.web.shared.visitors import visitor_of
from bawabati.web.shared.who import StaffRequest, signed_in_page, staff_page
from bawabati.web.signin.entering import let_in, status_of
from bawabati.web.signin.security import after_set_up, confirmation, may_change_factors
from bawabati.web.signin.to import there, wanted

LONGEST: Final = 20_000
LONGEST_NAME: Final = 60
MALFORMED: Final = (ValidationError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What a credential that somebody made up leads to, in fido2 and allauth."""

Result = TypeVar("Result")


@require_safe
def to_come_in(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What a browser needs to ask for a passkey: of whoever has typed the password, or of anybody."""
    now = timezone.now()
    try:
        count_passkey(visitor=visitor_of(request), now=now)
    except CannotDo as error:
        return HttpResponse(status=status_of(error))
    pending = pending_of(request, now=now)
    return JsonResponse(auth.begin_authentication(get_staff(pending.staff_id) if pending else None))


@require_POST
def come_in(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """In by a passkey: with user verification it is two factors in one. Rule: second-factor (failures.md 5.8)"""
    now = timezone.now()
    pending = pending_of(request, now=now)
    try:
        count_passkey(visitor=visitor_of(request), now=now)
        staff = _whose(request, get_staff(pending.staff_id) if pending else None)
    except CannotDo as error:
        page = "web/staff/second_factor.html" if pending else "web/staff/sign_in.html"
        return render(request, page, {"error": sentence_of(error), "to": wanted(request)}, status=status_of(error))
    return let_in(request, staff, factor=Factor.PASSKEY, to=pending.to if pending else wanted(request))


@require_safe
@staff_page(None, at=Level.ANYWHERE)
def to_confirm(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What a browser needs to ask for a passkey of the person who is signed in."""
    return JsonResponse(auth.begin_authentication(request.staff))


@require_POST
@staff_page(None, at=Level.ANYWHERE)
def confirm(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The step-up, by passkey."""
    now = timezone.now()
    try:
        count_passkey(visitor=visitor_of(request), now=now)
        _whose(request, request.staff)
    except CannotDo as error:
        context = {"error": sentence_of(error), "to": wanted(request)}
        return render(request, "web/staff/confirm.html", context, status=status_of(error))
    show_factor(request, Factor.PASSKEY, now=now)
    return there(wanted(request))


@require_safe
@signed_in_page
def to_set_up(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What a browser needs to make a passkey that verifies its user."""
    if not may_change_factors(request):
        return HttpResponse(status=403)
    return JsonResponse(auth.begin_registration(request.staff, passwordless=True))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def set_up(request: StaffRequest, language: str) -> HttpResponse:
    """A passkey more."""
    if not may_change_factors(request):
        return there(confirmation(language, "staff_passkey"))
    if request.method != "POST":
        return render(request, "web/staff/passkey.html")
    try:
        credential = _posted(request)
        _checked(lambda: auth.parse_registration_response(credential))
        made = _checked(lambda: auth.complete_registration(credential))
        if not made.is_user_verified():
            raise PasskeyWrong
        codes = set_up_passkey(
            staff=request.staff,
            name=typed(request.POST.get("name", ""))[:LONGEST_NAME],
            credential=credential,
            now=timezone.now(),
        )
    except CannotDo as error:
        return render(request, "web/staff/passkey.html", {"error": sentence_of(error)}, status=422)
    if factor_of(request) is None or may_change_factors(request):
        show_factor(request, Factor.PASSKEY, now=timezone.now())
    return after_set_up(request, codes, language)


def _whose(request: HttpRequest, expected: Staff | None) -> Staff:
    """Whose passkey was shown; with `expected`, only that person's will do. Raises PasskeyWrong."""
    credential = _posted(request)
    _checked(lambda: auth.parse_authentication_response(credential))
    staff = expected or _checked(lambda: auth.extract_user_from_response(credential))
    shown: Authenticator = _checked(lambda: auth.complete_authentication(staff, credential))
    if not isinstance(staff, Staff) or not staff.is_active or staff.is_system or shown.user_id != staff.id:
        raise PasskeyWrong
    return staff


def _posted(request: HttpRequest) -> dict[str, Any]:
    text = request.POST.get("credential", "")
    credential = _checked(lambda: json.loads(text[:LONGEST]))
    if not isinstance(credential, dict):
        raise PasskeyWrong
    return credential


def _checked(step: Callable[[], Result]) -> Result:
    try:
        return step()
    except MALFORMED as error:
        raise PasskeyWrong from error
