"""Customers, files received, bills and their versions."""

from bawabati.bills.models.batches import BadBillLine, BillBatch, BillLineResult
from bawabati.bills.models.bill import Bill, BillVersion
from bawabati.bills.models.contacts import CustomerContact
from bawabati.bills.models.customer import Customer
from bawabati.bills.models.upload import BillUpload

__all__ = [
    "BadBillLine",
    "Bill",
    "BillBatch",
    "BillLineResult",
    "BillUpload",
    "BillVersion",
    "Customer",
    "CustomerContact",
]
