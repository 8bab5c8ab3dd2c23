"""Small files of an acquirer and of a bank."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bawabati.adapters.statements.contract import BadEntry, Entry, Layout, StatementReader
from bawabati.settlement.rules import DEFAULT_PROFILES, layout_of

ACQUIRER_HEAD = (
    "TYPE;DATE;HEURE;TERMINAL;COMMERCANT;ORDRE;REFERENCE;AUTORISATION;CARTE;"
    "MONTANT_BRUT;COMMISSION;TVA;MONTANT_NET;REMISE;DATE_VALEUR"
)
PAYMENT = (
    "PAIEMENT;19/11/2026;10:02:11;E010901201;SAT1;2611190001;ref-1;481516;6280****7215;"
    "1430,50;10,00;1,90;1418,60;R261119001;22/11/2026"
)
REFUND = (
    "REMBOURSEMENT;19/11/2026;11:40:00;E010901201;SAT1;2611150007;ref-2;;6280****7215;"
    "-500,00;0,00;0,00;-500,00;R261119001;22/11/2026"
)
TOTAL = "TOTAL;;;;;;;;;930,50;10,00;1,90;918,60;2;"
BANK_HEAD = "DATE_OPERATION;DATE_VALEUR;LIBELLE;REFERENCE;DEBIT;CREDIT;SOLDE"


def layout(name: str, **changes: object) -> Layout:
    return layout_of(DEFAULT_PROFILES[name] | changes)


def written(path: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def workbook(path: Path, *rows: Sequence[Any]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(place, column, value)
    return path


def read(reader: StatementReader, path: Path, how: Layout) -> list[Entry | BadEntry]:
    return list(reader.open(path, how).lines)


def good(lines: list[Entry | BadEntry]) -> list[Entry]:
    return [line for line in lines if isinstance(line, Entry)]


def bad(lines: list[Entry | BadEntry]) -> list[tuple[int, str, str]]:
    return [(line.line_number, line.reason, line.detail) for line in lines if isinstance(line, BadEntry)]
