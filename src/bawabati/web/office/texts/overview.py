"""All texts of the company at a glance: what holds in each language, what is planned, what is missing or behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.companies.models import CompanyText
from bawabati.companies.reads import find_text, list_planned
from bawabati.companies.rules import LANGUAGES, TextKind, behind
from bawabati.people.reads import names_of
from bawabati.people.rules import Action
from bawabati.web.office.texts.kinds import title_of, tongue
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.who import StaffRequest, staff_page

NOT_NEEDED: Final = frozenset({TextKind.NOTICE, TextKind.INSTALMENT_TERMS})
"""Where there is none in any language, nothing is missing: no notice is shown, no instalments are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A text as it stands: what holds in each language, what will, and what somebody should see to."""

    kind: TextKind
    title: str
    holding: list[tuple[dict[str, str], CompanyText | None]]
    planned: list[CompanyText]
    missing: list[str]
    older: list[str]


@require_safe
@staff_page(Action.SEE_TEXTS)
def texts(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every text, with a warning where one language lags behind."""
    now = timezone.now()
    standings = [standing_of(kind, company_id=request.place.company.id, now=now) for kind in TextKind]
    shown = [text for each in standings for _, text in each.holding if text]
    shown += [text for each in standings for text in each.planned]
    context = {
        "standings": standings,
        "names": names_of({text.written_by_id for text in shown if text.written_by_id}),
        "may_change": request.may(Action.CHANGE_TEXTS),
    }
    return render(request, "web/office/texts/overview.html", context)


def standing_of(kind: TextKind, *, company_id: int, now: datetime) -> Standing:
    """How a text stands at `now`. A notice that is shown in no language lacks none."""
    holding = {
        language: find_text(company_id=company_id, kind=kind, language=language, now=now) for language in LANGUAGES
    }
    since = {language: text.effective_at if text else None for language, text in holding.items()}
    missing, older = behind(since)
    if kind in NOT_NEEDED and len(missing) == len(LANGUAGES):
        missing = []
    return Standing(
        kind=kind,
        title=title_of(kind),
        holding=[(tongue(language), text) for language, text in holding.items()],
        planned=list_planned(company_id=company_id, kind=kind, now=now),
        missing=[LANGUAGE_NAMES[language] for language in missing],
        older=[LANGUAGE_NAMES[language] for language in older],
    )
