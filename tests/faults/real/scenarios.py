"""A small story for each side effect of each flow: somebody dies there, people go on as people do, and the world is as
if it had happened once; or whoever repeats it is told honestly that it has happened.

A new side effect needs a scenario that passes it: write one, and name the effect in `@passes`.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.cases.rules import CaseClosed, ClosedAs
from bawabati.companies.models import Company, GatewayAccount, Mark
from bawabati.companies.rules import SurplusBecomes
from bawabati.errors import CannotDo
from bawabati.flows.add_staff import add_staff
from bawabati.flows.apply_credit import apply_credit
from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.flows.approve_refund import refuse_refund
from bawabati.flows.ask_again_later import ask_again_later
from bawabati.flows.ask_change import GatewayChange, ask_gateway_change
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.bring_in_company import bring_in_company
from bawabati.flows.choose_surplus import SurplusChoice, choose_surplus
from bawabati.flows.close_case import close_case
from bawabati.flows.close_refund import HowClosed, close_refund
from bawabati.flows.email_receipt import email_receipt
from bawabati.flows.import_bills import ImportReport, import_bills
from bawabati.flows.postpone_notice import postpone_notice
from bawabati.flows.print_receipt import print_receipt
from bawabati.flows.refund_later import refund_later
from bawabati.flows.release_hold import release_hold
from bawabati.flows.set_up_company import set_up_company
from bawabati.flows.upload_mark import take_mark_down, upload_mark
from bawabati.guard.rules import Visitor
from bawabati.jobs.company_file import read_company_file
from bawabati.jobs.demo.companies import demo_companies
from bawabati.money.amount import Money
from bawabati.notices.models import Notice
from bawabati.payments.models import CreditUse, Payment, PaymentLine, Refund
from bawabati.payments.rules import RefundReason, RefundState, RefundStepNotAllowed, State
from bawabati.people.models import PendingChange, Staff, StaffRole
from bawabati.people.rules import ChangeDecided, ChangeState, ChangeWaiting, Role
from bawabati.people.writes import add_staff as write_staff
from bawabati.people.writes import give_role
from bawabati.receipts.models import Receipt, ReceiptPrint
from faults.real import machines, office, payers
from faults.real.invariants import broken
from faults.real.run import until_quiet
from faults.real.world import Payer, World
from people import NADIA, NOON, OMAR, SALIMA, add_bill
from sandbox.gateway.faults import Fault, Kind

LEILA = "leila@oran.example"
EXAMPLE = Path(__file__).parents[3] / "docs" / "guides" / "company.example.json"
TRIES = 4
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"picture" + b"\0\0\0\0IEND\xaeB`\x82"

Scenario = Callable[[World], None]
Answer = TypeVar("Answer")

SCENARIOS: dict[str, dict[str, Scenario]] = defaultdict(dict)
"""Side effect → the scenarios that pass it, by name: one for each flow that shares it."""


def passes(*effects: str) -> Callable[[Scenario], Scenario]:
    """Says which side effects a scenario passes."""

    def note(scenario: Scenario) -> Scenario:
        for effect in effects:
            SCENARIOS[effect][scenario.__name__] = scenario
        return scenario

    return note


def insist(world: World, who: str, what: str, step: Callable[[], Answer]) -> Answer | CannotDo:
    """Somebody does it again until there is an answer, as people do."""
    for _ in range(TRIES):
        done = world.in_a_process(who, what, step)
        if done is not None:
            return done
    raise AssertionError(f"{who} never got an answer")


# --- the road of a payment ---


def a_payer(world: World, *, bill: Bill | None = None) -> Payer:
    world.found_company()
    world.company.allows_part_payment = False
    world.company.surplus_becomes = SurplusBecomes.CREDIT
    world.company.save()
    bills = [bill] if bill else world.add_bills(1)
    payer = Payer(
        name="Amina",
        bills=[bills[0].id],
        email="amina@example.com",
        language="ar",
        start_key="Amina 1",
        pan=payers.GOOD_CARDS[0],
    )
    world.payers = [payer]
    return payer


def pays_at_last(world: World, payer: Payer) -> None:
    """Presses again and begins again until the card page opens, pays there, and is sent back."""
    for _ in range(2 * TRIES):
        payers.look(world, payer)
        for _ in range(2):
            payers.press_pay(world, payer)
            payers.open_attempt_page(world, payer)
        if payer.page_url:
            break
        world.clock.let_pass(400)
        until_quiet_for_now(world)
        payer.payment_id = None
        payers._begin_again(payer)
    pay_at_the_bank(world, payer)


def pay_at_the_bank(world: World, payer: Payer, *, comes_back: bool = True) -> None:
    order = world.outside.page_of(payer.page_url)
    assert order is not None, "the payer never saw the card page"
    while payer.page_url and world.outside.gateway.is_open(order, now=world.clock.true):
        payers.at_the_card_page(world, payer, surely=True)
    if comes_back:
        payers.come_back(world, payer, by_fail=False)


def until_quiet_for_now(world: World) -> None:
    """Jobs and sweeps that are due at this moment."""
    for _ in range(TRIES):
        while machines.do_a_job(world) or machines.sweep(world):
            pass
        machines.resend(world)


def all_is_well(world: World) -> None:
    world.heal()
    until_quiet(world)
    assert list(broken(world)) == []


def paid_once(world: World) -> None:
    all_is_well(world)
    assert [payment.state for payment in world.payments()].count(State.PAID) == 1
    assert Bill.objects.get(company=world.company).settled_at is not None
    assert world.outside.mails


@passes(
    *("start_payment: attempt written", "open_order: register", "start_payment: answer kept"),
    *("ask_how_it_stands: ask", "confirm_payment: answer kept", "claim_due_payment: leased"),
    *("send_notice: leased", "send_notice: send", "send_notice: answer kept"),
)
def somebody_pays_and_gets_a_receipt(world: World) -> None:
    payer = a_payer(world)
    pays_at_last(world, payer)
    world.clock.let_pass(40)
    until_quiet_for_now(world)
    world.clock.let_pass(600)
    until_quiet_for_now(world)
    paid_once(world)


@passes(
    "register_payment: sending taken",
    "register_payment: answer kept",
    "confirm_payment: postponed",
)
def somebody_finds_every_place_at_the_gateway_taken(world: World) -> None:
    payer = a_payer(world)
    payers.look(world, payer)
    leave = world.crowd()
    for _ in range(2):
        payers.press_pay(world, payer)
    until_quiet_for_now(world)
    leave()
    world.clock.let_pass(31)
    for _ in range(2):
        machines.sweep(world)
    until_quiet_for_now(world)
    payers.open_attempt_page(world, payer)
    if payer.page_url:
        pay_at_the_bank(world, payer)
    else:
        world.clock.let_pass(400)
        until_quiet_for_now(world)
        pays_at_last(world, payer)
    paid_once(world)


@passes("ask_how_it_stands: ask", "recover_payment: recovered")
def the_issuer_says_yes_when_all_is_over(world: World) -> None:
    world.never_cancels()
    payer = a_payer(world)
    world.plan.once.append(Fault(kind=Kind.AUTHORISATION_LATE, seconds=2 * 86_400))
    with world.nobody_dies_yet():
        pays_at_last(world, payer)
        until_quiet(world)
    world.clock.let_pass(2 * 86_400)
    world.outside.gateway.tick(now=world.clock.true)
    for _ in range(TRIES):
        machines.compare_with_the_gateway(world)
    paid_once(world)
    assert Case.objects.filter(company=world.company, kind="paid_after_end").count() == 1


@passes("heed_callback: question noted")
def the_gateway_calls_back(world: World) -> None:
    world.callbacks = "signing"
    payer = a_payer(world)
    payers.look(world, payer)
    payers.press_pay(world, payer)
    world.plan.once.append(Fault(kind=Kind.REDIRECT_LOST))
    pay_at_the_bank(world, payer, comes_back=False)
    for _ in range(TRIES):
        machines.hear_callback(world)
    until_quiet_for_now(world)
    assert [payment.state for payment in world.payments()] == [State.PAID]
    paid_once(world)


@passes("ask_how_it_stands: ask", "compare_payment: the office is told")
def the_bank_gives_money_back_by_itself(world: World) -> None:
    payer = a_payer(world)
    with world.nobody_dies_yet():
        pays_at_last(world, payer)
        until_quiet(world)
    (order,) = world.outside.gateway.orders()
    world.outside.gateway.refund(
        order, amount_centimes=order.amount_centimes, refund_id="by hand", now=world.clock.true
    )
    for _ in range(TRIES):
        machines.compare_with_the_gateway(world)
    assert [case.kind for case in Case.objects.filter(company=world.company)] == ["taken_back"]
    assert [payment.state for payment in world.payments()] == [State.PAID]


@passes("ask_how_it_stands: ask", "compare_payment: the office is told")
def the_network_has_a_part_given_back_twice(world: World) -> None:
    """The night finds it, the office is told, two people write it down, and everything agrees again."""
    with world.nobody_dies_yet():
        payment = somebody_has_paid(world)
        asks_for_a_part(world, payment)
        world.plan.once.append(Fault(kind=Kind.REPEATED, call="refund.do", effect=True))
        office.decide_a_refund(world, surely=True)
        until_quiet(world)
    for _ in range(TRIES):
        machines.compare_with_the_gateway(world)
    (case,) = office.cases_of_doubled_refunds(world)
    assert case.details["held_centimes"] == payment.amount_centimes - 2 * 20_00
    all_is_well(world)
    kinds = Refund.objects.filter(payment=payment, state=RefundState.DONE).values_list("kind", "amount_centimes")
    assert sorted(kinds) == [("refund", 20_00), ("reversal", 20_00)]


@passes("ask_how_it_stands: ask", "refund_payment: reading kept")
def the_network_sends_a_named_part_twice(world: World) -> None:
    """The gateway knows the name, and makes it once; its refusal of the second is read, not believed."""
    world.refund_names = "yes"
    with world.nobody_dies_yet():
        asks_for_a_part(world, somebody_has_paid(world))
        world.plan.once.append(Fault(kind=Kind.REPEATED, call="refund.do", effect=True))
        office.decide_a_refund(world, surely=True)
        machines.do_a_job(world)
    for _ in range(2 * TRIES):
        until_quiet_for_now(world)
        machines.sweep_refunds(world)
        world.clock.let_pass(300)
    goes_back_once(world)
    assert not world.outside.doubled_refunds


@passes("ask_again_later: postponed")
def a_question_fails_by_a_fault_of_ours(world: World) -> None:
    payer = a_payer(world)
    payers.look(world, payer)
    payers.press_pay(world, payer)
    (payment,) = world.payments()
    for _ in range(2):
        world.in_a_process(
            "sweeper", "cannot ask", lambda: ask_again_later(payment_id=payment.id, now=world.clock.now())
        )
    payer.page_url = payment.page_url
    pay_at_the_bank(world, payer)
    paid_once(world)


@passes("postpone_notice: postponed")
def a_letter_cannot_be_written(world: World) -> None:
    payer = a_payer(world)
    pays_at_last(world, payer)
    (notice,) = Notice.objects.all()
    for _ in range(2):
        world.in_a_process(
            "worker",
            "cannot write a letter",
            lambda: postpone_notice(notice_id=notice.id, reason="not_written", now=world.clock.now()),
        )
    paid_once(world)


@passes("import_bills: merged")
def a_file_of_bills_arrives(world: World) -> None:
    world.found_company()
    (bill,) = world.add_bills(1)
    head = "payment number;bill number;customer number;name;period;issue date;due date;amount;status;line:Eau"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bills.csv")
        line = f"{bill.payment_number};F000001;C000001;Amina;2026-T3;05/10/2026;05/12/2026;99,00;;99,00"
        path.write_text(f"{head}\n{line}\n", encoding="utf-8")

        def step() -> ImportReport:
            omar = Staff.objects.get(login=OMAR)
            return import_bills(company=world.company, path=path, reader_name="csv", received_by=omar, now=NOON)

        for _ in range(2):
            told = insist(world, "Omar", "imports a file", step)
    assert isinstance(told, ImportReport)
    assert told.was_known
    bill.refresh_from_db()
    assert (bill.version, bill.due_centimes) == (2, 99_00)
    all_is_well(world)


# --- money that goes back ---


def somebody_has_paid(world: World) -> Payment:
    payer = a_payer(world)
    pays_at_last(world, payer)
    (payment,) = world.payments()
    return payment


def asks_for_a_part(world: World, payment: Payment) -> Refund:
    """A part, because the gateway would not refuse to give it back twice."""
    for _ in range(2):
        insist(
            world,
            "Salima",
            "asks for a part to go back",
            lambda: ask_refund(
                payment_id=payment.id,
                reason=RefundReason.BILL_DUE_AGAIN,
                amount=Money(20_00),
                because=office.BECAUSE,
                login=SALIMA,
                now=world.clock.now(),
            ),
        )
    return Refund.objects.get(payment=payment)


def goes_back_once(world: World) -> None:
    all_is_well(world)
    (payment,) = world.payments()
    assert [refund.state for refund in Refund.objects.filter(payment=payment)] == [RefundState.DONE]
    bill = Bill.objects.get(company=world.company)
    assert bill.due_centimes - bill.settled_centimes == 20_00


@passes(
    *("ask_refund: requested", "approve_refund: approved"),
    *("ask_how_it_stands: ask", "refund_payment: claimed", "refund_payment: refund", "refund_payment: answer kept"),
)
def a_part_of_a_payment_goes_back(world: World) -> None:
    with world.nobody_dies_yet():
        payment = somebody_has_paid(world)
    refund = asks_for_a_part(world, payment)
    for _ in range(TRIES):
        office.decide_a_refund(world, surely=True)
    for _ in range(2 * TRIES):
        until_quiet_for_now(world)
        machines.sweep_refunds(world)
        world.clock.let_pass(300)
    refund.refresh_from_db()
    goes_back_once(world)


@passes("ask_how_it_stands: ask", "refund_payment: reading kept")
def nobody_hears_whether_a_part_went_back(world: World) -> None:
    with world.nobody_dies_yet():
        asks_for_a_part(world, somebody_has_paid(world))
        world.plan.once.append(Fault(kind=Kind.CLOSE, call="refund.do", effect=True))
        office.decide_a_refund(world, surely=True)
        machines.do_a_job(world)
    for _ in range(2 * TRIES):
        until_quiet_for_now(world)
        machines.sweep_refunds(world)
        world.clock.let_pass(300)
    goes_back_once(world)


@passes("refund_later: postponed")
def a_refund_fails_by_a_fault_of_ours(world: World) -> None:
    refund = asks_for_a_part(world, somebody_has_paid(world))
    for _ in range(TRIES):
        office.decide_a_refund(world, surely=True)
    for _ in range(2):
        world.in_a_process("sweeper", "cannot go on", lambda: refund_later(refund_id=refund.id, now=world.clock.now()))
    for _ in range(2 * TRIES):
        until_quiet_for_now(world)
        machines.sweep_refunds(world)
        world.clock.let_pass(300)
    goes_back_once(world)


@passes("refuse_refund: refused")
def a_refund_is_refused(world: World) -> None:
    refund = asks_for_a_part(world, somebody_has_paid(world))
    for _ in range(2):
        told = insist(
            world,
            "Nadia",
            "refuses",
            lambda: refuse_refund(refund_id=refund.id, because=office.BECAUSE, login=NADIA, now=world.clock.now()),
        )
    assert isinstance(told, RefundStepNotAllowed)
    paid_once(world)


@passes("ask_how_it_stands: ask", "close_refund: closed")
def a_refund_is_finished_by_hand(world: World) -> None:
    with world.nobody_dies_yet():
        refund = asks_for_a_part(world, somebody_has_paid(world))
        world.plan.once.append(Fault(kind=Kind.ERROR_5, call="refund.do"))
        office.decide_a_refund(world, surely=True)
        until_quiet_for_now(world)
    assert Refund.objects.get().state == RefundState.MANUAL
    (order,) = world.outside.gateway.orders()
    world.outside.gateway.refund(order, amount_centimes=20_00, refund_id="", now=world.clock.true)
    for _ in range(2):
        told = insist(
            world,
            "Nadia",
            "has done it in the bank's console",
            lambda: close_refund(
                refund_id=refund.id, how=HowClosed.DONE, because="done", login=NADIA, now=world.clock.now()
            ),
        )
    assert isinstance(told, RefundStepNotAllowed)
    goes_back_once(world)


@passes("ask_reversal: requested")
def the_bank_has_taken_money_back(world: World) -> None:
    payment = somebody_has_paid(world)
    (order,) = world.outside.gateway.orders()
    world.outside.gateway.refund(order, amount_centimes=order.amount_centimes, refund_id="", now=world.clock.true)
    for _ in range(TRIES):
        office.write_down_a_reversal(world, payment)
    all_is_well(world)
    assert [refund.kind for refund in Refund.objects.all()] == ["reversal"]
    assert not Bill.objects.get(company=world.company).settled_centimes


def a_surplus(world: World) -> Payment:
    """Karim has paid what Amina was paying, because Salima had freed the bill."""
    amina = a_payer(world)
    payers.look(world, amina)
    payers.press_pay(world, amina)
    (payment,) = world.payments()
    insist(world, "Salima", "frees the bill", lambda: frees(world, payment) or True)
    karim = Payer(**{**vars(amina), "name": "Karim", "start_key": "Karim 1", "payment_id": None, "page_url": ""})
    pays_at_last(world, karim)
    pay_at_the_bank(world, amina)
    assert PaymentLine.objects.get(payment=payment).surplus_centimes
    return payment


def frees(world: World, payment: Payment) -> None:
    release_hold(payment_id=payment.id, because=office.BECAUSE, login=SALIMA, now=world.clock.now())


@passes("release_hold: released")
def a_person_frees_a_bill(world: World) -> None:
    a_surplus(world)
    all_is_well(world)
    assert AuditEntry.objects.filter(company=world.company, action="release_hold").count() == 1


@passes("choose_surplus: chosen")
def the_payer_wants_the_surplus_back(world: World) -> None:
    payment = a_surplus(world)
    for _ in range(2):
        insist(
            world,
            "Amina",
            "wants it on her card",
            lambda: choose_surplus(payment_id=payment.id, choice=SurplusChoice.CARD, now=world.clock.now()) or True,
        )
    all_is_well(world)
    assert [refund.state for refund in Refund.objects.all()] == [RefundState.DONE]


@passes("apply_credit: applied")
def a_surplus_pays_the_next_bill(world: World) -> None:
    a_surplus(world)
    first = Bill.objects.get(company=world.company)
    second = add_bill(world.company, seed=9, due_centimes=first.due_centimes)
    Bill.objects.filter(id=second.id).update(customer=first.customer)
    for _ in range(2):
        told = insist(
            world,
            "Salima",
            "puts it to the next bill",
            lambda: apply_credit(
                company=world.company,
                payment_number=second.payment_number,
                amount=Money(20_00),
                because=office.BECAUSE,
                key="for the next bill",
                login=SALIMA,
                now=world.clock.now(),
            ),
        )
    assert isinstance(told, CreditUse)
    all_is_well(world)
    assert [use.amount_centimes for use in CreditUse.objects.all()] == [20_00]


@passes("close_case: closed")
def a_case_is_closed(world: World) -> None:
    a_surplus(world)
    case = Case.objects.get(company=world.company, kind="surplus")
    for _ in range(2):
        told = insist(
            world,
            "Salima",
            "closes the case",
            lambda: close_case(
                case_id=case.id, closed_as=ClosedAs.OTHER, because=office.BECAUSE, login=SALIMA, now=world.clock.now()
            ),
        )
    assert isinstance(told, CaseClosed)
    assert AuditEntry.objects.filter(company=world.company, action="close_case").count() == 1
    all_is_well(world)


# --- what payers and staff do with receipts ---


def a_receipt(world: World) -> Receipt:
    payer = a_payer(world)
    payer.email = ""
    pays_at_last(world, payer)
    return Receipt.objects.get(company=world.company)


@passes("email_receipt: written")
def a_payer_wants_the_receipt_by_mail(world: World) -> None:
    receipt = a_receipt(world)
    visitor = Visitor("192.0.2.1")
    sent = insist(
        world,
        "Amina",
        "wants the receipt",
        lambda: email_receipt(
            receipt=receipt, address="amina@example.com", visitor=visitor, challenge_passed=True, now=world.clock.now()
        ),
    )
    assert isinstance(sent, Notice)
    all_is_well(world)
    notices = Notice.objects.filter(company=world.company)
    assert {notice.reference for notice in notices} == {f"receipt:{receipt.id}"}
    assert len(world.outside.mails) == len(notices) <= TRIES


@passes("print_receipt: counted")
def staff_print_a_receipt_again(world: World) -> None:
    receipt = a_receipt(world)
    number = str(receipt.facts["number"])
    for _ in range(2):
        insist(
            world,
            "Salima",
            "prints a receipt",
            lambda: print_receipt(company=world.company, number=number, login=SALIMA, now=world.clock.now()),
        )
    copies = list(ReceiptPrint.objects.filter(receipt=receipt).order_by("id").values_list("copy_number", flat=True))
    assert copies == list(range(1, len(copies) + 1))
    assert AuditEntry.objects.filter(company=world.company, action="print_receipt").count() == len(copies)
    all_is_well(world)


# --- companies and their people ---


@passes("add_staff: added")
def a_person_gets_an_account(world: World) -> None:
    for _ in range(2):
        insist(
            world,
            "operator",
            "adds the first person",
            lambda: add_staff(
                login=LEILA,
                name="Leila",
                language="ar",
                role=Role.ADMINISTRATOR,
                company=None,
                asked_by=LEILA if Staff.objects.filter(login=LEILA).exists() else None,
                now=NOON,
            ),
        )
    assert Staff.objects.filter(is_system=False).count() == StaffRole.objects.count() == 1


@passes("set_up_company: set up")
def the_demonstration_is_set_up(world: World) -> None:
    new = demo_companies(sandbox_url="http://127.0.0.1:1")[0]
    for _ in range(2):
        insist(world, "operator", "sets it up", lambda: set_up_company(new, set_up_by=None, now=NOON))
    company = Company.objects.get()
    assert GatewayAccount.objects.filter(company=company, is_active=True).count() == 1
    assert StaffRole.objects.filter(company=company).count() == len(new.staff)


@passes("bring_in_company: brought in")
def a_company_brings_itself_in(world: World) -> None:
    give_role(
        staff=write_staff(login=LEILA, name="Leila", language="ar", now=NOON), role=Role.ADMINISTRATOR, company=None
    )
    written = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    written["merchant_account"]["password_file"] = "password"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "password").write_text("a password", encoding="utf-8")
        Path(folder, "company.json").write_text(json.dumps(written), encoding="utf-8")
        description = read_company_file(Path(folder, "company.json"))
    for _ in range(2):
        changes = insist(world, "Leila", "brings it in", lambda: bring_in_company(description, login=LEILA, now=NOON))
    assert changes == []
    assert (Company.objects.count(), GatewayAccount.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="add_company").count() == 1


def a_change(world: World) -> PendingChange | CannotDo:
    if not Company.objects.exists():
        world.found_company()
        leila = write_staff(login=LEILA, name="Leila", language="ar", now=NOON)
        give_role(staff=leila, role=Role.DIRECTOR, company=world.company)
    change = GatewayChange(password="another password")
    return insist(
        world,
        "Salima",
        "asks for another password",
        lambda: ask_gateway_change(company=world.company, change=change, login=SALIMA, now=NOON),
    )


@passes("ask_gateway_change: asked")
def a_change_is_asked_for(world: World) -> None:
    asked = a_change(world)
    assert isinstance(asked, PendingChange | ChangeWaiting)
    assert isinstance(a_change(world), ChangeWaiting)
    assert PendingChange.objects.count() == AuditEntry.objects.filter(action="ask_gateway_change").count() == 1


@passes("approve_change: approved")
def a_change_is_approved(world: World) -> None:
    a_change(world)
    change = PendingChange.objects.get()
    for _ in range(2):
        told = insist(world, "Leila", "approves", lambda: approve_change(change_id=change.id, login=LEILA, now=NOON))
    assert isinstance(told, ChangeDecided)
    assert PendingChange.objects.get().state == ChangeState.APPROVED
    assert AuditEntry.objects.filter(action="approve_change").count() == 1
    assert GatewayAccount.objects.filter(company=world.company, is_active=True).count() == 1


@passes("refuse_change: refused")
def a_change_is_refused(world: World) -> None:
    a_change(world)
    change = PendingChange.objects.get()
    for _ in range(2):
        told = insist(world, "Leila", "refuses", lambda: refuse_change(change_id=change.id, login=LEILA, now=NOON))
    assert isinstance(told, ChangeDecided)
    assert PendingChange.objects.get().state == ChangeState.REFUSED
    assert AuditEntry.objects.filter(action="refuse_change").count() == 1


def a_mark(world: World) -> None:
    world.found_company()
    insist(
        world,
        "Omar",
        "uploads the mark",
        lambda: upload_mark(company=world.company, content=PNG, licence="SATIM, 2026", login=OMAR, now=NOON) or True,
    )


@passes("upload_mark: kept")
def the_mark_is_uploaded(world: World) -> None:
    a_mark(world)
    assert Mark.objects.count() == 1


@passes("take_mark_down: removed")
def the_mark_is_taken_down(world: World) -> None:
    a_mark(world)
    for _ in range(2):
        told = insist(
            world, "Omar", "takes it down", lambda: take_mark_down(company=world.company, login=OMAR, now=NOON) or True
        )
    assert isinstance(told, CannotDo)
    assert not Mark.objects.exists()
    assert AuditEntry.objects.filter(action="remove_mark").count() == 1


from faults.real import (  # noqa: E402 - they say by `passes` what they pass
    scenarios_at_desks,  # noqa: F401
    scenarios_of_audit,  # noqa: F401
    scenarios_of_bill_files,  # noqa: F401
    scenarios_of_bridges,  # noqa: F401
    scenarios_of_campaigns,  # noqa: F401
    scenarios_of_cases,  # noqa: F401
    scenarios_of_channels,  # noqa: F401
    scenarios_of_closing,  # noqa: F401
    scenarios_of_companies,  # noqa: F401
    scenarios_of_figures,  # noqa: F401
    scenarios_of_instalments,  # noqa: F401
    scenarios_of_joining,  # noqa: F401
    scenarios_of_machines,  # noqa: F401
    scenarios_of_operations,  # noqa: F401
    scenarios_of_reminders,  # noqa: F401
    scenarios_of_settlement,  # noqa: F401
    scenarios_of_staff,  # noqa: F401
    scenarios_of_the_board,  # noqa: F401
)
