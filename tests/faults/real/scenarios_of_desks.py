"""Small stories about desks, sales, readers and bridges; see `scenarios.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Company, Desk, Reader
from bawabati.companies.rules import Protocol
from bawabati.companies.writes import PlacedReader
from bawabati.desks.models import DayClosing, DeskSession, NumberBlock, OfflineReceipt, ZReport
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.check_books import check_books
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.enrol_bridge import enrol_bridge, make_enrolment_code
from bawabati.flows.find_at_desk import find_at_desk
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.hear_contact import ReaderNews, hear_contact
from bawabati.flows.keep_fleet import keep_desk, keep_reader
from bawabati.flows.note_progress import note_progress
from bawabati.flows.open_session import open_session
from bawabati.flows.print_at_desk import print_at_desk
from bawabati.flows.release_sale import SaleHoldsNothing, release_sale
from bawabati.flows.resolve_sale import confirm_resolution, propose_resolution
from bawabati.flows.reverse_sale import reverse_sale
from bawabati.flows.set_aside_block import BlockExists, set_aside_block
from bawabati.flows.take_card import take_card
from bawabati.flows.take_cash import take_cash
from bawabati.flows.take_cheque import take_cheque
from bawabati.flows.take_in_offline_receipt import take_in_offline_receipt
from bawabati.flows.take_order import take_order
from bawabati.flows.take_result import take_result
from bawabati.flows.type_approval import type_approval, type_refusal
from bawabati.flows.void_block import void_block
from bawabati.money.amount import Money
from bawabati.money.stamp_duty import stamp_duty
from bawabati.payments.models import Hold, Payment, ReaderOrder, Sale
from bawabati.payments.rules.sales import Outcome, ReaderSaid, SaleEvent, SaleMovedOn, SaleState
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.people.writes import add_staff as write_staff
from bawabati.people.writes import give_role
from bawabati.receipts.models import Receipt, ReceiptPrint
from bawabati.workdays import accounting_day
from desks import Counter, add_counter, answer_to, order_of
from faults.real.run import until_quiet
from faults.real.scenarios import insist, passes
from faults.real.world import World
from paying import seen_now
from people import OMAR

A_THOUSAND = {100_000: 5}
KEY = "k" * 43
SECOND = timedelta(seconds=1)


def the_books_agree(world: World) -> None:
    """No card stands behind these readers' answers, so that the issuer is not asked; the swarm's readers have one."""
    world.heal()
    until_quiet(world)
    differences = check_books(now=world.clock.now())
    assert differences == [], differences


def a_counter(world: World, *, protocol: str = "nexo") -> Counter:
    """Hakim's desk, with nobody's money yet."""
    world.found_company()
    return add_counter(world.company, protocol=protocol, now=world.clock.now())


def one_bill(world: World) -> Bill:
    return world.add_bills(1)[0]


def taking(world: World, counter: Counter, bill: Bill, *, key: str = "the form") -> Callable[[], Sale]:
    return partial(
        take_card,
        session_id=counter.session.id,
        seen=[seen_now(bill)],
        start_key=key,
        language="fr",
        in_spite_of="",
        staff=counter.cashier,
        now=world.clock.now(),
    )


def taken(world: World, counter: Counter, bill: Bill) -> Sale:
    sale = insist(world, "Hakim", "takes a card", taking(world, counter, bill))
    assert isinstance(sale, Sale)
    return sale


def fetched(world: World, counter: Counter, sale: Sale, kind: str = "pay") -> None:
    order = order_of(sale, kind).id
    go = insist(
        world,
        "the bridge",
        f"takes the order to {kind}",
        lambda: take_order(bridge_id=counter.bridge.id, order_id=order, now=world.clock.now()),
    )
    assert go is True


def reported(world: World, counter: Counter, sale: Sale, outcome: Outcome, kind: str = "pay", **facts: object) -> None:
    order = order_of(sale, kind).id
    answer: dict[str, Any] = {**answer_to(sale), **facts}
    said = ReaderSaid(outcome=outcome, **answer)

    def report() -> bool:
        take_result(bridge_id=counter.bridge.id, order_id=order, said=said, extra={}, now=world.clock.now())
        return True

    for _ in range(2):  # a bridge says it again until it is heard, and then perhaps once more
        assert insist(world, "the bridge", f"reports {outcome} to {kind}", report) is True


def state_of(sale: Sale) -> str:
    return Sale.objects.values_list("state", flat=True).get(id=sale.id)


def paid_once_at_the_desk(world: World, sale: Sale) -> None:
    the_books_agree(world)
    assert state_of(sale) == SaleState.SETTLED
    assert Receipt.objects.filter(payment__sale=sale).count() == 1
    assert not Hold.objects.filter(sale=sale).exists()


@passes("take_card: sale written", "take_order: taken", "take_result: result kept")
def a_card_is_taken(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    fetched(world, counter, sale)
    reported(world, counter, sale, Outcome.APPROVED)
    assert ReaderOrder.objects.filter(kind="pay").count() == 1
    paid_once_at_the_desk(world, sale)


@passes("note_progress: step kept")
def the_reader_shows_what_it_does(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    fetched(world, counter, sale)
    order = order_of(sale).id

    def tell() -> bool:
        note_progress(bridge_id=counter.bridge.id, order_id=order, step="enter_code", now=world.clock.now())
        return True

    insist(world, "the bridge", "tells what the reader shows", tell)
    assert Sale.objects.get(id=sale.id).step == "enter_code"
    reported(world, counter, sale, Outcome.APPROVED)
    paid_once_at_the_desk(world, sale)


@passes("cancel_sale: cancelled or asked for")
def the_cashier_cancels(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    cancel = partial(cancel_sale, sale_id=sale.id, staff=counter.cashier)
    for _ in range(2):
        insist(world, "Hakim", "cancels", lambda: cancel(now=world.clock.now()))
    assert state_of(sale) == SaleState.CANCELLED
    assert not Hold.objects.exists()
    the_books_agree(world)


@passes("go_on_with_sale: gone on")
def a_silent_reader_is_asked_again(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    fetched(world, counter, sale)
    world.clock.let_pass(300)
    for _ in range(2):
        insist(world, "the sweep", "goes on", lambda: go_on_with_sale(sale_id=sale.id, now=world.clock.now()) or True)
    assert state_of(sale) == SaleState.UNKNOWN
    assert ReaderOrder.objects.filter(sale=sale, kind="ask").count() == 1
    reported(world, counter, sale, Outcome.APPROVED, "ask")
    paid_once_at_the_desk(world, sale)


@passes("type_approval: typed")
def a_slip_is_typed(world: World) -> None:
    counter, bill = a_counter(world, protocol="manual"), one_bill(world)
    Company.objects.update(typed_approval_limit_centimes=bill.due_centimes)
    sale = taken(world, counter, bill)

    def typing() -> Sale:
        return type_approval(
            sale_id=sale.id,
            approval_code="481234",
            last_four="1234",
            slip_number="7",
            slip_on=world.clock.now().date(),
            staff=counter.cashier,
            now=world.clock.now(),
        )

    insist(world, "Hakim", "types the slip", typing)
    assert isinstance(insist(world, "Hakim", "types it again", typing), SaleMovedOn)
    paid_once_at_the_desk(world, sale)


@passes("type_approval: refusal typed")
def a_refusal_is_typed(world: World) -> None:
    counter, bill = a_counter(world, protocol="manual"), one_bill(world)
    sale = taken(world, counter, bill)
    refuse = partial(type_refusal, sale_id=sale.id, reason="solde insuffisant", staff=counter.cashier)
    insist(world, "Hakim", "types the refusal", lambda: refuse(now=world.clock.now()))
    assert state_of(sale) == SaleState.DECLINED
    assert not Hold.objects.exists()
    the_books_agree(world)


def in_review(world: World, counter: Counter, bill: Bill) -> Sale:
    """A slip that nobody typed in time."""
    sale = taken(world, counter, bill)
    world.clock.let_pass(11 * 60)
    go_on_with_sale(sale_id=sale.id, now=world.clock.now())
    assert state_of(sale) == SaleState.REVIEW
    return sale


@passes("resolve_sale: proposed", "resolve_sale: confirmed")
def two_people_say_what_became_of_it(world: World) -> None:
    counter, bill = a_counter(world, protocol="manual"), one_bill(world)
    sale = in_review(world, counter, bill)

    def propose() -> Sale:
        return propose_resolution(
            sale_id=sale.id,
            what=SaleEvent.CONFIRMED_PAID,
            because="le ticket le montre",
            approval_code="481234",
            last_four="1234",
            slip_number="9",
            slip_on=world.clock.now().date(),
            staff=counter.cashier,
            now=world.clock.now(),
        )

    confirm = partial(confirm_resolution, sale_id=sale.id, agrees=True, staff=counter.head)
    insist(world, "Hakim", "says what the slip shows", propose)
    insist(world, "the head", "agrees", lambda: confirm(now=world.clock.now()))
    again = insist(world, "the head", "agrees again", lambda: confirm(now=world.clock.now()))
    assert isinstance(again, SaleMovedOn)
    paid_once_at_the_desk(world, sale)


@passes("release_sale: released")
def the_head_frees_the_bill(world: World) -> None:
    counter, bill = a_counter(world, protocol="manual"), one_bill(world)
    sale = in_review(world, counter, bill)
    release = partial(release_sale, sale_id=sale.id, because="le client attend", staff=counter.head)
    for _ in range(2):
        insist(world, "the head", "frees the bill", lambda: release(now=world.clock.now()) or True)
    assert isinstance(
        insist(world, "the head", "frees it again", lambda: release(now=world.clock.now()) or True), SaleHoldsNothing
    )
    assert not Hold.objects.exists()


@passes("reverse_sale: asked")
def the_head_takes_it_back(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    fetched(world, counter, sale)
    reported(world, counter, sale, Outcome.APPROVED)
    back = partial(reverse_sale, sale_id=sale.id, because="mauvaise facture", staff=counter.head)
    for _ in range(2):
        insist(world, "the head", "takes it back", lambda: back(now=world.clock.now()))
    assert ReaderOrder.objects.filter(sale=sale, kind="reverse").count() == 1
    fetched(world, counter, sale, "reverse")
    reported(world, counter, sale, Outcome.DONE, "reverse")
    the_books_agree(world)
    assert state_of(sale) == SaleState.REVERSED
    assert Bill.objects.get(id=bill.id).settled_centimes == 0


@passes("take_cash: settled")
def cash_is_taken(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    give = {"session_id": counter.session.id, "seen": [seen_now(bill)], "start_key": "the form"}

    def taking_cash() -> Sale:
        return take_cash(
            **give, tendered=Money(10**9), language="ar", in_spite_of="", staff=counter.cashier, now=world.clock.now()
        )

    for _ in range(2):
        sale = insist(world, "Hakim", "takes cash", taking_cash)
    assert isinstance(sale, Sale)
    paid_once_at_the_desk(world, sale)


@passes("take_cheque: settled")
def a_cheque_is_taken(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    give = {"session_id": counter.session.id, "seen": [seen_now(bill)], "start_key": "the form"}

    def taking_a_cheque() -> Sale:
        return take_cheque(
            **give,
            cheque_number="0012345",
            cheque_bank="BADR",
            language="ar",
            in_spite_of="",
            staff=counter.cashier,
            now=world.clock.now(),
        )

    for _ in range(2):
        sale = insist(world, "Hakim", "takes a cheque", taking_a_cheque)
    assert isinstance(sale, Sale)
    paid_once_at_the_desk(world, sale)


@passes("print_at_desk: print written down")
def a_receipt_is_printed(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    sale = taken(world, counter, bill)
    fetched(world, counter, sale)
    reported(world, counter, sale, Outcome.APPROVED)
    for _ in range(2):
        insist(
            world,
            "Hakim",
            "prints the receipt",
            lambda: print_at_desk(sale_id=sale.id, staff=counter.cashier, now=world.clock.now()),
        )
    copies = list(ReceiptPrint.objects.order_by("id").values_list("copy_number", flat=True))
    assert copies == list(range(1, len(copies) + 1))
    paid_once_at_the_desk(world, sale)


@passes("find_at_desk: look-up written down")
def somebody_is_looked_up(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    look = partial(find_at_desk, agency=counter.agency, words=bill.payment_number, staff=counter.cashier)
    insist(world, "Hakim", "looks a bill up", lambda: look(now=world.clock.now()))
    assert AuditEntry.objects.filter(staff=counter.cashier).exists()


@passes("open_session: opened", "close_session: counted, and closed", "close_agency_day: signed")
def a_day_at_the_desk(world: World) -> None:
    counter = a_counter(world)
    desk = Desk.objects.create(company=world.company, agency=counter.agency, code="AG07-C2")

    def opening() -> DeskSession:
        return open_session(desk_id=desk.id, counted=A_THOUSAND, staff=counter.head, now=world.clock.now())

    for _ in range(2):
        session = insist(world, "the head", "opens the desk", opening)
    assert isinstance(session, DeskSession)
    assert DeskSession.objects.filter(desk=desk).count() == 1
    for one, person in ((session, counter.head), (counter.session, counter.cashier)):
        closing = partial(
            close_session, session_id=one.id, counted=A_THOUSAND, because="", staff=person, handing_over=False
        )
        for _ in range(2):
            insist(world, person.name, "closes the desk", lambda closing=closing: closing(now=world.clock.now()))
        assert list(ZReport.objects.filter(session=one).values_list("number", flat=True)) == [1]
    day = accounting_day(world.clock.now())
    sign = partial(close_agency_day, agency_id=counter.agency.id, day=day, staff=counter.head, signs_unknown=False)
    for _ in range(2):
        insist(world, "the head", "signs the day", lambda: sign(now=world.clock.now()))
    assert DayClosing.objects.count() == 1


@passes("set_aside_block: numbers set aside", "take_in_offline_receipt: taken in", "void_block: voided")
def cash_while_the_line_is_cut(world: World) -> None:
    counter, bill = a_counter(world), one_bill(world)
    aside = partial(set_aside_block, desk_id=counter.desk.id, size=3, staff=counter.cashier)
    first = insist(world, "Hakim", "sets numbers aside", lambda: aside(now=world.clock.now()))
    again = insist(world, "Hakim", "sets numbers aside again", lambda: aside(now=world.clock.now()))
    assert isinstance(again, BlockExists) or isinstance(first, BlockExists)
    block = NumberBlock.objects.get()
    amount = Money(bill.due_centimes)

    def bringing() -> object:
        return take_in_offline_receipt(
            bridge_id=counter.bridge.id,
            block_id=block.id,
            number=block.first,
            payment_number=bill.payment_number,
            amount=amount,
            stamp_duty=stamp_duty(amount, on=world.clock.now().date()),
            taken_at=world.clock.now(),
            cashier="Hakim",
            voided=False,
            now=world.clock.now(),
        )

    for _ in range(2):
        insist(world, "the bridge", "brings the receipt", bringing)
    assert OfflineReceipt.objects.filter(block=block, number=block.first).count() == 1
    closing = partial(
        close_session, session_id=counter.session.id, because="le tiroir", staff=counter.head, handing_over=True
    )
    insist(world, "the head", "closes the desk", lambda: closing(counted={100_000: 1}, now=world.clock.now()))
    void = partial(void_block, block_id=block.id, because="rien d'autre", staff=counter.head)
    for _ in range(2):
        insist(world, "the head", "voids the rest", lambda: void(now=world.clock.now()) or True)
    assert OfflineReceipt.objects.filter(block=block).count() == block.last - block.first + 1
    the_books_agree(world)
    assert Payment.objects.filter(way="cash", state="paid").count() == 1


def operator(world: World) -> Staff:
    give_role(
        staff=write_staff(login=OMAR, name="Omar", language="fr", now=world.clock.now()),
        role=Role.OPERATOR,
        company=world.company,
    )
    return Staff.objects.get(login=OMAR)


@passes("enrol_bridge: code made", "enrol_bridge: enrolled")
def a_bridge_joins(world: World) -> None:
    counter = a_counter(world)
    omar = operator(world)
    make = partial(make_enrolment_code, agency=counter.agency, name="PC", login=omar.login)
    code = insist(world, "Omar", "makes a code", lambda: make(now=world.clock.now()))
    assert isinstance(code, str)
    for _ in range(2):
        joined = insist(
            world,
            "the bridge",
            "joins",
            lambda: enrol_bridge(code=code, key=KEY, software="0.1.0", now=world.clock.now()),
        )
    assert isinstance(joined, Bridge)
    assert Bridge.objects.filter(name="PC").count() == 1


@passes("hear_contact: kept")
def a_bridge_tells_of_itself(world: World) -> None:
    counter = a_counter(world)
    news = [ReaderNews(poi_id=counter.reader.poi_id, status="maintenance", printer="ok", boot="2")]

    def tell() -> bool:
        hear_contact(
            bridge=counter.bridge,
            software="0.1.0",
            waiting_results=0,
            line_lost_at=None,
            readers=news,
            now=world.clock.now(),
        )
        return True

    for _ in range(2):
        insist(world, "the bridge", "tells of itself", tell)
    assert Reader.objects.get(id=counter.reader.id).last_status == "maintenance"


@passes("keep_fleet: desk kept", "keep_fleet: reader kept")
def the_operator_describes_a_desk(world: World) -> None:
    counter = a_counter(world)
    omar = operator(world)
    keep = partial(keep_desk, agency=counter.agency, code="AG07-C9", name="9", is_active=True, staff=omar)
    facts = PlacedReader(serial="R9", model="", is_active=True, protocol=Protocol.MANUAL)
    place = partial(keep_reader, agency=counter.agency, facts=facts, passphrase="", staff=omar)
    for _ in range(2):
        insist(world, "Omar", "describes the desk", lambda: keep(now=world.clock.now()))
        insist(world, "Omar", "describes the reader", lambda: place(now=world.clock.now()))
    assert (Desk.objects.filter(code="AG07-C9").count(), Reader.objects.filter(serial="R9").count()) == (1, 1)
    assert not Case.objects.exists()
