"""The health page: what needs somebody, then every figure in words, then what ends when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import ClassVar, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_POST

from bawabati.errors import CannotDo
from bawabati.flows.note_paper import note_paper
from bawabati.flows.see_health import LABELS, Ringing, do_job_again, list_failed_jobs, read_figures, ringing
from bawabati.flows.steps.measured import NEVER_SECONDS, Reading
from bawabati.operations.models import Paper
from bawabati.operations.reads import find_last_backup, find_quarantine, list_papers
from bawabati.operations.rules import Closeness, Level, PaperKind, closeness_of
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import accounting_day

PAPERS: Final = {
    PaperKind.GATEWAY_CONTRACT: _("Contract with the bank for cards"),
    PaperKind.GATEWAY_PASSWORD: _("Password of the merchant account"),
    PaperKind.DATA_DECLARATION: _("Declaration for personal data"),
    PaperKind.SUPPLIER_REGISTRATION: _("Registration as electronic supplier"),
}
QUEUES: Final = {
    "questions": _("Questions to the gateway"),
    "payments": _("Payments and refunds"),
    "letters": _("Messages"),
    "checks": _("Checks"),
    "files": _("Files that people brought"),
    "reminders": _("Reminders"),
    "webhooks": _("What other systems are told"),
}
MINUTE, HOUR, DAY = 60, 3600, 86400


class DayNotReadable(CannotDo):
    """A last day has to be one."""

    code: ClassVar[str] = "day_not_readable"
    sentence: ClassVar[str] = "Give the last day as a date."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """An alarm in the reader's words."""

    title: str
    means: str
    do: str
    is_urgent: bool
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure. `light`: ready (well), busy (look today) or down (look now)."""

    name: str
    value: str
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper and how near its end is."""

    kind: str
    name: str
    ends_on: date | None
    note: str
    light: str
    word: str


@require_http_methods(["GET", "HEAD"])
@staff_page(Action.SEE_HEALTH)
def health(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everything at one look."""
    return _page(request)


@require_POST
@staff_page(Action.REPEAT_JOB)
def again(request: StaffRequest, language: str, job_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """A job that failed is done again."""
    try:
        do_job_again(job_id=job_id, company_id=request.place.company.id, staff=request.staff, now=timezone.now())
    except CannotDo as refused:
        return _page(request, error=refused)
    return to("office_health")


@require_POST
@staff_page(Action.NOTE_PAPERS)
def paper(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The last day of a contract, an authorisation or a declaration."""
    try:
        note_paper(
            company_id=request.place.company.id,
            kind=typed_line(request, "kind"),
            ends_on=_day(typed_line(request, "ends_on")),
            note=typed_line(request, "note"),
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as refused:
        return _page(request, error=refused)
    return to("office_health")


def _page(request: StaffRequest, error: CannotDo | None = None) -> HttpResponse:
    now = timezone.now()
    company = request.place.company
    own = [reading for reading in read_figures(now=now) if _of(reading, "company") in {None, company.code}]
    ring = ringing(own)
    lights = {each.alarm.measure: "down" if each.alarm.level is Level.NOW else "busy" for each in reversed(ring)}
    context = {
        "rings": [_rings(each) for each in ring],
        "queues": _queues(own),
        "lines": list(_lines(own, lights, now)),
        "jobs": list_failed_jobs(company.id),
        "papers": _papers(list_papers(company.id), today=accounting_day(now)),
        "paper_kinds": [(kind.value, gettext(name)) for kind, name in PAPERS.items()],
        "quarantine": find_quarantine(),
        "version": version("bawabati"),
        "now": now,
        "may_repeat": request.may(Action.REPEAT_JOB),
        "may_note": request.may(Action.NOTE_PAPERS),
        "filled": {name: given_back(str(value)) for name, value in request.POST.items()},
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/health/page.html", context, status=422 if error else 200)


def _rings(ring: Ringing) -> Rings:
    labels = dict(zip(LABELS[ring.reading.measure], ring.reading.labels, strict=True))
    about = gettext(QUEUES[labels["queue"]]) if labels.get("queue") in QUEUES else ""
    if labels.get("kind") in set(PaperKind):
        about = gettext(PAPERS[PaperKind(labels["kind"])])
    return Rings(
        title=gettext(ring.alarm.title),
        means=gettext(ring.alarm.means),
        do=gettext(ring.alarm.do),
        is_urgent=ring.alarm.level is Level.NOW,
        about=about,
    )


def _queues(readings: list[Reading]) -> list[dict[str, object]]:
    found = {(reading.measure, reading.labels): reading.value for reading in readings}
    return [
        {
            "name": gettext(name),
            "waiting": int(found.get(("bawabati_jobs_waiting", (queue,)), 0)),
            "oldest": span(found.get(("bawabati_jobs_oldest_seconds", (queue,)), 0)),
            "failed": int(found.get(("bawabati_jobs_failed", (queue,)), 0)),
        }
        for queue, name in QUEUES.items()
    ]


def _lines(readings: list[Reading], lights: dict[str, str], now: datetime) -> list[Line]:
    found: dict[str, float] = {}
    for reading in readings:
        if _of(reading, "quantile") not in {None, "0.95"} or _of(reading, "check") not in {None, "all"}:
            continue
        found[reading.measure] = found.get(reading.measure, 0) + reading.value
    backup = find_last_backup()
    never = gettext("never")

    def line(name: str, measure: str, value: str) -> Line:
        return Line(name=name, value=value, light=lights.get(measure, "ready"))

    def ago(measure: str) -> str:
        seconds = found.get(measure)
        return never if seconds is None or seconds >= NEVER_SECONDS / 2 else span(seconds)

    answer = found.get("bawabati_gateway_answer_seconds")
    silent = found.get("bawabati_gateway_silent_seconds", 0)
    left = found.get("bawabati_certificate_days_left")
    return [
        line(
            gettext("Last sign of life of the worker"),
            "bawabati_worker_silent_seconds",
            ago("bawabati_worker_silent_seconds"),
        ),
        line(
            gettext("Payments under way"),
            "bawabati_attempts_late_seconds",
            f"{found.get('bawabati_attempts_open', 0):.0f}",
        ),
        line(
            gettext("Oldest payment in doubt"),
            "bawabati_attempts_in_doubt_seconds",
            span(found.get("bawabati_attempts_in_doubt_seconds", 0))
            if found.get("bawabati_attempts_in_doubt_seconds")
            else gettext("none"),
        ),
        line(
            gettext("Refunds under way"),
            "bawabati_refunds_at_work_seconds",
            f"{found.get('bawabati_refunds_open', 0):.0f}",
        ),
        line(
            gettext("Gateway"),
            "bawabati_gateway_silent_seconds",
            gettext("silent for %(span)s") % {"span": span(silent)}
            if silent
            else gettext("answers are awaited normally"),
        ),
        line(
            gettext("Slow answers of the gateway (1 in 20)"),
            "bawabati_gateway_answer_seconds",
            gettext("over %(seconds)s s") % {"seconds": f"{answer:.1f}"}
            if answer is not None
            else gettext("nobody has asked lately"),
        ),
        line(
            gettext("Messages that did not arrive, two days"),
            "bawabati_notices_failed",
            f"{found.get('bawabati_notices_failed', 0):.0f}",
        ),
        line(
            gettext("Other systems that were not told of something"),
            "bawabati_webhooks_untold",
            f"{found.get('bawabati_webhooks_untold', 0):.0f}",
        ),
        line(
            gettext("Last backup"),
            "bawabati_backup_age_seconds",
            f"{span((now - backup.made_at).total_seconds())} · {backup.bytes / 1e6:.0f} MB" if backup else never,
        ),
        line(
            gettext("Differences in the books"),
            "bawabati_book_differences",
            f"{found.get('bawabati_book_differences', 0):.0f}",
        ),
        line(
            gettext("Last check of all books"),
            "bawabati_book_check_age_seconds",
            ago("bawabati_book_check_age_seconds"),
        ),
        line(gettext("Silent bridges"), "bawabati_bridges_silent", f"{found.get('bawabati_bridges_silent', 0):.0f}"),
        line(
            gettext("Missing files of the bank"),
            "bawabati_statements_missing",
            f"{found.get('bawabati_statements_missing', 0):.0f}",
        ),
        line(gettext("Overdue work items"), "bawabati_cases_overdue", f"{found.get('bawabati_cases_overdue', 0):.0f}"),
        line(
            gettext("TLS certificate"),
            "bawabati_certificate_days_left",
            gettext("not looked at")
            if left is None
            else gettext("days left: %(count)s") % {"count": max(0, int(left))},
        ),
        line(gettext("Free disk"), "bawabati_disk_free_ratio", f"{found.get('bawabati_disk_free_ratio', 0):.0%}"),
    ]


def _papers(papers: list[Paper], *, today: date) -> list[PaperLine]:
    known = {paper.kind: paper for paper in papers}
    words = {
        Closeness.FAR: ("ready", gettext("holds")),
        Closeness.SOON: ("busy", gettext("ends soon")),
        Closeness.OVER: ("down", gettext("has ended")),
    }
    lines = []
    for kind, name in PAPERS.items():
        one = known.get(kind)
        light, word = words[closeness_of(one.ends_on, today=today)] if one else ("none", gettext("not written down"))
        lines.append(
            PaperLine(
                kind=kind.value,
                name=gettext(name),
                ends_on=one.ends_on if one else None,
                note=one.note if one else "",
                light=light,
                word=word,
            )
        )
    return lines


def span(seconds: float) -> str:
    """A stretch of time in its largest unit."""
    if seconds < MINUTE:
        return gettext("%(count)s s") % {"count": int(seconds)}
    if seconds < HOUR:
        return gettext("%(count)s min") % {"count": int(seconds // MINUTE)}
    if seconds < 2 * DAY:
        return gettext("%(count)s h") % {"count": int(seconds // HOUR)}
    return gettext("%(count)s d") % {"count": int(seconds // DAY)}


def _of(reading: Reading, label: str) -> str | None:
    return dict(zip(LABELS[reading.measure], reading.labels, strict=True)).get(label)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayNotReadable from None
