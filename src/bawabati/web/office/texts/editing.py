"""A text in three languages side by side, as it will be shown, and published from a moment on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bawabati.companies.models import CompanyText
from bawabati.companies.proposed_texts import proposed_text
from bawabati.companies.reads import find_latest_version, find_text_row
from bawabati.companies.rules import (
    LANGUAGES,
    LONGEST_TEXT,
    Run,
    TextKind,
    check_text,
    difference,
    tags_in,
    tidy_text,
)
from bawabati.errors import CannotDo
from bawabati.flows.publish_texts import NewTexts, publish_texts
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.texts.kinds import kind_of, title_of, tongue
from bawabati.web.office.texts.overview import standing_of
from bawabati.web.public.typed import may_be_a_card
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import ALGIERS


class MomentNotReadable(CannotDo):
    """A day and an hour are missing, or are none."""

    code: ClassVar[str] = "moment_not_readable"
    sentence: ClassVar[str] = "Give a day and an hour."


@dataclass(slots=True, kw_only=True)
class Column:
    """One language of the form: what stands in it, what is wrong with it, and how it will be shown."""

    language: dict[str, str]
    body: str
    seen: int
    holding: CompanyText | None
    error: str = ""
    proposed_on: date | None = None
    """Of words that came with us and that nobody of the company has published yet."""
    tags: list[str] = field(default_factory=list)
    changes: list[Run] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_TEXTS)
def text(request: StaffRequest, language: str, kind: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form: looked at with "preview", in force with "publish"."""
    what = kind_of(kind)
    columns = [_column(request, what, code) for code in LANGUAGES]
    error: CannotDo | None = None
    if request.method == "POST" and typed_line(request, "act") == "publish":
        try:
            publish_texts(
                _new_texts(request, what, columns),
                company_id=request.place.company.id,
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            answer = to("office_text_versions", what.value)
            answer["Location"] += "?was=published"
            return answer
    return _page(request, what, columns, error)


@require_POST
@staff_page(Action.CHANGE_TEXTS)
def preview(request: StaffRequest, language: str, kind: str) -> HttpResponse:
    """The payer's own page in the language of the address, with what stands in the form instead of what holds."""
    what = kind_of(kind)
    shown = CompanyText(
        company=request.place.company,
        kind=what,
        language=language,
        body=tidy_text(_typed_text(request, language)),
        effective_at=_begins_or_now(request),
    )
    context = {"company": request.place.company, "kind": what.value, "is_preview": True}
    if what is TextKind.NOTICE:
        return render(request, "web/company.html", context | {"notice": shown if shown.body else None})
    return render(request, "web/text.html", context | {"text": shown if shown.body else None})


def _page(request: StaffRequest, kind: TextKind, columns: list[Column], error: CannotDo | None) -> HttpResponse:
    is_posted = request.method == "POST"
    if is_posted:
        for column in columns:
            _look_at(column, kind)
    context = {
        "kind": kind.value,
        "title": title_of(kind),
        "columns": columns,
        "proposed_on": next((column.proposed_on for column in columns if column.proposed_on), None),
        "standing": standing_of(kind, company_id=request.place.company.id, now=timezone.now()),
        "longest": LONGEST_TEXT[kind],
        "is_preview": is_posted,
        "is_notice": kind is TextKind.NOTICE,
        "begins": _kept(request, "begins"),
        "ends": _kept(request, "ends") if is_posted else _ends_of(columns),
        "begins_later": typed_line(request, "when") == "later",
        "same_in_others": "same_in_others" in request.POST,
        "error": sentence_of(error) if error else "",
    }
    wrong = error is not None or any(column.error for column in columns)
    return render(request, "web/office/texts/edit.html", context, status=422 if wrong else 200)


def _column(request: StaffRequest, kind: TextKind, code: str) -> Column:
    company_id, proposed = request.place.company.id, None
    holding = find_text_row(company_id=company_id, kind=kind, language=code, at=timezone.now())
    if request.method == "POST":
        seen, body = number_of(typed_line(request, f"seen_{code}")), tidy_text(_typed_text(request, code))
    else:
        seen = find_latest_version(company_id=company_id, kind=kind, language=code) or 0
        body = holding.body if holding else ""
        if not seen:
            proposed = proposed_text(request.place.company, kind=kind, language=code, on=timezone.localdate())
            body = proposed.body if proposed else ""
    column = Column(language=tongue(code), body=body, seen=seen, holding=holding)
    column.proposed_on = proposed.proposed_on if proposed else None
    return column


def _look_at(column: Column, kind: TextKind) -> None:
    """What is wrong with it, what will be shown as it stands, and what has changed. A card number is not given back."""
    try:
        if column.body or column.holding:
            check_text(column.body, kind=kind)
    except CannotDo as error:
        column.error = sentence_of(error)
    if may_be_a_card(column.body):
        column.body = ""
        return
    column.tags = tags_in(column.body)
    before = column.holding.body if column.holding else ""
    if column.body != before and not column.error:
        column.changes = difference(before, column.body)


def _new_texts(request: StaffRequest, kind: TextKind, columns: list[Column]) -> NewTexts:
    return NewTexts(
        kind=kind,
        bodies={column.language["code"]: column.body for column in columns},
        seen={column.language["code"]: column.seen for column in columns},
        effective_at=_moment(typed_line(request, "begins")) if typed_line(request, "when") == "later" else None,
        ends_at=_moment(ends) if kind is TextKind.NOTICE and (ends := typed_line(request, "ends")) else None,
        same_in_others="same_in_others" in request.POST,
    )


def _typed_text(request: StaffRequest, code: str) -> str:
    return request.POST.get(f"body_{code}", "")[: 2 * max(LONGEST_TEXT.values())]


def _moment(text: str) -> datetime:
    """On Algerian clocks. Raises MomentNotReadable."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ALGIERS)
    except ValueError:
        raise MomentNotReadable from None


def _begins_or_now(request: StaffRequest) -> datetime:
    try:
        return _moment(typed_line(request, "begins"))
    except MomentNotReadable:
        return timezone.now()


def _kept(request: StaffRequest, name: str) -> str:
    try:
        return f"{_moment(typed_line(request, name)):%Y-%m-%dT%H:%M}"
    except MomentNotReadable:
        return ""


def _ends_of(columns: list[Column]) -> str:
    """The end of the notice that is shown now, so that a correction of its words keeps it."""
    now = timezone.now()
    ends = [column.holding.ends_at for column in columns if column.holding and column.holding.ends_at]
    return f"{max(ends).astimezone(ALGIERS):%Y-%m-%dT%H:%M}" if ends and max(ends) > now else ""
