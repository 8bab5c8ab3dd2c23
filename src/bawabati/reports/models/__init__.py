"""What a company has issued for good, what its board counts, what it wants to reach, and who reads that."""

from bawabati.reports.models.closing import CompanyClosing, LatePosting
from bawabati.reports.models.figures import (
    DayFigure,
    DebtFigure,
    LossFigure,
    PaidLine,
    PayersFigure,
    ShareFigure,
)
from bawabati.reports.models.payment_file import PaymentFile, PaymentFileCopy, PaymentFileLine
from bawabati.reports.models.target import MorningReader, Target

__all__ = [
    "CompanyClosing",
    "DayFigure",
    "DebtFigure",
    "LatePosting",
    "LossFigure",
    "MorningReader",
    "PaidLine",
    "PayersFigure",
    "PaymentFile",
    "PaymentFileCopy",
    "PaymentFileLine",
    "ShareFigure",
    "Target",
]
