"""Small stories about desks, readers and bridges; see `scenarios.py`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Desk, Reader
from bawabati.companies.rules import Protocol
from bawabati.companies.writes import PlacedReader
from bawabati.desks.models import DayClosing, DeskSession, NumberBlock, ZReport
from bawabati.desks.rules import SessionStillOpen
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.close_agency_day import close_agency_day
from bawabati.flows.close_session import close_session
from bawabati.flows.find_at_desk import find_at_desk
from bawabati.flows.keep_fleet import keep_desk, keep_reader
from bawabati.flows.open_session import open_session
from bawabati.flows.print_at_desk import print_at_desk
from bawabati.flows.release_sale import SaleHoldsNothing, release_sale
from bawabati.flows.resolve_sale import confirm_resolution
from bawabati.flows.reverse_sale import reverse_sale
from bawabati.flows.set_aside_block import set_aside_block
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_card import take_card
from bawabati.flows.take_cash import take_cash
from bawabati.flows.take_cheque import take_cheque
from bawabati.flows.take_in_offline_receipt import take_in_offline_receipt
from bawabati.flows.type_approval import type_refusal
from bawabati.flows.void_block import void_block
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, Sale
from bawabati.payments.rules.sales import SaleMovedOn, SaleState
from bawabati.people.models import Staff
from bawabati.receipts.models import Receipt, ReceiptPrint
from bawabati.workdays import accounting_day
from desks import happened_to
from faults.real import cashiers, machines
from faults.real.agency import FLOAT, Agency, AgencyRates, AtDesk
from faults.real.invariants import broken
from faults.real.invariants_of_sales import broken_at_desks
from faults.real.run import until_quiet
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import OMAR
from sandbox.gateway.cards import DECK
from sandbox.reader.core import Stage
from sandbox.reader.faults import Fault, Kind
from sandbox.reader.settings import How

CARD = "6280581110007215"
DUE = 50_00
"""Free of stamp duty, so that every way of paying takes the same."""
PRESSED = "C1 1"


def an_agency(world: World, *protocols: str) -> Agency:
    world.found_company()
    world.add_bills(2)
    Bill.objects.filter(company=world.company).update(due_centimes=DUE)
    world.agency = Agency(world, rates=AgencyRates(), protocols=protocols or ("nexo",))
    some_time_passes(world, 2)
    return world.agency


def some_time_passes(world: World, seconds: int, *, customer: bool = True) -> None:
    """Bridge, readers, line and sweep do what they do; so does the customer, with a good card, if there is one."""
    agency = world.agency
    assert agency is not None
    for _ in range(seconds):
        world.clock.let_pass(1.0)
        agency.program.start()
        agency.step()
        for request in agency.requests():
            agency.carry(request)
        agency.step()
        machines.sweep_sales(world)
        if customer:
            _the_customer_pays(world, agency)


def _the_customer_pays(world: World, agency: Agency) -> None:
    for place in agency.fleet.places():
        if place.reader.stage is Stage.CARD:
            place.reader.present_card(CARD, how=How.CONTACT, now=world.clock.true)
        elif place.reader.stage is Stage.PIN:
            place.reader.give_pin(DECK[CARD].pin, now=world.clock.true)


def takes_a_card(world: World, at: AtDesk) -> Sale:
    """Pressed twice, as people do."""
    seen = [what_the_page_showed(world)]
    for _ in range(2):
        sale = insist(
            world,
            "cashier",
            "takes a card",
            lambda: take_card(
                session_id=at.session.id,
                seen=seen,
                start_key=PRESSED,
                language="fr",
                in_spite_of="",
                staff=at.cashier,
                now=world.clock.now(),
            ),
        )
    assert isinstance(sale, Sale)
    assert Sale.objects.filter(company=world.company).count() == 1
    at.sale_id = sale.id
    return sale


def what_the_page_showed(world: World) -> SeenBill:
    bill = Bill.objects.filter(company=world.company).order_by("id")[0]
    return SeenBill(bill_id=bill.id, version=bill.version, left=Money(DUE), amount=Money(DUE))


def all_is_well_at_desks(world: World, *, counted: Mapping[int, int] = FLOAT) -> None:
    agency = world.agency
    assert agency is not None
    world.heal()
    until_quiet(world)
    if DeskSession.objects.filter(company=world.company, state="open").exists():
        cashiers.close_the_desks(agency, counted=counted)
        until_quiet(world)
    assert [*broken(world), *broken_at_desks(world)] == []


def is_paid_once(world: World, *, counted: Mapping[int, int] = FLOAT) -> None:
    all_is_well_at_desks(world, counted=counted)
    (sale,) = Sale.objects.filter(company=world.company)
    assert sale.state == SaleState.SETTLED
    assert Payment.objects.filter(sale=sale).count() == Receipt.objects.filter(payment__sale=sale).count() == 1


# --- a card ---


@passes(
    *("take_card: sale written", "take_order: taken", "take_result: result kept"),
    *("hear_contact: kept", "note_progress: step kept"),
)
def a_customer_pays_by_card_at_a_desk(world: World) -> None:
    agency = an_agency(world)
    takes_a_card(world, agency.counters[0])
    some_time_passes(world, 60)
    is_paid_once(world)


@passes("take_card: sale written", "take_order: taken", "take_result: result kept")
def a_customer_pays_by_card_on_a_reader_of_the_other_protocol(world: World) -> None:
    agency = an_agency(world, "caisse_ap")
    takes_a_card(world, agency.counters[0])
    some_time_passes(world, 60)
    is_paid_once(world)


@passes("cancel_sale: cancelled or asked for")
def a_cashier_cancels_while_the_reader_waits(world: World) -> None:
    agency = an_agency(world)
    at = agency.counters[0]
    with world.nobody_dies_yet():
        sale = takes_a_card(world, at)
        some_time_passes(world, 5, customer=False)
    for _ in range(2):
        insist(
            world, "cashier", "cancels", lambda: cancel_sale(sale_id=sale.id, staff=at.cashier, now=world.clock.now())
        )
    some_time_passes(world, 60, customer=False)
    all_is_well_at_desks(world)
    sale.refresh_from_db()
    assert sale.state == SaleState.CANCELLED


@passes("go_on_with_sale: gone on")
def a_reader_answers_and_nobody_hears_it(world: World) -> None:
    agency = an_agency(world)
    agency.faults.once.append(Fault(kind=Kind.CLOSE_AFTER_APPROVAL))
    takes_a_card(world, agency.counters[0])
    some_time_passes(world, 90)
    is_paid_once(world)


@passes("go_on_with_sale: gone on")
def nobody_fetches_a_sale(world: World) -> None:
    agency = an_agency(world)
    takes_a_card(world, agency.counters[0])
    agency.program.die()
    world.clock.let_pass(700)
    for _ in range(4):
        machines.sweep_sales(world)
    all_is_well_at_desks(world)
    assert Sale.objects.get().state == SaleState.CANCELLED


def nobody_can_tell(world: World, *, taken: bool) -> tuple[Agency, Sale]:
    """The reader has forgotten everything, after it took the money or before."""
    agency = an_agency(world)
    with world.nobody_dies_yet():
        agency.faults.once.append(Fault(kind=Kind.LOG_WIPED) if taken else Fault(kind=Kind.CLOSE_AFTER_READING))
        sale = takes_a_card(world, agency.counters[0])
        some_time_passes(world, 20 if taken else 4)
        if not taken:
            agency.counters[0].place.reader.restart(now=world.clock.true, wipe=True)  # type: ignore[union-attr]
        some_time_passes(world, 120, customer=False)
        sale.refresh_from_db()
        assert sale.state == SaleState.REVIEW
    return agency, sale


@passes("resolve_sale: proposed", "resolve_sale: confirmed")
def two_people_say_that_a_sale_was_paid(world: World) -> None:
    agency, sale = nobody_can_tell(world, taken=True)
    _people_say(world, agency, sale)
    is_paid_once(world)


@passes("resolve_sale: proposed", "resolve_sale: confirmed")
def two_people_say_that_a_sale_never_was(world: World) -> None:
    agency, sale = nobody_can_tell(world, taken=False)
    _people_say(world, agency, sale)
    all_is_well_at_desks(world)
    sale.refresh_from_db()
    assert sale.state == SaleState.NOT_PROCESSED


def _people_say(world: World, agency: Agency, sale: Sale) -> None:
    for _ in range(8):
        cashiers.resolve_what_waits(agency)
    told = insist(
        world,
        "Amel",
        "agrees once more",
        lambda: confirm_resolution(
            sale_id=sale.id, seen=happened_to(sale), agrees=True, staff=agency.finance, now=world.clock.now()
        ),
    )
    assert isinstance(told, SaleMovedOn)


@passes("reverse_sale: asked", "take_order: taken", "take_result: result kept")
def a_sale_is_taken_back(world: World) -> None:
    agency = an_agency(world)
    with world.nobody_dies_yet():
        sale = takes_a_card(world, agency.counters[0])
        some_time_passes(world, 30)
    for _ in range(2):
        insist(
            world,
            "Leila",
            "takes it back",
            lambda: reverse_sale(sale_id=sale.id, because="paid twice", staff=agency.head, now=world.clock.now()),
        )
    some_time_passes(world, 90)
    all_is_well_at_desks(world)
    sale.refresh_from_db()
    assert sale.state == SaleState.REVERSED
    assert not Bill.objects.filter(company=world.company, settled_centimes__gt=0).exists()


def a_card_is_taken_and_given_back(world: World) -> None:
    """Whoever dies meanwhile, and whatever became of it: nothing is taken twice, and nothing is lost."""
    agency = an_agency(world)
    sale = takes_a_card(world, agency.counters[0])
    some_time_passes(world, 330)
    for _ in range(2):
        insist(
            world,
            "Leila",
            "takes it back",
            lambda: reverse_sale(sale_id=sale.id, because="paid twice", staff=agency.head, now=world.clock.now()),
        )
    some_time_passes(world, 330)
    all_is_well_at_desks(world)


def a_journal_is_lost_while_the_reader_waits(world: World) -> None:
    """The bridge knows nothing of what it was told to do: it says so, and sends nothing."""
    agency = an_agency(world)
    takes_a_card(world, agency.counters[0])
    some_time_passes(world, 3, customer=False)
    assert Sale.objects.get(company=world.company).state == SaleState.SENT
    agency.program.lose_the_disk()
    some_time_passes(world, 330)
    all_is_well_at_desks(world)


@passes("release_sale: released")
def a_head_frees_what_is_being_checked(world: World) -> None:
    agency = an_agency(world)
    agency.faults.once.append(Fault(kind=Kind.CLOSE_AFTER_APPROVAL))
    sale = takes_a_card(world, agency.counters[0])
    agency.step()
    for _ in range(2):
        told = insist(
            world,
            "Leila",
            "frees the bill",
            lambda: (
                release_sale(sale_id=sale.id, because="she waits", staff=agency.head, now=world.clock.now()) or True
            ),
        )
    assert isinstance(told, SaleHoldsNothing)
    assert not Hold.objects.filter(company=world.company).exists()
    some_time_passes(world, 90)
    is_paid_once(world)


@passes("type_approval: typed", "take_card: sale written")
def a_cashier_types_what_the_slip_says(world: World) -> None:
    agency = an_agency(world, "manual")
    world.company.typed_approval_limit_centimes = 10_000_00
    world.company.save()
    at = agency.counters[0]
    sale = takes_a_card(world, at)
    done = agency.pays_by_hand(sale, pan=CARD)
    for _ in range(4):
        cashiers.types_the_slip(agency, at, sale, done)
    is_paid_once(world)


@passes("type_approval: refusal typed")
def a_cashier_types_that_the_reader_refused(world: World) -> None:
    agency = an_agency(world, "manual")
    at = agency.counters[0]
    sale = takes_a_card(world, at)
    for _ in range(2):
        told = insist(
            world,
            "cashier",
            "types a refusal",
            lambda: type_refusal(sale_id=sale.id, reason="refused", staff=at.cashier, now=world.clock.now()),
        )
    assert isinstance(told, SaleMovedOn)
    all_is_well_at_desks(world)


# --- cash and cheques ---


@passes("take_cash: settled")
def a_customer_pays_in_cash(world: World) -> None:
    at = an_agency(world).counters[0]
    seen = [what_the_page_showed(world)]
    for _ in range(2):
        insist(
            world,
            "cashier",
            "takes cash",
            lambda: take_cash(
                session_id=at.session.id,
                seen=seen,
                start_key=PRESSED,
                tendered=Money(DUE),
                language="fr",
                in_spite_of="",
                staff=at.cashier,
                now=world.clock.now(),
            ),
        )
    is_paid_once(world, counted={**FLOAT, DUE: 1})


@passes("take_cheque: settled")
def a_customer_pays_by_cheque(world: World) -> None:
    at = an_agency(world).counters[0]
    seen = [what_the_page_showed(world)]
    for _ in range(2):
        insist(
            world,
            "cashier",
            "takes a cheque",
            lambda: take_cheque(
                session_id=at.session.id,
                seen=seen,
                start_key=PRESSED,
                cheque_number="1234567",
                cheque_bank="BNA",
                language="fr",
                in_spite_of="",
                staff=at.cashier,
                now=world.clock.now(),
            ),
        )
    is_paid_once(world)


def a_block(world: World) -> tuple[Agency, NumberBlock]:
    agency = an_agency(world)
    at = agency.counters[0]
    for _ in range(2):
        insist(
            world,
            "cashier",
            "sets numbers aside",
            lambda: set_aside_block(desk_id=at.desk.id, size=5, staff=at.cashier, now=world.clock.now()),
        )
    return agency, NumberBlock.objects.get(company=world.company)


@passes("set_aside_block: numbers set aside", "take_in_offline_receipt: taken in", "void_block: voided")
def cash_is_taken_while_the_line_is_cut(world: World) -> None:
    agency, block = a_block(world)
    bill = Bill.objects.filter(company=world.company).order_by("id")[0]
    for _ in range(2):
        insist(
            world,
            "bridge",
            "tells of a receipt",
            lambda: take_in_offline_receipt(
                bridge_id=agency.bridge.id,
                block_id=block.id,
                number=block.first,
                payment_number=bill.payment_number,
                amount=Money(DUE),
                stamp_duty=Money(0),
                taken_at=world.clock.now(),
                cashier="Nadia",
                voided=False,
                now=world.clock.now(),
            ),
        )
    with world.nobody_dies_yet():
        cashiers.close_the_desks(agency, counted={**FLOAT, DUE: 1})
    for _ in range(2):
        told = insist(
            world,
            "Leila",
            "voids the rest",
            lambda: void_block(block_id=block.id, because="the line is back", staff=agency.head, now=world.clock.now()),
        )
        assert not isinstance(told, SessionStillOpen)
    all_is_well_at_desks(world)
    assert Payment.objects.filter(company=world.company, way="cash").count() == 1


# --- the day ---


@passes("open_session: opened", "close_session: counted, and closed", "close_agency_day: signed")
def a_day_at_a_desk(world: World) -> None:
    with world.nobody_dies_yet():
        agency = an_agency(world)
        cashiers.close_the_desks(agency)
        until_quiet(world)
    at = agency.counters[0]
    for _ in range(2):
        session = insist(
            world,
            "cashier",
            "counts the float",
            lambda: open_session(desk_id=at.desk.id, counted=FLOAT, staff=at.cashier, now=world.clock.now()),
        )
    assert isinstance(session, DeskSession)
    close = partial(close_session, session_id=session.id, counted=FLOAT, because="", staff=at.cashier)
    for _ in range(2):
        insist(world, "cashier", "closes the session", lambda: close(now=world.clock.now(), handing_over=False))
    assert ZReport.objects.filter(company=world.company).count() == 2
    sign = partial(close_agency_day, agency_id=agency.row.id, day=accounting_day(world.clock.now()))
    for _ in range(2):
        insist(
            world, "Leila", "signs the day", lambda: sign(staff=agency.head, now=world.clock.now(), signs_unknown=False)
        )
    assert DayClosing.objects.filter(company=world.company).count() == 1
    all_is_well_at_desks(world)


@passes("print_at_desk: print written down")
def a_receipt_is_printed_at_the_desk(world: World) -> None:
    agency = an_agency(world)
    at = agency.counters[0]
    with world.nobody_dies_yet():
        sale = takes_a_card(world, at)
        some_time_passes(world, 30)
    for _ in range(2):
        insist(
            world, "cashier", "prints", lambda: print_at_desk(sale_id=sale.id, staff=at.cashier, now=world.clock.now())
        )
    assert 1 <= ReceiptPrint.objects.count() <= 3, "the first is the original"
    is_paid_once(world)


@passes("find_at_desk: look-up written down")
def a_customer_is_looked_up(world: World) -> None:
    agency = an_agency(world)
    at, bill = agency.counters[0], world.bills[0]
    insist(
        world,
        "cashier",
        "scans a bill",
        lambda: find_at_desk(agency=agency.row, words=bill.payment_number, staff=at.cashier, now=world.clock.now()),
    )
    assert AuditEntry.objects.filter(company=world.company, action="find_at_desk").exists()


# --- the fleet ---


def omar() -> Staff:
    return Staff.objects.get(login=OMAR)


@passes("keep_fleet: desk kept", "keep_fleet: reader kept")
def a_desk_and_its_reader_are_described(world: World) -> None:
    agency = an_agency(world)
    facts = PlacedReader(
        serial="S1",
        model="",
        protocol=Protocol.MANUAL,
        poi_id="",
        host="",
        port=0,
        options={},
        desk_id=None,
        bridge_id=None,
        is_active=True,
    )
    for _ in range(2):
        insist(
            world,
            "Omar",
            "describes a desk",
            lambda: keep_desk(
                agency=agency.row, code="AG01-C9", name="", is_active=True, staff=omar(), now=world.clock.now()
            ),
        )
        insist(
            world,
            "Omar",
            "describes a reader",
            lambda: keep_reader(agency=agency.row, facts=facts, passphrase="", staff=omar(), now=world.clock.now()),
        )
    assert Desk.objects.filter(code="AG01-C9").count() == Reader.objects.filter(serial="S1").count() == 1
