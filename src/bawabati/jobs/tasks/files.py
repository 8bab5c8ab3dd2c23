"""What the worker does with files that people and channels have brought, and with those for billing systems."""

from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.companies.reads import list_companies
from bawabati.defer import Job, Queue
from bawabati.flows.compare_channel_file import compare_channel_file as compare_channel_file_flow
from bawabati.flows.export_payments import export_payments
from bawabati.flows.look_for_missing import look_for_missing as look_for_missing_flow
from bawabati.flows.match_statement import match_open_lines
from bawabati.flows.match_statement import match_statement as match_statement_flow
from bawabati.flows.watch_channel_files import watch_channel_files as watch_channel_files_flow
from bawabati.jobs.bill_import import import_upload
from bawabati.jobs.each import LEFT_BEHIND_AFTER, WHEN_IT_IS_BACK, no_other_waits
from bawabati.payments.reads.channels import list_channels, list_uncompared_files
from bawabati.settlement.reads import list_companies_with_open_lines, list_unmatched_statements


@app.task(name=Job.IMPORT_BILLS.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def import_bills(upload_id: int) -> None:
    """Brings in a file of bills that somebody has uploaded."""
    import_upload(upload_id)


@app.task(name=Job.MATCH_STATEMENT.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def match_statement(statement_id: int) -> None:
    """Compares a file of the acquirer or the bank with our books."""
    match_statement_flow(statement_id=statement_id, now=timezone.now())


@app.task(name=Job.COMPARE_CHANNEL_FILE.value, queue=Queue.FILES.value, retry=WHEN_IT_IS_BACK)
def compare_channel_file(file_id: int) -> None:
    """Compares a channel's daily file with our books, and ends what was pending."""
    compare_channel_file_flow(file_id=file_id, now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="settle_again", queue=Queue.FILES.value, queueing_lock="settle_again", pass_context=False)
def settle_again(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with files whose job died, looks again at lines whose item may have ended. One that fails stops none."""
    for statement in list_unmatched_statements():
        with no_other_waits(
            "statement_not_matched", company_id=statement.company_id, reference=f"statement:{statement.id}"
        ):
            match_statement_flow(statement_id=statement.id, now=timezone.now())
    for company_id in list_companies_with_open_lines():
        with no_other_waits("lines_not_matched", company_id=company_id):
            match_open_lines(company_id=company_id, now=timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(name="look_for_missing", queue=Queue.FILES.value, queueing_lock="look_for_missing", pass_context=False)
def look_for_missing(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Looks, each hour, for files, payments, refunds and credits that should have come. One that fails stops none."""
    for company in list_companies():
        with no_other_waits("missing_not_looked_for", company_id=company.id):
            look_for_missing_flow(company_id=company.id, now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="channel_files", queue=Queue.FILES.value, queueing_lock="channel_files", pass_context=False)
def channel_files(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Notices what a channel has not brought, and goes on with files whose job died. One that fails stops none."""
    for channel in list_channels(None):
        with no_other_waits("channel_not_watched", company_id=channel.company_id, reference=f"channel:{channel.id}"):
            watch_channel_files_flow(channel=channel, now=timezone.now())
    for file_id in list_uncompared_files(before=timezone.now() - LEFT_BEHIND_AFTER):
        with no_other_waits("channel_file_not_compared", reference=f"channel_file:{file_id}"):
            compare_channel_file_flow(file_id=file_id, now=timezone.now())


@app.periodic(cron="30 1 * * *")
@app.task(name="tell_billing", queue=Queue.CHECKS.value, queueing_lock="tell_billing", pass_context=False)
def tell_billing(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Tells the billing systems, each night, what was paid (01:30 UTC: 02:30 in Algiers). One that fails stops none."""
    for company in list_companies():
        with no_other_waits("payments_not_told", company_id=company.id):
            export_payments(company_id=company.id, staff=None, now=timezone.now())
