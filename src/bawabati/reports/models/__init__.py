"""What a company has issued for good: its closed days, and the files that tell its billing system of payments."""

from bawabati.reports.models.closing import CompanyClosing, LatePosting
from bawabati.reports.models.payment_file import PaymentFile, PaymentFileCopy, PaymentFileLine

__all__ = ["CompanyClosing", "LatePosting", "PaymentFile", "PaymentFileCopy", "PaymentFileLine"]
