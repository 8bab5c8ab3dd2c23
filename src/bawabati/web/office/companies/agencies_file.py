"""Many agencies at once, from a table that a spreadsheet writes as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import ClassVar, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bawabati.companies.reads import list_agencies, list_fleet
from bawabati.companies.rules import SettingWrong
from bawabati.errors import CannotDo
from bawabati.flows.keep_agency import AgencyFacts, LineWrong, keep_agencies
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.companies.fields import LABELS
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

LARGEST_FILE: Final = 256 * 1024
COLUMNS: Final = ("code", "name_ar", "name_fr", "commune_ar", "commune_fr", "address", "phone", "reader")
NEEDED: Final = COLUMNS[:5]
_BY_NAME: Final = {"reader": "reader_serial"}


class TableUnreadable(CannotDo):
    """Not text, or too large for a list of agencies."""

    code: ClassVar[str] = "table_unreadable"
    sentence: ClassVar[str] = "This is no CSV file in UTF-8 of at most 256 KB. Save the table as CSV UTF-8."


class TableColumnsMissing(CannotDo):
    """`columns` are not in its head."""

    code: ClassVar[str] = "table_columns_missing"
    sentence: ClassVar[str] = "These columns are missing in the first line: %(columns)s."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.CHANGE_COMPANY)
def agencies_file(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form, the present agencies as such a table (`?as=csv`), and what is wrong with the one that was sent."""
    if request.method != "POST" and wanted_form(request) == "csv":
        return _present(request)
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            kept = keep_agencies(
                company_id=request.place.company.id,
                agencies=read_agencies(_sent(request)),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            answer = to("office_agencies")
            answer["Location"] += f"?kept={len(kept)}"
            return answer
    context = {"columns": COLUMNS, "needed": NEEDED, "error": _said(error) if error else ""}
    return render(request, "web/office/companies/agencies_file.html", context, status=422 if error else 200)


def read_agencies(content: bytes) -> list[AgencyFacts]:
    """The agencies of a table, in its order; commas or semicolons part its columns. Empty lines are left out.

    Raises:
        TableUnreadable, TableColumnsMissing.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableUnreadable from None
    if "\0" in text:
        raise TableUnreadable
    head = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise TableColumnsMissing(columns=", ".join(missing))
    rows.fieldnames = names
    try:
        return list(_facts(rows))
    except csv.Error:
        raise TableUnreadable from None


def _facts(rows: Iterable[dict[str, str | None]]) -> Iterable[AgencyFacts]:
    for row in rows:
        values = {_BY_NAME.get(name, name): (row.get(name) or "").strip() for name in COLUMNS}
        if any(values.values()):
            yield AgencyFacts(**values)


def _sent(request: StaffRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST_FILE:
        raise TableUnreadable
    return bytes(file.read())


def _present(request: StaffRequest) -> HttpResponse:
    company_id = request.place.company.id
    readers: dict[int, str] = {}
    for reader in list_fleet(company_id):
        if reader.is_active:
            readers.setdefault(reader.agency_id, reader.serial)
    rows = [
        [*(str(getattr(agency, name)) for name in COLUMNS if name != "reader"), readers.get(agency.id, "")]
        for agency in list_agencies(company_id)
    ]
    return as_file("csv", name="agencies", header=COLUMNS, rows=rows)


def _said(error: CannotDo) -> str:
    if not isinstance(error, LineWrong):
        return sentence_of(error)
    where = gettext(LABELS.get(error.why.column, error.why.column)) if isinstance(error.why, SettingWrong) else ""
    why = f"{where}: {sentence_of(error.why)}" if where else sentence_of(error.why)
    return f"{sentence_of(error)} {why}"
