"""Payers: what they do at pages of ours and at the card page, and what they are shown."""

from __future__ import annotations

from bawabati.bills.models import Bill
from bawabati.bills.rules import spread
from bawabati.companies.reads import current_texts
from bawabati.errors import CannotDo
from bawabati.flows.choose_surplus import SurplusChoice, choose_surplus
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.find_bill import FoundBill, look_again
from bawabati.flows.start_payment import TERMS, start_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_payment, find_recovery
from bawabati.payments.rules import FINAL, State
from faults.real.surroundings import PAGE_URL
from faults.real.world import Payer, World
from sandbox.gateway.cards import DECK
from sandbox.gateway.core import Ended, occasion_of
from sandbox.gateway.faults import Kind, Moment
from sandbox.gateway.orders import Order

GOOD_CARDS = ("6280581110007215", "6280580610061011")
BAD_CARDS = ("6280580610061110", "6280581110006415", "6280581110007017")
NAMES = ("Amina", "Karim", "Yacine", "Lila")


def add_payers(world: World, bills: list[Bill], *, count: int) -> list[Payer]:
    """Several of them may want to pay the same bill."""
    random = world.random
    payers = [
        Payer(
            name=name,
            bills=[random.choice(bills).id],
            email=f"{name.lower()}@example.com" if random.random() < 0.6 else "",
            language=random.choice(("ar", "fr", "en")),
            start_key=f"{name} 1",
            pan=random.choice(GOOD_CARDS) if random.random() < 0.75 else random.choice(BAD_CARDS),
        )
        for name in NAMES[:count]
    ]
    world.payers = payers
    return payers


def look(world: World, payer: Payer) -> None:
    """The bill's page: when a payment holds the bill, the gateway is asked about it first."""

    def step() -> FoundBill:
        bill_id = payer.bills[0]
        found = look_again(company=world.company, bill_id=bill_id, now=world.clock.now())
        if found.attempt is not None and found.attempt.payment_id is not None:
            confirm_payment(payment_id=found.attempt.payment_id, now=world.clock.now())
            found = look_again(company=world.company, bill_id=bill_id, now=world.clock.now())
        return found

    found = world.in_a_process(payer.name, "looks at the bill", step)
    if isinstance(found, FoundBill):
        payer.found = found
        world.tell(payer.name, f"sees that it is {found.standing}")


def press_pay(world: World, payer: Payer) -> None:
    """The button, with the bill as it was when its page was made, which may be long ago."""
    seen = _chosen(world, payer)
    if not seen:
        return

    def step() -> Payment:
        now = world.clock.now()
        terms = current_texts(company_id=world.company.id, kinds=TERMS, language=payer.language, now=now)
        return start_payment(
            company=world.company,
            seen=seen,
            start_key=payer.start_key,
            language=payer.language,
            payment_terms_id=terms[0].id,
            sale_terms_id=terms[1].id,
            email=payer.email,
            now=now,
        )

    payment = world.in_a_process(payer.name, f"presses pay ({payer.start_key})", step)
    if isinstance(payment, Payment):
        payer.payment_id = payment.id
        open_attempt_page(world, payer)


def _chosen(world: World, payer: Payer) -> list[SeenBill]:
    """One of the ways to pay that the page offered, whole or in part."""
    found, random = payer.found, world.random
    if found is None or not found.ways or found.limits is None:
        return []
    way = random.choice(found.ways)
    amount = way.sum
    if way.largest_part and (not way.pays_whole or random.random() < 0.3):
        amount = Money(random.randint(found.limits.minimum.centimes, way.largest_part.centimes))
    try:
        parts = spread(way.bills, amount=amount, limits=found.limits)
    except CannotDo:
        return []  # the page says so, and nothing is sent
    return [
        SeenBill(bill_id=part.bill.bill_id, version=part.bill.version, left=part.bill.left, amount=part.pays)
        for part in parts
        if part.pays
    ]


def open_attempt_page(world: World, payer: Payer) -> None:
    """Where the attempt stands. Only here the way to the card page is learnt."""
    payment = find_payment(payer.payment_id) if payer.payment_id else None
    if payment is None:
        return
    if payment.state == State.AT_GATEWAY and world.clock.now() < payment.page_ends_at:
        payer.page_url, payer.has_left = payment.page_url, False
    _see(world, payer, payment, State(payment.state))


def come_back(world: World, payer: Payer, *, by_fail: bool) -> None:
    """The way back from the gateway; also reloaded, forged, or opened by somebody else first."""
    payment_id = payer.payment_id
    if payment_id is None:
        return
    state = world.in_a_process(
        payer.name,
        f"comes back{' by the address for failures' if by_fail else ''}",
        lambda: confirm_payment(payment_id=payment_id, now=world.clock.now(), came_back_by_fail=by_fail),
    )
    payment = find_payment(payment_id)
    if isinstance(state, State) and payment is not None:
        _see(world, payer, payment, state)


def _see(world: World, payer: Payer, payment: Payment, state: State) -> None:
    if state in FINAL and state is not State.PAID:
        payment = find_recovery(payment.id) or payment
        state = State(payment.state)
    word = _word_of(payment, state)
    world.tell(payer.name, f"is shown: {word} ({world.name(payment)} is {state})")
    world.promise(payment, word)


def _word_of(payment: Payment, state: State) -> str:
    """What the attempt's page says of the money, in a few words."""
    match state:
        case State.PAID:
            return "paid"
        case State.OPENED | State.AT_GATEWAY | State.IN_DOUBT:
            return "being checked"
        case _ if payment.refused_because == "reversed":
            return "taken and given back"
        case State.WATCHED:
            return "nothing taken so far"
        case _:
            return "nothing taken"


def at_the_card_page(world: World, payer: Payer, *, surely: bool = False) -> None:
    """One step there: the card, the code, a wrong code, cancel, or the way back. `surely`: nothing but paying."""
    order = world.outside.page_of(payer.page_url) if payer.page_url.startswith(PAGE_URL) else None
    if order is None or world.plan.outage(now=world.clock.true):
        return
    now, random, gateway = world.clock.true, world.random, world.outside.gateway
    if not gateway.is_open(order, now=now):
        _leave_the_card_page(world, payer, order, surely=surely)
    elif not surely and random.random() < 0.05:
        gateway.cancel(order, now=now)
        world.tell(payer.name, "cancels on the card page")
        _leave_the_card_page(world, payer, order, surely=surely)
    elif not order.awaits_code:
        card = DECK[payer.pan]
        answer = gateway.give_card(
            order,
            pan=card.pan,
            expiry=card.expiry,
            cvv2=card.cvv2 if surely or random.random() < 0.95 else "000",
            holder=payer.name,
            payer_ip="",
            now=now,
        )
        world.tell(payer.name, f"types the card: {type(answer).__name__}")
        payer.pan = random.choice(GOOD_CARDS)
    else:
        right = surely or random.random() < 0.85
        code = world.outside.codes[order.md_order]
        told = gateway.give_code(order, code=code if right else "none", now=now)
        world.tell(payer.name, f"types {'the' if right else 'a wrong'} code: {type(told).__name__}")
        if isinstance(told, Ended):
            _leave_the_card_page(world, payer, order, surely=surely)


def _leave_the_card_page(world: World, payer: Payer, order: Order, *, surely: bool) -> None:
    """Most are led back; some close the browser, some see the redirect fail."""
    payer.has_left, payer.page_url = True, ""
    lost = world.plan.draw(Moment.REDIRECT, kinds={Kind.REDIRECT_LOST}, occasion=occasion_of(order, call="page"))
    if lost is not None or (not surely and world.random.random() < 0.3):
        world.tell(payer.name, "never comes back")
        return
    by_fail = "not-paid" in order.way_back(language=payer.language)
    world.clock.let_pass(world.random.uniform(0.2, 3))
    come_back(world, payer, by_fail=by_fail)


def payer_moves(world: World) -> None:
    """Somebody does what comes next, or something else."""
    random = world.random
    at_the_bank = [payer for payer in world.payers if payer.page_url]
    payer = random.choice(at_the_bank if at_the_bank and random.random() < 0.8 else world.payers)
    if random.random() < 0.8:
        if payer.page_url:
            at_the_card_page(world, payer)
        elif payer.payment_id is None or payer.has_left:
            if payer.has_left:
                _begin_again(payer)
            look(world, payer)
            press_pay(world, payer)
        else:
            open_attempt_page(world, payer)
        return
    other = random.choice(
        (
            look,
            press_pay,
            open_attempt_page,
            lambda world, payer: come_back(world, payer, by_fail=False),
            lambda world, payer: come_back(world, payer, by_fail=True),
            _opens_another_tab,
            _chooses,
        )
    )
    other(world, payer)


def _begin_again(payer: Payer) -> None:
    payer.start_key = f"{payer.start_key.split()[0]} {int(payer.start_key.split()[1]) + 1}"


def _opens_another_tab(world: World, payer: Payer) -> None:
    _begin_again(payer)
    look(world, payer)
    press_pay(world, payer)


def _chooses(world: World, payer: Payer) -> None:
    """What becomes of money that found its bill settled: credit, or back to the card."""
    payment_id = payer.payment_id
    if payment_id is None:
        return
    choice = world.random.choice(list(SurplusChoice))
    world.in_a_process(
        payer.name,
        f"would have the surplus as {choice}",
        lambda: choose_surplus(payment_id=payment_id, choice=choice, now=world.clock.now()),
    )
