"""What the worker does: jobs that flows have deferred, and the sweep that time brings in.

Every task may run twice, late or never finish; each calls one flow that is safe to repeat.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ssl import SSLCertVerificationError

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from bawabati.bills.reads import list_open_agreement_ids
from bawabati.companies.reads import list_companies
from bawabati.defer import Job, Queue
from bawabati.flows.ask_again_later import ask_again_later
from bawabati.flows.check_audit import check_audit
from bawabati.flows.check_books import Difference, check_what_ended, check_what_waits
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.compare_channel_file import compare_channel_file as compare_channel_file_flow
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.count_debts import count_debts as count_debts_flow
from bawabati.flows.deliver_events import forget_old_deliveries
from bawabati.flows.export_payments import export_payments
from bawabati.flows.forget_bill_files import forget_bill_files
from bawabati.flows.forget_old_contacts import forget_old_contacts
from bawabati.flows.forget_tries import forget_tries
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.keep_notice import forget_old_addresses
from bawabati.flows.keep_pulse import forget_old_words, keep_pulse, silent_gateways
from bawabati.flows.look_for_missing import look_for_missing as look_for_missing_flow
from bawabati.flows.match_statement import match_open_lines
from bawabati.flows.match_statement import match_statement as match_statement_flow
from bawabati.flows.mind_instalments import mind_instalments as mind_instalments_flow
from bawabati.flows.plan_reminders import plan_reminders
from bawabati.flows.postpone_notice import postpone_notice
from bawabati.flows.recover_payment import recover_payment as recover_payment_flow
from bawabati.flows.refund_later import refund_later
from bawabati.flows.refund_payment import refund_payment as refund_payment_flow
from bawabati.flows.register_payment import register_payment as register_payment_flow
from bawabati.flows.remind_owners import remind_owners as remind_owners_flow
from bawabati.flows.repeat_call import forget_old_answers
from bawabati.flows.seal_audit import seal_audit as seal_audit_flow
from bawabati.flows.send_notice import send_notice as send_notice_flow
from bawabati.flows.send_reminders import send_reminders
from bawabati.flows.steps.order_journal import forget_old_orders
from bawabati.flows.watch_channel_files import watch_channel_files as watch_channel_files_flow
from bawabati.flows.write_morning_pages import write_morning_pages
from bawabati.jobs.bill_import import import_upload
from bawabati.jobs.certificate import certificate_ends_at
from bawabati.jobs.comparison import compare_with_gateway
from bawabati.jobs.letters import letter
from bawabati.jobs.telling import tell_every_endpoint
from bawabati.notices.reads import list_overdue_notices
from bawabati.operations.reads import find_quarantine
from bawabati.payments.reads import list_due_refunds, list_due_sales
from bawabati.payments.reads.channels import list_due_reservations, list_uncompared_files
from bawabati.reminders.reads import list_switched_on
from bawabati.scope import every_company
from bawabati.settlement.reads import list_companies_with_open_lines, list_unmatched_statements

HANDS = 16
SEND_AT_MOST = 50
REFUND_AT_MOST = 100
SALES_AT_MOST = 200
RESERVATIONS_AT_MOST = 200
LEFT_BEHIND_AFTER = timedelta(seconds=30)
FAILED_JOBS_KEPT_HOURS = 14 * 24
COMPARED_EACH_NIGHT = timedelta(days=3)
"""Longer than the day and a half that an attempt may take to end, and a night more for a gateway that was silent."""
CHECKED_EACH_MINUTE = timedelta(minutes=10)
"""Looked at ten times: a transaction that began long ago may have committed only now."""
DATABASE_LOST = (InterfaceError, OperationalError)
WHEN_IT_IS_BACK = RetryStrategy(max_attempts=100, wait=5, retry_exceptions=DATABASE_LOST)
"""A job that has lost the database is done again; whatever else is wrong with one, a flow has seen to."""

log = structlog.get_logger()


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
def remind_payers(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Plans the day's reminders and hands on so many a minute, company by company. One that fails stops none.

    Nothing while a restored installation is shut: what was paid or said after the backup is not known here.
    """
    if find_quarantine() is not None:
        return
    for plan in list_switched_on():
        try:
            plan_reminders(plan, now=timezone.now())
            send_reminders(plan, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("reminders_failed", company_id=plan.company_id)


@app.task(name=Job.REGISTER_PAYMENT.value, queue=Queue.PAYMENTS.value, retry=WHEN_IT_IS_BACK)
def register_payment(payment_id: int) -> None:
    """Opens an order that found no free slot.

    Not while a restored installation is shut: it may have been opened after the backup. The sweep ends the attempt.
    """
    if find_quarantine() is not None:
        return
    register_payment_flow(payment_id=payment_id, now=timezone.now())


@app.task(name=Job.REFUND_PAYMENT.value, queue=Queue.PAYMENTS.value, retry=WHEN_IT_IS_BACK)
def refund_payment(refund_id: int) -> None:
    """Carries out a refund that was approved; the sweep does when this installation is shut."""
    if find_quarantine() is not None:
        return
    refund_payment_flow(refund_id=refund_id, now=timezone.now())


@app.task(name=Job.IMPORT_BILLS.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def import_bills(upload_id: int) -> None:
    """Brings in a file of bills that somebody has uploaded."""
    import_upload(upload_id)


@app.task(name=Job.MATCH_STATEMENT.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def match_statement(statement_id: int) -> None:
    """Compares a file of the acquirer or the bank with our books."""
    match_statement_flow(statement_id=statement_id, now=timezone.now())


@app.task(name=Job.RECOVER_PAYMENT.value, queue=Queue.QUESTIONS.value, retry=WHEN_IT_IS_BACK)
def recover_payment(payment_id: int) -> None:
    """Asks the gateway about an attempt that ended otherwise, because a file says that the card was debited."""
    recover_payment_flow(payment_id=payment_id, now=timezone.now())


@app.task(name=Job.COMPARE_CHANNEL_FILE.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def compare_channel_file(file_id: int) -> None:
    """Compares a channel's daily file with our books, and ends what was pending."""
    compare_channel_file_flow(file_id=file_id, now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="settle_again", queue=Queue.FILES.value, queueing_lock="settle_again", pass_context=False)
def settle_again(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with files whose job died, looks again at lines whose item may have ended. One that fails stops none."""
    for statement in list_unmatched_statements():
        try:
            match_statement_flow(statement_id=statement.id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception(
                "statement_not_matched", company_id=statement.company_id, reference=f"statement:{statement.id}"
            )
    for company_id in list_companies_with_open_lines():
        try:
            match_open_lines(company_id=company_id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("lines_not_matched", company_id=company_id)


@app.periodic(cron="5 * * * *")
@app.task(name="look_for_missing", queue=Queue.FILES.value, queueing_lock="look_for_missing", pass_context=False)
def look_for_missing(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Looks, each hour, for files, payments, refunds and credits that should have come."""
    look_for_missing_flow(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_refunds", queue=Queue.PAYMENTS.value, queueing_lock="sweep_refunds", pass_context=False)
def sweep_refunds(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every refund whose time has come. One that fails by a fault of ours keeps nobody else waiting.

    Nothing while a restored installation is shut: it may have been carried out after the backup.
    """
    if find_quarantine() is not None:
        return
    for refund_id in list_due_refunds(now=timezone.now(), at_most=REFUND_AT_MOST):
        try:
            refund_payment_flow(refund_id=refund_id, now=timezone.now())
        except Exception:
            log.exception("refund_failed", refund_id=refund_id)
            refund_later(refund_id=refund_id, now=timezone.now())


@app.task(name=Job.CONFIRM_PAYMENT.value, queue=Queue.QUESTIONS.value, retry=WHEN_IT_IS_BACK)
def ask_soon(payment_id: int) -> None:
    """Asks about one attempt between its times, because a callback spoke of it. If it dies, the sweep still asks."""
    confirm_payment(payment_id=payment_id, now=timezone.now())


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="sweep", queue=Queue.QUESTIONS.value, queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Asks about every attempt whose time has come."""
    sweep_payments()


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="sweep_sales", queue=Queue.QUESTIONS.value, queueing_lock="sweep_sales", pass_context=False)
def sweep_sales(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every sale at a desk whose time has come. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what readers did after the backup is unknown, not undone.
    """
    if find_quarantine() is not None:
        return
    for sale_id in list_due_sales(now=timezone.now(), at_most=SALES_AT_MOST):
        try:
            go_on_with_sale(sale_id=sale_id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("sale_failed", sale_id=sale_id)


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(
    name="sweep_reservations", queue=Queue.QUESTIONS.value, queueing_lock="sweep_reservations", pass_context=False
)
def sweep_reservations(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every reservation of a channel whose time has come. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what channels said after the backup is unknown, not unsaid.
    """
    if find_quarantine() is not None:
        return
    for reservation_id in list_due_reservations(now=timezone.now(), at_most=RESERVATIONS_AT_MOST):
        try:
            go_on_with_reservation(reservation_id=reservation_id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("reservation_failed", reference=f"reservation:{reservation_id}")


@app.periodic(cron="*/10 * * * *")
@app.task(name="channel_files", queue=Queue.FILES.value, queueing_lock="channel_files", pass_context=False)
def channel_files(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Notices days of which a channel has brought no file, and goes on with files whose job died."""
    watch_channel_files_flow(now=timezone.now())
    for file_id in list_uncompared_files(before=timezone.now() - LEFT_BEHIND_AFTER):
        try:
            compare_channel_file_flow(file_id=file_id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("channel_file_not_compared", reference=f"channel_file:{file_id}")


@app.periodic(cron="* * * * *")
@app.task(name="resend", queue=Queue.LETTERS.value, queueing_lock="resend", pass_context=False)
def resend(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Sends what was left behind when a sender died."""
    for notice_id in list_overdue_notices(now=timezone.now() - LEFT_BEHIND_AFTER, at_most=SEND_AT_MOST):
        _send(notice_id)


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="tell_endpoints", queue=Queue.WEBHOOKS.value, queueing_lock="tell_endpoints", pass_context=False)
def tell_endpoints(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Tells the companies' own systems what happened, with several hands: a slow one keeps no other waiting.

    Nothing while a restored installation is shut: what happened after the backup was told then, under these numbers.
    """
    if find_quarantine() is not None:
        return
    tell_every_endpoint()


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


@app.periodic(cron="*/5 * * * *")
@app.task(name="watch", queue=Queue.LETTERS.value, queueing_lock="watch", pass_context=False)
def watch(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Says aloud what a person has to see to. Whoever watches the log sees every difference until it is gone."""
    differences = check_what_waits(now=timezone.now())
    keep_pulse("books:waiting", seen={"differences": len(differences)}, now=timezone.now())
    _say_aloud(differences)


@app.periodic(cron="* * * * *")
@app.task(name="check_what_moved", queue=Queue.CHECKS.value, queueing_lock="check_what_moved", pass_context=False)
def check_what_moved(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Compares, each minute, the money that has just moved with the books, the bills and the receipts."""
    now = timezone.now()
    differences = check_what_ended(since=now - CHECKED_EACH_MINUTE, now=now)
    keep_pulse("books:moved", seen={"differences": len(differences)}, now=now)
    _say_aloud(differences)


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="seal_audit", queue=Queue.CHECKS.value, queueing_lock="seal_audit", pass_context=False)
def seal_audit(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Seals what was done since the last time. The log, which is kept elsewhere, holds the hash of each block."""
    while (block := seal_audit_flow(now=timezone.now())) is not None:
        log.info("audit_sealed", block=block.number, entries=block.count, hash=bytes(block.hash).hex())


@app.periodic(cron="45 2 * * *")
@app.task(name="check_audit_log", queue=Queue.CHECKS.value, queueing_lock="check_audit_log", pass_context=False)
def check_audit_log(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Reads the whole audit log each night, and says aloud what is not as it was written."""
    for finding in check_audit(now=timezone.now()).findings:
        log.error("audit_log_changed", broken=finding.broken.value, block=finding.block, words=finding.words)


@app.periodic(cron="* * * * * */30")
@app.task(name="pulse", queue=Queue.QUESTIONS.value, queueing_lock="pulse", pass_context=False)
def pulse(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Says twice a minute that the worker lives, and to which gateways it holds calls back."""
    keep_pulse("worker", seen={"silent_gateways": silent_gateways()}, now=timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name="look_at_certificate", queue=Queue.CHECKS.value, queueing_lock="certificate", pass_context=False)
def look_at_certificate(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Looks each hour until when the certificate of the public address holds, as a browser sees it."""
    now = timezone.now()
    try:
        ends_at = certificate_ends_at(settings.PUBLIC_URL)
    except OSError as error:
        log.warning("certificate_not_seen", reason=str(error))
        ends_at = now if isinstance(error, SSLCertVerificationError) else None
    if ends_at is not None:
        keep_pulse("certificate", seen={"ends_at": ends_at.isoformat()}, now=now)


@app.periodic(cron="15 * * * *")
@app.task(name="mind_instalments", queue=Queue.LETTERS.value, queueing_lock="instalments", pass_context=False)
def mind_instalments(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Sees each hour which instalments are late, and what that means. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what was paid after the backup is unknown, not unpaid.
    """
    if find_quarantine() is not None:
        return
    for agreement_id in list_open_agreement_ids():
        try:
            mind_instalments_flow(agreement_id=agreement_id, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("agreement_failed", reference=f"agreement:{agreement_id}")


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


@app.periodic(cron="15 2 * * *")
@app.task(name="compare_gateway", queue=Queue.CHECKS.value, queueing_lock="compare_gateway", pass_context=False)
def compare_gateway(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Compares, each night (the scheduler's clock is UTC: 03:15 in Algiers), and mends what is safe, saying what."""
    for finding in compare_with_gateway(since=timezone.now() - COMPARED_EACH_NIGHT, repairs=True):
        say = log.warning if finding.is_mended else log.error
        say(finding.what, company_id=finding.company_id, reference=finding.reference, done=finding.done)


@app.periodic(cron="30 1 * * *")
@app.task(name="tell_billing", queue=Queue.CHECKS.value, queueing_lock="tell_billing", pass_context=False)
def tell_billing(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Tells the billing systems, each night, what was paid (01:30 UTC: 02:30 in Algiers). One that fails stops none."""
    for company in list_companies():
        try:
            export_payments(company_id=company.id, staff=None, now=timezone.now())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("payments_not_told", company_id=company.id)


@app.periodic(cron="10 * * * *")
@app.task(name="count_debts", queue=Queue.CHECKS.value, queueing_lock="count_debts", pass_context=False)
def count_debts(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Counts what is owed, each hour, of companies that have a new day or new bills."""
    count_debts_flow(now=timezone.now())


@app.periodic(cron="40 2 * * *")
@app.task(name="forget_jobs", queue=Queue.QUESTIONS.value, queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Forgets, each night, jobs that failed long ago. Those that succeeded are forgotten at once."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


def sweep_payments() -> int:
    """Asks, with several hands, until nothing is due any more; how many were asked about."""
    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        return sum(hands.map(_ask_what_is_due, range(HANDS)))


def _ask_what_is_due(_hand: int) -> int:
    """One hand. An attempt's surprise keeps nobody else waiting: it is asked about again later."""
    with every_company("the sweep asks about every open attempt, with hands of its own"):
        return _ask_until_nothing_is_due()


def _ask_until_nothing_is_due() -> int:
    asked = 0
    try:
        while (payment_id := claim_due_payment(now=timezone.now())) is not None:
            asked += 1
            try:
                confirm_payment(payment_id=payment_id, now=timezone.now())
            except DATABASE_LOST:
                raise
            except Exception:
                log.exception("sweep_failed", payment_id=payment_id)
                ask_again_later(payment_id=payment_id, now=timezone.now())
    except DATABASE_LOST as lost:
        log.warning("sweep_interrupted", reason=str(lost).strip())  # its lease ends by time, and the next sweep asks
    finally:
        connection.close()
    return asked


def _say_aloud(differences: Iterable[Difference]) -> None:
    for difference in differences:
        log.error(
            difference.check,
            company_id=difference.company_id,
            reference=difference.reference,
            finding=difference.finding,
        )


def _send(notice_id: int) -> None:
    """A letter that cannot even be written is tried again like one that cannot leave, and is given up like one.

    Nothing leaves while a restored installation is shut: much of what waits here has left long ago.
    """
    if find_quarantine() is not None:
        return
    try:
        send_notice_flow(notice_id=notice_id, write_letter=letter, now=timezone.now())
    except DATABASE_LOST:
        raise
    except Exception:
        log.exception("notice_failed", notice_id=notice_id)
        postpone_notice(notice_id=notice_id, reason="not_written", now=timezone.now())
