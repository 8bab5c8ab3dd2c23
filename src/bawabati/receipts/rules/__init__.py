"""What a receipt shows, how it is numbered, and what its code proves."""

from bawabati.receipts.rules.codes import CodeWrong, Proof, code_in, read_code, text_of, write_code
from bawabati.receipts.rules.facts import ACCEPTED, CARD_WAYS, HELP_NUMBER, METHODS, FactLine, Facts
from bawabati.receipts.rules.numbers import WEB, NoSuchReceipt, Numbered, parse_printed_number, printed_number

__all__ = [
    "ACCEPTED",
    "CARD_WAYS",
    "HELP_NUMBER",
    "METHODS",
    "WEB",
    "CodeWrong",
    "FactLine",
    "Facts",
    "NoSuchReceipt",
    "Numbered",
    "Proof",
    "code_in",
    "parse_printed_number",
    "printed_number",
    "read_code",
    "text_of",
    "write_code",
]
