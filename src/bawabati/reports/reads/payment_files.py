"""Files of payments as they were issued."""

from collections.abc import Iterator

from bawabati.keyset import FIRST, At, Page, page_of
from bawabati.reports.models import PaymentFile, PaymentFileCopy, PaymentFileLine


def find_payment_file(*, company_id: int, number: int) -> PaymentFile | None:
    """The company's file of that number."""
    files = PaymentFile.objects.select_related("company", "made_by")
    return files.filter(company_id=company_id, number=number).first()


def list_payment_files(*, company_id: int, at: At = FIRST) -> Page[PaymentFile]:
    """Files of the company with their makers, the latest first."""
    files = PaymentFile.objects.filter(company_id=company_id).select_related("made_by")
    return page_of(files, order=["-number"], at=at)


def iterate_lines(file_id: int) -> Iterator[PaymentFileLine]:
    """The lines of a file in their order, in constant memory."""
    return PaymentFileLine.objects.filter(file_id=file_id).order_by("place").iterator()


def find_copy(*, file_id: int, form: str) -> PaymentFileCopy | None:
    """The bytes of a file in that format."""
    return PaymentFileCopy.objects.filter(file_id=file_id, form=form).first()
