"""Staff print a receipt again: the same number and content, marked as a duplicate, counted and logged."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.flows.steps.receipt_document import make_document
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.receipts.models import ReceiptPrint
from bawabati.receipts.reads import find_receipt_of_number
from bawabati.receipts.rules import NoSuchReceipt, parse_printed_number
from bawabati.receipts.writes import write_print


def print_receipt(*, company: Company, number: str, login: str, now: datetime) -> tuple[bytes, ReceiptPrint]:
    """The duplicate as PDF, and which copy it is. Each call counts one more copy, whether or not it reaches paper.

    The payer's own downloads are the original and are not counted. Rule: duplicates (behaviour.md 5)

    Raises:
        NoSuchReceipt: the company has no receipt of that number.
        NotAllowed: that person may not print receipts.
    """
    staff = get_staff_allowed(login=login, action=Action.PRINT_RECEIPT, company_id=company.id)
    year, kind, in_series = parse_printed_number(number)
    receipt = find_receipt_of_number(company_id=company.id, year=year, kind=kind, number=in_series)
    if receipt is None:
        raise NoSuchReceipt
    document = make_document(receipt, form="pdf", is_duplicata=True)
    with written_together("print_receipt: counted"):
        printed = write_print(receipt=receipt, printed_by=staff, now=now)
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action="print_receipt",
            target=f"receipt:{receipt.id}",
            details={"number": receipt.facts["number"], "copy_number": printed.copy_number},
            now=now,
        )
    return document, printed
