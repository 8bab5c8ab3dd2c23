"""Sales at a desk: opened, moved along their table, and what they settle. Inside a transaction that a flow opened.

`move_sale` is the only function that assigns a sale's state; a house test holds it so.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from bawabati.companies.models import Reader
from bawabati.desks.models import DeskSession
from bawabati.money.amount import Money, total
from bawabati.payments.models import Hold, Payment, Sale, SaleHappening, SaleLine
from bawabati.payments.reads import list_sale_lines
from bawabati.payments.rules.sales import (
    LETS_GO_OF_BILLS,
    SALE_AT_WORK,
    SaleEvent,
    SaleState,
    SaleVerdict,
    next_sale_state,
)
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes.beside import write_beside
from bawabati.payments.writes.opening import ORDER_NUMBER_ALPHABET
from bawabati.payments.writes.real_bills import LineToPay, on_real_bills
from bawabati.people.models import Staff

REFERENCE_LENGTH = 9


def open_sale_row(
    *,
    session: DeskSession,
    way: Way,
    reader: Reader | None,
    lines: Sequence[LineToPay],
    start_key: str,
    language: str,
    stamp_duty: Money,
    in_spite_of: str,
    cashier: Staff,
    next_step_at: datetime,
    now: datetime,
    holds: bool = True,
) -> Sale:
    """Writes the sale, its lines and its holds, before anything is sent. Money that is here already needs no holds.

    Tranches among `lines` give way to the bills that they stand for: it is those that are held and paid.

    Not safe to repeat: the database refuses a start key that is known, a bill that is held, a reader that is busy.
    """
    lines = on_real_bills(lines)
    sale = Sale.objects.create(
        company_id=session.company_id,
        agency_id=session.agency_id,
        desk_id=session.desk_id,
        session=session,
        cashier=cashier,
        reader=reader,
        way=way,
        reference=_new_reference(session.company_id),
        start_key=start_key,
        amount_centimes=total(line.amount for line in lines).centimes,
        stamp_duty_centimes=stamp_duty.centimes,
        language=language,
        opened_at=now,
        next_step_at=next_step_at,
        in_spite_of=in_spite_of,
        event_count=1,
    )
    SaleLine.objects.bulk_create(
        SaleLine(
            company_id=sale.company_id,
            sale=sale,
            bill_id=line.bill_id,
            bill_version=line.bill_version,
            amount_centimes=line.amount.centimes,
        )
        for line in lines
    )
    if holds:
        Hold.objects.bulk_create(
            Hold(company_id=sale.company_id, bill_id=line.bill_id, sale=sale, held_at=now) for line in lines
        )
    _write_happening(sale, event="opened", from_state="", by=cashier, evidence={}, now=now)
    return sale


def _new_reference(company_id: int) -> str:
    """S and nine characters that the company has never used; should two draw the same, the database refuses one."""
    while True:
        reference = "S" + "".join(secrets.choice(ORDER_NUMBER_ALPHABET) for _ in range(REFERENCE_LENGTH))
        if not Sale.objects.filter(company_id=company_id, reference=reference).exists():
            return reference


def lock_sale(sale_id: int) -> Sale:
    """The sale with its company and reader, its holds locked before it, until the transaction ends. After its bills."""
    list(Hold.objects.select_for_update(no_key=True).filter(sale_id=sale_id).order_by("bill_id"))
    locked = Sale.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("company", "reader", "desk", "agency", "cashier").get(id=sale_id)


def move_sale(
    sale: Sale,
    *,
    event: SaleEvent,
    by: Staff | None,
    evidence: Mapping[str, object],
    next_step_at: datetime | None,
    now: datetime,
) -> None:
    """Moves a locked sale along its table and writes what happened beside it. Raises SaleMovedOn.

    Holds end where the state ends them; whatever else was set on the row is saved along.
    """
    before = SaleState(sale.state)
    after = next_sale_state(before, event)
    sale.state = after
    sale.event_count += 1
    sale.next_step_at = next_step_at if after in SALE_AT_WORK else None
    if after is SaleState.SENT:
        sale.sent_at = now
    if after in {SaleState.UNKNOWN, SaleState.REVERSING}:
        sale.unknown_since, sale.not_found_count, sale.not_found_at = now, 0, None
    if after in LETS_GO_OF_BILLS:
        sale.ended_at = sale.ended_at or now
        Hold.objects.filter(sale=sale).delete()
    sale.save()
    _write_happening(sale, event=event, from_state=before, by=by, evidence=evidence, now=now)


def keep_verdict(sale: Sale, verdict: SaleVerdict) -> None:
    """Keeps what an answer that moved nothing has taught about a locked sale: when to go on, what was not found."""
    sale.next_step_at = verdict.next_step_at
    sale.not_found_count = verdict.not_found_count
    sale.not_found_at = verdict.not_found_at
    sale.save(update_fields=["next_step_at", "not_found_count", "not_found_at"])


def note_happening(sale: Sale, *, event: str, by: Staff | None, evidence: Mapping[str, object], now: datetime) -> None:
    """Writes down beside a locked sale what has not moved it; once while it repeats itself."""
    if SaleHappening.objects.filter(sale=sale, sequence=sale.event_count, event=event).exists():
        return
    sale.event_count += 1
    sale.save(update_fields=["event_count"])
    _write_happening(sale, event=event, from_state=sale.state, by=by, evidence=evidence, now=now)


def note_step(*, sale_id: int, step: str, now: datetime) -> None:
    """What the reader shows now. Only while the sale is with it; decides nothing. Safe to repeat."""
    Sale.objects.filter(id=sale_id, state=SaleState.SENT).update(step=step, step_at=now)


def save_sale(sale: Sale, *names: str) -> None:
    """Saves columns of a locked sale that say how far it has come, never its state."""
    sale.save(update_fields=names)


def forget_proposal(sale: Sale) -> None:
    """Nobody has said any more what became of a locked sale, and the slip that a person had typed for it is free."""
    sale.proposed, sale.proposed_by, sale.proposed_because = "", None, ""
    names = ["proposed", "proposed_by", "proposed_because"]
    if sale.typed_by_id is not None:
        sale.typed_by, sale.slip_number, sale.slip_on, sale.approval_code, sale.masked_card = None, "", None, "", ""
        names += ["typed_by", "slip_number", "slip_on", "approval_code", "masked_card"]
    sale.save(update_fields=names)


def release_sale_holds(sale: Sale) -> bool:
    """Frees the bills of a locked sale that goes on being cleared up; whether it held any. Safe to repeat."""
    freed, _ = Hold.objects.filter(sale=sale).delete()
    return bool(freed)


def open_received(sale: Sale, *, language: str, now: datetime) -> Payment:
    """Writes the payment that posts what a locked sale has settled, with its lines. The money is there already.

    Not safe to repeat: the database refuses a second one of the same sale.
    """
    payment = Payment(
        company=sale.company,
        way=sale.way,
        sale=sale,
        agency_id=sale.agency_id,
        order_number=sale.reference,
        start_key=f"sale:{sale.id}",
        amount_centimes=sale.amount_centimes,
        language=language,
        opened_at=sale.opened_at,
        page_life_seconds=0,
        page_ends_at=now,
    )
    return write_beside(payment, lines=list_sale_lines(sale.id), evidence={"sale": sale.reference}, now=now)


def _write_happening(
    sale: Sale, *, event: str, from_state: str, by: Staff | None, evidence: Mapping[str, object], now: datetime
) -> None:
    SaleHappening.objects.create(
        company_id=sale.company_id,
        sale=sale,
        sequence=sale.event_count,
        event=event,
        from_state=from_state,
        to_state=sale.state,
        by=by,
        evidence=dict(evidence),
        at=now,
    )
