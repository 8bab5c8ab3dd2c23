"""A payment file as a table: what the billing system reads. See docs/reference/payment-file.md."""

from collections.abc import Iterable, Iterator
from typing import Final

from bawabati.adapters.sheets.contract import Cell, Sheet
from bawabati.money.amount import Money
from bawabati.reports.models import PaymentFile, PaymentFileLine
from bawabati.reports.rules import LineKind

HEAD: Final = (
    "RANG",
    "NATURE",
    "NUMERO_PAIEMENT",
    "NUMERO_FACTURE",
    "NUMERO_CLIENT",
    "PERIODE",
    "MONTANT",
    "REPRISE",
    "EXCEDENT",
    "JOUR_COMPTABLE",
    "MOMENT",
    "CANAL",
    "AGENCE",
    "RECU",
    "REFERENCE",
)
NATURE: Final = {
    LineKind.PAID: "PAIEMENT",
    LineKind.CREDIT_USED: "CREDIT",
    LineKind.LOWERED: "BAISSE",
    LineKind.DUE_AGAIN: "REPRISE",
}
CHANNEL: Final = {"web": "INTERNET", "card": "TPE", "cash": "ESPECES", "cheque": "CHEQUE", "channel": "CANAL", "": ""}
TAKES_OFF: Final = frozenset({LineKind.PAID, LineKind.CREDIT_USED})


def sheet_of(file: PaymentFile, lines: Iterable[PaymentFileLine], *, company_code: str) -> Sheet:
    """The lines in their order, and the control totals as the last line. Rule: payment-file-totals (algeria.md 8)"""
    return Sheet(
        title=f"PAIEMENTS {file.number:06d}", head=HEAD, rows=_rows(file, lines, company_code), made_at=file.made_at
    )


def _rows(file: PaymentFile, lines: Iterable[PaymentFileLine], company_code: str) -> Iterator[list[Cell]]:
    for line in lines:
        kind, amount = LineKind(line.kind), Money(line.amount_centimes)
        taken_off, due_again = (amount, Money(0)) if kind in TAKES_OFF else (Money(0), amount)
        yield [
            line.place,
            NATURE[kind],
            line.payment_number,
            line.bill_number,
            line.customer_number,
            line.period,
            taken_off,
            due_again,
            Money(line.surplus_centimes),
            line.accounted_on,
            line.happened_at,
            CHANNEL[line.way],
            line.agency,
            line.receipt_number,
            line.reference,
        ]
    yield [
        file.line_count,
        "TOTAL",
        f"{file.number:06d}",
        "",
        company_code,
        "",
        Money(file.paid_centimes),
        Money(file.taken_back_centimes),
        Money(file.surplus_centimes),
        None,
        file.made_at,
    ]
