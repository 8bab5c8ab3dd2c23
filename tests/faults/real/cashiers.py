"""Cashiers, their customers, and the agency's head: what they do at the desks, and what the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.companies.rules import Protocol
from bawabati.flows.cancel_sale import cancel_sale
from bawabati.flows.close_session import close_session
from bawabati.flows.release_sale import release_sale
from bawabati.flows.resolve_sale import confirm_resolution, propose_resolution
from bawabati.flows.reverse_sale import reverse_sale
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_card import take_card
from bawabati.flows.type_approval import type_approval, type_refusal
from bawabati.payments.models import Hold, Payment, Sale
from bawabati.payments.reads import find_payment_of_sale
from bawabati.payments.rules.sales import FINAL_SALE, SaleEvent, SaleState
from desks import happened_to
from faults.real.agency import FLOAT, Agency, AtDesk
from faults.real.world import World
from sandbox.gateway.cards import DECK
from sandbox.gateway.issuer import Reason
from sandbox.reader.core import Stage
from sandbox.reader.settings import How
from sandbox.reader.transactions import Transaction

BECAUSE = "the slip says so"
IN_SPITE = "the customer stands here"
CARDS = ("6280581110007215", "6280580610061011", "6280580610061011", "6280580610061110")
SHORTEST, LONGEST = 0.2, 3.0
"""Seconds between two small things that happen in an agency."""


def agency_moves(world: World) -> None:
    """A little while in the agency: whoever has something to do does it."""
    agency = world.agency
    if agency is None:
        return
    for _ in range(agency.random.choice((3, 10, 25))):
        world.clock.let_pass(agency.random.uniform(SHORTEST, LONGEST))
        agency.step()
        agency.random.choices([move for _, move in MOVES], weights=[weight for weight, _ in MOVES])[0](agency)
        agency.step()


# --- the bridge and its line ---


def carry_a_request(agency: Agency) -> None:
    requests = agency.requests()
    if requests:
        agency.carry(agency.random.choice(requests))


def something_breaks(agency: Agency) -> None:
    """Somebody pulls a plug, or puts it back; the line of the agency is cut for a while."""
    random, rates, world = agency.random, agency.rates, agency.world
    if not agency.program.is_alive:
        if random.random() < 0.6:
            world.tell("bridge", "starts again")
            agency.program.start()
        return
    if random.random() < rates.bridge_ends:
        world.tell("bridge", "its plug is pulled")
        agency.program.die()
    if random.random() < rates.line_cut:
        agency.line_is_cut_until = world.clock.true + random.choice((10.0, 120.0, 1800.0))
        world.tell("line", "is cut between bridge and portal")
    if random.random() < rates.reader_ends:
        place = random.choice(agency.fleet.places())
        wipes = random.random() < 0.3
        world.tell("reader", f"loses its power{' and its memory' if wipes else ''}")
        place.reader.restart(now=world.clock.true, wipe=wipes)


# --- the cashier ---


def cashier_does_something(agency: Agency) -> None:
    at = agency.random.choice(agency.counters)
    sale = _sale_of(at)
    if sale is None:
        takes_a_card(agency, at)
    elif sale.state in SHOWN_AS_OVER:
        looks(agency, at)
        at.sale_id, at.by_hand = None, None
    elif sale.state == SaleState.SENT and at.place is None:
        keys_by_hand(agency, at)
    elif agency.random.random() < 0.15:
        presses_cancel(agency, at)
    elif agency.random.random() < 0.2:
        takes_a_card(agency, at)
    else:
        looks(agency, at)


SHOWN_AS_OVER = FINAL_SALE | {SaleState.SETTLED, SaleState.REVIEW}


def takes_a_card(agency: Agency, at: AtDesk) -> None:
    """The button, with the bill as the page showed it; again with the same form when the browser had died."""
    world, random = agency.world, agency.random
    if not at.start_key or random.random() < 0.7:
        at.pressed += 1
        at.start_key = f"{at.desk.code} {at.pressed}"
        at.bill_id = random.choice(world.bills).id
    bill = Bill.objects.get(id=at.bill_id)
    facts = facts_of(bill)
    seen = SeenBill(bill_id=bill.id, version=bill.version, left=facts.left, amount=facts.left)
    in_spite_of = IN_SPITE if random.random() < 0.3 else ""
    sale = world.in_a_process(
        at.desk.code,
        f"takes a card for {bill.bill_number} ({at.start_key}){' in spite of what holds it' if in_spite_of else ''}",
        lambda: take_card(
            session_id=at.session.id,
            seen=[seen],
            start_key=at.start_key,
            language=random.choice(("ar", "fr")),
            in_spite_of=in_spite_of,
            staff=at.cashier,
            now=world.clock.now(),
        ),
    )
    if isinstance(sale, Sale):
        at.sale_id = sale.id
        world.tell(at.desk.code, f"has {world.name_of_sale(sale.id)}")


def presses_cancel(agency: Agency, at: AtDesk) -> None:
    """On a reader without a line the cashier cancels only what has certainly not been charged."""
    sale_id, world = at.sale_id, agency.world
    if sale_id is None or (at.place is None and at.by_hand is not None):
        return
    world.in_a_process(
        at.desk.code, "presses cancel", lambda: cancel_sale(sale_id=sale_id, staff=at.cashier, now=world.clock.now())
    )


def looks(agency: Agency, at: AtDesk) -> None:
    """What the page says now; that is a promise."""
    sale = _sale_of(at)
    if sale is None:
        return
    word = _word_of(sale)
    agency.promise(sale.id, word)
    agency.world.tell(at.desk.code, f"sees: {word} ({agency.world.name_of_sale(sale.id)} is {sale.state})")


def _word_of(sale: Sale) -> str:
    match SaleState(sale.state):
        case SaleState.SETTLED:
            return "paid"
        case SaleState.DECLINED | SaleState.CANCELLED | SaleState.NOT_SENT | SaleState.NOT_PROCESSED:
            return "nothing taken"
        case SaleState.REVERSED:
            return "given back"
        case _:
            return "being checked"


def keys_by_hand(agency: Agency, at: AtDesk) -> None:
    """The reader knows nothing of the portal: the cashier keys the amount, and types what its slip says."""
    world, random = agency.world, agency.random
    sale = _sale_of(at)
    if sale is None:
        return
    if at.by_hand is None:
        at.by_hand = agency.pays_by_hand(sale, pan=random.choice(CARDS))
        world.tell(at.desk.code, f"keys the amount: {at.by_hand.ending}")
        return
    done = at.by_hand
    if agency.net(done):
        types_the_slip(agency, at, sale, done)
    else:
        world.in_a_process(
            at.desk.code,
            "types that the reader refused",
            lambda: type_refusal(sale_id=sale.id, reason="refused", staff=at.cashier, now=world.clock.now()),
        )


def types_the_slip(agency: Agency, at: AtDesk, sale: Sale, done: Transaction) -> None:
    world = agency.world
    world.in_a_process(
        at.desk.code,
        "types the slip",
        lambda: type_approval(
            sale_id=sale.id,
            approval_code=done.approval_code,
            last_four=done.pan_masked[-4:],
            slip_number=f"{done.stan:06d}",
            slip_on=(world.clock.now() + timedelta(hours=1)).date(),
            staff=at.cashier,
            now=world.clock.now(),
        ),
    )


def _sale_of(at: AtDesk) -> Sale | None:
    return Sale.objects.select_related("reader").get(id=at.sale_id) if at.sale_id is not None else None


# --- the customer ---


def customer_does_something(agency: Agency) -> None:
    """Wherever a reader asks for a card or a code."""
    random, now = agency.random, agency.world.clock.true
    waiting = [place for place in agency.fleet.places() if place.reader.stage in {Stage.CARD, Stage.PIN}]
    if not waiting:
        return
    reader = random.choice(waiting).reader
    poi_id = reader.settings.poi_id
    if random.random() < 0.06:
        agency.world.tell("customer", f"presses the red key of {poi_id}")
        reader.press_red(now=now)
    elif reader.stage is Stage.CARD:
        pan = random.choice(CARDS)
        agency.customers[id(reader)] = pan
        agency.world.tell("customer", f"gives a card to {poi_id}")
        reader.present_card(pan, how=random.choice(list(How)), now=now)
    elif random.random() < 0.05:
        agency.world.tell("customer", f"pulls the card out of {poi_id}")
        reader.remove_card(now=now)
    else:
        pin = DECK[agency.customers[id(reader)]].pin if random.random() < 0.9 else "0000"
        agency.world.tell("customer", f"keys a code on {poi_id}")
        reader.give_pin(pin, now=now)


# --- the head of the agency, and whoever has to agree ---


def head_does_something(agency: Agency) -> None:
    agency.random.choice((resolve_what_waits, reverses_something, frees_a_bill))(agency)


def frees_a_bill(agency: Agency) -> None:
    """On her own responsibility, while the sale is still being checked."""
    world = agency.world
    held = Hold.objects.filter(company=world.company, sale__isnull=False).order_by("id").first()
    if held is not None and held.sale_id is not None:
        world.in_a_process(
            "Leila",
            f"frees what {world.name_of_sale(held.sale_id)} holds",
            partial(release_sale, sale_id=held.sale_id, because=IN_SPITE, staff=agency.head, now=world.clock.now()),
        )


def reverses_something(agency: Agency) -> None:
    world = agency.world
    settled = list(Sale.objects.filter(company=world.company, state=SaleState.SETTLED).order_by("id"))
    if not settled:
        return
    sale = agency.random.choice(settled)
    world.in_a_process(
        "Leila",
        f"takes {world.name_of_sale(sale.id)} back",
        lambda: reverse_sale(sale_id=sale.id, because="paid twice", staff=agency.head, now=world.clock.now()),
    )


def resolve_what_waits(agency: Agency) -> bool:
    """Two people look at slip, reader and bank, and say what became of a sale. False when nothing waits."""
    world = agency.world
    waiting = Sale.objects.filter(company=world.company, state=SaleState.REVIEW).order_by("id").first()
    if waiting is None:
        return False
    if not waiting.proposed:
        _propose(agency, waiting)
    else:
        world.in_a_process(
            "Amel",
            f"agrees about {world.name_of_sale(waiting.id)}",
            lambda: confirm_resolution(
                sale_id=waiting.id, seen=happened_to(waiting), agrees=True, staff=agency.finance, now=world.clock.now()
            ),
        )
    return True


def _propose(agency: Agency, sale: Sale) -> None:
    """What is true, as the bank says on the telephone. What was taken in part, the bank gives back first."""
    world = agency.world
    done = [each for each in agency.transactions_of_sale(sale) if agency.net(each)]
    for each in done:
        if agency.net(each) != sale.amount_centimes:
            world.tell("bank", f"gives back a part that was taken for {world.name_of_sale(sale.id)}")
            world.outside.issuer.give_back(
                each.account,
                centimes=agency.net(each),
                now=world.clock.true,
                md_order=each.books,
                reason=Reason.REVERSAL,
            )
    done = [each for each in done if agency.net(each)]
    what, slip = _what_is_true(sale, done)
    world.in_a_process(
        "Leila",
        f"says of {world.name_of_sale(sale.id)}: {what}",
        lambda: propose_resolution(
            sale_id=sale.id, what=what, because=BECAUSE, staff=agency.head, now=world.clock.now(), **slip
        ),
    )


def _what_is_true(sale: Sale, done: list[Transaction]) -> tuple[SaleEvent, dict[str, object]]:
    if done:
        known = done[0]
        slip: dict[str, object] = {
            "approval_code": known.approval_code or "A0000",
            "last_four": known.pan_masked[-4:],
            "slip_number": f"{known.stan:06d}",
            "slip_on": sale.opened_at.date(),
        }
        return SaleEvent.CONFIRMED_PAID, slip
    was_settled = find_payment_of_sale(sale.id) is not None
    return (SaleEvent.CONFIRMED_REVERSED if was_settled else SaleEvent.CONFIRMED_NOT_PROCESSED), {}


def close_the_desks(agency: Agency, *, counted: Mapping[int, int] = FLOAT) -> None:
    """The day is over: every drawer is counted, and its session closed."""
    world = agency.world
    for at in agency.counters:
        world.in_a_process(
            at.desk.code,
            "counts the drawer and closes",
            partial(
                close_session,
                session_id=at.session.id,
                counted=counted,
                because="",
                staff=at.cashier,
                now=world.clock.now(),
                handing_over=False,
            ),
        )


MOVES: tuple[tuple[float, Callable[[Agency], object]], ...] = (
    (5, cashier_does_something),
    (10, carry_a_request),
    (4, customer_does_something),
    (1, something_breaks),
    (0.7, head_does_something),
)


def desk_payments(world: World) -> list[Payment]:
    """What was posted at desks."""
    return list(Payment.objects.filter(company=world.company).exclude(way="web").order_by("id"))


__all__ = ["Protocol", "agency_moves", "desk_payments", "resolve_what_waits"]
