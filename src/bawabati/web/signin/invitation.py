"""Somebody who was invited sets a password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.set_password import accept_invitation
from bawabati.links import Purpose, read_link_token
from bawabati.people.reads import find_invitation, has_factor
from bawabati.people.rules import InvitationOver
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import begin
from bawabati.web.signin.entering import let_in
from bawabati.web.signin.passwords import typed_twice
from bawabati.web.signin.to import there


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """The page behind the link; then on to the second factor. Looking at it uses nothing up."""
    now = timezone.now()
    invited = find_invitation(read_link_token(Purpose.INVITATION, token) or 0)
    if invited is None or invited.used_at is not None or invited.expires_at <= now:
        return render(request, "web/cannot.html", {"sentence": sentence_of(InvitationOver())}, status=410)
    context = {"name": invited.staff.name, "login": invited.staff.login}
    if request.method != "POST":
        return render(request, "web/staff/invitation.html", context)
    try:
        staff = accept_invitation(invitation_id=invited.id, password=typed_twice(request.POST), now=now)
    except CannotDo as error:
        context["error"] = sentence_of(error)
        return render(request, "web/staff/invitation.html", context, status=422)
    security = reverse("staff_security", args=[language])
    if has_factor(staff.id):
        begin(request, staff_id=staff.id, to=security, now=now)
        return there(reverse("staff_second_factor", args=[language]))
    return let_in(request, staff, factor=None, to=security)
