"""A new password of one's own."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.set_password import change_password
from bawabati.people.rules import Level, PasswordsDiffer
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import row_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.signin.to import there

LONGEST_PASSWORD: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(None, at=Level.ANYWHERE, stepped_up=True)
def password(request: StaffRequest, language: str) -> HttpResponse:
    """Another one, typed twice. All other browsers are signed out."""
    if request.method != "POST":
        return render(request, "web/staff/password.html")
    try:
        new = typed_twice(request.POST)
        change_password(staff=request.staff, password=new, this_session=row_of(request), now=timezone.now())
    except CannotDo as error:
        return render(request, "web/staff/password.html", {"error": sentence_of(error)}, status=422)
    update_session_auth_hash(request, request.staff)
    return there(reverse("staff_security", args=[language]))


def typed_twice(post: Mapping[str, str]) -> str:
    """The new password. Raises PasswordsDiffer."""
    new = post.get("password", "")[:LONGEST_PASSWORD]
    if new != post.get("again", "")[:LONGEST_PASSWORD]:
        raise PasswordsDiffer
    return new
