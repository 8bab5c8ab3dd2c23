"""What must be true once everything is quiet, by the issuer's own accounts (behaviour.md 1).

Each check yields a sentence for whatever is broken. None of them asks the portal what the gateway did: that is read
from the issuer's books and from what the gateway is known to have said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.flows.check_books import check_books
from bawabati.ledger.models import Transfer
from bawabati.notices.models import Notice
from bawabati.payments.models import Hold, Payment, PaymentEvent, PaymentLine, Refund
from bawabati.payments.reads import given_back
from bawabati.payments.rules import FINAL, FINAL_REFUND, Alarm, RefundState, Schedule, State
from bawabati.receipts.models import Receipt
from faults.real.surroundings import PASSWORD, Told
from sandbox.gateway.cards import DECK
from sandbox.gateway.issuer import Reason
from sandbox.gateway.orders import State as OrderState

if TYPE_CHECKING:
    from faults.real.world import World
    from sandbox.gateway.orders import Order

NOT_PAID = frozenset({0, 3, 4, 6})
REVERSED = frozenset({3, 4})
DEPOSITED = 2
A_LATENCY = 300.0
"""Between taking a payment in hand and the gateway's answer others may act, and each of them takes its time too."""
CLEARING = settings.ACCOUNT_CODES["cards_to_collect"]
KEPT_TABLES = (
    "payments_payment",
    "payments_paymentevent",
    "receipts_receipt",
    "cases_case",
    "notices_notice",
    "audit_auditentry",
)
"""Whatever the outside said may have come to lie here."""


def broken(world: World) -> Iterator[str]:
    """Everything that is not as it must be; nothing when all is well."""
    for check in CHECKS:
        for finding in check(world):
            yield f"{check.__name__}: {finding}"


def broken_meanwhile(world: World) -> Iterator[str]:
    """What must hold at every instant, in the middle of everything: all of the books but what waits (I10)."""
    for finding in the_books_agree_with_themselves(world):
        if not finding.startswith("I10"):
            yield f"meanwhile: {finding}"


def the_books_agree_with_themselves(world: World) -> Iterator[str]:
    for difference in check_books(now=world.clock.now()):
        if difference.company_id != world.company.id:
            continue  # what another seed has left in this database, and its promises, at another time
        if difference.check == "message_not_delivered" and " is rejected" in difference.finding:
            continue  # the mail server refused it for good: the office sees it, as it must
        yield f"{difference.invariant} {difference.check} {difference.reference} {difference.finding}"


def every_debit_is_posted_once_or_given_back(world: World) -> Iterator[str]:
    """I1, order by order, from the issuer's books."""
    attempts = [payment for payment in world.payments() if payment.recovered_from_id is None]
    payments = {payment.order_number: payment for payment in attempts}
    posted_by_number: Counter[str] = Counter()
    for payment in world.payments():
        if payment.state == State.PAID:
            back = given_back(payment.id, through_the_gateway=True)
            posted_by_number[payment.order_number] += payment.amount_centimes - back.centimes
    for order in world.outside.gateway.orders():
        payment = payments.get(order.order_number)
        if payment is None:
            yield f"I1 the gateway has an order {order.order_number} that we never wrote down"
            continue
        taken = _taken(world, order)
        posted = posted_by_number[order.order_number]
        if taken != posted and not _is_told_to_the_office(world, order, payment):
            yield f"I1 {order.order_number}: the card lost {taken} centimes, posted are {posted} ({payment.state})"
        if payment.gateway_reference not in {None, order.md_order}:
            yield f"I1 {order.order_number} is kept under another order's reference"
    known = {order.order_number for order in world.outside.gateway.orders()}
    for payment in payments.values():
        if payment.state == State.PAID and payment.order_number not in known:
            yield f"I1 {payment.order_number} is paid, and the gateway never had it"


def _taken(world: World, order: Order) -> int:
    issuer = world.outside.issuer
    return issuer.captured_centimes(order.md_order) - issuer.returned_centimes(order.md_order)


def _is_told_to_the_office(world: World, order: Order, payment: Payment) -> bool:
    """A gateway that says that it gave the money back, and kept it: nobody can see that here. It says so, or nothing.

    Where it says so, the office has a case; where it denies the order, only the settlement file can tell.
    """
    if order.state is not OrderState.REVERSED or world.outside.gateway.settings.auto_cancel_gives_back:
        return False
    if any(told.status in REVERSED for told in world.outside.told[order.order_number]):
        return Case.objects.filter(
            company=world.company, kind="taken_back", reference=f"payment:{payment.id}", owner__isnull=False
        ).exists()
    return True


def every_receipt_has_its_money_and_every_payment_its_receipt(world: World) -> Iterator[str]:
    """I2 and I3: an answer to our acknowledgement comes first, and each payment has one receipt."""
    receipts = Counter(Receipt.objects.filter(company=world.company).values_list("payment_id", flat=True))
    for payment in world.payments():
        is_paid = payment.state == State.PAID
        if receipts[payment.id] != is_paid:
            yield f"I3 {payment.order_number} is {payment.state} and has {receipts[payment.id]} receipts"
        if not is_paid:
            continue
        order = world.outside.gateway.find_order(payment.gateway_reference or "")
        if order is None or (not order.acknowledged_at and world.wire != "status"):
            yield f"I2 {payment.order_number} was posted without an acknowledgement"
        if not any(told.status == DEPOSITED for told in world.outside.told[payment.order_number]):
            yield f"I2 {payment.order_number} was posted, and the gateway never said that it is paid"


def nothing_is_settled_above_what_is_due(world: World) -> Iterator[str]:
    for bill in Bill.objects.filter(company=world.company):
        if bill.settled_centimes > bill.due_centimes:
            yield f"I4 {bill.bill_number} is settled above what is due"


def the_clearing_account_is_what_the_cards_lost(world: World) -> Iterator[str]:
    """I5: debits of the clearing account against the issuer's net, over all orders that ended paid."""
    collected = 0
    for transfer in Transfer.objects.filter(company=world.company).select_related("debit", "credit"):
        collected += transfer.amount_centimes * (transfer.debit.code == CLEARING)
        collected -= transfer.amount_centimes * (transfer.credit.code == CLEARING)
    references = {payment.gateway_reference for payment in world.payments() if payment.state == State.PAID}
    lost = sum(_taken(world, order) for order in world.outside.gateway.orders() if order.md_order in references)
    if collected != lost:
        yield f"I5 the clearing account says {collected} centimes, the cards lost {lost}"


def every_surplus_has_an_owner(world: World) -> Iterator[str]:
    """I1 and behaviour.md 5: money that found its bill settled ends as a case, never in silence."""
    surplus = PaymentLine.objects.filter(company=world.company, surplus_centimes__gt=0)
    for payment_id in surplus.values_list("payment_id", flat=True).distinct():
        cases = Case.objects.filter(company=world.company, kind="surplus", reference=f"payment:{payment_id}")
        if not cases.filter(owner__isnull=False).exists():
            yield f"I1 {world.name(payment_id)} has a surplus, and nobody owns it"


def what_is_odd_is_told_to_the_office(world: World) -> Iterator[str]:
    """I10: an answer that changes nothing, and that no rule explains, has somebody who looks at it."""
    odd = PaymentEvent.objects.filter(company=world.company, event__in=list(Alarm)).select_related("payment")
    for event in odd:
        about = (f"payment:{event.payment_id}", f"gateway_account:{event.payment.gateway_account_id}")
        if not Case.objects.filter(company=world.company, kind=event.event, reference__in=about).exists():
            yield f"I10 {world.name(event.payment_id)}: {event.event}, and nobody in the office knows"


def each_refund_had_one_effect(world: World) -> Iterator[str]:
    """I9: never more than was captured, and one entry in the issuer's books for each refund that is done."""
    for payment in world.payments():
        if payment.state != State.PAID:
            continue
        done = Refund.objects.filter(payment=payment, state=RefundState.DONE, past_the_gateway=False)
        sums = sorted(done.values_list("amount_centimes", flat=True))
        entries = [entry for account in world.outside.issuer.accounts() for entry in account.entries]
        order = [entry for entry in entries if entry.md_order == payment.gateway_reference]
        given = sorted(entry.centimes for entry in order if entry.reason is Reason.REFUND)
        by_others = payment in world.taken_back_by_the_bank
        by_others = by_others or payment.gateway_reference in world.outside.doubled_refunds
        # What others gave back at once, people may write down as a refund that was under way and the rest.
        if (sum(sums) != sum(given)) if by_others else (sums != given):
            yield f"I9 {payment.order_number}: refunds of {sums} are done, the card was given {given}"
        if world.refund_names == "yes" and payment.gateway_reference in world.outside.doubled_refunds:
            yield f"I9 {payment.order_number}: a refund was made twice where the gateway heeds our name for it"
        if sum(sums) > payment.amount_centimes:
            yield f"I9 {payment.order_number}: more was given back than was taken"


def everything_has_become_final(world: World) -> Iterator[str]:
    """I10, and I7: nothing holds a bill any more."""
    for payment in world.payments():
        if payment.state not in FINAL:
            yield f"I10 {payment.order_number} is still {payment.state}"
    for refund in Refund.objects.filter(company=world.company).exclude(state__in=FINAL_REFUND):
        yield f"I10 a refund of {world.name(refund.payment_id)} is still {refund.state}"
    for hold in Hold.objects.filter(company=world.company):
        yield f"I7 bill {hold.bill_id} is still held by payment {hold.payment_id}"


def what_was_shown_is_kept(world: World) -> Iterator[str]:
    """I8, for everything that a page said of money."""
    payments = {payment.id: payment for payment in world.payments()}
    for said in world.said:
        payment = payments[said.payment_id]
        told = [word for word in world.outside.told[payment.order_number] if word.at <= said.at]
        is_paid = payment.state == State.PAID
        match said.word:
            case "paid" if not is_paid:
                yield f"I8 somebody was shown that {payment.order_number} is paid; it is {payment.state}"
            case "nothing taken" if is_paid:
                yield f"I8 somebody was told that nothing was taken by {payment.order_number}; it is paid"
            case "nothing taken" | "nothing taken so far" if payment.page_url and not any(map(_says_not_paid, told)):
                yield f"I8 somebody was told that nothing was taken by {payment.order_number}; who said that?"
            case "taken and given back" if not any(word.status in REVERSED for word in told):
                yield f"I8 somebody was told that {payment.order_number} was given back; who said that?"


def _says_not_paid(word: Told) -> bool:
    return word.status in NOT_PAID or word.error == "6"


def time_alone_ends_nothing(world: World) -> Iterator[str]:
    """I14: the end needs all its late answers, each long after the one before; a jump of the clock saves none."""
    waits = Schedule().late_checks
    for payment in world.payments():
        if payment.state not in {State.DECLINED, State.EXPIRED}:
            continue
        words = [word.at for word in world.outside.told[payment.order_number] if _says_not_paid(word)]
        if len(words) <= len(waits):
            yield f"I14 {payment.order_number} is {payment.state} after {len(words)} answers"
            continue
        if world.clock.has_jumped:
            continue
        end = words[-1]
        for wait in reversed(waits):
            before = [at for at in words if at <= end - wait + A_LATENCY]
            if not before:
                yield f"I14 {payment.order_number} is {payment.state}, and nobody waited for {wait} seconds"
                break
            end = before[-1]


def nothing_is_registered_twice(world: World) -> Iterator[str]:
    """I12: a registration is sent once under a number, whoever dies."""
    sent = Counter(number for call, number in world.outside.calls if call == "register.do")
    for number, times in sent.items():
        if times > 1:
            yield f"I12 {number} was registered {times} times"


def every_message_is_for_something_that_happened(world: World) -> Iterator[str]:
    """I12: sent at least once under one identifier, and never for what was rolled back."""
    notices = {notice.id: notice for notice in Notice.objects.filter(company=world.company)}
    sent = {message.message_id for message in world.outside.mails}
    by_notice = defaultdict(set)
    for message_id in sent:
        by_notice[int(message_id.split("-")[1])].add(message_id)
    for notice_id, identifiers in by_notice.items():
        if notice_id not in notices:
            yield f"I12 {identifiers} was sent, and there is no such message"
        if len(identifiers) > 1:
            yield f"I12 one message left under {identifiers}"
    for notice in notices.values():
        was_refused = any(name.startswith(f"<notice-{notice.id}-") for name in world.outside.refused_mails)
        is_right = (notice.state == "sent" and notice.id in by_notice) or (notice.state == "rejected" and was_refused)
        if not is_right:
            yield f"I12 message {notice.id} is {notice.state}"
    for payment in Payment.objects.filter(company=world.company, state=State.PAID, contact__isnull=False):
        receipt = Receipt.objects.get(payment=payment)
        if not any(notice.reference == f"receipt:{receipt.id}" for notice in notices.values()):
            yield f"I12 the payer of {payment.order_number} left an address, and nothing was written for it"


def no_job_is_left(_world: World) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo'")
        for name, arguments in cursor.fetchall():
            yield f"I10 {name} {arguments} was never done"


def no_secret_is_kept(world: World) -> Iterator[str]:
    """I16, for card numbers and the gateway's password."""
    secrets = [*DECK, PASSWORD]
    with connection.cursor() as cursor:
        for table in KEPT_TABLES:
            query = f"SELECT row_to_json(kept)::text FROM {table} kept WHERE company_id = %s"  # noqa: S608 - ours
            cursor.execute(query, [world.company.id])
            for (row,) in cursor.fetchall():
                for secret in secrets:
                    if secret in row:
                        yield f"I16 {table} holds {secret}"


CHECKS: tuple[Callable[[World], Iterator[str]], ...] = (
    the_books_agree_with_themselves,
    every_debit_is_posted_once_or_given_back,
    every_receipt_has_its_money_and_every_payment_its_receipt,
    nothing_is_settled_above_what_is_due,
    the_clearing_account_is_what_the_cards_lost,
    every_surplus_has_an_owner,
    what_is_odd_is_told_to_the_office,
    each_refund_had_one_effect,
    everything_has_become_final,
    what_was_shown_is_kept,
    time_alone_ends_nothing,
    nothing_is_registered_twice,
    every_message_is_for_something_that_happened,
    no_job_is_left,
    no_secret_is_kept,
)
