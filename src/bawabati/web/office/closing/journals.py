"""Journals by SCF accounts: of which days, how, and the file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bawabati.errors import CannotDo
from bawabati.flows.export_journal import export_journal
from bawabati.people.rules import Action
from bawabati.reports.rules import FORMS, JournalStyle
from bawabati.web.office.closing.files import TYPES
from bawabati.web.shared.lists import FilterDayNotReadable
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day


@require_safe
@staff_page(Action.SEE_CLOSINGS)
def journals(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form; yesterday unless another period was asked for."""
    return _form(request)


@require_safe
@staff_page(Action.EXPORT_JOURNALS)
def file(request: StaffRequest, language: str) -> HttpResponse:
    """The journal as a file, written whole before its first byte leaves."""
    company, form = request.place.company, request.GET.get("as", "")
    form = form if form in FORMS else FORMS[0]
    try:
        first, last = _day(request, "from"), _day(request, "to")
        journal = export_journal(
            company=company,
            first=first,
            last=last,
            style=_style(request),
            form=form,
            language=language,
            translate=gettext,
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as refused:
        return _form(request, refused)
    name = f"{company.code}-journal-{first}-{last}.{form}"
    response = FileResponse(journal, as_attachment=True, filename=name, content_type=TYPES[form])
    response.headers["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", response)


def _form(request: StaffRequest, refused: CannotDo | None = None) -> HttpResponse:
    yesterday = (accounting_day(timezone.now()) - timedelta(days=1)).isoformat()
    context = {
        "first": request.GET.get("from", yesterday)[:10],
        "last": request.GET.get("to", yesterday)[:10],
        "style": _style(request).value,
        "may_have": request.may(Action.EXPORT_JOURNALS),
        "error": sentence_of(refused) if refused else "",
    }
    return render(request, "web/office/closing/journals.html", context, status=422 if refused else 200)


def _style(request: StaffRequest) -> JournalStyle:
    return JournalStyle.GROUPED if request.GET.get("style") == JournalStyle.GROUPED else JournalStyle.DETAILED


def _day(request: StaffRequest, name: str) -> date:
    """Raises FilterDayNotReadable."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        raise FilterDayNotReadable from None
