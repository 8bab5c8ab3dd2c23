"""What may be paid, and what of a received file may be taken."""

from bawabati.bills.rules.payable import (
    BillChanged,
    BillFacts,
    BillNotPayable,
    BillStatus,
    Limits,
    Share,
    Standing,
    initials,
    share_of,
    standing_of,
)
from bawabati.bills.rules.received import ControlTotalsDiffer, TakenLine, take

__all__ = [
    "BillChanged",
    "BillFacts",
    "BillNotPayable",
    "BillStatus",
    "ControlTotalsDiffer",
    "Limits",
    "Share",
    "Standing",
    "TakenLine",
    "initials",
    "share_of",
    "standing_of",
    "take",
]
