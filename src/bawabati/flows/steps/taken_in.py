"""Which account of the books holds what was paid, until the bank has it."""

from bawabati.ledger.rules import AccountRole
from bawabati.payments.rules.ways import Way

TAKEN_IN_BY = {
    Way.WEB: AccountRole.CARDS_TO_COLLECT,
    Way.CARD: AccountRole.READER_CARDS_TO_COLLECT,
    Way.CASH: AccountRole.CASH,
    Way.CHEQUE: AccountRole.CHEQUES_TO_COLLECT,
}
"""Rule: account-codes (algeria.md 7)"""
