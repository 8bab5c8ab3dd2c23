"""One's own security: second factors and recovery codes."""

from __future__ import annotations

from typing import Final

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.set_up_factor import remove_factor, renew_recovery_codes, set_up_totp
from bawabati.people.reads import all_roles_of, count_recovery_codes, has_factor, list_factors, list_sessions
from bawabati.people.rules import PASSKEY_ROLES, Factor
from bawabati.web.public.typed import typed
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import factor_of, is_confirmed, row_of, show_factor
from bawabati.web.shared.who import StaffRequest, signed_in_page
from bawabati.web.signin.to import there

NEW_SECRET: Final = "new_secret"  # noqa: S105 - its name in the session


@require_safe
@signed_in_page
def security(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What opens this account, and what is still missing."""
    factors = list_factors(request.staff.id)
    roles = all_roles_of(request.staff.id)
    needs_passkey = settings.PASSKEYS_REQUIRED and not PASSKEY_ROLES.isdisjoint(roles)
    context = {
        "factors": [factor for factor in factors if factor.type != Factor.RECOVERY_CODE],
        "needs_passkey": needs_passkey and factor_of(request) is not Factor.PASSKEY,
        "has_device": any(factor.type == Factor.TOTP for factor in factors),
        "is_half_in": bool(factors) and factor_of(request) is None,
        "codes_left": count_recovery_codes(request.staff.id),
        "sessions": list_sessions(request.staff.id, now=timezone.now()),
        "this_session": row_of(request),
        "may_have_pin": PASSKEY_ROLES.isdisjoint(roles),
    }
    return render(request, "web/staff/security.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def device(request: StaffRequest, language: str) -> HttpResponse:
    """A device that shows codes: its secret as a picture and in letters, and a first code as proof."""
    if not may_change_factors(request):
        return there(confirmation(language, "staff_device"))
    session = request.session
    if request.method != "POST":
        session[NEW_SECRET] = generate_totp_secret()
        return _device_page(request)
    if NEW_SECRET not in session:
        return there(reverse("staff_device", args=[language]))
    try:
        codes = set_up_totp(
            staff=request.staff,
            secret=session[NEW_SECRET],
            code=typed(request.POST.get("code", "")),
            now=timezone.now(),
        )
    except CannotDo as error:
        return _device_page(request, error=error)
    del session[NEW_SECRET]
    if factor_of(request) is None:
        show_factor(request, Factor.TOTP, now=timezone.now())
    return after_set_up(request, codes, language)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def recovery_codes(request: StaffRequest, language: str) -> HttpResponse:
    """New ones, for whoever asks; shown once."""
    if not may_change_factors(request) or not has_factor(request.staff.id):
        return there(confirmation(language, "staff_recovery_codes"))
    if request.method != "POST":
        return render(request, "web/staff/renew_codes.html")
    return after_set_up(request, renew_recovery_codes(staff=request.staff, now=timezone.now()), language)


@require_POST
@signed_in_page
@saying_why_not
def remove(request: StaffRequest, language: str, factor_id: int) -> HttpResponse:
    """One of several second factors goes."""
    if not may_change_factors(request):
        return there(confirmation(language, "staff_security"))
    remove_factor(staff=request.staff, factor_id=factor_id, now=timezone.now())
    return there(reverse("staff_security", args=[language]))


def may_change_factors(request: StaffRequest) -> bool:
    """Whoever has no factor yet sets the first one up; whoever has one shows it first."""
    if not has_factor(request.staff.id):
        return True
    return factor_of(request) is not None and is_confirmed(request, now=timezone.now())


def after_set_up(request: StaffRequest, codes: list[str], language: str) -> HttpResponse:
    """The recovery codes, now and never again; without any, back to the overview."""
    if not codes:
        return there(reverse("staff_security", args=[language]))
    return render(request, "web/staff/recovery_codes.html", {"codes": codes})


def confirmation(language: str, name: str) -> str:
    """The way by the step-up to a page of this area."""
    return f"{reverse('staff_confirm', args=[language])}?to={reverse(name, args=[language])}"


def _device_page(request: StaffRequest, *, error: CannotDo | None = None) -> HttpResponse:
    secret = request.session[NEW_SECRET]
    picture = segno.make(get_adapter().build_totp_url(request.staff, secret), error="m")
    context = {
        "picture": picture.svg_data_uri(scale=5, border=4, light="#fff"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/staff/device.html", context, status=422 if error else 200)
