"""Bringing a file in: it is looked at first, and nothing is kept of it until somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from bawabati.adapters.sheets.contract import Cell
from bawabati.adapters.statements.contract import LARGEST_FILE_BYTES, BadEntry, Entry
from bawabati.errors import CannotDo
from bawabati.flows.import_statement import import_statement, prepare_profiles
from bawabati.flows.preview_statement import Preview, preview_statement
from bawabati.flows.steps.received_files import MEGABYTE, forget_file, path_of
from bawabati.people.rules import Action
from bawabati.settlement.models import StatementProfile
from bawabati.settlement.reads import list_profiles
from bawabati.settlement.rules import NoSuchProfile
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.settlement.words import LINES, REASONS, SOURCES, say
from bawabati.web.public.typed import may_be_a_card
from bawabati.web.shared.files_out import as_file
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.uploads import OnDisk, ToDisk
from bawabati.web.shared.who import StaffRequest, staff_page
from bawabati.web.templatetags.shown import balance

LONGEST_NAME: Final = 200
KEPT_FOR_SECONDS: Final = 60 * 60
_SALT: Final = "bawabati.office.statement_file"


class NoStatementChosen(CannotDo):
    """The form came without a file, or the one that came before is gone."""

    code: ClassVar[str] = "no_statement_chosen"
    sentence: ClassVar[str] = "Choose the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A file on our disk that nobody has imported yet. `name` is what its sender calls it."""

    name: str
    stored_as: str

    def sealed_for(self, staff_id: int) -> str:
        return signing.dumps([staff_id, self.name, self.stored_as], salt=_SALT)


@csrf_exempt  # looked at below: before that, the form would be read, and the file with it
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.IMPORT_STATEMENTS)
def bring(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The form; what is in the file that it sends; and its import. Nobody's file is read before we know whose it is."""
    company_id = request.place.company.id
    if not list_profiles(company_id=company_id):
        prepare_profiles(company_id=company_id, staff=request.staff, now=timezone.now())
    if request.method != "POST":
        return _page(request)
    to_disk = ToDisk(at_most_megabytes=LARGEST_FILE_BYTES // MEGABYTE)
    request.upload_handlers = [to_disk]
    return _received(request, to_disk)


@csrf_protect
def _received(request: StaffRequest, to_disk: ToDisk) -> HttpResponse:
    kept: _Kept | None = None
    try:
        kept = _file_of(request, to_disk)
        profile = _profile_of(request)
        if request.POST.get("do") == "import":
            return _import(request, kept, profile)
        preview = preview_statement(
            company_id=request.place.company.id,
            profile_id=profile.id,
            file_name=kept.name,
            path=path_of(kept.stored_as),
            staff=request.staff,
            now=timezone.now(),
        )
    except CannotDo as error:
        return _page(request, kept=kept, error=error)
    if request.POST.get("do") == "bad":
        rows: list[list[Cell]] = [
            [bad.line_number, say(REASONS, bad.reason), bad.detail, bad.text] for bad in preview.bad
        ]
        header = [_("Line"), _("Why it could not be read"), _("Column"), _("As it came")]
        return as_file("csv", name="bad-lines", header=header, rows=rows)
    return _page(request, kept=kept, profile=profile, preview=preview)


def _import(request: StaffRequest, kept: _Kept, profile: StatementProfile) -> HttpResponse:
    imported = import_statement(
        company_id=request.place.company.id,
        profile_id=profile.id,
        file_name=kept.name,
        path=path_of(kept.stored_as),
        staff=request.staff,
        keep_bad_lines="keep_bad_lines" in request.POST,
        now=timezone.now(),
    )
    forget_file(kept.stored_as)
    answer = to("office_settlement_file", imported.statement.id)
    answer["Location"] += "?was=known" if imported.was_known else "?was=new"
    return answer


def _page(
    request: StaffRequest,
    *,
    kept: _Kept | None = None,
    profile: StatementProfile | None = None,
    preview: Preview | None = None,
    error: CannotDo | None = None,
) -> HttpResponse:
    chosen = number_of(request.POST.get("profile", ""))
    context = {
        "profiles": [(each, say(SOURCES, each.source)) for each in list_profiles(company_id=request.place.company.id)],
        "chosen": profile.id if profile else chosen,
        "profile": profile,
        "preview": preview,
        "lines": [shown_line(line) for line in preview.lines] if preview else [],
        "bad": [shown_bad(bad) for bad in preview.bad] if preview else [],
        "announced": shown_announced(preview) if preview else [],
        "kept": kept.sealed_for(request.staff.id) if kept and path_of(kept.stored_as).exists() else "",
        "kept_name": kept.name if kept else "",
        "error": sentence_of(error) if error else "",
        "megabytes": LARGEST_FILE_BYTES // MEGABYTE,
    }
    return render(request, "web/office/settlement/bring.html", context, status=422 if error else 200)


def shown_line(line: Entry) -> tuple[Entry, str]:
    """With the words for what it is."""
    return line, say(LINES, line.kind)


def shown_announced(preview: Preview) -> list[tuple[str, object, bool]]:
    """What the sender says of the file: words, value, and whether its lines add up to it."""
    said = preview.announced
    found: list[tuple[str, object, bool]] = []
    if "net" in said:
        found.append((gettext("Net, as the file says"), balance(said["net"]), said["net"] == preview.net_centimes))
    if "gross" in said:
        agrees = said["gross"] == preview.gross_centimes
        found.append((gettext("Gross, as the file says"), balance(said["gross"]), agrees))
    if "count" in said:
        found.append((gettext("Lines, as the file says"), said["count"], said["count"] == preview.line_count))
    if "opening" in said:
        found.append((gettext("Opening balance"), balance(said["opening"]), True))
    if "closing" in said:
        agrees = "opening" not in said or said["opening"] + preview.net_centimes == said["closing"]
        found.append((gettext("Closing balance"), balance(said["closing"]), agrees))
    return found


def shown_bad(bad: BadEntry) -> tuple[BadEntry, str]:
    """With the words for why it cannot be read."""
    return bad, say(REASONS, bad.reason)


def _profile_of(request: StaffRequest) -> StatementProfile:
    """Raises NoSuchProfile."""
    chosen = number_of(request.POST.get("profile", ""))
    there = list_profiles(company_id=request.place.company.id)
    found = next((profile for profile in there if profile.id == chosen), None)
    if found is None:
        raise NoSuchProfile
    return found


def _file_of(request: StaffRequest, to_disk: ToDisk) -> _Kept:
    """The file that has just come, else the one that came before. Raises NoStatementChosen, and what kept it out."""
    files: MultiValueDict[str, object] = request.FILES  # type: ignore[assignment]  # of our own handler
    file = files.get("file")
    if to_disk.refusal is not None:
        raise to_disk.refusal
    if isinstance(file, OnDisk):
        if file.size:
            name = "".join(letter for letter in str(file.name) if letter.isprintable()) or "statement"
            return _Kept(name="statement" if may_be_a_card(name) else name[-LONGEST_NAME:], stored_as=file.stored_as)
        forget_file(file.stored_as)
    return _kept_before(request)


def _kept_before(request: StaffRequest) -> _Kept:
    try:
        whose, name, stored_as = signing.loads(request.POST.get("kept", ""), salt=_SALT, max_age=KEPT_FOR_SECONDS)
    except signing.BadSignature:
        raise NoStatementChosen from None
    if whose != request.staff.id or not path_of(stored_as).exists():
        raise NoStatementChosen
    return _Kept(name=name, stored_as=stored_as)
