"""Numbers set aside for a desk, for the hours in which its line is cut. Rule: offline-blocks (behaviour.md 2, T9)"""

import hashlib
import secrets
from enum import StrEnum
from typing import Final

from bawabati.errors import CannotDo

MOST_NUMBERS: Final = 500
CODE_DIGITS: Final = 8


class SlipOutcome(StrEnum):
    """What became of a number of a block."""

    SETTLED = "settled"
    UNKNOWN_BILL = "unknown_bill"
    """No bill has that payment number: the money waits on a suspense account."""
    VOID = "void"


class NoSuchBlock(CannotDo):
    """No block of that identifier at this bridge's desks, or a number that is not of it."""

    code = "no_such_block"
    sentence = "These receipt numbers have not been set aside for this desk."


class BlockExists(CannotDo):
    """A desk has one block at a time."""

    code = "block_exists"
    sentence = "Receipt numbers are set aside for this desk already: %(first)s to %(last)s."


class NoBridgeHere(CannotDo):
    """Without a bridge nothing at the desk works while its line is cut."""

    code = "no_bridge_here"
    sentence = "This desk has no bridge: it cannot take money while the line is cut."


class BlockTooLarge(CannotDo):
    """Numbers that are not used have to be voided one by one."""

    code = "block_too_large"
    sentence = "Set aside between 1 and %(most)s numbers."


def series_of_block(desk_code: str) -> str:
    """The receipt series of the numbers that are set aside for a desk, e.g. AG07-C1B."""
    return f"{desk_code}B"


def new_code() -> str:
    """Eight random digits, with which a cashier opens the desk's offline page."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def hashed_code(code: str) -> str:
    """What is kept of a code: salt and scrypt, in hex, with a dollar sign between them."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()}"
