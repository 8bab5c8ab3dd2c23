"""What must be true of sales at desks once everything is quiet, by the issuer's own accounts (behaviour.md 1 and 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings

from bawabati.cases.models import Case
from bawabati.ledger.models import Transfer
from bawabati.payments.models import Hold, Payment, ReaderOrder, Sale, SaleHappening
from bawabati.payments.reads import given_back
from bawabati.payments.rules import State
from bawabati.payments.rules.sales import FINAL_SALE, OrderState, SaleAlarm, SaleState
from bawabati.payments.rules.ways import Way
from bawabati.receipts.models import Receipt
from sandbox.reader.faults import Kind
from sandbox.reader.transactions import Transaction

if TYPE_CHECKING:
    from faults.real.agency import Agency
    from faults.real.world import World

CLEARING = settings.ACCOUNT_CODES["reader_cards_to_collect"]
OVER = FINAL_SALE | {SaleState.SETTLED}


def broken_at_desks(world: World) -> Iterator[str]:
    """Everything that is not as it must be; nothing when all is well, or when this seed has no agency."""
    if world.agency is None:
        return
    for check in CHECKS:
        for finding in check(world, world.agency):
            yield f"{check.__name__}: {finding}"


def _sales(world: World) -> list[Sale]:
    return list(Sale.objects.filter(company=world.company).select_related("reader").order_by("id"))


def _posted(sale: Sale) -> int:
    payment = Payment.objects.filter(sale=sale, state=State.PAID).first()
    return payment.amount_centimes - given_back(payment.id).centimes if payment else 0


def every_card_at_a_desk_is_posted_once_or_given_back(world: World, agency: Agency) -> Iterator[str]:
    """I1 and I6, sale by sale, from the issuer's books: never charged twice, never lost."""
    sales = [sale for sale in _sales(world) if sale.way == Way.CARD]
    for sale in sales:
        done = agency.transactions_of_sale(sale)
        taken, posted = sum(map(agency.net, done)), _posted(sale)
        if taken != posted and not (posted == 0 and all(map(_only_the_bank_knows, _with_money(agency, done)))):
            yield f"I1 {world.name_of_sale(sale.id)} ({sale.state}): the card lost {taken}, posted are {posted}"
        charged = [each for each in done if world.outside.issuer.captured_centimes(each.books)]
        if len(charged) > 1:
            yield f"I6 {world.name_of_sale(sale.id)}: the card was charged {len(charged)} times"
        if sale.service_id and len([each for each in done if each.wanted.service_id == sale.service_id]) > 1:
            yield f"I12 {world.name_of_sale(sale.id)}: its reader was asked twice"
    known = {sale.reference for sale in sales}
    for each in agency.all_payments():
        if each.wanted.reference not in known:
            yield f"I1 a reader took {each.wanted.reference}, which we never wrote down"


def _with_money(agency: Agency, done: list[Transaction]) -> list[Transaction]:
    return [each for each in done if agency.net(each)]


def _only_the_bank_knows(transaction: Transaction) -> bool:
    """The reader said that nothing was taken, and has failed to take it back: only the bank's file can tell."""
    return transaction.fault is not None and transaction.fault.kind is Kind.HOST_REVERSAL_LOST


def every_settled_sale_has_its_receipt(world: World, agency: Agency) -> Iterator[str]:
    """I2 and I3: a reader or two people said so, and there is one payment and one receipt."""
    del agency
    for sale in _sales(world):
        payments = list(Payment.objects.filter(sale=sale))
        receipts = Receipt.objects.filter(payment__in=payments).count()
        was_settled = SaleHappening.objects.filter(sale=sale, to_state=SaleState.SETTLED).exists()
        late = Case.objects.filter(reference=f"sale:{sale.id}", kind=SaleAlarm.APPROVED_AFTER_END).exists()
        if len(payments) != receipts or len(payments) != (was_settled or late):
            yield f"I3 {world.name_of_sale(sale.id)} ({sale.state}) has {len(payments)} payments, {receipts} receipts"


def the_readers_account_is_what_the_cards_lost(world: World, agency: Agency) -> Iterator[str]:
    """I5, for cards at desks."""
    collected = 0
    for transfer in Transfer.objects.filter(company=world.company).select_related("debit", "credit"):
        collected += transfer.amount_centimes * (transfer.debit.code == CLEARING)
        collected -= transfer.amount_centimes * (transfer.credit.code == CLEARING)
    lost = sum(agency.net(each) for each in agency.all_payments() if not _only_the_bank_knows(each))
    if collected != lost:
        yield f"I5 the readers' account says {collected} centimes, the cards lost {lost}"


def every_sale_has_become_final(world: World, agency: Agency) -> Iterator[str]:
    """I10, and I7: nothing holds a bill, a reader or a bridge any more."""
    for sale in _sales(world):
        if sale.state not in OVER:
            yield f"I10 {world.name_of_sale(sale.id)} is still {sale.state}"
    for hold in Hold.objects.filter(company=world.company, sale__isnull=False):
        yield f"I7 bill {hold.bill_id} is still held by {world.name_of_sale(hold.sale_id or 0)}"
    waiting = ReaderOrder.objects.filter(company=world.company, state__in=[OrderState.WAITING, OrderState.TAKEN])
    for order in waiting:
        yield f"I10 {order.kind} of {world.name_of_sale(order.sale_id or 0)} is still {order.state}"
    if agency.program.waits():
        yield "I10 the bridge still has a result that the portal has not acknowledged"


def what_the_desk_was_shown_is_kept(world: World, agency: Agency) -> Iterator[str]:
    """I8: paid stays paid, unless somebody took it back; of what was not taken nothing is ever taken."""
    sales = {sale.id: sale for sale in _sales(world)}
    for said in agency.said:
        sale = sales[said.sale_id]
        posted = Payment.objects.filter(sale=sale, state=State.PAID).exists()
        if said.word == "paid" and not posted:
            yield f"I8 the desk was shown that {world.name_of_sale(sale.id)} is paid; it is {sale.state}"
        if said.word == "nothing taken" and posted:
            yield f"I8 the desk was shown that nothing was taken for {world.name_of_sale(sale.id)}; it is posted"
        if said.word == "given back" and _posted(sale):
            yield f"I8 the desk was shown that {world.name_of_sale(sale.id)} was given back; it is posted"


def what_nobody_can_tell_has_an_owner(world: World, agency: Agency) -> Iterator[str]:
    """I10: whatever a machine could not clear up became a case with an owner, and its end closed it."""
    del agency
    for happened in SaleHappening.objects.filter(company=world.company, event__in=list(SaleAlarm)):
        cases = Case.objects.filter(company=world.company, reference=f"sale:{happened.sale_id}", kind=happened.event)
        if not cases.filter(owner__isnull=False).exists():
            yield f"I10 {world.name_of_sale(happened.sale_id)}: {happened.event}, and nobody in the office knows"
    reviewed = SaleHappening.objects.filter(company=world.company, to_state=SaleState.REVIEW)
    for sale_id, times in Counter(reviewed.values_list("sale_id", flat=True)).items():
        cases = Case.objects.filter(company=world.company, reference=f"sale:{sale_id}", kind=SaleAlarm.REVIEW)
        if not cases.exists() or cases.filter(state="open").exists():
            yield f"I10 {world.name_of_sale(sale_id)} was in review {times} times; where is its case, closed?"


CHECKS: tuple[Callable[[World, Agency], Iterator[str]], ...] = (
    every_card_at_a_desk_is_posted_once_or_given_back,
    every_settled_sale_has_its_receipt,
    the_readers_account_is_what_the_cards_lost,
    every_sale_has_become_final,
    what_the_desk_was_shown_is_kept,
    what_nobody_can_tell_has_an_owner,
)
