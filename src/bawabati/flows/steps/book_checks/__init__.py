"""What must be true of the books, each as one question about sets: the answer is what breaks it.

The numbers are those of behaviour.md 1.
"""

from typing import Final

from bawabati.flows.steps.book_checks.check import BookCheck
from bawabati.flows.steps.book_checks.of_agreements import OF_AGREEMENTS
from bawabati.flows.steps.book_checks.of_bills import OF_BILLS
from bawabati.flows.steps.book_checks.of_books import OF_BOOKS
from bawabati.flows.steps.book_checks.of_channels import OF_CHANNELS
from bawabati.flows.steps.book_checks.of_desks import OF_DESKS
from bawabati.flows.steps.book_checks.of_events import OF_EVENTS
from bawabati.flows.steps.book_checks.of_figures import OF_FIGURES
from bawabati.flows.steps.book_checks.of_payments import OF_PAYMENTS
from bawabati.flows.steps.book_checks.of_receipts import OF_RECEIPTS
from bawabati.flows.steps.book_checks.of_refunds import OF_REFUNDS
from bawabati.flows.steps.book_checks.of_reports import OF_CLOSINGS, OF_PAYMENT_FILES
from bawabati.flows.steps.book_checks.of_settlement import OF_SETTLEMENT
from bawabati.flows.steps.book_checks.of_work import OF_WORK

BOOK_CHECKS: Final = (
    *OF_PAYMENTS,
    *OF_RECEIPTS,
    *OF_BOOKS,
    *OF_BILLS,
    *OF_AGREEMENTS,
    *OF_REFUNDS,
    *OF_DESKS,
    *OF_CHANNELS,
    *OF_EVENTS,
    *OF_CLOSINGS,
    *OF_PAYMENT_FILES,
    *OF_SETTLEMENT,
    *OF_FIGURES,
    *OF_WORK,
)

__all__ = ["BOOK_CHECKS", "BookCheck"]
