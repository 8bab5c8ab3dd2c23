"""How a file that is right reaches the merchant when something is to go wrong with the file itself."""

from __future__ import annotations

from random import Random

from sandbox.bank import files
from sandbox.bank.disorders import Kind
from sandbox.bank.files import BankFile


def deliver(fate: Kind, right: BankFile, dice: Random) -> tuple[list[BankFile], list[BankFile]]:
    """What is handed over today, and what with the files of the next day."""
    match fate:
        case Kind.MISSING_FILE:
            return [], []
        case Kind.LATE_FILE | Kind.LATE_STATEMENT:
            return [], [right]
        case Kind.REPEATED_FILE | Kind.REPEATED_STATEMENT:
            return [right, files.again(right, "BIS")], []
        case Kind.RENAMED_FILE | Kind.RENAMED_STATEMENT:
            return [files.renamed(right, dice)], []
        case Kind.TRUNCATED_FILE | Kind.TRUNCATED_STATEMENT:
            return [files.cut(right, dice)], [files.again(right, "COMPLET")]
        case Kind.EMPTY_FILE:
            return [files.emptied(right)], [files.again(right, "COMPLET")]
        case _:
            return [right], []
