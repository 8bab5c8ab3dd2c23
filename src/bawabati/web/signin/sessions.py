"""Where a person is signed in, and out of there."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bawabati.flows.end_session import end_other_sessions, end_session
from bawabati.web.shared.staff_session import row_of
from bawabati.web.shared.who import StaffRequest, signed_in_page
from bawabati.web.signin.to import there


@require_POST
@signed_in_page
def end(request: StaffRequest, language: str, session_key: str) -> HttpResponse:
    """One other browser."""
    end_session(staff=request.staff, session_key=session_key, now=timezone.now())
    return there(reverse("staff_security", args=[language]))


@require_POST
@signed_in_page
def end_others(request: StaffRequest, language: str) -> HttpResponse:
    """Everywhere but here."""
    end_other_sessions(staff=request.staff, this_session=row_of(request), now=timezone.now())
    return there(reverse("staff_security", args=[language]))
