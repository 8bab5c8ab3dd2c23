<<<<<<< HEAD
"""What a company has issued for good, what it wants to reach, and who reads about it each morning."""
=======
"""What a company has issued for good, closed days and files of payments; and what its board counts."""
>>>>>>> 3528528 (Keep the figures of the board in the transaction that makes them true)

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
<<<<<<< HEAD
    "LatePosting",
    "MorningReader",
    "PaymentFile",
    "PaymentFileCopy",
    "PaymentFileLine",
    "Target",
=======
    "DayFigure",
    "DebtFigure",
    "LatePosting",
    "LossFigure",
    "PaidLine",
    "PayersFigure",
    "PaymentFile",
    "PaymentFileCopy",
    "PaymentFileLine",
    "ShareFigure",
>>>>>>> 3528528 (Keep the figures of the board in the transaction that makes them true)
]
