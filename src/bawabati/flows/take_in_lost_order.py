"""An order that the journal knows and a restored database does not: written again, so that the gateway can be asked."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from bawabati.adapters.gateways.contract import Registered, Said
from bawabati.bills.writes import lock_bills
from bawabati.companies.models import GatewayAccount
from bawabati.companies.reads import current_texts, find_gateway_account
from bawabati.flows.steps.order_journal import LostOrder
from bawabati.flows.steps.schedule import schedule
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_payment_of_order
from bawabati.payments.rules import Event, Verdict
from bawabati.payments.writes import LineToPay, apply, note_page, open_attempt

CASE = "lost_order"
TERMS = ("payment_terms", "sale_terms")


def take_in_lost_order(order: LostOrder, *, now: datetime) -> Payment | None:
    """The attempt, as it was before the database was lost; None when it is known, or only a person can see to it.

    Whether it was paid is asked afterwards, as of any other. Safe to repeat.
    Rule: quarantine (behaviour.md 6, "Restore from a backup")
    """
    account = find_gateway_account(order.gateway_account_id)
    if account is None:
        return None
    known = find_payment_of_order(order.order_number)
    if known is not None and known.gateway_account_id == account.id:
        if known.register_sent_at is None:
            # It waited for a place when the backup was made, and left afterwards: here it ends as never sent, unasked.
            _leave_it_to_a_person(order, account, now)
        return None
    try:
        with written_together("take_in_lost_order: written again"):
            return _write_again(order, account, now)
    except IntegrityError:
        # Another attempt holds the bill here, or a version is unknown: whose money it is, a person finds out.
        _leave_it_to_a_person(order, account, now)
        return None


def _write_again(order: LostOrder, account: GatewayAccount, now: datetime) -> Payment | None:
    bills = lock_bills(bill_id for bill_id, _, _ in order.bills)
    texts = current_texts(company_id=account.company_id, kinds=TERMS, language=order.language, now=order.opened_at)
    if len(bills) != len(order.bills) or len(texts) != len(TERMS):
        _tell_the_office(order, account, now)
        return None
    payment_terms, sale_terms = texts
    payment = open_attempt(
        account=account,
        lines=[
            LineToPay(bill_id=bill_id, bill_version=version, amount=Money(centimes))
            for bill_id, version, centimes in order.bills
        ],
        start_key=f"journal:{order.order_number}",
        language=order.language,
        payment_terms=payment_terms,
        sale_terms=sale_terms,
        email="",
        registers_now=True,
        schedule=schedule(),
        now=order.opened_at,
        order_number=order.order_number,
    )
    if order.reference:
        note_page(payment, reference=order.reference, page_url="", now=order.opened_at)
        answer = Registered(said=Said(), reference=order.reference, page_url="")
        apply(payment, event=Event.REGISTERED, verdict=Verdict(event=None, next_ask_at=now), answer=answer, now=now)
    return payment


def _leave_it_to_a_person(order: LostOrder, account: GatewayAccount, now: datetime) -> None:
    with written_together("take_in_lost_order: the office is told"):
        _tell_the_office(order, account, now)


def _tell_the_office(order: LostOrder, account: GatewayAccount, now: datetime) -> None:
    open_work_item(
        company_id=account.company_id,
        kind=CASE,
        reference=f"order:{order.order_number}",
        amount=Money(order.centimes),
        details={"gateway_reference": order.reference, "opened_at": order.opened_at.isoformat()},
        now=now,
    )
