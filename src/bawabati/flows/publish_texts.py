"""What the company writes for its payers: new versions of a text, from now or from a later moment on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.companies.models import CompanyText
from bawabati.companies.reads import find_latest_version, find_text_row
from bawabati.companies.rules import (
    ACCEPTED,
    LANGUAGES,
    EffectiveInThePast,
    EndsBeforeItBegins,
    NeededInThreeLanguages,
    OnlyNoticesEnd,
    TextKind,
    check_text,
    tidy_text,
)
from bawabati.companies.writes import lock_texts, publish_text
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

CLOCKS_DIFFER_BY: Final = timedelta(minutes=2)
"""Somebody who types the minute that his clock shows means now."""


class NothingToPublish(CannotDo):
    """Every language says already what it is to say."""

    code: ClassVar[str] = "nothing_to_publish"
    sentence: ClassVar[str] = "Nothing has changed: there is nothing to publish."


class TextsChangedMeanwhile(CannotDo):
    """Somebody else has published since the form was opened."""

    code: ClassVar[str] = "texts_changed_meanwhile"
    sentence: ClassVar[str] = (
        "Somebody has published another version since you opened this page. Your text is below; open the versions, "
        "look at what has changed, and publish again."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTexts:
    """What is to be published. `bodies`: language → text; empty stays as it is where there is none yet.

    `effective_at` None: from now on. `seen`: language → the number of the newest version when the form was opened, 0
    where there was none. `same_in_others`: the languages whose words stay get the new date too.
    """

    kind: TextKind
    bodies: Mapping[str, str]
    seen: Mapping[str, int]
    effective_at: datetime | None = None
    ends_at: datetime | None = None
    same_in_others: bool = False


def publish_texts(new: NewTexts, *, company_id: int, staff: Staff, now: datetime) -> list[CompanyText]:
    """The versions that are new, one for each language that changed. Safe to race: who comes second is told.

    A version is never rewritten, and none begins in the past. Rule: dated-texts (law 18-05)

    Raises:
        NotAllowed, NothingToPublish, TextsChangedMeanwhile, EffectiveInThePast, OnlyNoticesEnd, EndsBeforeItBegins,
        NeededInThreeLanguages; and what `check_text` raises.
    """
    get_staff_allowed(login=staff.login, action=Action.CHANGE_TEXTS, company_id=company_id)
    begins = _begins(new, now)
    bodies = {language: tidy_text(new.bodies.get(language, "")) for language in LANGUAGES}
    if new.kind in ACCEPTED and not all(bodies.values()):
        raise NeededInThreeLanguages
    with written_together("publish_texts: published"):
        lock_texts(company_id)
        published = _publish(new, bodies, begins, company_id=company_id, staff=staff, now=now)
        if not published:
            raise NothingToPublish
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="publish_texts",
            target=f"company_text:{new.kind}",
            details={
                "versions": {text.language: [new.seen.get(text.language, 0), text.version] for text in published},
                "texts": [text.id for text in published],
                "effective_at": begins.isoformat(),
                "ends_at": new.ends_at.isoformat() if new.ends_at else None,
            },
            now=now,
        )
    return published


def _begins(new: NewTexts, now: datetime) -> datetime:
    begins = new.effective_at or now
    if begins < now - CLOCKS_DIFFER_BY:
        raise EffectiveInThePast
    begins = max(begins, now)
    if new.ends_at is not None and new.kind is not TextKind.NOTICE:
        raise OnlyNoticesEnd
    if new.ends_at is not None and new.ends_at <= begins:
        raise EndsBeforeItBegins
    return begins


def _publish(
    new: NewTexts, bodies: Mapping[str, str], begins: datetime, *, company_id: int, staff: Staff, now: datetime
) -> list[CompanyText]:
    published, unchanged = [], []
    for language, body in bodies.items():
        newest = find_latest_version(company_id=company_id, kind=new.kind, language=language) or 0
        if newest != new.seen.get(language, 0):
            raise TextsChangedMeanwhile
        holding = find_text_row(company_id=company_id, kind=new.kind, language=language, at=begins)
        if not body and holding is None:
            continue
        check_text(body, kind=new.kind)
        if holding is not None and (holding.body, holding.ends_at) == (body, new.ends_at):
            unchanged.append((language, body))
        else:
            published.append((language, body))
    if published and new.same_in_others:
        published += unchanged
    return [
        publish_text(
            company_id=company_id,
            kind=new.kind,
            language=language,
            body=body,
            effective_at=begins,
            ends_at=new.ends_at,
            written_by_id=staff.id,
            even_if_same=True,
            now=now,
        )
        for language, body in published
    ]
