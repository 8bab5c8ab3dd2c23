"""What a company has issued for good, what it wants to reach, and who reads about it each morning."""

from bawabati.reports.models.closing import CompanyClosing, LatePosting
from bawabati.reports.models.payment_file import PaymentFile, PaymentFileCopy, PaymentFileLine
from bawabati.reports.models.target import MorningReader, Target

__all__ = [
    "CompanyClosing",
    "LatePosting",
    "MorningReader",
    "PaymentFile",
    "PaymentFileCopy",
    "PaymentFileLine",
    "Target",
]
