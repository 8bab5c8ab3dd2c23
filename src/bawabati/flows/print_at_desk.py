"""A cashier prints the receipt of a sale, or the provisional slip of one that is still being checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from bawabati.adapters import registry
from bawabati.adapters.documents.papers import Roll
from bawabati.audit.writes import record_act
from bawabati.companies.models import Reader
from bawabati.companies.reads import find_reader_of_desk
from bawabati.flows.steps.desk_papers import paper_of_unclear_sale
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.receipt_document import PRINTED, document_facts
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.payments.models import Sale
from bawabati.payments.reads import list_happenings
from bawabati.payments.rules.sales import OrderKind
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import lock_sale, note_happening, put_order
from bawabati.people.models import Staff
from bawabati.people.rules import Action
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import find_receipt_of_sale
from bawabati.receipts.writes import write_print

DOTS: Final = 576
"""Paper of 80 mm at 203 dots to the inch, without its margins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAtDesk:
    """What goes to paper. `by_bridge`: the printer of the agency has it; else the browser prints it."""

    roll: Roll
    language: str
    copy_number: int
    """Of a duplicata, from 1; 0 for the original, and for a provisional slip."""
    by_bridge: bool


def print_at_desk(*, sale_id: int, staff: Staff, now: datetime) -> PrintedAtDesk:
    """The first print of a receipt is the original; each later one is a duplicata, counted and logged.

    A sale without a receipt gives its provisional slip. Rule: duplicates (behaviour.md 6)

    Raises:
        NoSuchSale, NotAllowed.
    """
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.PRINT_RECEIPT, known)
    reader = find_reader_of_desk(known.desk_id)
    receipt = find_receipt_of_sale(known.id)
    maker = registry.roll_maker()
    if receipt is None:
        original = duplicata = maker.paper(paper_of_unclear_sale(known, language=known.language, now=now))
    else:
        original = maker.receipt(document_facts(receipt, is_duplicata=False))
        duplicata = maker.receipt(document_facts(receipt, is_duplicata=True))
    with written_together("print_at_desk: print written down"):
        sale = lock_sale(sale_id)
        copy_number = _count(sale, receipt, staff, now) if receipt else 0
        roll = duplicata if copy_number else original
        is_first = receipt is not None and not copy_number
        by_bridge = _hand_to_bridge(sale, reader, roll, opens_drawer=is_first and sale.way == Way.CASH, now=now)
    return PrintedAtDesk(roll=roll, language=sale.language, copy_number=copy_number, by_bridge=by_bridge)


def _count(sale: Sale, receipt: Receipt, staff: Staff, now: datetime) -> int:
    """0 for the original, which is written down too."""
    is_first = all(happening.event != PRINTED for happening in list_happenings(sale.id))
    note_happening(sale, event=PRINTED, by=staff, evidence={}, now=now)
    if is_first:
        return 0
    printed = write_print(receipt=receipt, printed_by=staff, now=now)
    record_act(
        staff_id=staff.id,
        company_id=sale.company_id,
        action="print_receipt",
        target=f"receipt:{receipt.id}",
        details={"number": receipt.facts["number"], "copy_number": printed.copy_number},
        now=now,
    )
    return printed.copy_number


def _hand_to_bridge(sale: Sale, reader: Reader | None, roll: Roll, *, opens_drawer: bool, now: datetime) -> bool:
    """Whether a printer of the agency's network stands beside the reader, which then has it."""
    if reader is None or reader.bridge_id is None or not reader.options.get("printer"):
        return False
    body = {
        "lines": [asdict(line) for line in roll.lines],
        "qr": roll.qr or None,
        "cut": True,
        "drawer": opens_drawer,
        "width": DOTS,
    }
    put_order(reader=reader, kind=OrderKind.PRINT, body=body, sale=sale, now=now)
    return True
