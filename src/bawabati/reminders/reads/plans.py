"""What companies have decided, and what became of each reminder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from bawabati.keyset import At, Page, page_of
from bawabati.notices.rules import Means, NoticeState
from bawabati.reminders.models import OptOut, Reminder, ReminderMessage, ReminderPlan, ReminderRun, ReminderText
from bawabati.reminders.rules import DEFAULTS, LANGUAGES, STAGES, Progress, Stage, Timing
from bawabati.sealed import unseal_bytes

OURS: Final = 0
"""The version of the words that come with us."""


def find_plan(company_id: int) -> ReminderPlan | None:
    """What the company has decided; None until it has."""
    return ReminderPlan.objects.filter(company_id=company_id).first()


def plan_or_ours(company_id: int, *, now: datetime) -> ReminderPlan:
    """What the company has decided; the days that come with us, switched off and not kept, until it has."""
    return find_plan(company_id) or ReminderPlan(company_id=company_id, digest_key=b"", changed_at=now)


def list_switched_on() -> list[ReminderPlan]:
    """The plans of companies that remind their customers, with the companies."""
    return list(ReminderPlan.objects.select_related("company").filter(is_on=True).order_by("company_id"))


def timing_of(plan: ReminderPlan) -> Timing:
    """Its days and hours, as the rules take them."""
    return Timing(
        before_due_days=plan.before_due_days,
        at_due=plan.at_due,
        before_cut_off_days=plan.before_cut_off_days,
        cut_off_after_days=plan.cut_off_after_days,
        from_hour=plan.from_hour,
        until_hour=plan.until_hour,
    )


def ways_of(plan: ReminderPlan) -> list[str]:
    """The ways by which it reminds."""
    return [way for way, wanted in ((Means.SMS, plan.by_sms), (Means.EMAIL, plan.by_email)) if wanted]


def digest_purpose(company_id: int) -> str:
    """To what the key of its digests is bound."""
    return f"reminder_digests:{company_id}"


def digest_key(plan: ReminderPlan) -> bytes:
    """The key under which the addresses of those who opted out are digested. It never changes."""
    if not plan.digest_key:
        return b""  # nobody has opted out of what nobody has planned
    return unseal_bytes(bytes(plan.digest_key), purpose=digest_purpose(plan.company_id))


def digest_of(plan: ReminderPlan, address: str) -> bytes:
    """What stands for an address among those who opted out. The planning says the same in SQL."""
    return sha256(digest_key(plan) + address.encode()).digest()


def opted_out_at(plan: ReminderPlan, address: str) -> datetime | None:
    """When somebody last said that he wants no reminders there."""
    said = OptOut.objects.filter(company_id=plan.company_id, digest=digest_of(plan, address))
    return said.order_by("-opted_at").values_list("opted_at", flat=True).first()


def newest_texts(company_id: int) -> dict[tuple[Stage, str], tuple[int, str]]:
    """For each stage and language the version and the words that hold; version 0: ours."""
    found = {(stage, language): (OURS, DEFAULTS[stage][language]) for stage in STAGES for language in LANGUAGES}
    for text in ReminderText.objects.filter(company_id=company_id).order_by("version"):
        found[Stage(text.stage), text.language] = (text.version, text.body)
    return found


def find_message(message_id: int) -> ReminderMessage | None:
    """The message with its run, contact and customer."""
    return _messages().filter(id=message_id).first()


def find_company_message(*, company_id: int, message_id: int) -> ReminderMessage | None:
    """The message of that company."""
    return _messages().filter(company_id=company_id, id=message_id).first()


def _messages() -> QuerySet[ReminderMessage]:
    return ReminderMessage.objects.select_related("run", "contact", "customer", "company")


def company_of_message(message_id: int) -> int | None:
    """Whose it is: asked before anything else of it, while that is not known."""
    return ReminderMessage.objects.filter(id=message_id).values_list("company_id", flat=True).first()


def reminded_bills(message: ReminderMessage) -> dict[int, Stage]:
    """The bills that the message is about, each with the stage for which its turn had come."""
    rows = Reminder.objects.filter(run_id=message.run_id, customer_id=message.customer_id)
    return {bill_id: Stage(stage) for bill_id, stage in rows.values_list("bill_id", "stage")}


def list_due_messages(company_id: int, *, now: datetime, at_most: int) -> list[int]:
    """Messages whose minute has come, oldest first."""
    due = ReminderMessage.objects.filter(company_id=company_id, progress=Progress.WAITING, send_after__lte=now)
    return list(due.order_by("send_after", "id").values_list("id", flat=True)[:at_most])


def has_run(*, company_id: int, day: date) -> bool:
    """Whether that day's reminders have been planned."""
    return ReminderRun.objects.filter(company_id=company_id, day=day).exists()


def list_runs(*, company_id: int, at: At) -> Page[ReminderRun]:
    """Days on which reminders were planned, the newest first."""
    return page_of(ReminderRun.objects.filter(company_id=company_id), order=["-day"], at=at)


_ENDS: Final = ("waiting", "called_off", "sent", "on_the_way", "undelivered", "parts")


def count_by_end(run_ids: list[int]) -> Mapping[int, Mapping[str, int]]:
    """For each run: messages waiting, sent, on their way, not delivered, called off; and SMS parts."""
    rows = (
        ReminderMessage.objects.filter(run_id__in=run_ids)
        .values("run_id")
        .annotate(
            waiting=Count("id", filter=Q(progress=Progress.WAITING)),
            called_off=Count("id", filter=Q(progress=Progress.CALLED_OFF) | Q(notice__state=NoticeState.CALLED_OFF)),
            sent=Count("id", filter=Q(notice__state=NoticeState.SENT)),
            on_the_way=Count("id", filter=Q(notice__state=NoticeState.WAITING)),
            undelivered=Count("id", filter=Q(notice__state__in=[NoticeState.REJECTED, NoticeState.GIVEN_UP])),
            parts=Sum("notice__parts", default=0),
        )
    )
    return {row["run_id"]: {name: int(row[name]) for name in _ENDS} for row in rows}


def count_reasons(run_id: int) -> list[tuple[str, int]]:
    """Why messages of a run were called off, the most frequent first."""
    counted = ReminderMessage.objects.filter(run_id=run_id).exclude(reason="").values("reason")
    return [(row["reason"], row["count"]) for row in counted.annotate(count=Count("id")).order_by("-count", "reason")]


def find_run(*, company_id: int, run_id: int) -> ReminderRun | None:
    """That day of the company."""
    return ReminderRun.objects.filter(company_id=company_id, id=run_id).first()


def list_undelivered(*, run_id: int, at: At) -> Page[ReminderMessage]:
    """The messages of a run that did not arrive, with what became of each."""
    ended = ReminderMessage.objects.filter(
        run_id=run_id, notice__state__in=[NoticeState.REJECTED, NoticeState.GIVEN_UP]
    )
    return page_of(ended.select_related("notice", "customer"), order=["id"], at=at)
