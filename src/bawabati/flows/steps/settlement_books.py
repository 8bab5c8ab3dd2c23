"""What settlement moves in the books; always in the caller's transaction.

    the acquirer's file shows payments     Dr 5115 / Cr 511, 5113      what it hands over
    and refunds, chargebacks               Dr 511, 5113 / Cr 5115      what it keeps
    its commission, its VAT, as due        Dr 627, 4456 / Cr 5115
    what nobody can explain yet            5115 against 4715           one sum for each item
    the bank credits                       Dr 512 / Cr 5115
    a credit is another channel's          Dr 4715 / Cr 5116          two people say so
    and was not after all              Dr 5116 / Cr 4715

So 5115 holds what the files say that the bank owes us, and 4715 the sum of all items.
Rule: settlement-posting (algeria.md 7)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bawabati.ledger.rules import AccountRole, Move, Reason, Side
from bawabati.ledger.writes import transfer_all
from bawabati.money.amount import Money
from bawabati.settlement.rules import Ending
from bawabati.settlement.writes import Moved, Posting
from bawabati.workdays import accounting_day

CARDS = {"web": Side(AccountRole.CARDS_TO_COLLECT), "card": Side(AccountRole.READER_CARDS_TO_COLLECT)}
REMITTANCES = Side(AccountRole.REMITTANCES_DUE)
APART = Side(AccountRole.SETTLEMENT_DIFFERENCE)
BANK = Side(AccountRole.BANK)
FEES = Side(AccountRole.FEES)
VAT = Side(AccountRole.FEES_VAT)
ENDS_ON = {
    Ending.FEE: FEES,
    Ending.VAT: VAT,
    Ending.LOSS: Side(AccountRole.SETTLEMENT_LOSS),
    Ending.GAIN: Side(AccountRole.SETTLEMENT_GAIN),
}
"""Where a sum that stood apart ends, when two people have said what it is."""


def post_matched(*, company_id: int, statement_id: int | None, postings: Iterable[Posting], now: datetime) -> None:
    """What was found of the acquirer's lines: each remittance of a file and way at once, a later line by itself."""
    moves: list[Move] = []
    for posting in postings:
        reference = (
            f"remittance:{posting.remittance_id}:{statement_id}:{posting.way}"
            if posting.line_id is None
            else f"statement_line:{posting.line_id}"
        )
        cards = CARDS[posting.way]
        moves += _signed(REMITTANCES, cards, posting.taken, Reason.SETTLEMENT, Reason.SETTLEMENT_BACK, reference)
        moves += _signed(cards, REMITTANCES, posting.back, Reason.SETTLEMENT_BACK, Reason.SETTLEMENT, reference)
        moves += _signed(FEES, REMITTANCES, posting.fee, Reason.SETTLEMENT_FEE, Reason.SETTLEMENT_FEE_BACK, reference)
        moves += _signed(VAT, REMITTANCES, posting.vat, Reason.SETTLEMENT_VAT, Reason.SETTLEMENT_VAT_BACK, reference)
    _transfer(company_id, moves, now)


def post_credit(*, company_id: int, line_id: int, centimes: int, now: datetime) -> None:
    """A line of the bank, once; below zero it takes money."""
    moves = _signed(BANK, REMITTANCES, centimes, Reason.BANK_CREDIT, Reason.BANK_DEBIT, f"statement_line:{line_id}")
    _transfer(company_id, moves, now)


def post_items(*, company_id: int, moved: Iterable[Moved | None], now: datetime) -> None:
    """Sums that are set apart from now on, or no longer."""
    moves: list[Move] = []
    for item in moved:
        if item is not None:
            moves += _signed(REMITTANCES, APART, item.centimes, Reason.DIFFERENCE, Reason.DIFFERENCE, item.reference)
    _transfer(company_id, moves, now)


def post_ending(*, company_id: int, moved: Moved | None, ending: Ending, channel: str, now: datetime) -> None:
    """What stood apart is a fee, a loss, a gain, or what that channel has handed over, from now on."""
    if moved is not None:
        side = Side(AccountRole.CHANNELS_TO_COLLECT, channel) if ending is Ending.CHANNEL else ENDS_ON[ending]
        moves = _signed(side, APART, moved.centimes, Reason.DIFFERENCE_ENDED, Reason.DIFFERENCE_ENDED, moved.reference)
        _transfer(company_id, moves, now)


def _signed(  # noqa: PLR0917 - two sides, a sum, two words and a name
    debit: Side, credit: Side, centimes: int, reason: Reason, reason_below_zero: Reason, reference: str
) -> list[Move]:
    """A sum above zero goes from `credit` to `debit`, one below zero the other way; nothing is nothing."""
    if centimes > 0:
        return [Move(debit, credit, Money(centimes), reason, reference)]
    if centimes < 0:
        return [Move(credit, debit, Money(-centimes), reason_below_zero, reference)]
    return []


def _transfer(company_id: int, moves: list[Move], now: datetime) -> None:
    if moves:
        transfer_all(company_id=company_id, moves=moves, accounted_on=accounting_day(now), now=now)
