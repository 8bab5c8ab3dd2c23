"""What a reminder says, decided when it leaves and not before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bawabati.bills.models import Bill
from bawabati.bills.rules.contacts import Source
from bawabati.companies.models import Company
from bawabati.companies.reads import holidays_of
from bawabati.flows.steps.owed_now import watched_since
from bawabati.links import reminder_address
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.notices.writes import call_off, lease_notice
from bawabati.reminders.models import ReminderMessage, ReminderPlan
from bawabati.reminders.reads import (
    bills_now,
    find_plan,
    newest_texts,
    opted_out_at,
    reminded_bills,
    timing_of,
    ways_of,
)
from bawabati.reminders.rules import (
    STAGES,
    Owed,
    Said,
    Stage,
    Timing,
    Why,
    code_of,
    last_useful_day,
    leaves_next_at,
    owed,
)
from bawabati.reminders.writes import note_said, note_why
from bawabati.workdays import accounting_day

LOOKED_AT_AGAIN: Final = timedelta(hours=1)
"""While somebody is paying, or money may still come, nobody is called a debtor."""
_WHY: Final = {Owed.PAID: Why.PAID, Owed.AGREED: Why.AGREED, Owed.GONE: Why.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What is true now: `stage` is the most urgent of `bills`, oldest first; `left` of each as it stands."""

    stage: Stage
    bills: tuple[tuple[Bill, Money], ...]
    timing: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Nothing is said; looked at again at `again_at`, or never."""

    why: Why
    again_at: datetime | None = None


def what_is_true(message: ReminderMessage, *, now: datetime) -> Reminded | NotNow:
    """What the message may say at this moment, from the bills themselves. Changes nothing.

    Rule: checked-when-it-leaves (behaviour.md I8, I12)
    """
    plan = find_plan(message.company_id)
    if plan is None or not plan.is_on or message.means not in ways_of(plan):
        return NotNow(why=Why.SWITCHED_OFF)
    refused = _is_unwanted(message, plan)
    if refused is not None:
        return NotNow(why=refused)
    timing, today = timing_of(plan), accounting_day(now)
    stages = reminded_bills(message)
    found = bills_now(list(stages), watched_since=watched_since(now))
    words = {bill_id: owed(facts) for bill_id, (_, facts) in found.items()}
    unpaid = [bill_id for bill_id, word in words.items() if word is Owed.NOT_PAID]
    useful = [
        bill_id for bill_id in unpaid if today <= last_useful_day(stages[bill_id], timing, found[bill_id][0].due_on)
    ]
    if useful:
        bills = sorted((found[bill_id] for bill_id in useful), key=lambda pair: (pair[0].due_on, pair[0].id))
        return Reminded(
            stage=max((stages[bill_id] for bill_id in useful), key=STAGES.index),
            bills=tuple((bill, facts.left) for bill, facts in bills),
            timing=timing,
        )
    if unpaid:
        return NotNow(why=Why.TOO_LATE)
    if Owed.BEING_CHECKED in words.values():
        return NotNow(why=Why.BEING_CHECKED, again_at=now + LOOKED_AT_AGAIN)
    return NotNow(why=next((why for word, why in _WHY.items() if word in words.values()), Why.GONE))


def _is_unwanted(message: ReminderMessage, plan: ReminderPlan) -> Why | None:
    contact = message.contact
    if contact is None or (contact.source == Source.PAYER and contact.confirmed_at is None):
        return Why.ERASED
    ended_at = opted_out_at(plan, contact.address)
    if ended_at is None or (contact.confirmed_at is not None and contact.confirmed_at > ended_at):
        return None
    return Why.OPTED_OUT


def said_of(message: ReminderMessage, true: Reminded, *, company: Company, campaign_code: str) -> Said:
    """The words' values, as the rules take them."""
    first = min(bill.due_on for bill, _ in true.bills)
    link = reminder_address(message.id, host_name=company.host_name, campaign_code=campaign_code)
    return Said(
        company=getattr(company, f"name_{message.language}"),
        phone=company.phone,
        language=message.language,
        stage=true.stage,
        left=Money(sum(left.centimes for _, left in true.bills)),
        periods=tuple(dict.fromkeys(bill.period for bill, _ in true.bills)),
        due_on=first,
        cut_off_on=true.timing.cut_off_on(first),
        link=link,
        stop=link,
        code=code_of(message.id),
    )


def settle_reminder(notice: Notice, message: ReminderMessage, *, now: datetime) -> tuple[Said, str] | None:
    """In the second of sending, in the caller's transaction: what the locked notice says, kept as said; or None.

    Then it was called off, or leaves later: at night, on days of rest, while somebody is paying.
    """
    true = what_is_true(message, now=now)
    if isinstance(true, NotNow):
        if true.again_at is not None:
            lease_notice(notice, until=true.again_at)
            return None
        note_why(message, why=true.why)
        call_off(notice, reason=true.why)
        return None
    leaves_at = leaves_next_at(true.timing, holidays=holidays_of(message.company_id), now=now)
    if leaves_at > now:
        lease_notice(notice, until=leaves_at)
        return None
    plan = find_plan(message.company_id)
    version, body = newest_texts(message.company_id)[true.stage, message.language]
    said = said_of(message, true, company=message.company, campaign_code=plan.campaign_code if plan else "")
    note_said(
        message,
        said={
            "stage": true.stage,
            "text": version,
            "bills": [[bill.id, bill.version, left.centimes] for bill, left in true.bills],
        },
    )
    return said, body
