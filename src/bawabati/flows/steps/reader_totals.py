"""What a reader says that it took, beside what the Z says; in the caller's transaction.

Rule: three-way-check (readers.md 3, R14)
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bawabati.companies.reads import find_reader_of_desk
from bawabati.companies.rules import TELLS_TOTALS, Protocol
from bawabati.desks.models import DeskSession
from bawabati.desks.reads import find_z_of_session, report_of
from bawabati.desks.rules import SessionReport
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import ReaderOrder
from bawabati.payments.rules.sales import OrderKind, Outcome
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import put_order

DIFFER = "reader_totals_differ"
MOST_CENTIMES = 10**15
"""More than any reader took; what says more differs all the same."""


def ask_for_totals(session: DeskSession, *, now: datetime) -> None:
    """Asks the desk's reader for its totals and has it begin new ones, where a bridge can speak to it.

    The answer comes later, if it comes: nobody waits for it.
    """
    reader = find_reader_of_desk(session.desk_id)
    if reader is None or reader.bridge_id is None or reader.protocol == Protocol.MANUAL:
        return
    body = {"sale_id": session.desk.code, "close": True, "session": session.id}
    put_order(reader=reader, kind=OrderKind.TOTALS, body=body, sale=None, now=now)


def compare_reader_totals(order: ReaderOrder, *, now: datetime) -> None:
    """A case where the reader's sums are not those of the session that asked for them. Safe to repeat.

    A reader that did not answer proves nothing: the bank's file will. One that differs may have begun new totals by
    itself at night, or have what was handed over, so a person looks.
    """
    z = find_z_of_session(int(order.body.get("session") or 0))
    if order.outcome != Outcome.DONE or z is None or z.company_id != order.company_id:
        return
    if order.reader.protocol not in TELLS_TOTALS:  # it sends its batch to the bank, and tells us no sums
        return
    said = _centimes(order.result.get("totals") or ())
    taken = _by_card(report_of(z))
    if said == taken:
        return
    open_work_item(
        company_id=z.company_id,
        kind=DIFFER,
        reference=f"desk_session:{z.session_id}",
        amount=Money(abs(said - taken)),
        details={
            "reader": order.reader.serial,
            "desk": z.desk.code,
            "z": z.number,
            "reader_says_centimes": said,
            "session_says_centimes": taken,
            "reconciliation": str(order.result.get("reconciliation_id") or ""),
        },
        now=now,
    )


def _by_card(report: SessionReport) -> int:
    cards = sum(way.amount_centimes for way in report.ways if way.way == Way.CARD)
    return cards - report.reversed.centimes


def _centimes(totals: Iterable[Mapping[str, object]]) -> int:
    """The sum of what a bridge reported; what is no number counts as none."""
    amounts = [total.get("amount_centimes") for total in totals]
    said = sum(amount for amount in amounts if isinstance(amount, int))
    return max(-MOST_CENTIMES, min(said, MOST_CENTIMES))
