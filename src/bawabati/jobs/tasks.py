"""What the worker does: jobs that flows have deferred, and the sweep that time brings in.

Every task may run twice, late or never finish; each calls one flow that is safe to repeat.
"""

from concurrent.futures import ThreadPoolExecutor

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.defer import Job
from bawabati.flows.check_books import check_what_waits
from bawabati.flows.claim_due_payments import claim_due_payments
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.forget_tries import forget_tries
from bawabati.flows.register_payment import register_payment as register_payment_flow
from bawabati.flows.send_notice import send_notice as send_notice_flow
from bawabati.jobs.letters import receipt_letter
from bawabati.notices.reads import list_overdue_notices

SWEEP_AT_MOST = 64
ASK_AT_ONCE = 8

log = structlog.get_logger()


@app.task(name=Job.SEND_NOTICE.value)
def send_notice(notice_id: int) -> None:
    """Lets one message leave."""
    send_notice_flow(notice_id=notice_id, write_letter=receipt_letter, now=timezone.now())


@app.task(name=Job.REGISTER_PAYMENT.value)
def register_payment(payment_id: int) -> None:
    """Opens an order that found no free slot."""
    register_payment_flow(payment_id=payment_id, now=timezone.now())


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="sweep", queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Asks about every attempt whose time has come, and sends what was left behind."""
    sweep_payments()
    for notice_id in list_overdue_notices(now=timezone.now(), at_most=SWEEP_AT_MOST):
        send_notice_flow(notice_id=notice_id, write_letter=receipt_letter, now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="watch", queueing_lock="watch", pass_context=False)
def watch(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Says aloud what a person has to see to. Whoever watches the log sees every difference until it is gone."""
    for difference in check_what_waits(now=timezone.now()):
        log.error(difference.check, reference=difference.reference, finding=difference.finding)


@app.periodic(cron="30 2 * * *")
@app.task(name="tidy", queueing_lock="tidy", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Forgets, each night, what slowing guesses down needs no longer."""
    forget_tries(now=timezone.now())


def sweep_payments() -> int:
    """Asks until nothing is due any more; how many were asked about."""
    asked = 0
    with ThreadPoolExecutor(max_workers=ASK_AT_ONCE) as askers:
        while due := claim_due_payments(now=timezone.now(), at_most=SWEEP_AT_MOST):
            list(askers.map(_ask, due))
            asked += len(due)
    return asked


def _ask(payment_id: int) -> None:
    """One attempt's surprise does not keep the others from being asked about; its lease ends by time."""
    try:
        confirm_payment(payment_id=payment_id, now=timezone.now())
    except Exception:
        log.exception("sweep_failed", payment_id=payment_id)
    finally:
        connection.close()
