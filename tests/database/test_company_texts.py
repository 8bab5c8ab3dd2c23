"""Versions of a company's texts: published from a moment on, never rewritten, and kept for whoever accepted them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company, CompanyText
from bawabati.companies.reads import current_texts, find_text
from bawabati.companies.rules import (
    EffectiveInThePast,
    EndsBeforeItBegins,
    NeededInThreeLanguages,
    OnlyNoticesEnd,
    TextKind,
    TextTurnsAround,
)
from bawabati.companies.writes import publish_text
from bawabati.flows.publish_texts import NewTexts, NothingToPublish, TextsChangedMeanwhile, publish_texts
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed, Role
from people import NOON, OMAR, add_company
from staff import add_person

A_DAY = timedelta(days=1)
HELP = {"ar": "مساعدة جديدة", "fr": "Nouvelle aide", "en": "New help"}


@pytest.fixture
def utility(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


@pytest.fixture
def meriem(utility: Company) -> Staff:
    """The communication officer."""
    return add_person("meriem@oran.example", Role.COMMUNICATION, company=utility, name="Meriem")


def publish(company: Company, staff: Staff, **changes: Any) -> list[CompanyText]:  # noqa: ANN401 - of NewTexts
    now = changes.pop("now", NOON + A_DAY)
    newest: dict[str, int] = {}
    kind = changes.get("kind", TextKind.HELP)
    for text in CompanyText.objects.filter(company=company, kind=kind).order_by("version"):
        newest[text.language] = text.version
    new = NewTexts(**({"kind": kind, "bodies": HELP, "seen": newest} | changes))
    return publish_texts(new, company_id=company.id, staff=staff, now=now)


def holding(company: Company, kind: str, language: str, now: Any) -> str | None:  # noqa: ANN401 - a moment
    text = find_text(company_id=company.id, kind=kind, language=language, now=now)
    return text.body if text else None


def test_a_text_holds_from_its_moment_on_and_not_before(utility: Company, meriem: Staff) -> None:
    publish(utility, meriem, effective_at=NOON + 3 * A_DAY)
    assert holding(utility, "help", "fr", NOON + 2 * A_DAY) == "help (fr)"
    assert holding(utility, "help", "fr", NOON + 3 * A_DAY) == "Nouvelle aide"
    assert CompanyText.objects.get(kind="help", language="fr", version=2).written_by_id == meriem.id


def test_a_planned_version_takes_over_from_one_that_was_written_after_it(utility: Company, meriem: Staff) -> None:
    publish(utility, meriem, effective_at=NOON + 5 * A_DAY)
    publish(utility, meriem, bodies=HELP | {"fr": "Entre-temps"}, now=NOON + 2 * A_DAY)
    assert holding(utility, "help", "fr", NOON + 3 * A_DAY) == "Entre-temps"
    assert holding(utility, "help", "fr", NOON + 5 * A_DAY) == "Nouvelle aide"
    now = NOON + 5 * A_DAY
    found = current_texts(company_id=utility.id, kinds=["help"], language="fr", now=now)
    assert [text.body for text in found] == ["Nouvelle aide"]


def test_of_two_versions_for_one_moment_the_later_one_holds(utility: Company, meriem: Staff) -> None:
    at = NOON + 5 * A_DAY
    publish(utility, meriem, effective_at=at)
    publish(utility, meriem, effective_at=at, bodies=HELP | {"fr": "Mieux"})
    assert holding(utility, "help", "fr", at) == "Mieux"
    assert holding(utility, "help", "en", at) == "New help"


def test_only_what_changed_becomes_a_version_unless_the_others_are_dated_anew(utility: Company, meriem: Staff) -> None:
    texts = {language: f"help ({language})" for language in ("ar", "fr", "en")}
    assert [text.language for text in publish(utility, meriem, bodies=texts | {"fr": "Autre"})] == ["fr"]
    again = publish(utility, meriem, bodies=texts | {"fr": "Encore"}, same_in_others=True, now=NOON + 2 * A_DAY)
    assert sorted(text.language for text in again) == ["ar", "en", "fr"]
    assert len({text.effective_at for text in again}) == 1


def test_the_same_words_publish_nothing(utility: Company, meriem: Staff) -> None:
    with pytest.raises(NothingToPublish):
        publish(utility, meriem, bodies={language: f"help ({language})" for language in ("ar", "fr", "en")})
    assert CompanyText.objects.filter(kind="help").count() == 3


def test_nothing_begins_in_the_past_but_the_minute_of_a_clock_is_now(utility: Company, meriem: Staff) -> None:
    now = NOON + A_DAY
    with pytest.raises(EffectiveInThePast):
        publish(utility, meriem, effective_at=now - timedelta(hours=1), now=now)
    published = publish(utility, meriem, effective_at=now - timedelta(seconds=50), now=now)
    assert {text.effective_at for text in published} == {now}


def test_a_notice_ends_and_is_taken_down_by_an_empty_one(utility: Company, meriem: Staff) -> None:
    notice: dict[str, Any] = {"kind": TextKind.NOTICE}
    publish(utility, meriem, **notice, bodies={"fr": "Coupure lundi"}, ends_at=NOON + 3 * A_DAY)
    assert holding(utility, "notice", "fr", NOON + 2 * A_DAY) == "Coupure lundi"
    assert holding(utility, "notice", "fr", NOON + 3 * A_DAY) is None
    publish(utility, meriem, **notice, bodies={"fr": ""}, now=NOON + 2 * A_DAY)
    assert holding(utility, "notice", "fr", NOON + 2 * A_DAY) is None
    assert holding(utility, "notice", "ar", NOON + 2 * A_DAY) is None


def test_only_notices_end_and_none_before_it_begins(utility: Company, meriem: Staff) -> None:
    with pytest.raises(OnlyNoticesEnd):
        publish(utility, meriem, ends_at=NOON + 9 * A_DAY)
    with pytest.raises(EndsBeforeItBegins):
        publish(utility, meriem, kind=TextKind.NOTICE, bodies={"fr": "x"}, ends_at=NOON)


def test_terms_are_needed_in_three_languages(utility: Company, meriem: Staff) -> None:
    with pytest.raises(NeededInThreeLanguages):
        publish(utility, meriem, kind=TextKind.SALE_TERMS, bodies={"ar": "شروط", "fr": "Conditions", "en": " "})


def test_a_trick_in_one_language_publishes_none(utility: Company, meriem: Staff) -> None:
    with pytest.raises(TextTurnsAround):
        publish(utility, meriem, bodies=HELP | {"en": "pay \u202e05 DA"})
    assert CompanyText.objects.filter(kind="help").count() == 3


def test_whoever_opened_the_form_before_is_told(utility: Company, meriem: Staff) -> None:
    seen = {"ar": 1, "fr": 1, "en": 1}
    publish(utility, meriem, seen=seen)
    with pytest.raises(TextsChangedMeanwhile):
        publish(utility, meriem, seen=seen, bodies=HELP | {"fr": "Autre chose"})


def test_two_officers_at_once_publish_one_after_the_other(
    utility: Company, meriem: Staff, together: Callable[..., list[Any]]
) -> None:
    seen = {"ar": 1, "fr": 1, "en": 1}
    results = together(
        lambda: publish(utility, meriem, seen=seen, bodies=HELP | {"fr": "Une"}),
        lambda: publish(utility, meriem, seen=seen, bodies=HELP | {"fr": "Deux"}),
    )
    assert sorted(type(result).__name__ for result in results) == ["TextsChangedMeanwhile", "list"]
    assert CompanyText.objects.filter(kind="help", language="fr").count() == 2


def test_only_who_may_change_texts_publishes(utility: Company) -> None:
    with pytest.raises(NotAllowed):
        publish(utility, Staff.objects.get(login=OMAR))


def test_publishing_is_written_down(utility: Company, meriem: Staff) -> None:
    publish(utility, meriem)
    entry = AuditEntry.objects.get(action="publish_texts")
    assert (entry.staff_id, entry.details["versions"]["fr"]) == (meriem.id, [1, 2])


def test_the_database_lets_no_version_be_rewritten_and_no_terms_end(utility: Company) -> None:
    text = CompanyText.objects.filter(company=utility).first()
    assert text is not None
    with pytest.raises(DatabaseError):
        CompanyText.objects.filter(id=text.id).update(body="otherwise")
    with pytest.raises(DatabaseError):
        CompanyText.objects.create(
            company=utility,
            kind="help",
            language="fr",
            version=9,
            body="x",
            effective_at=NOON,
            ends_at=NOON + A_DAY,
            written_at=NOON,
        )


def test_a_description_that_says_the_same_makes_no_version(utility: Company) -> None:
    again = publish_text(company_id=utility.id, kind="help", language="fr", body="help (fr)", now=NOON + A_DAY)
    assert again.version == 1
