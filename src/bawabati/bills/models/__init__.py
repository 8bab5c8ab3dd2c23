"""Customers, files received, bills and their versions, and agreements to pay in instalments."""

from bawabati.bills.models.agreement import Agreement, AgreementContact, AgreementEvent
from bawabati.bills.models.batches import BadBillLine, BillBatch, BillLineResult
from bawabati.bills.models.bill import AgreementBill, Bill, BillVersion
from bawabati.bills.models.contacts import CustomerContact
from bawabati.bills.models.customer import Customer
from bawabati.bills.models.debt_rules import DebtRules
from bawabati.bills.models.upload import BillUpload

__all__ = [
    "Agreement",
    "AgreementBill",
    "AgreementContact",
    "AgreementEvent",
    "BadBillLine",
    "Bill",
    "BillBatch",
    "BillLineResult",
    "BillUpload",
    "BillVersion",
    "Customer",
    "CustomerContact",
    "DebtRules",
]
