"""How each sender writes its files: the profiles, and a form for one of them with a file to try it on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.adapters.statements.contract import LineKind, Source
from bawabati.errors import CannotDo
from bawabati.flows.import_statement import prepare_profiles
from bawabati.flows.keep_statement_profile import keep_statement_profile
from bawabati.flows.preview_statement import Preview, try_layout
from bawabati.people.rules import Action
from bawabati.settlement.models import StatementProfile
from bawabati.settlement.reads import find_profile, list_profiles
from bawabati.settlement.rules import DATES, DECIMALS, DEFAULT_PROFILES, DELIMITERS, ENCODINGS, FORMATS
from bawabati.web.counter.at_desk import to
from bawabati.web.office.settlement.bringing import NoStatementChosen, shown_announced, shown_bad, shown_line
from bawabati.web.office.settlement.words import LINES, SOURCES, say
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

COLUMNS: Final[Mapping[Source, Mapping[str, str]]] = {
    Source.ACQUIRER: {
        "kind": _("What the line is"),
        "happened_on": _("Day"),
        "happened_at": _("Time"),
        "terminal": _("Terminal"),
        "merchant": _("Merchant"),
        "order_number": _("Our order number"),
        "reference": _("Reference of the gateway or of the reader"),
        "approval_code": _("Approval number"),
        "card": _("Card"),
        "gross": _("Gross"),
        "fee": _("Commission"),
        "vat": _("VAT"),
        "net": _("Net"),
        "remittance": _("Remittance"),
        "value_on": _("Day of value"),
    },
    Source.BANK: {
        "happened_on": _("Day"),
        "value_on": _("Day of value"),
        "label": _("Label"),
        "reference": _("Reference"),
        "debit": _("Debit"),
        "credit": _("Credit"),
        "amount": _("Signed amount, instead of debit and credit"),
        "balance": _("Balance"),
    },
}
KINDS: Final[Mapping[Source, tuple[LineKind, ...]]] = {
    Source.ACQUIRER: (
        LineKind.PAYMENT,
        LineKind.REFUND,
        LineKind.CHARGEBACK,
        LineKind.CANCELLATION,
        LineKind.TERMINAL_TOTAL,
        LineKind.TOTAL,
    ),
    Source.BANK: (LineKind.CREDIT, LineKind.OPENING, LineKind.CLOSING),
}
DELIMITER_WORDS: Final = {";": _("semicolon"), ",": _("comma"), "\t": _("tabulator"), "|": _("vertical bar")}
DECIMAL_WORDS: Final = {",": _("comma"), ".": _("point")}
DATE_WORDS: Final = {"dmy": "DD/MM/YYYY", "iso": "YYYY-MM-DD"}


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def profiles(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """All of them, with who changed each last."""
    listed = [(each, say(SOURCES, each.source)) for each in _profiles_of(request)]
    context = {"profiles": listed, "may_change": request.may(Action.IMPORT_STATEMENTS)}
    return render(request, "web/office/settlement/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.IMPORT_STATEMENTS)
def profile(request: StaffRequest, language: str, code: str = "") -> HttpResponse:  # noqa: ARG001 - of the address
    """One profile: described, tried on a file without keeping anything, and kept."""
    _profiles_of(request)
    known = find_profile(company_id=request.place.company.id, code=code) if code else None
    if code and known is None:
        raise Http404
    layout = dict(known.layout) if known else dict(DEFAULT_PROFILES[_first_code(request)])
    error: CannotDo | None = None
    tried: Preview | None = None
    if request.method == "POST":
        layout = _typed_layout(request, known)
        try:
            if request.POST.get("do") == "try":
                tried = _tried(request, layout)
            else:
                _keep(request, code, layout)
                return to("office_settlement_profiles")
        except CannotDo as refused:
            error = refused
    return _page(request, known, layout, tried=tried, error=error)


def _profiles_of(request: StaffRequest) -> list[StatementProfile]:
    """All that are in use; the first look gives a company those with which it begins."""
    company_id = request.place.company.id
    found = list_profiles(company_id=company_id)
    if not found and request.may(Action.IMPORT_STATEMENTS):
        prepare_profiles(company_id=company_id, staff=request.staff, now=timezone.now())
        found = list_profiles(company_id=company_id)
    return found


def _first_code(request: StaffRequest) -> str:
    """With which of our own a new profile begins."""
    return "bank" if request.GET.get("source") == Source.BANK else "satim"


def _keep(request: StaffRequest, code: str, layout: Mapping[str, Any]) -> None:
    keep_statement_profile(
        company_id=request.place.company.id,
        code=code or typed_line(request, "code"),
        layout=layout,
        is_active="is_active" in request.POST,
        staff=request.staff,
        now=timezone.now(),
    )


def _tried(request: StaffRequest, layout: Mapping[str, Any]) -> Preview:
    """Raises CannotDo."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        raise NoStatementChosen
    with NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return try_layout(
            company_id=request.place.company.id,
            layout=layout,
            file_name=str(file.name),
            path=Path(copy.name),
            staff=request.staff,
            now=timezone.now(),
        )


def _typed_layout(request: StaffRequest, known: StatementProfile | None) -> dict[str, Any]:
    """The layout as the form says; whether it can be used, the rules say."""
    source = known.source if known else typed_line(request, "source")
    names = COLUMNS.get(Source(source), {}) if source in set(Source) else {}
    columns = {name: _where(text) for name in names if (text := typed_line(request, f"column-{name}"))}
    words = {
        word.strip(): kind.value
        for kind in (KINDS[Source(source)] if source in set(Source) else ())
        for word in typed_line(request, f"words-{kind}").split(",")
        if word.strip()
    }
    delimiter = request.POST.get("delimiter", "")
    return {
        "source": source,
        "format": typed_line(request, "format"),
        "delimiter": delimiter if delimiter in DELIMITERS else ";",
        "encoding": typed_line(request, "encoding"),
        "decimal": typed_line(request, "decimal"),
        "dates": typed_line(request, "dates"),
        "refunds_are_negative": "refunds_are_negative" in request.POST,
        "columns": columns,
        "words": words,
    }


def _where(text: str) -> str | int:
    """The place of a column, counted from 1, or its title."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else text  # noqa: PLR2004 - no file has more


def _page(
    request: StaffRequest,
    known: StatementProfile | None,
    layout: Mapping[str, Any],
    *,
    tried: Preview | None,
    error: CannotDo | None,
) -> HttpResponse:
    source = Source(layout["source"]) if layout["source"] in set(Source) else Source.ACQUIRER
    columns, words = layout.get("columns", {}), layout.get("words", {})
    context = {
        "profile": known,
        "layout": layout,
        "source": source,
        "source_words": say(SOURCES, source),
        "is_active": "is_active" in request.POST if request.method == "POST" else known is None or known.is_active,
        "columns": [(name, say(COLUMNS[source], name), columns.get(name, "")) for name in COLUMNS[source]],
        "words": [
            (kind.value, say(LINES, kind), ", ".join(word for word, of in words.items() if of == kind))
            for kind in KINDS[source]
        ],
        "formats": FORMATS,
        "delimiters": [(each, say(DELIMITER_WORDS, each)) for each in DELIMITERS],
        "encodings": ENCODINGS,
        "decimals": [(each, say(DECIMAL_WORDS, each)) for each in DECIMALS],
        "dates": [(each, DATE_WORDS[each]) for each in DATES],
        "code": given_back(typed(request.POST.get("code", ""))),
        "preview": tried,
        "lines": [shown_line(line) for line in tried.lines] if tried else [],
        "bad": [shown_bad(bad) for bad in tried.bad] if tried else [],
        "announced": shown_announced(tried) if tried else [],
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/settlement/profile.html", context, status=422 if error else 200)
