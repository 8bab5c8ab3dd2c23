"""How money of a payment reaches us."""

from enum import StrEnum


class Way(StrEnum):
    """Online; at a desk on a card reader, in cash or by cheque; or by a channel: a bank's application, the post."""

    WEB = "web"
    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    CHANNEL = "channel"


AT_A_DESK = frozenset({Way.CARD, Way.CASH, Way.CHEQUE})
