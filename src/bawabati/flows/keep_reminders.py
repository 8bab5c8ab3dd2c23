"""The communication officer decides when customers are reminded, in which words, and whether at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reminders.models import ReminderPlan
from bawabati.reminders.reads import OURS, newest_texts
from bawabati.reminders.rules import (
    LANGUAGES,
    MOST_A_MINUTE,
    DaysWrong,
    Stage,
    Timing,
    check_body,
    check_timing,
)
from bawabati.reminders.writes import change_plan, lock_plan, write_text


class NothingChanged(CannotDo):
    """It says already what it is to say."""

    code = "reminders_unchanged"
    sentence = "Nothing has changed."


class WordsChangedMeanwhile(CannotDo):
    """Somebody else has written another version since the form was opened."""

    code = "reminder_words_changed_meanwhile"
    sentence = "Somebody has changed these words since you opened this page. Look at them and write yours again."


class NoWay(CannotDo):
    """Neither SMS nor e-mail."""

    code = "reminders_no_way"
    sentence = "Choose SMS, e-mail or both."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """What is to hold from now on."""

    timing: Timing
    by_sms: bool
    by_email: bool
    a_minute: int
    part_price_centimes: int
    campaign_code: str


def keep_plan(new: NewPlan, *, company_id: int, staff: Staff, now: datetime) -> ReminderPlan:
    """Days, hours, ways and pace. Does not switch anything on. Safe to repeat.

    Raises NotAllowed, DaysWrong, NoWay.
    """
    get_staff_allowed(login=staff.login, action=Action.KEEP_REMINDERS, company_id=company_id)
    check_timing(new.timing)
    if not 0 < new.a_minute <= MOST_A_MINUTE:
        raise DaysWrong
    if not (new.by_sms or new.by_email):
        raise NoWay
    timing = new.timing
    values = {
        "before_due_days": timing.before_due_days,
        "at_due": timing.at_due,
        "before_cut_off_days": timing.before_cut_off_days,
        "cut_off_after_days": timing.cut_off_after_days,
        "from_hour": timing.from_hour,
        "until_hour": timing.until_hour,
        "by_sms": new.by_sms,
        "by_email": new.by_email,
        "a_minute": new.a_minute,
        "part_price_centimes": new.part_price_centimes,
        "campaign_code": new.campaign_code,
    }
    with written_together("keep_plan: kept"):
        plan = lock_plan(company_id, now=now)
        changed = change_plan(plan, values=values, staff=staff, now=now)
        if changed:
            _note("keep_reminder_plan", company_id, staff, changed, now)
    return plan


def switch_reminders(*, on: bool, company_id: int, staff: Staff, now: datetime) -> ReminderPlan:
    """From now on customers are reminded, or no longer: what waits to leave then does not. Safe to repeat.

    Rule: reminders-switched (ours: a person says so, having seen what it costs) Raises NotAllowed.
    """
    get_staff_allowed(login=staff.login, action=Action.KEEP_REMINDERS, company_id=company_id)
    with written_together("switch_reminders: switched"):
        plan = lock_plan(company_id, now=now)
        if change_plan(plan, values={"is_on": on}, staff=staff, now=now):
            _note("switch_reminders", company_id, staff, {"is_on": on}, now)
    return plan


def write_reminder(
    *, stage: Stage, bodies: Mapping[str, str], seen: Mapping[str, int], company_id: int, staff: Staff, now: datetime
) -> list[str]:
    """New versions of the words, one for each language that changed; which. Safe to race: who comes second is told.

    Raises NotAllowed, NothingChanged, WordsChangedMeanwhile, and what `check_body` raises.
    """
    get_staff_allowed(login=staff.login, action=Action.KEEP_REMINDERS, company_id=company_id)
    checked = {language: check_body(bodies.get(language, "")) for language in LANGUAGES}
    with written_together("write_reminder: written"):
        lock_plan(company_id, now=now)
        holding = newest_texts(company_id)
        changed = [language for language in LANGUAGES if holding[stage, language][1] != checked[language]]
        if not changed:
            raise NothingChanged
        for language in changed:
            version, _ = holding[stage, language]
            if seen.get(language, OURS) != version:
                raise WordsChangedMeanwhile
            write_text(
                company_id=company_id,
                stage=stage,
                language=language,
                version=version + 1,
                body=checked[language],
                staff=staff,
                now=now,
            )
        _note("write_reminder", company_id, staff, {"stage": stage, "languages": changed}, now)
    return changed


def _note(action: str, company_id: int, staff: Staff, details: Mapping[str, object], now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=company_id,
        action=action,
        target=f"company:{company_id}",
        details=dict(details),
        now=now,
    )
