"""What the company does: it corrects its bills, gives money back, uses credit, frees bills, closes its cases."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.cases.rules import ClosedAs
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_refund import approve_refund, refuse_refund
from bawabati.flows.ask_refund import ask_refund, ask_reversal
from bawabati.flows.close_case import close_case
from bawabati.flows.close_refund import HowClosed, close_refund
from bawabati.flows.import_bills import import_bills
from bawabati.flows.release_hold import release_hold
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, Refund
from bawabati.payments.reads import given_back
from bawabati.payments.rules import RefundKind, RefundReason, RefundState, State
from bawabati.people.models import Staff
from faults.real.world import World
from people import NADIA, OMAR, SALIMA

BECAUSE = "the customer asked"
PARTS = (1_00, 50_00, 500_00)


def company_changes_bill(world: World) -> None:
    """The billing system sends a bill again: another amount, or taken back."""
    bill = Bill.objects.select_related("customer").get(id=world.random.choice(world.bills).id)
    due = max(50_00, bill.due_centimes + world.random.choice((-10_00, 10_00, 250_00, -1_000_00)))
    status = "withdrawn" if world.random.random() < 0.1 else ""
    dinars = f"{due // 100},{due % 100:02d}"
    head = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"
    values = (
        *(bill.payment_number, bill.bill_number, bill.customer.number, bill.customer.name),
        *("2026-T3", "05/10/2026", "05/12/2026", dinars, status, dinars),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bills.csv")
        path.write_text(f"{head}\n{';'.join(values)}\n", encoding="utf-8")
        world.in_a_process(
            "company",
            f"says that {bill.bill_number} is {dinars} DA {status}",
            lambda: import_bills(
                company=world.company,
                path=path,
                reader_name="csv",
                received_by=Staff.objects.get(login=OMAR),
                now=world.clock.now(),
            ),
        )


def somebody_of_the_office(world: World) -> None:
    """Salima of finance, or Nadia the director, does something that is allowed, or tries something that is not."""
    world.random.choice(ERRANDS)(world)


def ask_for_a_refund(world: World) -> None:
    payment = _any_paid(world)
    if payment is None:
        return
    reason = world.random.choice(list(RefundReason))
    amount = None if world.random.random() < 0.5 else Money(world.random.choice(PARTS))
    world.in_a_process(
        "Salima",
        f"asks for {amount or 'all'} of {world.name(payment)} to go back: {reason}",
        lambda: ask_refund(
            payment_id=payment.id, reason=reason, amount=amount, because=BECAUSE, login=SALIMA, now=world.clock.now()
        ),
    )


def see_to_refunds(world: World) -> None:
    """Whatever waits next of the refunds; a new one when nothing does."""
    states = set(Refund.objects.filter(company=world.company).values_list("state", flat=True))
    if RefundState.REQUESTED in states:
        decide_a_refund(world)
    elif RefundState.MANUAL in states:
        finish_a_refund_by_hand(world)
    else:
        ask_for_a_refund(world)


def decide_a_refund(world: World, *, surely: bool = False) -> None:
    """`surely`: nothing is refused."""
    waiting = list(Refund.objects.filter(company=world.company, state=RefundState.REQUESTED).order_by("id"))
    if not waiting:
        return
    refund = world.random.choice(waiting)
    if not surely and refund.kind == RefundKind.REFUND and world.random.random() < 0.1:
        world.in_a_process(
            "Nadia",
            "refuses a refund",
            lambda: refuse_refund(refund_id=refund.id, because=BECAUSE, login=NADIA, now=world.clock.now()),
        )
    else:
        world.in_a_process(
            "Nadia",
            f"approves a {refund.kind} of {world.name(refund.payment_id)}",
            lambda: approve_refund(refund_id=refund.id, login=NADIA, now=world.clock.now()),
        )


def the_bank_takes_money_back(world: World) -> None:
    """In the bank's console, without a word to us. Salima reads of it and writes it down, with Nadia."""
    payment = _any_paid(world)
    if payment is None or Refund.objects.filter(payment=payment).exclude(state=RefundState.REFUSED).exists():
        return
    order = world.outside.gateway.find_order(payment.gateway_reference or "")
    if order is None or not order.deposited_centimes or not order.acknowledged_at:
        return
    amount = order.deposited_centimes
    world.tell("bank", f"takes back what {world.name(payment)} paid")
    world.outside.gateway.refund(order, amount_centimes=amount, refund_id="", now=world.clock.true)
    world.taken_back_by_the_bank.append(payment)
    write_down_a_reversal(world, payment)


def write_down_a_reversal(world: World, payment: Payment, *, amount: Money | None = None) -> None:
    world.in_a_process(
        "Salima",
        f"writes down that the bank took back {amount or 'all'} of {world.name(payment)}",
        lambda: ask_reversal(
            payment_id=payment.id, amount=amount, because="the bank's letter", login=SALIMA, now=world.clock.now()
        ),
    )


def cases_of_doubled_refunds(world: World) -> list[Case]:
    """What the night told the office about, where the network had a refund made twice."""
    if not world.outside.doubled_refunds:
        return []
    doubled = Payment.objects.filter(company=world.company, gateway_reference__in=world.outside.doubled_refunds)
    references = [f"payment:{payment_id}" for payment_id in doubled.values_list("id", flat=True)]
    return list(
        Case.objects.filter(
            company=world.company, kind="taken_back", state="open", reference__in=references, owner__isnull=False
        )
    )


def write_down_what_a_case_names(world: World, case: Case) -> None:
    """The case says what the gateway still holds; the rest of what our books hold has gone back. Then it is closed."""
    payment = Payment.objects.get(id=int(case.reference.partition(":")[2]))
    ours = payment.amount_centimes - given_back(payment.id, through_the_gateway=True).centimes
    gone = ours - case.details["held_centimes"]
    if gone > 0:
        write_down_a_reversal(world, payment, amount=Money(gone))
    close_any_case(world, case)


def finish_a_refund_by_hand(world: World) -> None:
    """Nadia looks at the bank's console, and says what it shows."""
    refund = Refund.objects.filter(company=world.company, state=RefundState.MANUAL).order_by("id").first()
    if refund is None:
        return
    for how in (HowClosed.DONE, HowClosed.REFUSED):
        world.in_a_process(
            "Nadia",
            f"says of a refund of {world.name(refund.payment_id)}: {how}",
            partial(close_refund, refund_id=refund.id, how=how, because=BECAUSE, login=NADIA, now=world.clock.now()),
        )


def use_credit(world: World) -> None:
    bill = Bill.objects.get(id=world.random.choice(world.bills).id)
    world.in_a_process(
        "Salima",
        f"puts credit to {bill.bill_number}",
        lambda: apply_credit(
            company=world.company,
            payment_number=bill.payment_number,
            amount=None,
            because=BECAUSE,
            key=f"{world.seed} {world.clock.true}",
            login=SALIMA,
            now=world.clock.now(),
        ),
    )


def free_a_bill(world: World) -> None:
    hold = Hold.objects.filter(company=world.company, payment__isnull=False).order_by("id").first()
    if hold is not None:
        world.in_a_process(
            "Salima",
            f"frees what {world.name(hold.payment_id)} holds",
            lambda: release_hold(payment_id=hold.payment_id, because=BECAUSE, login=SALIMA, now=world.clock.now()),
        )


def close_any_case(world: World, case: Case | None = None) -> None:
    """The oldest that is open, when none is named."""
    open_cases = Case.objects.filter(company=world.company, state="open").exclude(kind="refund")
    case = case or open_cases.order_by("id").first()
    if case is not None:
        world.in_a_process(
            "Salima",
            f"closes a case of {case.kind}",
            lambda: close_case(
                case_id=case.id, closed_as=ClosedAs.OTHER, because=BECAUSE, login=SALIMA, now=world.clock.now()
            ),
        )


def decide_all(world: World) -> bool:
    """People do what waits for them, at last. False when nothing did."""
    for payment in world.taken_back_by_the_bank:
        if not Refund.objects.filter(payment=payment, kind=RefundKind.REVERSAL).exists():
            write_down_a_reversal(world, payment)
    for case in cases_of_doubled_refunds(world):
        write_down_what_a_case_names(world, case)
    waiting = Refund.objects.filter(company=world.company, state__in=(RefundState.REQUESTED, RefundState.MANUAL))
    if not waiting.exists():
        return False
    decide_a_refund(world, surely=True)
    finish_a_refund_by_hand(world)
    return True


def _any_paid(world: World) -> Payment | None:
    paid = [payment for payment in world.payments() if payment.state == State.PAID]
    return world.random.choice(paid) if paid else None


ERRANDS = (
    ask_for_a_refund,
    ask_for_a_refund,
    decide_a_refund,
    decide_a_refund,
    the_bank_takes_money_back,
    finish_a_refund_by_hand,
    use_credit,
    free_a_bill,
    close_any_case,
)
