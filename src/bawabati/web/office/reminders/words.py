"""The words of one stage in three languages: written, looked at as SMS and as letter, kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.keep_reminders import write_reminder
from bawabati.flows.see_reminders import example, preview
from bawabati.people.rules import Action
from bawabati.reminders.reads import newest_texts, plan_or_ours
from bawabati.reminders.rules import LANGUAGES, LONGEST_BODY, PLACES, Stage, check_body
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.reminders.named import STAGE_NAMES
from bawabati.web.office.texts.kinds import tongue
from bawabati.web.public.typed import may_be_a_card
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page


@dataclass(slots=True, kw_only=True)
class Column:
    """One language: what stands in it, what is wrong with it, how it would look and what it would cost."""

    language: dict[str, str]
    body: str
    seen: int
    error: str = ""
    sms: str = ""
    parts: int = 0
    subject: str = ""
    letter: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_REMINDERS)
def words(request: StaffRequest, language: str, stage: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Looked at with "preview", from now on with "keep"."""
    if stage not in set(Stage):
        raise Http404
    what, company_id = Stage(stage), request.place.company.id
    columns = [_column(request, what, code) for code in LANGUAGES]
    error: CannotDo | None = None
    if request.method == "POST" and typed_line(request, "act") == "keep":
        try:
            write_reminder(
                stage=what,
                bodies={column.language["code"]: column.body for column in columns},
                seen={column.language["code"]: column.seen for column in columns},
                company_id=company_id,
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_reminders")
    for column in columns:
        _look_at(request, column, what)
    wrong = error is not None or any(column.error for column in columns)
    context = {
        "stage": what.value,
        "title": gettext(STAGE_NAMES[what]),
        "columns": columns,
        "places": PLACES,
        "longest": LONGEST_BODY,
        "may_keep": request.may(Action.KEEP_REMINDERS),
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/reminders/words.html", context, status=422 if wrong else 200)


def _column(request: StaffRequest, stage: Stage, code: str) -> Column:
    version, body = newest_texts(request.place.company.id)[stage, code]
    if request.method == "POST":
        version = number_of(typed_line(request, f"seen_{code}"))
        body = request.POST.get(f"body_{code}", "").replace("\0", "")[: 2 * LONGEST_BODY]
    return Column(language=tongue(code), body=body, seen=version)


def _look_at(request: StaffRequest, column: Column, stage: Stage) -> None:
    """A card number is not given back."""
    now, company, code = timezone.now(), request.place.company, column.language["code"]
    try:
        body = check_body(column.body)
    except CannotDo as error:
        column.error = sentence_of(error)
        column.body = "" if may_be_a_card(column.body) else column.body
        return
    said = example(stage, code, plan=plan_or_ours(company.id, now=now), company=company, now=now)
    column.sms, column.parts, (column.subject, column.letter) = preview(body, said)
