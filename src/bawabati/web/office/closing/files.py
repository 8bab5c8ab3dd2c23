"""Files for the billing system: the list, a file as it went out, and the next one now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bawabati.errors import CannotDo
from bawabati.flows.export_payments import export_payments, issue_payment_file
from bawabati.flows.note_reading import note_reading
from bawabati.people.rules import Action
from bawabati.reports.reads import list_payment_files
from bawabati.reports.rules import FORMS, NothingToTell
from bawabati.web.counter.at_desk import to
from bawabati.web.shared.lists import place_in_list, read_filters
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def files(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every file, the latest first."""
    return _page(request)


@require_POST
@staff_page(Action.EXPORT_PAYMENTS)
def make(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The next file now, when there is anything to tell."""
    try:
        made = export_payments(company_id=request.place.company.id, staff=request.staff, now=timezone.now())
        if not made:
            raise NothingToTell
    except CannotDo as refused:
        return _page(request, refused)
    return to("office_payment_files")


@require_safe
@saying_why_not
@staff_page(Action.SEE_CLOSINGS)
def one(request: StaffRequest, language: str, number: int, form: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """A file byte for byte as it went out; it is noted who had it, for it names customers."""
    company = request.place.company
    copy = issue_payment_file(company_id=company.id, number=number, form=form)
    note_reading(
        staff=request.staff,
        company_id=company.id,
        what="payment_file",
        target=f"payment_file:{number}",
        details={"form": form},
        now=timezone.now(),
    )
    response = HttpResponse(bytes(copy.content), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{company.code}-payments-{number:06d}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(request: StaffRequest, refused: CannotDo | None = None) -> HttpResponse:
    context = {
        "page": list_payment_files(company_id=request.place.company.id, at=place_in_list(request)),
        "asked": read_filters(request, ()),
        "forms": FORMS,
        "may_make": request.may(Action.EXPORT_PAYMENTS),
        "error": sentence_of(refused) if refused else "",
    }
    return render(request, "web/office/closing/files.html", context, status=422 if refused else 200)
