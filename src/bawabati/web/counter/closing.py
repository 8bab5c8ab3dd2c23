"""What a session has taken so far, and its end: a blind count, the difference explained, and the Z."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.desks.models import DeskSession
from bawabati.desks.reads import find_z_of_session, report_of
from bawabati.desks.rules import DifferenceNeedsReason, SalesBeingChecked
from bawabati.errors import CannotDo
from bawabati.flows.close_session import close_session
from bawabati.flows.x_report import x_report
from bawabati.money.amount import ZERO
from bawabati.payments.reads import list_sales_of_session
from bawabati.people.rules import Action, Level
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render, to
from bawabati.web.counter.counting import counted, rows_of
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sale_shown import shown_of
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@desk_page
def session(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every sale of the session, the newest first, and what they come to (X)."""
    context = {
        "sales": [(sale, shown_of(sale)) for sale in list_sales_of_session(here.session.id)],
        "report": x_report(session_id=here.session.id, staff=request.staff, now=timezone.now()),
    }
    return desk_render(request, here, "web/counter/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def closing(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The count, without a word about what is expected; then the difference, if there is one, with its reason."""
    around = {"desk": here.desk, "light": here.light}
    page = close_page(request, here.session, template="web/counter/closing.html", around=around)
    return page or to("counter_z", here.session.id)


def close_page(
    request: StaffRequest, session: DeskSession, *, template: str, around: Mapping[str, object] | None = None
) -> HttpResponse | None:
    """The count of a drawer; None when it was posted and the session is closed."""
    error: CannotDo | None = None
    handing_over = "handing_over" in request.POST
    if request.method == "POST":
        try:
            close_session(
                session_id=session.id,
                counted=counted(request),
                because=typed_line(request, "because"),
                staff=request.staff,
                now=timezone.now(),
                handing_over=handing_over,
            )
        except CannotDo as refused:
            error = refused
        else:
            return None
    context = {
        "session": session,
        "rows": rows_of(request),
        "zero": ZERO,
        "error": sentence_of(error) if error else "",
        "differs": isinstance(error, DifferenceNeedsReason),
        "has_unknown": handing_over or isinstance(error, SalesBeingChecked),
        "handing_over": handing_over,
        "because": given_back(typed_line(request, "because")),
        "may_hand_over": request.may(Action.SIGN_CLOSING),
    }
    return render(request, template, context | dict(around or {}), status=422 if error else 200)


@require_safe
@staff_page(Action.TAKE_PAYMENT, at=Level.AGENCY)
def z_page(request: StaffRequest, language: str, session_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The Z, to be printed. It never changes."""
    found = find_z_of_session(session_id)
    if found is None or found.agency_id != request.place.agency.id:
        raise Http404
    report = report_of(found)
    moments = {name: datetime.fromisoformat(getattr(report.session, name)) for name in ("opened_at", "at")}
    return render(request, "web/counter/z.html", {"z": found, "report": report, "moments": moments})
