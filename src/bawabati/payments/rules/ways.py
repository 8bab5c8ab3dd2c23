"""How money of a payment reaches us."""

from enum import StrEnum


class Way(StrEnum):
    """Online, or at a desk: on a card reader, in cash, by cheque."""

    WEB = "web"
    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"


AT_A_DESK = frozenset({Way.CARD, Way.CASH, Way.CHEQUE})
