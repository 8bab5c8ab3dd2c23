"""What the worker tells people and their systems: messages, reminders, morning pages, events."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.bills.reads import list_open_agreement_ids
from bawabati.defer import Job, Queue
from bawabati.flows.mind_instalments import mind_instalments as mind_instalments_flow
from bawabati.flows.plan_reminders import plan_reminders
from bawabati.flows.postpone_notice import postpone_notice
from bawabati.flows.remind_owners import remind_owners as remind_owners_flow
from bawabati.flows.send_notice import send_notice as send_notice_flow
from bawabati.flows.send_reminders import send_reminders
from bawabati.flows.write_morning_pages import write_morning_pages
from bawabati.jobs.each import LEFT_BEHIND_AFTER, WHEN_IT_IS_BACK, no_other_waits
from bawabati.jobs.letters import letter
from bawabati.jobs.shut import not_while_shut
from bawabati.jobs.telling import tell_every_endpoint
from bawabati.notices.reads import list_overdue_notices
from bawabati.reminders.reads import list_switched_on

SEND_AT_MOST = 50


@app.task(name=Job.SEND_NOTICE.value, queue=Queue.LETTERS.value, retry=WHEN_IT_IS_BACK)
def send_notice(notice_id: int) -> None:
    """Lets one message leave."""
    _send(notice_id)


@app.task(name=Job.SEND_REMINDER.value, queue=Queue.REMINDERS.value, retry=WHEN_IT_IS_BACK)
def send_reminder(notice_id: int) -> None:
    """Lets one reminder leave, with hands of its own: no receipt waits behind a wave."""
    _send(notice_id)


@app.periodic(cron="* * * * *")
@app.task(name="remind_payers", queue=Queue.REMINDERS.value, queueing_lock="remind_payers", pass_context=False)
@not_while_shut
def remind_payers(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Plans the day's reminders and hands on so many a minute, company by company. One that fails stops none.

    Nothing while a restored installation is shut: what was paid or said after the backup is not known here.
    """
    for plan in list_switched_on():
        with no_other_waits("reminders_failed", company_id=plan.company_id):
            plan_reminders(plan, now=timezone.now())
            send_reminders(plan, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="resend", queue=Queue.LETTERS.value, queueing_lock="resend", pass_context=False)
def resend(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Sends what was left behind when a sender died."""
    for notice_id in list_overdue_notices(now=timezone.now() - LEFT_BEHIND_AFTER, at_most=SEND_AT_MOST):
        _send(notice_id)


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="tell_endpoints", queue=Queue.WEBHOOKS.value, queueing_lock="tell_endpoints", pass_context=False)
@not_while_shut
def tell_endpoints(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Tells the companies' own systems what happened, with several hands: a slow one keeps no other waiting.

    Nothing while a restored installation is shut: what happened after the backup was told then, under these numbers.
    """
    tell_every_endpoint()


@app.periodic(cron="15 * * * *")
@app.task(name="mind_instalments", queue=Queue.LETTERS.value, queueing_lock="instalments", pass_context=False)
@not_while_shut
def mind_instalments(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Sees each hour which instalments are late, and what that means. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what was paid after the backup is unknown, not unpaid.
    """
    for agreement_id in list_open_agreement_ids():
        with no_other_waits("agreement_failed", reference=f"agreement:{agreement_id}"):
            mind_instalments_flow(agreement_id=agreement_id, now=timezone.now())


@app.periodic(cron="0 6 * * 0-4")
@app.task(name="remind_owners", queue=Queue.LETTERS.value, queueing_lock="remind_owners", pass_context=False)
def remind_owners(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Writes, each working morning (06:00 UTC: 07:00 in Algiers), to whoever owns overdue cases."""
    remind_owners_flow(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="morning_pages", queue=Queue.LETTERS.value, queueing_lock="morning_pages", pass_context=False)
def morning_pages(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Writes, from the hour of the settings on, the morning page to whoever has chosen it; once a day each."""
    write_morning_pages(now=timezone.now())


@not_while_shut
def _send(notice_id: int) -> None:
    """A letter that cannot even be written is tried again like one that cannot leave, and is given up like one.

    Nothing leaves while a restored installation is shut: much of what waits here has left long ago.
    """
    with no_other_waits("notice_failed", notice_id=notice_id) as turn:
        send_notice_flow(notice_id=notice_id, write_letter=letter, now=timezone.now())
    if turn.failed:
        postpone_notice(notice_id=notice_id, reason="not_written", now=timezone.now())
