"""What the worker looks through: the books, the log of acts, the gateway, the certificate, what is owed."""

from collections.abc import Iterable
from datetime import timedelta
from ssl import SSLCertVerificationError

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.defer import Queue
from bawabati.flows.check_audit import check_audit
from bawabati.flows.check_books import Difference, check_what_ended, check_what_waits
from bawabati.flows.count_debts import count_debts as count_debts_flow
from bawabati.flows.keep_pulse import keep_pulse
from bawabati.flows.seal_audit import seal_audit as seal_audit_flow
from bawabati.jobs.certificate import certificate_ends_at
from bawabati.jobs.comparison import compare_with_gateway

COMPARED_EACH_NIGHT = timedelta(days=3)
"""Longer than the day and a half that an attempt may take to end, and a night more for a gateway that was silent."""
CHECKED_EACH_MINUTE = timedelta(minutes=10)
"""Looked at ten times: a transaction that began long ago may have committed only now."""

log = structlog.get_logger()


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


@app.periodic(cron="15 2 * * *")
@app.task(name="compare_gateway", queue=Queue.CHECKS.value, queueing_lock="compare_gateway", pass_context=False)
def compare_gateway(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Compares, each night (the scheduler's clock is UTC: 03:15 in Algiers), and mends what is safe, saying what."""
    for finding in compare_with_gateway(since=timezone.now() - COMPARED_EACH_NIGHT, repairs=True):
        say = log.warning if finding.is_mended else log.error
        say(finding.what, company_id=finding.company_id, reference=finding.reference, done=finding.done)


@app.periodic(cron="10 * * * *")
@app.task(name="count_debts", queue=Queue.CHECKS.value, queueing_lock="count_debts", pass_context=False)
def count_debts(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Counts what is owed, each hour, of companies that have a new day or new bills."""
    count_debts_flow(now=timezone.now())


def _say_aloud(differences: Iterable[Difference]) -> None:
    for difference in differences:
        log.error(
            difference.check,
            company_id=difference.company_id,
            reference=difference.reference,
            finding=difference.finding,
        )
