"""What a reader prints: lines of text, at most 32 signs wide but for what a till sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sandbox.reader.settings import ReaderSettings
from sandbox.reader.transactions import Category, Direction, Ending, Transaction
from sandbox.times import local_time
from sandbox.words import say

WIDTH = 32


class For(StrEnum):
    """Who gets a slip."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    TILL = "till"
    """A text that a till had printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A piece of paper."""

    whom: For
    lines: Sequence[str]
    at: float
    language: str = ""
    """Empty for a text that a till had printed."""


def slip_lines(
    transaction: Transaction, *, whom: For, settings: ReaderSettings, language: str, again: bool = False
) -> list[str]:
    """The slip of a transaction that has ended. `again` marks a duplicate."""

    def words(key: str) -> str:
        return say(key, language)

    when = local_time(transaction.at)
    ending = transaction.ending or Ending.POWER_CUT
    amount = transaction.amount_centimes if ending is Ending.PARTIAL else transaction.wanted.amount_centimes
    lines = [
        words("not_real"),
        words("slip_no_value"),
        settings.merchant_name,
        f"{words('slip_terminal')} {settings.tid}",
        f"{words('slip_merchant_number')} {settings.mid}",
        f"{when:%d/%m/%Y %H:%M:%S}",
        words(_title(transaction)),
    ]
    if transaction.pan_masked:
        lines.append(f"{transaction.brand} {transaction.pan_masked}")
    if transaction.entry_mode:
        lines.append(words(f"slip_{transaction.entry_mode}"))
    lines.append(f"{words('amount')} {_plain(amount)} DZD")
    if transaction.approval_code:
        lines.append(f"{words('slip_approval')} {transaction.approval_code}")
    lines.append(f"STAN {transaction.stan:06d}  {words('slip_batch')} {transaction.batch:03d}")
    if transaction.rrn:
        lines.append(f"RRN {transaction.rrn}")
    if transaction.wanted.reference:
        lines.append(f"{words('slip_reference')} {transaction.wanted.reference}")
    lines.append(words(f"reader_{ending}"))
    lines.append(words("slip_for_customer" if whom is For.CUSTOMER else "slip_for_merchant"))
    if again:
        lines.append(words("slip_duplicate"))
    return lines


def _title(transaction: Transaction) -> str:
    if transaction.category is Category.REVERSAL:
        return "slip_reversal"
    return "slip_credit" if transaction.wanted.direction is Direction.CREDIT else "slip_sale"


def _plain(centimes: int) -> str:
    return f"{centimes // 100}.{centimes % 100:02d}"
