"""Which account of the books holds what was paid, until the bank has it."""

from bawabati.ledger.rules import AccountRole, Side
from bawabati.payments.models import Payment
from bawabati.payments.rules.ways import Way

TAKEN_IN_BY = {
    Way.WEB: AccountRole.CARDS_TO_COLLECT,
    Way.CARD: AccountRole.READER_CARDS_TO_COLLECT,
    Way.CASH: AccountRole.CASH,
    Way.CHEQUE: AccountRole.CHEQUES_TO_COLLECT,
    Way.CHANNEL: AccountRole.CHANNELS_TO_COLLECT,
}
"""Rule: account-codes (algeria.md 7)"""


def taken_in_by(payment: Payment) -> Side:
    """The account that a payment has filled; each channel owes its own. Rule: channel-account (algeria.md 7)"""
    holder = payment.reservation.channel.code if payment.reservation else ""
    return Side(TAKEN_IN_BY[Way(payment.way)], holder)
