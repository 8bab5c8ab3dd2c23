"""The names of our jobs, and `defer`: later, if this transaction holds.

A job is a row that is written on the transaction's own connection: when the transaction rolls back, the job was never
there. Jobs may run twice, late and out of order; every one of them is safe to repeat.
"""

from datetime import datetime
from enum import StrEnum

from django.db import DEFAULT_DB_ALIAS, connection


class Job(StrEnum):
    """Every job that a flow may ask for. `jobs.tasks` gives each its task of the same name."""

    SEND_NOTICE = "send_notice"
    SEND_REMINDER = "send_reminder"
    REGISTER_PAYMENT = "register_payment"
    REFUND_PAYMENT = "refund_payment"
    CONFIRM_PAYMENT = "confirm_payment"
    IMPORT_BILLS = "import_bills"
    MATCH_STATEMENT = "match_statement"
    RECOVER_PAYMENT = "recover_payment"
    COMPARE_CHANNEL_FILE = "compare_channel_file"


class Queue(StrEnum):
    """Each queue has hands of its own in the worker: no silent mail server keeps money waiting."""

    QUESTIONS = "questions"
    PAYMENTS = "payments"
    LETTERS = "letters"
    REMINDERS = "reminders"
    """Thousands at once: no receipt waits behind them."""
    CHECKS = "checks"
    """Looking through the books and comparing with the gateway: long, and nobody waits for it."""
    FILES = "files"
    """Files that people have brought: long, and somebody watches."""
    WEBHOOKS = "webhooks"
    """Other systems are told what happened: each may be slow."""


QUEUES = {
    Job.SEND_NOTICE: Queue.LETTERS,
    Job.SEND_REMINDER: Queue.REMINDERS,
    Job.REGISTER_PAYMENT: Queue.PAYMENTS,
    Job.REFUND_PAYMENT: Queue.PAYMENTS,
    Job.CONFIRM_PAYMENT: Queue.QUESTIONS,
    Job.IMPORT_BILLS: Queue.FILES,
    Job.MATCH_STATEMENT: Queue.FILES,
    Job.RECOVER_PAYMENT: Queue.QUESTIONS,
    Job.COMPARE_CHANNEL_FILE: Queue.FILES,
}


def defer(job: Job, *, at: datetime | None = None, lock: str | None = None, **arguments: int) -> None:
    """Asks for `job` with `arguments` (identifiers only), at once or at `at`.

    Jobs with the same `lock` run one after the other. Call it inside the transaction that makes the job necessary.
    """
    from procrastinate.contrib.django import app  # noqa: PLC0415 - ready only once Django is
    from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: PLC0415
    from procrastinate.jobs import JobDeferrer  # noqa: PLC0415
    from procrastinate.manager import JobManager  # noqa: PLC0415

    asked = app.configure_task(job.value, queue=QUEUES[job].value, schedule_at=at, lock=lock)
    # Not by the app's own way: inside the worker that is the worker's, which knows nothing of our transaction.
    JobDeferrer(job_manager=JobManager(DjangoConnector(alias=DEFAULT_DB_ALIAS)), job=asked.job).defer(**arguments)


def repeat_failed_job(job_id: int) -> bool:
    """Puts a job that failed back into its queue, in the caller's transaction; whether it was among the failed ones.

    Raises IntegrityError when another of the same kind waits already and one is enough.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", [job_id])
        if cursor.fetchone() is None:
            return False
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
        return True
