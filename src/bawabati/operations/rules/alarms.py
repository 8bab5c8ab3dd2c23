"""What is measured, and from when on somebody has to look: one table for metrics, alarms, the health page and its docs.

Rule: alarms (failures.md 2.2, 2.3, 2.4)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues; the doors translate it."""
    return sentence


class Level(StrEnum):
    """How soon somebody has to look."""

    NOW = "now"
    """Wakes a person."""
    TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure, read from the database when it is asked for. `by`: what parts it, beside the company's code."""

    name: str
    by: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Rings while `measure` has stood above (or below) the threshold for so many seconds.

    `title`, `means` and `do` are English message identifiers, for the page and the docs alike.
    """

    name: str
    measure: str
    above: float | None = None
    below: float | None = None
    only: tuple[tuple[str, str], ...] = ()
    """Labels that it is about; empty: all."""
    seconds: int = 0
    level: Level
    title: str
    means: str
    do: str

    def rings(self, value: float) -> bool:
        """Whether a figure is beyond the threshold now."""
        return (self.above is not None and value > self.above) or (self.below is not None and value < self.below)

    @property
    def expression(self) -> str:
        """As Prometheus reads it."""
        labels = ",".join(f'{name}="{value}"' for name, value in self.only)
        chosen = f"{self.measure}{{{labels}}}" if labels else self.measure
        return f"{chosen} > {self.above:g}" if self.above is not None else f"{chosen} < {self.below:g}"


MEASURES: Final = (
    Measure(name="bawabati_quarantine", by=(), says="1 while a restored installation is shut to payers."),
    Measure(name="bawabati_worker_silent_seconds", by=(), says="Since the worker's last sign of life."),
    Measure(name="bawabati_jobs_waiting", by=("queue",), says="Jobs whose time has come."),
    Measure(name="bawabati_jobs_oldest_seconds", by=("queue",), says="How long the oldest of them has waited."),
    Measure(name="bawabati_jobs_failed", by=("queue",), says="Jobs that failed and that nobody did again."),
    Measure(name="bawabati_attempts_open", by=("company", "state"), says="Web payments that have not ended."),
    Measure(name="bawabati_attempts_late_seconds", by=("company",), says="How long the most overdue question waits."),
    Measure(name="bawabati_attempts_in_doubt_seconds", by=("company",), says="Age of the oldest payment in doubt."),
    Measure(name="bawabati_refunds_open", by=("company", "state"), says="Refunds that have not ended."),
    Measure(name="bawabati_refunds_at_work_seconds", by=("company",), says="Age of the oldest refund at work."),
    Measure(name="bawabati_gateway_silent_seconds", by=("company",), says="Since when calls to it are held back."),
    Measure(name="bawabati_gateway_answer_seconds", by=("company", "quantile"), says="Its answers of ten minutes."),
    Measure(name="bawabati_gateway_unanswered_ratio", by=("company",), says="Share of them that nobody could read."),
    Measure(name="bawabati_notices_failed", by=("company",), says="Messages of two days that will not arrive."),
    Measure(name="bawabati_notices_late_seconds", by=("company",), says="How long the most overdue message waits."),
    Measure(name="bawabati_webhooks_untold", by=("company",), says="Addresses that were not told of something."),
    Measure(name="bawabati_backup_age_seconds", by=(), says="Since the moment that the last backup shows."),
    Measure(name="bawabati_book_differences", by=("check",), says="Differences that the last check has found."),
    Measure(name="bawabati_book_check_age_seconds", by=("check",), says="Since that check."),
    Measure(name="bawabati_bridges_silent", by=("company",), says="Bridges not heard of for 90 seconds."),
    Measure(name="bawabati_statements_missing", by=("company",), says="Days without the acquirer's or bank's file."),
    Measure(name="bawabati_differences_open", by=("company",), says="Differences with the bank that have not ended."),
    Measure(name="bawabati_cases_overdue", by=("company",), says="Work items past their promised day."),
    Measure(name="bawabati_audit_unsealed_seconds", by=(), says="Age of the oldest unsealed audit entry."),
    Measure(name="bawabati_certificate_days_left", by=(), says="Of the TLS certificate of the public address."),
    Measure(
        name="bawabati_paper_days_left", by=("company", "kind"), says="Of contracts, authorisations, declarations."
    ),
    Measure(name="bawabati_disk_free_ratio", by=(), says="Free part of the disk that holds the files."),
)

ALARMS: Final = (
    Alarm(
        name="WorkerSilent",
        measure="bawabati_worker_silent_seconds",
        above=2 * MINUTE,
        seconds=MINUTE,
        level=Level.NOW,
        title=_("The worker gives no sign of life"),
        means=_("Nobody asks the gateway about open payments, and no message leaves."),
        do=_("Look whether the worker runs, read its last lines of log, and start it again."),
    ),
    Alarm(
        name="JobsWait",
        measure="bawabati_jobs_oldest_seconds",
        above=5 * MINUTE,
        seconds=5 * MINUTE,
        level=Level.TODAY,
        title=_("Jobs wait too long"),
        means=_("The worker is too slow, or one queue is stuck."),
        do=_("Look which queue it is; start a second worker when it is only busy."),
    ),
    Alarm(
        name="JobsFailed",
        measure="bawabati_jobs_failed",
        above=0,
        level=Level.TODAY,
        title=_("Jobs have failed"),
        means=_("Something that should have been done was not, by a fault of ours."),
        do=_("Read the words beside each, mend the cause, and do it again from the health page."),
    ),
    Alarm(
        name="QuestionsLate",
        measure="bawabati_attempts_late_seconds",
        above=2 * MINUTE,
        seconds=2 * MINUTE,
        level=Level.NOW,
        title=_("Questions to the gateway are late"),
        means=_("A payment may be cancelled by the gateway because nobody asks for its result."),
        do=_("Look at the worker and at the gateway; payments go on being held meanwhile."),
    ),
    Alarm(
        name="InDoubt",
        measure="bawabati_attempts_in_doubt_seconds",
        above=30 * MINUTE,
        level=Level.NOW,
        title=_("A payment is in doubt"),
        means=_("Its page is over, and the gateway has not said what became of it."),
        do=_("Ask the gateway's support with the order number; never conclude anything yourself."),
    ),
    Alarm(
        name="RefundStuck",
        measure="bawabati_refunds_at_work_seconds",
        above=2 * HOUR,
        level=Level.TODAY,
        title=_("A refund does not end"),
        means=_("The gateway has not said whether the money went back."),
        do=_("Look at the refund: it reads what the gateway holds before it does anything again."),
    ),
    Alarm(
        name="GatewaySilent",
        measure="bawabati_gateway_silent_seconds",
        above=2 * MINUTE,
        level=Level.NOW,
        title=_("The gateway does not answer"),
        means=_("Nobody can pay by card online. Payments under way are kept and asked about again."),
        do=_("Look at the line, then call the gateway. Payers read since when it is so."),
    ),
    Alarm(
        name="GatewaySlow",
        measure="bawabati_gateway_answer_seconds",
        above=5,
        only=(("quantile", "0.95"),),
        seconds=10 * MINUTE,
        level=Level.TODAY,
        title=_("The gateway answers slowly"),
        means=_("Payers wait; when it gets worse, calls are held back."),
        do=_("Compare with other hours, and tell the gateway with times and order numbers."),
    ),
    Alarm(
        name="GatewayUnreadable",
        measure="bawabati_gateway_unanswered_ratio",
        above=0.2,
        seconds=5 * MINUTE,
        level=Level.NOW,
        title=_("Many answers of the gateway cannot be read"),
        means=_("Time-outs, errors, pages instead of answers: something is wrong on its side or on the line."),
        do=_("Look at the messages of a payment, and call the gateway."),
    ),
    Alarm(
        name="NoticesFailed",
        measure="bawabati_notices_failed",
        above=10,
        level=Level.TODAY,
        title=_("Messages do not arrive"),
        means=_("Addresses are refused, or the mail server refuses us."),
        do=_("Look at the reasons on the page of messages; most are typing errors, many alike are not."),
    ),
    Alarm(
        name="NoticesLate",
        measure="bawabati_notices_late_seconds",
        above=30 * MINUTE,
        level=Level.TODAY,
        title=_("Messages do not leave"),
        means=_("The mail server or the SMS service does not take them."),
        do=_("Look at it. Nothing is lost: they are tried for two days."),
    ),
    Alarm(
        name="WebhooksUntold",
        measure="bawabati_webhooks_untold",
        above=0,
        level=Level.TODAY,
        title=_("Another system was not told of something"),
        means=_("It has not taken an event for two days, or takes none at all any more."),
        do=_("Look at the reasons on its page, mend them with whoever runs it, and let the events leave again."),
    ),
    Alarm(
        name="BackupOld",
        measure="bawabati_backup_age_seconds",
        above=26 * HOUR,
        level=Level.NOW,
        title=_("There is no backup of the last day"),
        means=_("If the database were lost now, more than a day would be lost."),
        do=_("Look at the last run of the backup, at the disk and at the key, and run it by hand."),
    ),
    Alarm(
        name="BooksDiffer",
        measure="bawabati_book_differences",
        above=0,
        level=Level.NOW,
        title=_("The books do not agree"),
        means=_("A sum or a receipt is not what it has to be."),
        do=_("Run check-books, and follow the guide of daily checks for each line."),
    ),
    Alarm(
        name="BooksNotChecked",
        measure="bawabati_book_check_age_seconds",
        above=26 * HOUR,
        only=(("check", "all"),),
        level=Level.TODAY,
        title=_("Nobody has checked all books for a day"),
        means=_("The nightly check did not run to its end."),
        do=_("Look at its last run, and run check-books by hand."),
    ),
    Alarm(
        name="BridgeSilent",
        measure="bawabati_bridges_silent",
        above=0,
        seconds=10 * MINUTE,
        level=Level.TODAY,
        title=_("An agency's bridge is silent"),
        means=_("Its card readers cannot be used from the desks until it is back."),
        do=_("Call the agency: is the PC on, is its line there?"),
    ),
    Alarm(
        name="StatementMissing",
        measure="bawabati_statements_missing",
        above=0,
        level=Level.TODAY,
        title=_("A file of the bank is missing"),
        means=_("The days without it cannot be compared or closed."),
        do=_("Ask the bank for it, and import it."),
    ),
    Alarm(
        name="CasesOverdue",
        measure="bawabati_cases_overdue",
        above=0,
        level=Level.TODAY,
        title=_("Work items are past their promised day"),
        means=_("Somebody was promised an answer and has none."),
        do=_("Look at the list of cases, and help the owner or hand them over."),
    ),
    Alarm(
        name="AuditUnsealed",
        measure="bawabati_audit_unsealed_seconds",
        above=5 * MINUTE,
        seconds=MINUTE,
        level=Level.TODAY,
        title=_("Entries of the audit log are not sealed"),
        means=_("Until they are, a change of them would not be seen."),
        do=_("Look at the worker and at the signing key of the installation."),
    ),
    Alarm(
        name="CertificateEnds",
        measure="bawabati_certificate_days_left",
        below=14,
        level=Level.NOW,
        title=_("The TLS certificate ends soon"),
        means=_("After that day browsers refuse the pages, and payers cannot come back from the bank."),
        do=_("Renew it and reload the proxy."),
    ),
    Alarm(
        name="PaperEnds",
        measure="bawabati_paper_days_left",
        below=30,
        level=Level.TODAY,
        title=_("A contract or an authorisation ends soon"),
        means=_("Without it the company may not take cards, or not as it does."),
        do=_("Renew it, and write down its new last day on the health page."),
    ),
    Alarm(
        name="DiskFull",
        measure="bawabati_disk_free_ratio",
        below=0.1,
        seconds=5 * MINUTE,
        level=Level.NOW,
        title=_("The disk is almost full"),
        means=_("When it is, nothing can be written any more: no payment begins."),
        do=_("Remove what is not needed, or give it more room. Backups belong elsewhere."),
    ),
    Alarm(
        name="InQuarantine",
        measure="bawabati_quarantine",
        above=0,
        level=Level.NOW,
        title=_("The installation is in quarantine"),
        means=_("It was restored from a backup and is shut to payers."),
        do=_("Run check-restored, then leave-quarantine."),
    ),
)
