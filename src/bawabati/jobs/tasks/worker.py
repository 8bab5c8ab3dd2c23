"""What the worker does for itself: it says that it lives, takes up what was left, and forgets what nobody needs."""

import structlog
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from bawabati.defer import Queue
from bawabati.flows.deliver_events import forget_old_deliveries
from bawabati.flows.forget_bill_files import forget_bill_files
from bawabati.flows.forget_old_contacts import forget_old_contacts
from bawabati.flows.forget_tries import forget_tries
from bawabati.flows.keep_notice import forget_old_addresses
from bawabati.flows.keep_pulse import forget_old_words, keep_pulse, silent_gateways
from bawabati.flows.repeat_call import forget_old_answers
from bawabati.flows.steps.order_journal import forget_old_orders

FAILED_JOBS_KEPT_HOURS = 14 * 24

log = structlog.get_logger()


@app.periodic(cron="* * * * *")
@app.task(name="take_up", queue=Queue.QUESTIONS.value, queueing_lock="take_up", pass_context=True)
async def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Takes up what a worker had in hand when it died: every job of ours is safe to repeat.

    What time brings in anyway is forgotten, not repeated. Rule: jobs-taken-up (failures.md 2.2, B7 and B9)
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        log.warning("job_taken_up", task=job.task_name, job_id=job.id)
        if job.queueing_lock is not None:
            await manager.finish_job(job, status=Status.ABORTED, delete_job=True)
        else:
            await manager.retry_job(job, retry_at=timezone.now())


@app.periodic(cron="* * * * * */30")
@app.task(name="pulse", queue=Queue.QUESTIONS.value, queueing_lock="pulse", pass_context=False)
def pulse(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Says twice a minute that the worker lives, and to which gateways it holds calls back."""
    keep_pulse("worker", seen={"silent_gateways": silent_gateways()}, now=timezone.now())


@app.periodic(cron="30 2 * * *")
@app.task(name="tidy", queue=Queue.LETTERS.value, queueing_lock="tidy", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Forgets, each night, what nobody needs any more: tries, addresses, what became of the lines of old files."""
    forget_tries(now=timezone.now())
    forget_old_addresses(now=timezone.now())
    forget_bill_files(now=timezone.now())
    forget_old_answers(now=timezone.now())
    forget_old_deliveries(now=timezone.now())
    forget_old_orders(now=timezone.now())
    forget_old_words(now=timezone.now())
    forget_old_contacts(now=timezone.now())


@app.periodic(cron="40 2 * * *")
@app.task(name="forget_jobs", queue=Queue.QUESTIONS.value, queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Forgets, each night, jobs that failed long ago. Those that succeeded are forgotten at once."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
