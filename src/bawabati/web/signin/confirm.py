"""A second factor once more, before something that cannot be taken back. Rule: step-up (failures.md 5.8)"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.sign_in import check_code
from bawabati.people.rules import Factor, Level
from bawabati.web.public.typed import typed
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.staff_session import factor_of, show_factor
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.signin.entering import status_of
from bawabati.web.signin.to import there, wanted


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(None, at=Level.ANYWHERE)
def confirm(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """It holds for five minutes. A passkey that has opened the session stays what has opened it."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, "web/staff/confirm.html", {"to": wanted(request)})
    try:
        shown = check_code(staff_id=request.staff.id, code=typed(request.POST.get("code", "")), now=now)
    except CannotDo as error:
        context = {"error": sentence_of(error), "to": wanted(request)}
        return render(request, "web/staff/confirm.html", context, status=status_of(error))
    opened_with = factor_of(request)
    show_factor(request, Factor.PASSKEY if opened_with is Factor.PASSKEY else shown, now=now)
    return there(wanted(request))
