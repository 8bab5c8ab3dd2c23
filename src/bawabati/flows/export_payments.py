"""The utility's billing system is told, in numbered files, which bills were paid and which are due again."""

from datetime import datetime
from io import BytesIO

from bawabati.adapters import registry
from bawabati.audit.writes import record_act
from bawabati.companies.reads import get_company
from bawabati.errors import Broken
from bawabati.flows.steps.payment_sheet import sheet_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.people.writes import system_account
from bawabati.reports.models import PaymentFile, PaymentFileCopy
from bawabati.reports.reads import find_copy, find_payment_file, iterate_lines
from bawabati.reports.rules import FORMS, NoSuchPaymentFile
from bawabati.reports.writes import lock_payment_files, write_copy, write_payment_file

LINES_OF_A_FILE = 20_000
"""More than the day of most companies, and seconds of work; what is more goes on in the next file at once."""


def export_payments(
    *, company_id: int, staff: Staff | None, now: datetime, lines_of_a_file: int = LINES_OF_A_FILE
) -> list[PaymentFile]:
    """Tells everything that no file has told yet; how it was told, in as many files as it takes. Empty: nothing new.

    Safe to repeat, and to race: each thing is told once. `staff` None: the night's job.

    Rule: payment-file-once (house.md 5)

    Raises:
        NotAllowed.
    """
    if staff is None:
        by = system_account(now=now)
    else:
        by = get_staff_allowed(login=staff.login, action=Action.EXPORT_PAYMENTS, company_id=company_id)
    made: list[PaymentFile] = []
    while (file := _next_file(company_id, by, lines_of_a_file, now)) is not None:
        made.append(file)
    return made


def issue_payment_file(*, company_id: int, number: int, form: str) -> PaymentFileCopy:
    """The file as it first went out, byte for byte, for whoever may see it: the caller has asked.

    Rule: payment-file-as-issued (house.md 5)

    Raises:
        NoSuchPaymentFile.
    """
    file = find_payment_file(company_id=company_id, number=number)
    copy = find_copy(file_id=file.id, form=form) if file and form in FORMS else None
    if copy is None:
        raise NoSuchPaymentFile
    return copy


def _next_file(company_id: int, by: Staff, at_most: int, now: datetime) -> PaymentFile | None:
    with written_together("export_payments: told"):
        lock_payment_files(company_id)
        file = write_payment_file(company_id=company_id, by=by, at_most=at_most, now=now)
        if file is None:
            return None
        for form in FORMS:
            write_copy(file=file, form=form, content=_written(file, form))
        record_act(
            staff_id=by.id,
            company_id=company_id,
            action="export_payments",
            target=f"payment_file:{file.id}",
            details={"number": file.number, "lines": file.line_count, "paid_centimes": file.paid_centimes},
            now=now,
        )
    return file


def _written(file: PaymentFile, form: str) -> bytes:
    into = BytesIO()
    company = get_company(file.company_id)
    registry.sheet_writer(form).write(sheet_of(file, iterate_lines(file.id), company_code=company.code), into)
    content = into.getvalue()
    if not content:
        raise Broken("a payment file came out empty", file_id=file.id, form=form)
    return content
