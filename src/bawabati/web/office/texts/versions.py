"""The versions of a text: who wrote each, from when to when it held, and what it changed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.companies.models import CompanyText
from bawabati.companies.reads import (
    find_version,
    find_version_after,
    find_version_before,
    list_versions,
    list_versions_of_language,
)
from bawabati.companies.rules import LANGUAGES, difference
from bawabati.people.reads import names_of
from bawabati.people.rules import Action
from bawabati.web.counter.links import number_of
from bawabati.web.office.texts.kinds import kind_of, title_of, tongue
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.lists import Filter, Kind, place_in_list, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

_FILTERS = (Filter("in", _("Language"), Kind.CHOICE, choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]),)


@require_safe
@staff_page(Action.SEE_TEXTS)
def versions(request: StaffRequest, language: str, kind: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Every version of a text, the one that begins last first."""
    what = kind_of(kind)
    asked = read_filters(request, _FILTERS)
    page = list_versions(
        company_id=request.place.company.id, kind=what, language=asked.word("in"), at=place_in_list(request)
    )
    context = {
        "kind": what.value,
        "title": title_of(what),
        "page": page.of(lambda text: (text, tongue(text.language))),
        "asked": asked,
        "names": names_of({text.written_by_id for text in page.rows if text.written_by_id}),
        "now": timezone.now(),
        "may_change": request.may(Action.CHANGE_TEXTS),
        "was_published": request.GET.get("was") == "published",
    }
    return render(request, "web/office/texts/versions.html", context)


@require_safe
@staff_page(Action.SEE_TEXTS)
def version(request: StaffRequest, language: str, text_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """One version exactly as payers saw it, and what is different from another one of its language."""
    company_id = request.place.company.id
    text = find_version(company_id=company_id, text_id=text_id)
    if text is None:
        raise Http404
    others = [other for other in list_versions_of_language(text) if other.id != text.id]
    against = next((other for other in others if other.id == number_of(request.GET.get("against", ""))), None)
    against = against or find_version_before(text)
    context = shown_version(text) | {
        "others": others,
        "against": against,
        "changes": difference(against.body, text.body) if against else [],
    }
    return render(request, "web/office/texts/version.html", context)


def shown_version(text: CompanyText) -> dict[str, object]:
    """A version as a page shows it: its words, its tongue, who wrote it, and until when it held."""
    after = find_version_after(text)
    return {
        "text": text,
        "title": title_of(text.kind),
        "tongue": tongue(text.language),
        "writer": names_of({text.written_by_id}).get(text.written_by_id, "") if text.written_by_id else "",
        "after": after,
        "now": timezone.now(),
    }
