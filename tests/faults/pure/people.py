"""Everybody who is not us: payers and whoever looks over their shoulder, the billing system, the gateway's messages."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bawabati.bills.rules import (
    SIZE_IS_WRONG,
    BillChanged,
    BillNotPayable,
    BillStatus,
    Standing,
    TooLittleWouldRemain,
    Way,
    spread,
    standing_of,
    ways_to_pay,
)
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.payments.rules import FINAL, State
from faults.pure.outside import Order, Status
from faults.pure.plan import DAY, HOUR, MINUTE
from faults.pure.portal import Portal, order_of
from faults.pure.staff import Staff
from faults.pure.store import LIMITS, Bill, Payment, Seen
from faults.pure.world import World

TRIES = 3
LATE_AT_MOST = 5 * HOUR
"""After the last late check nobody asks any more. With a clock that jumps a day ahead, that is seven hours."""

Steps = Generator[Any, None, Any]


class People:
    """Everybody of one seed."""

    __slots__ = ("portal", "staff", "world")

    def __init__(self, world: World, portal: Portal) -> None:
        self.world = world
        self.portal = portal
        self.staff = Staff(world, portal) if world.plan.gives_back else None

    def come(self) -> None:
        """Everybody sets out."""
        world, dice = self.world, self.world.dice
        for number in range(world.plan.people):
            world.begin(self.payer(f"payer {number}"), after=int(dice() * 20 * MINUTE))
        if world.plan.changes_bills:
            world.begin(self.billing_system(), after=int(dice() * 40 * MINUTE))
        world.begin(self.nights(), after=18 * HOUR)
        if self.staff is not None:
            world.begin(self.staff.work())
        if dice() < 0.1:
            world.begin(self.forger(), after=int(dice() * 30 * MINUTE))

    # --- a payer ---

    def payer(self, who: str) -> Steps:
        """Looks for bills, presses, pays or not, comes back or not; and perhaps begins again."""
        world = self.world
        for number in range(TRIES):
            seen = self._choose()
            if not seen:
                world.seen["nothing to pay"] += 1
                return
            yield 5 + int(world.dice() * 200)
            payment = yield from self._press(who, f"{who}, form {number}", seen)
            if payment is not None:
                yield from self._walk(who, payment)
                if payment.state is State.PAID and world.dice() < 0.8:
                    return
            if world.dice() < 0.35:
                return
            yield 10 + int(world.dice() ** 2 * 30 * MINUTE)

    def _choose(self) -> list[Seen]:
        """A bill that can be paid or is being paid, alone or with older ones, whole or a part, as it looks now."""
        world, store = self.world, self.world.store
        several = world.dice() < 0.3
        bills = {bill.id: bill for bill in store.bills if self._looks_payable(bill)}
        if not bills:
            return []
        typed = next(iter(bills))
        ways = ways_to_pay([bill.open_bill() for bill in bills.values()], typed_id=typed, limits=store.limits)
        if not ways:
            world.seen["no way to pay"] += 1
            return []
        way = ways[-1 if several else 0]
        try:
            parts = spread(way.bills, amount=self._amount(way), limits=store.limits)
        except TooLittleWouldRemain as why:
            world.seen["too little would remain"] += 1
            parts = spread(way.bills, amount=why.details["better"], limits=store.limits)  # type: ignore[arg-type]
        return [
            Seen(bills[part.bill.bill_id], part.bill.version, part.bill.left.centimes, part.pays.centimes)
            for part in parts
            if part.pays
        ]

    def _looks_payable(self, bill: Bill) -> bool:
        standing = standing_of(bill.facts(), self.world.store.limits)
        self.world.seen[f"a bill that is {standing}"] += 1
        return standing in {Standing.PAYABLE, Standing.BEING_PAID, *SIZE_IS_WRONG}

    def _amount(self, way: Way) -> Money:
        most = way.largest_part
        if most is None or (way.pays_whole and self.world.dice() < 0.6):
            return way.sum
        self.world.seen["a part is paid"] += 1
        least = LIMITS.minimum.centimes
        return Money(least + int(self.world.dice() * (most.centimes - least)))

    def _press(self, who: str, key: str, seen: list[Seen]) -> Steps:
        """The button, once or twice. Whoever finds the bill held asks about the attempt that holds it."""
        world, portal = self.world, self.portal
        wants_receipt = world.dice() < 0.5
        if world.dice() < 0.1:
            world.seen["two presses of one form"] += 1
            world.begin(self._press_again(key, seen), after=int(world.dice() * 3))
        world.tell(who, "presses the button")
        try:
            payment: Payment | None = yield from portal.press(seen, key=key, wants_receipt=wants_receipt)
        except BillChanged:
            world.seen["the bill had changed"] += 1
            return None
        except BillNotPayable as why:
            live = why.details.get("live")
            if isinstance(live, Payment):
                world.seen["somebody else is paying"] += 1
                yield from portal.page(live)
            return None
        except CannotDo:
            world.seen["the sum is no longer allowed"] += 1
            return None
        if payment is not None:
            portal.show(payment)
        return payment

    def _press_again(self, key: str, seen: list[Seen]) -> Steps:
        try:
            yield from self.portal.press(seen, key=key, wants_receipt=False)
        except CannotDo:
            return

    def _walk(self, who: str, payment: Payment) -> Steps:
        """From our page to the card page and back, or not."""
        world, dice = self.world, self.world.dice
        if payment.state is State.OPENED:
            yield from self._wait_for_the_page(payment)
        order = order_of(self.portal, payment)
        if payment.state is not State.AT_GATEWAY or not payment.has_page or order is None:
            return
        if dice() < 0.05:
            world.seen["never got the page"] += 1
            world.tell(who, "never gets the page")
            yield 60 + int(dice() * 10 * MINUTE)
            if dice() < 0.5:
                return
        if dice() < 0.07:
            world.seen["a second tab"] += 1
            world.begin(self._card_page(f"{who}, tab 2", payment, order), after=int(dice() * 300))
        yield from self._card_page(who, payment, order)

    def _wait_for_the_page(self, payment: Payment) -> Steps:
        """A page that refreshes itself, while a job registers or nobody knows."""
        for _ in range(3):
            yield 8
            yield from self.portal.page(payment)
            if payment.state is not State.OPENED:
                return

    def _card_page(self, who: str, payment: Payment, order: Order) -> Steps:
        world, outside, dice = self.world, self.portal.outside, self.world.dice
        while True:
            yield 20 + int(dice() ** 2 * 15 * MINUTE)
            if outside.is_out(world.t):
                world.seen["the card page is out"] += 1
                if dice() < 0.5:
                    return
                continue
            if not outside.can_pay(order, world.t):
                world.seen["the card page refuses"] += 1
                yield from self._go_back(who, payment, by_fail=True)
                return
            move = dice()
            if move < 0.12:
                world.seen["abandons"] += 1
                world.tell(who, "abandons")
                return
            if move < 0.6:
                yield from self._give_the_code(who, payment, order)
                return
            order.status = Status.DECLINED if move < 0.75 else Status.CANCELLED if move < 0.9 else Status.CODE_WRONG
            world.seen[order.status] += 1
            world.tell(who, f"{order.status} at the card page")
            self._message(payment)
            if not world.plan.may_retry or dice() < 0.4:
                yield from self._go_back(who, payment, by_fail=True)
                return
            world.seen["tries again on the same page"] += 1
            if dice() < 0.4:
                world.begin(self.portal.page(payment, by_fail=True))

    def _give_the_code(self, who: str, payment: Payment, order: Order) -> Steps:
        world, dice = self.world, self.world.dice
        if world.happens(world.plan.late_rate):
            world.seen["authorised late"] += 1
            order.authorises_at = world.t + 60 + int(dice() ** 2 * (LATE_AT_MOST - 60))
            if dice() < 0.4:
                world.seen["authorised when all was over"] += 1
                order.authorises_at = world.t + 32 * HOUR + int(dice() * DAY)
            world.tell(who, "gives the code, and the issuer does not answer")
            yield from self._go_back(who, payment, by_fail=dice() < 0.5)
            return
        self.portal.outside.debit(order, world.t)
        world.tell(who, f"gives the code; the card loses {order.amount.centimes} centimes")
        if world.happens(world.plan.unreadable_rate):
            world.seen["the result can be read only later"] += 1
            order.readable_from = world.t + int(dice() * 10 * MINUTE)
        self._message(payment)
        if dice() < 0.3:
            world.seen["closes the browser after the code"] += 1
            world.tell(who, "closes the browser")
            return
        if dice() < world.plan.lost_redirect_rate:
            world.seen["the way back is lost"] += 1
            return
        yield from self._go_back(who, payment, by_fail=dice() < 0.05)

    def _go_back(self, who: str, payment: Payment, *, by_fail: bool) -> Steps:
        """The return address: once, twice, reloaded, hours later."""
        world, dice = self.world, self.world.dice
        yield 1 + int(dice() * 5)
        world.seen["came back by the address for failures" if by_fail else "came back"] += 1
        world.tell(who, "comes back" + (" by the address for failures" if by_fail else ""))
        reached = yield from self.portal.page(payment, by_fail=by_fail)
        if not reached or dice() < 0.2:
            world.seen["reloads"] += 1
            yield 2 + int(dice() ** 4 * 10 * HOUR)
            yield from self.portal.page(payment, by_fail=by_fail)

    # --- others ---

    def _message(self, payment: Payment) -> None:
        """The gateway's own message, never, early, twice, of another order: it only makes us ask."""
        world = self.world
        if not world.happens(world.plan.callback_rate):
            return
        world.seen["a message of the gateway"] += 1
        for _ in range(1 + int(world.dice() * 2)):
            of = world.random.choice(world.store.payments) if world.dice() < 0.2 else payment
            world.begin(self.portal.page(of), after=int(world.dice() ** 3 * HOUR))

    def forger(self) -> Steps:
        """Somebody who guessed or was sent an address, and opens it whenever he likes."""
        world = self.world
        for _ in range(3):
            if world.store.payments:
                world.seen["a forged return"] += 1
                payment = world.random.choice(world.store.payments)
                yield from self.portal.page(payment, by_fail=world.dice() < 0.5)
            yield int(world.dice() * 10 * MINUTE)

    def nights(self) -> Steps:
        """The comparison with the gateway, each night; the last one when nothing can change any more."""
        world, portal = self.world, self.portal
        is_last = False
        while not is_last:
            is_last = world.is_quiet() and (self.staff is None or self.staff.write_down_reversals())
            if not portal.is_down:
                for payment in list(world.store.payments):
                    if payment.state in FINAL:
                        world.begin(portal.compare(payment))
                if self.staff is not None:
                    self.staff.write_down_reversals()
            yield DAY

    def billing_system(self) -> Steps:
        """Sends other versions of bills while people pay them."""
        world, dice = self.world, self.world.dice
        for _ in range(1 + int(dice() * 3)):
            bill = world.random.choice(world.store.bills)
            due, status = bill.due, BillStatus.OPEN
            move = dice()
            if move < 0.35:
                due = int(due * dice())
            elif move < 0.6:
                due += 10_000
            else:
                status = world.random.choice((BillStatus.CANCELLED, BillStatus.REPLACED, BillStatus.WITHDRAWN))
            world.seen[f"a bill becomes {status}" if status is not BillStatus.OPEN else "another amount is due"] += 1
            world.store.change_bill(bill, due=due, status=status)
            world.tell("billing system", f"bill {bill.id}: due {due}, {status}")
            yield 30 + int(dice() * HOUR)
