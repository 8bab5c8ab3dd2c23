"""The bank's statement as banks tell it to each other: SWIFT MT940, lines ended as SWIFT ends them."""

from __future__ import annotations

from sandbox.bank.papers import BankPaper
from sandbox.bank.settings import DecimalSign
from sandbox.bank.sheets import in_dinars

_MOST_SIGNS = 65


def as_mt940(paper: BankPaper) -> bytes:
    """One message: opening balance, movements with the remittance as their reference, closing balance."""
    lines = [
        f":20:R{paper.day:%y%m%d}{paper.number:05d}",
        f":25:{paper.account}",
        f":28C:{paper.number:05d}/001",
        f":60F:{_balance(paper.opening, paper)}",
    ]
    for entry in paper.entries:
        side = "D" if entry.centimes < 0 else "C"
        sum_of_it = in_dinars(abs(entry.centimes), DecimalSign.COMMA)
        lines += [
            f":61:{paper.day:%y%m%d}{paper.day:%m%d}{side}{sum_of_it}NTRF{entry.reference[:16] or 'NONREF'}",
            *_wrapped(f":86:{entry.label}"),
        ]
    lines += [f":62F:{_balance(paper.closing, paper)}", "-"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", errors="replace")


def _balance(centimes: int, paper: BankPaper) -> str:
    side = "D" if centimes < 0 else "C"
    return f"{side}{paper.day:%y%m%d}DZD{in_dinars(abs(centimes), DecimalSign.COMMA)}"


def _wrapped(text: str) -> list[str]:
    return [text[at : at + _MOST_SIGNS] for at in range(0, len(text), _MOST_SIGNS)]
