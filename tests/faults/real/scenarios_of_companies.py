"""Small stories about what a company sets and writes for itself, on pages; see `scenarios.py`."""

from __future__ import annotations

from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Agency, CompanyText
from bawabati.companies.reads import get_company
from bawabati.companies.rules import LANGUAGES, TextKind
from bawabati.flows.change_company import (
    OPENING,
    CompanyChangedMeanwhile,
    close_company,
    look_of,
)
from bawabati.flows.keep_agency import AgencyFacts, keep_agency
from bawabati.flows.publish_texts import NewTexts, TextsChangedMeanwhile, publish_texts
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON, OMAR
from staff import add_person


@passes("publish_texts: published")
def a_text_is_published(world: World) -> None:
    world.found_company()
    meriem = add_person("meriem@oran.example", Role.COMMUNICATION, company=world.company)
    seen = {
        text.language: text.version for text in CompanyText.objects.filter(company=world.company, kind=TextKind.HELP)
    }
    new = NewTexts(kind=TextKind.HELP, bodies=dict.fromkeys(LANGUAGES, "3020"), seen=seen)
    publish = partial(publish_texts, new, company_id=world.company.id, staff=meriem, now=NOON)
    insist(world, "Meriem", "publishes", publish)
    again = insist(world, "Meriem", "presses once more", publish)
    assert isinstance(again, TextsChangedMeanwhile)
    for language in LANGUAGES:
        versions = CompanyText.objects.filter(company=world.company, kind=TextKind.HELP, language=language)
        assert versions.count() == seen.get(language, 0) + 1
    assert AuditEntry.objects.filter(action="publish_texts").count() == 1


@passes("change_company: changed")
def the_company_closes_to_new_payments(world: World) -> None:
    world.found_company()
    close = partial(
        close_company,
        company_id=world.company.id,
        because="works",
        seen=look_of(get_company(world.company.id), OPENING),
        staff=Staff.objects.get(login=OMAR),
        now=NOON,
    )
    insist(world, "Omar", "closes the company", close)
    again = insist(world, "Omar", "presses once more", close)
    assert isinstance(again, CompanyChangedMeanwhile)
    assert not get_company(world.company.id).is_open
    assert AuditEntry.objects.filter(action="change_company").count() == 1


@passes("keep_agency: kept")
def an_agency_is_described(world: World) -> None:
    world.found_company()
    facts = AgencyFacts(code="AG99", name_ar="وكالة", name_fr="Agence", commune_ar="وهران", commune_fr="Oran")
    keep = partial(
        keep_agency,
        company_id=world.company.id,
        facts=facts,
        is_open=True,
        is_new=False,
        staff=Staff.objects.get(login=OMAR),
        now=NOON,
    )
    for _ in range(2):
        insist(world, "Omar", "describes an agency", keep)
    assert Agency.objects.filter(code="AG99").count() == 1
    assert AuditEntry.objects.filter(action="keep_agency").count() == 1
