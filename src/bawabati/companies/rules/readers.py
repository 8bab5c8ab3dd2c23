"""What a card reader can do, as its protocol lets it. Nobody published which one Algerian readers speak."""

from enum import StrEnum


class Protocol(StrEnum):
    """How a reader is spoken to. Rule: reader-protocols (readers.md 0)"""

    MANUAL = "manual"
    """Not at all: the cashier keys the amount and types what the slip says."""
    NEXO = "nexo"
    CAISSE_AP = "caisse_ap"


CAN_BE_ASKED = frozenset({Protocol.NEXO})
"""Readers that find a sale again by our own identifier. The others show only their last ticket."""
CAN_ABORT = frozenset({Protocol.NEXO})
TELLS_TOTALS = frozenset({Protocol.NEXO})
CAN_REVERSE = frozenset({Protocol.NEXO, Protocol.CAISSE_AP})
