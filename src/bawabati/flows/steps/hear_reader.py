"""What follows from a reader's answer, a person's word or silence about a sale; in the caller's transaction.

Everything that follows is written at once: the sale's steps, its payment, the books, the bills, the receipt.
"""

from dataclasses import fields
from datetime import datetime

from bawabati.cases.writes import close_case
from bawabati.companies.rules import Protocol
from bawabati.flows.steps.reader_orders import OTHERWISE, ask_to_abort, ask_what_happened, is_on_the_wire, put_reversal
from bawabati.flows.steps.settle_sale import settle_sale, undo_sale
from bawabati.flows.steps.work_item import HANDED_OVER, open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_open_order, find_payment_of_sale
from bawabati.payments.rules.sales import (
    FINAL_SALE,
    LETS_GO_OF_BILLS,
    OrderKind,
    ReaderSaid,
    SaleAlarm,
    SaleEvent,
    SaleState,
    SaleVerdict,
    answer_expected_at,
)
from bawabati.payments.writes import (
    keep_verdict,
    lock_bills_of_sale,
    lock_sale,
    move_sale,
    note_happening,
    save_sale,
)
from bawabati.people.models import Staff
from bawabati.people.writes import system_account

SETTLED_BY = frozenset({SaleEvent.SETTLED, SaleEvent.CONFIRMED_PAID, SaleEvent.RECEIVED})
UNDONE_BY = frozenset({SaleEvent.REVERSED, SaleEvent.CONFIRMED_REVERSED})
TAKEN_IN_BY_EVENT = frozenset({SaleEvent.APPROVED, SaleEvent.SECOND_PERSON_NEEDED})
OUT_OF_DATE = (SaleAlarm.REVIEW, SaleAlarm.STAYS_UNKNOWN, HANDED_OVER)
"""What nobody has to look at any more once a sale has ended."""


def lock_whole_sale(sale_id: int) -> Sale:
    """The sale and its bills, locked in the house's order."""
    lock_bills_of_sale(sale_id)
    return lock_sale(sale_id)


def follow(
    sale: Sale, verdict: SaleVerdict, *, said: ReaderSaid | None, now: datetime, by: Staff | None = None
) -> None:
    """Moves a locked sale as the verdict says, and does all of what follows from it. Raises SaleMovedOn."""
    evidence = evidence_of(said) if said else {}
    for event in verdict.events:
        if said is not None:
            _take_in(sale, said, event)
        is_last = event is verdict.events[-1]
        move_sale(
            sale,
            event=event,
            by=by,
            evidence=evidence,
            next_step_at=verdict.next_step_at if is_last else now,
            now=now,
        )
        _do_what_follows(sale, event, evidence, now)
    if not verdict.events and sale.next_step_at is not None and verdict.next_step_at is not None:
        keep_verdict(sale, verdict)
    if verdict.alarm is not None:
        _alarm(sale, verdict, evidence, now)
    if verdict.alarm is SaleAlarm.APPROVED_AFTER_END and said is not None:
        _post_after_the_end(sale, said, now)
    if verdict.events and sale.state in LETS_GO_OF_BILLS:
        _nobody_looks_any_more(sale, now)


def ask_again(sale: Sale, *, now: datetime) -> None:
    """Puts what is to be asked of the reader of an unclear sale. Safe to repeat. Rule: ask-by-our-identifier (R5)"""
    if not is_on_the_wire(sale.reader):
        return
    if sale.state == SaleState.UNKNOWN:
        ask_to_abort(sale, now=now)
    if sale.state == SaleState.REVERSING and _reversal_may_come_yet(sale, now):
        return
    ask_what_happened(sale, now=now)


def _reversal_may_come_yet(sale: Sale, now: datetime) -> bool:
    """What is not at the reader yet is not found there: that would say nothing. Rule: reversal-asked-after (R13)"""
    order = find_open_order(sale.id, OrderKind.REVERSE)
    if order is None:
        return False
    return order.taken_at is None or now < answer_expected_at(protocol=Protocol.NEXO, sent_at=order.taken_at)


def evidence_of(said: ReaderSaid) -> dict[str, object]:
    """An answer as it is kept for ever, without what is empty. The bridge has masked it."""
    said_of = {field.name: getattr(said, field.name) for field in fields(said)}
    kept: dict[str, object] = {name: value for name, value in said_of.items() if value not in (None, "", ())}
    if said.amount is not None:
        kept["amount"] = said.amount.centimes
    if said.poi_transaction_at is not None:
        kept["poi_transaction_at"] = said.poi_transaction_at.isoformat()
    return kept


def _do_what_follows(sale: Sale, event: SaleEvent, evidence: dict[str, object], now: datetime) -> None:
    if event in SETTLED_BY and find_payment_of_sale(sale.id) is None:
        settle_sale(sale, evidence=evidence, now=now)
    if event is SaleEvent.DIFFERS:
        taken = evidence.get("amount")
        taken_centimes = taken if isinstance(taken, int) and taken else sale.amount_centimes
        put_reversal(sale, reason=OTHERWISE, taken_centimes=taken_centimes, now=now)
        save_sale(sale, "reversal_service_id")
    if event in UNDONE_BY:
        asked_by = sale.reversal_asked_by or sale.proposed_by or system_account(now=now)
        undo_sale(sale, because=sale.reversal_because or sale.proposed_because or event, asked_by=asked_by, now=now)


def _take_in(sale: Sale, said: ReaderSaid, event: SaleEvent) -> None:
    """What an answer says of the card and the transaction; saved by the move that follows.

    An approval that is not believed to be this sale's stays in the evidence: it is no slip that anybody may settle on.
    """
    sale.reason = said.reason[:40]
    if event not in TAKEN_IN_BY_EVENT:
        return
    sale.approval_code = said.approval_code[:12]
    sale.masked_card = said.masked_card[:24]
    sale.card_brand = said.card_brand[:24]
    sale.entry_mode = said.entry_mode[:16]
    sale.poi_transaction_id = said.poi_transaction_id[:40]
    sale.poi_transaction_at = said.poi_transaction_at
    sale.terminal_id = said.terminal_id[:16]
    sale.merchant_id = said.merchant_id[:20]
    sale.rrn = said.rrn[:20]
    sale.reconciliation_id = said.reconciliation_id[:20]
    sale.slip = list(said.slip)


def _alarm(sale: Sale, verdict: SaleVerdict, evidence: dict[str, object], now: datetime) -> None:
    """A case with an owner and a promised day; beside the sale once, when nothing moved."""
    assert verdict.alarm is not None  # noqa: S101 - the caller looked
    if not verdict.events and sale.state not in FINAL_SALE and verdict.alarm is not SaleAlarm.STAYS_UNKNOWN:
        note_happening(sale, event=str(verdict.alarm), by=None, evidence=evidence, now=now)
    open_work_item(
        company_id=sale.company_id,
        kind=verdict.alarm,
        reference=reference_of(sale),
        amount=Money(sale.amount_centimes),
        details={"agency": sale.agency.code, "desk": sale.desk.code, "sale": sale.reference},
        now=now,
    )


def _post_after_the_end(sale: Sale, said: ReaderSaid, now: datetime) -> None:
    """A final state is never left: the money is posted beside it, once. Rule: late-approval (readers.md 3, R9)"""
    if find_payment_of_sale(sale.id) is not None:
        return
    sale.approval_code, sale.masked_card, sale.card_brand = said.approval_code, said.masked_card, said.card_brand
    settle_sale(sale, evidence=evidence_of(said), now=now)


def _nobody_looks_any_more(sale: Sale, now: datetime) -> None:
    for kind in OUT_OF_DATE:
        close_case(
            company_id=sale.company_id, kind=kind, reference=reference_of(sale), because=str(sale.state), now=now
        )


def reference_of(sale: Sale) -> str:
    """How cases name a sale."""
    return f"sale:{sale.id}"
