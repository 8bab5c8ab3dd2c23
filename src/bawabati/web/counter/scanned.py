"""What a scanner reads from a bill: the payment number alone, or the address of its QR code."""

import re
from typing import Final
from urllib.parse import unquote

from bawabati.receipts.rules import CodeWrong, code_in

_OF_A_QR_CODE: Final = re.compile(r"^https?://[^/]+(?:/(?:ar|fr|en))?/q/[^/]+/([^/?#]+)", re.IGNORECASE)


def receipt_scanned(text: str) -> str:
    """The code of a receipt, for whoever brings one instead of a bill; else empty."""
    try:
        return code_in(text)
    except CodeWrong:
        return ""


def words_scanned(text: str) -> str:
    """The words to look for. Of an address its number is taken, whoever's address it is; nobody ever goes there.

    Rule: scanned-address (readers.md 5.3)
    """
    address = _OF_A_QR_CODE.match(text.strip())
    return unquote(address[1]) if address else text
