"""Which account a movement touches. The codes themselves are settings. Rule: account-codes (algeria.md 7)"""

from dataclasses import dataclass
from enum import StrEnum

from bawabati.money.amount import Money


class AccountRole(StrEnum):
    """What an account is for; the settings give each role its SCF code."""

    CARDS_TO_COLLECT = "cards_to_collect"
    READER_CARDS_TO_COLLECT = "reader_cards_to_collect"
    CHEQUES_TO_COLLECT = "cheques_to_collect"
    CHANNELS_TO_COLLECT = "channels_to_collect"
    """What each channel has taken for us and owes us: one account for each."""
    CASH = "cash"
    """In the drawers of the desks."""
    STAMP_DUTY = "stamp_duty"
    """Taken for the State with a receipt for cash."""
    CASH_SHORTAGE = "cash_shortage"
    """What was missing in drawers when they were counted."""
    CASH_SURPLUS = "cash_surplus"
    """What was too much in them."""
    SUSPENSE = "suspense"
    """Taken in, and nobody knows yet for which bill."""
    CUSTOMERS = "customers"
    CUSTOMER_CREDIT = "customer_credit"
    REFUNDS_DUE = "refunds_due"
    """Credit that is set aside because it goes back to a card."""
    GOODWILL = "goodwill"
    BANK = "bank"
    """What the bank has credited; what was given back in another way than through the gateway."""
    REMITTANCES_DUE = "remittances_due"
    """What the acquirer's files say that the bank will credit, and it has not yet."""
    FEES = "fees"
    FEES_VAT = "fees_vat"
    SETTLEMENT_DIFFERENCE = "settlement_difference"
    """What a file or the bank says otherwise than our books, until people have settled it: one item for each sum."""
    SETTLEMENT_LOSS = "settlement_loss"
    SETTLEMENT_GAIN = "settlement_gain"


class Reason(StrEnum):
    """Why money moves in the books."""

    CAPTURE = "capture"
    SURPLUS = "surplus"
    STAMP_DUTY = "stamp_duty"
    BILL_LOWERED = "bill_lowered"
    CREDIT_USED = "credit_used"
    REFUND_SET_ASIDE = "refund_set_aside"
    REFUND_NOT_MADE = "refund_not_made"
    """What was set aside is credit again."""
    REFUND = "refund"
    CASH_DIFFERENCE = "cash_difference"
    """A drawer held more or less than it should. Rule: cash-difference (failures.md 2.7, T8)"""
    WITHOUT_BILL = "without_bill"
    """Cash of a receipt that was written offline and names no bill of ours."""
    SETTLEMENT = "settlement"
    """Cards that were to be collected stand in a file of the acquirer. Rule: settlement-posting (algeria.md 7)"""
    SETTLEMENT_BACK = "settlement_back"
    """The same of what went back to cards."""
    SETTLEMENT_FEE = "settlement_fee"
    SETTLEMENT_FEE_BACK = "settlement_fee_back"
    SETTLEMENT_VAT = "settlement_vat"
    SETTLEMENT_VAT_BACK = "settlement_vat_back"
    BANK_CREDIT = "bank_credit"
    BANK_DEBIT = "bank_debit"
    DIFFERENCE = "difference"
    """A sum that nobody can explain yet is set apart, or less of it than before."""
    DIFFERENCE_ENDED = "difference_ended"
    """It was explained, or two people have decided what it is."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a transfer: the account of that role; `holder` is whose, where it is somebody's own."""

    role: AccountRole
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer that is to be made."""

    debit: Side
    credit: Side
    amount: Money
    reason: Reason
    reference: str
