"""The audit log on pages: a list that can be narrowed, and a file that proves itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from typing import Final, cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell
from bawabati.audit.models import AuditEntry
from bawabati.audit.reads import find_last_block, list_actions, list_entries
from bawabati.flows.export_audit import export_audit
from bawabati.flows.note_reading import note_reading
from bawabati.keyset import At, Page, every_row
from bawabati.people.rules import Action
from bawabati.web.office.audit.acts import act_in_words
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Asked, Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.workdays import begins_at

HEADER: Final = (
    _("Number"),
    _("When"),
    _("Who"),
    _("What was done"),
    _("Name of the act"),
    _("To what"),
    _("Details"),
    _("Request"),
)
PERIOD: Final = (Filter("since", _("From day"), Kind.DAY), Filter("until", _("To day"), Kind.DAY))
TYPE: Final = "application/jsonl; charset=utf-8"
IN_MEMORY: Final = 1_000_000


@require_safe
@staff_page(Action.SEE_AUDIT)
def log(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """What was done in the company, the newest first."""
    company = request.place.company
    asked = read_filters(request, _filters(company.id))

    def ask(at: At) -> Page[AuditEntry]:
        since, until = asked.day("since"), asked.day("until")
        return list_entries(
            company_id=company.id,
            at=at,
            login=asked.word("who").lower(),
            action=asked.word("what"),
            target=asked.word("target"),
            since=begins_at(since) if since else None,
            before=begins_at(until + timedelta(days=1)) if until else None,
        )

    if form := wanted_form(request):
        note_reading(
            staff=request.staff,
            company_id=company.id,
            what="audit",
            target=f"company:{company.id}",
            now=timezone.now(),
        )
        return as_file(form, name="audit", header=HEADER, rows=(_cells(entry) for entry in every_row(ask)))
    last = find_last_block()
    context = {
        "page": ask(place_in_list(request)).of(_shown),
        "asked": asked,
        "last": last,
        "hash": bytes(last.hash).hex() if last else "",
        "period": _filters_of_file(asked),
    }
    return render(request, "web/office/audit/log.html", context)


@require_safe
@staff_page(Action.SEE_AUDIT)
def sealed(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The same as a file that can be checked without us: what was done on these days, with its seals."""
    asked = read_filters(request, PERIOD)
    today = timezone.localdate()
    since, until = asked.day("since") or today, asked.day("until") or today
    lines = export_audit(
        company_id=request.place.company.id,
        since=begins_at(since),
        before=begins_at(until + timedelta(days=1)),
        staff=request.staff,
        now=timezone.now(),
    )
    written = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    for line in lines:
        written.write(line.encode())
    written.seek(0)
    name = f"audit-{request.place.company.code}-{since.isoformat()}-{until.isoformat()}.jsonl"
    return cast("HttpResponse", FileResponse(written, as_attachment=True, filename=name, content_type=TYPE))


def _filters(company_id: int) -> Sequence[Filter]:
    return (
        Filter("who", _("Who: e-mail address")),
        Filter("what", _("What was done"), Kind.CHOICE, choices=_acts(company_id)),
        Filter("target", _("To what"), hint=_("As it stands in the list, e.g. payment:12.")),
        *PERIOD,
    )


def _acts(company_id: int) -> list[tuple[str, str]]:
    """The acts that the company's log knows, in the order of their words."""
    return sorted(((act, act_in_words(act)) for act in list_actions(company_id)), key=itemgetter(1))


def _filters_of_file(asked: Asked) -> dict[str, str]:
    """The days of the list, or today, for the form of the file."""
    today = timezone.localdate()
    return {name: (asked.day(name) or today).isoformat() for name in ("since", "until")}


def _shown(entry: AuditEntry) -> tuple[AuditEntry, str, str]:
    return entry, act_in_words(entry.action), _details(entry)


def _cells(entry: AuditEntry) -> Sequence[Cell]:
    who = f"{entry.staff.name} <{entry.staff.login}>"
    return (
        entry.id,
        entry.at,
        who,
        act_in_words(entry.action),
        entry.action,
        entry.target,
        _details(entry),
        entry.request,
    )


def _details(entry: AuditEntry) -> str:
    return json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
