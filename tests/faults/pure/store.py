"""What is remembered: rows, and changes of them. Each change is one transaction: all of it or nothing, and alone.

It asks the product's rules what may be done, and refuses what the database refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bawabati.adapters.gateways.contract import AskAnswer, RegisterAnswer
from bawabati.bills.rules import (
    SIZE_IS_WRONG,
    BillChanged,
    BillFacts,
    BillNotPayable,
    BillStatus,
    Limits,
    OpenBill,
    Standing,
    oldest_first,
    share_of,
    spread,
    standing_of,
)
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    FINAL,
    HOLDING,
    Alarm,
    Attempt,
    Event,
    Part,
    RefundAtGateway,
    RefundKind,
    RefundReason,
    RefundState,
    Schedule,
    State,
    Verdict,
    next_state,
)
from faults.pure.violations import must

LIMITS = Limits(minimum=Money(50_00), ceiling=Money(50_000_00))
FIRST_DUE = date(2025, 1, 15)
PAGE_LIFE = timedelta(minutes=12)
ACCOUNTS = ("cards_to_collect", "customers", "customer_credit", "refunds_due", "goodwill", "bank")


@dataclass(slots=True, eq=False)
class Bill:
    """A bill, as its billing system last told it. Amounts in centimes."""

    id: int
    due: int
    settled: int = 0
    status: BillStatus = BillStatus.OPEN
    version: int = 1
    held_by: Payment | None = None
    replaced_by: Bill | None = None

    @property
    def left(self) -> int:
        """What is left to settle, in centimes."""
        return self.due - self.settled

    def open_bill(self) -> OpenBill:
        """As the rules of paying several together know it. The first bill is the oldest."""
        return OpenBill(
            bill_id=self.id,
            version=self.version,
            period="",
            due_on=FIRST_DUE + timedelta(days=90 * self.id),
            left=Money(self.left),
        )

    def facts(self) -> BillFacts:
        """What the rules know of it."""
        return BillFacts(
            status=self.status, due=Money(self.due), settled=Money(self.settled), is_held=self.held_by is not None
        )


@dataclass(slots=True, eq=False)
class Line:
    """One bill of an attempt."""

    bill: Bill
    amount: int
    settled: int | None = None
    surplus: int = 0


@dataclass(slots=True, eq=False)
class Payment:
    """An attempt; the columns are the product's."""

    id: int
    number: str
    lines: list[Line]
    amount: Money
    opened_at: datetime
    page_ends_at: datetime
    next_ask_at: datetime | None
    register_sent_at: datetime | None
    wants_receipt: bool
    state: State = State.OPENED
    reference: str | None = None
    has_page: bool = False
    leased_until: datetime | None = None
    asked_count: int = 0
    checks_passed: int = 0
    was_declined: bool = False
    not_found_at: datetime | None = None
    path: list[tuple[Event, State]] = field(default_factory=list)
    not_paid_at: list[datetime] = field(default_factory=list)
    """When, by our clock, a question was asked to which the outside answered "not paid", since it is watched."""
    not_known_at: list[datetime] = field(default_factory=list)
    """When a question was asked to which the gateway said that it does not know the order, or will not say."""
    shown: set[State] = field(default_factory=set)
    wakes: set[int] = field(default_factory=set)
    """When the sweeper looks at it next, in the world's time."""
    ended_at: int = -1
    """When it ended, in the world's time."""
    recovered_from: Payment | None = None
    recovery: Payment | None = None
    is_released: bool = False
    """A person has freed its bills, and it goes on being asked about."""
    refunds: list[Refund] = field(default_factory=list)

    def attempt(self) -> Attempt:
        """What the judge knows of it."""
        return Attempt(
            state=self.state,
            order_number=self.number,
            amount=self.amount,
            opened_at=self.opened_at,
            page_ends_at=self.page_ends_at,
            register_sent_at=self.register_sent_at,
            asked_count=self.asked_count,
            checks_passed=self.checks_passed,
            next_ask_at=self.next_ask_at,
            was_declined=self.was_declined,
            not_found_at=self.not_found_at,
        )


@dataclass(slots=True, eq=False)
class Refund:
    """Money that goes back; the columns are the product's."""

    id: int
    payment: Payment
    amount: Money
    kind: RefundKind
    reason: RefundReason
    parts: list[Part]
    state: RefundState = RefundState.REQUESTED
    tries: int = 0
    baseline: Money | None = None
    unchanged_since: datetime | None = None
    next_step_at: datetime | None = None
    past_the_gateway: bool = False
    read_at: list[datetime] = field(default_factory=list)
    """When, by our clock, the gateway was seen to hold what it held before, since the refund was last sent."""

    def at_gateway(self) -> RefundAtGateway:
        """What the rules know of it."""
        return RefundAtGateway(
            state=self.state,
            amount=self.amount,
            tries=self.tries,
            baseline=self.baseline,
            unchanged_since=self.unchanged_since,
        )


@dataclass(slots=True, eq=False)
class Notice:
    """A message that has to leave."""

    payment: Payment
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A bill in the version that the payer saw, what was left of it, and what of it he pays."""

    bill: Bill
    version: int
    left: int
    pays: int


class Store:
    """The database of one company."""

    __slots__ = (
        *("bills", "books", "by_key", "cases", "limits", "moved_on", "notices", "payments", "posted", "receipts"),
        *("refunds", "schedule"),
    )

    def __init__(self, bills: list[Bill], schedule: Schedule, *, allows_parts: bool) -> None:
        self.schedule = schedule
        self.limits = replace(LIMITS, allows_parts=allows_parts)
        self.bills = bills
        self.payments: list[Payment] = []
        self.by_key: dict[str, Payment] = {}
        self.receipts: list[Payment] = []
        self.notices: list[Notice] = []
        self.cases: dict[tuple[str, str], int] = {}
        self.moved_on = 0
        """What of surplus has settled bills that replaced others, in centimes."""
        self.refunds: list[Refund] = []
        self.books: dict[str, int] = dict.fromkeys(ACCOUNTS, 0)
        self.posted: set[tuple[str, int, int]] = set()

    def open_attempt(
        self, seen: Sequence[Seen], *, key: str, wants_receipt: bool, registers_now: bool, now: datetime
    ) -> Payment:
        """As `start_payment` under its locks. Raises BillNotPayable, BillChanged, and what `spread` raises."""
        for choice in seen:
            standing = standing_of(choice.bill.facts(), self.limits)
            if standing is not Standing.PAYABLE and standing not in SIZE_IS_WRONG:
                raise BillNotPayable(standing=standing, live=choice.bill.held_by)
            if (choice.bill.version, choice.bill.left) != (choice.version, choice.left):
                raise BillChanged
        amount = sum(choice.pays for choice in seen)
        ordered = oldest_first([choice.bill.open_bill() for choice in seen])
        parts = spread(ordered, amount=Money(amount), limits=self.limits)
        if {part.bill.bill_id: part.pays.centimes for part in parts} != {
            choice.bill.id: choice.pays for choice in seen
        }:
            raise BillChanged
        payment = Payment(
            id=len(self.payments),
            number=f"A{len(self.payments):09d}",
            lines=[Line(choice.bill, choice.pays) for choice in seen],
            amount=Money(amount),
            opened_at=now,
            page_ends_at=now + PAGE_LIFE,
            next_ask_at=self.schedule.next_register_ask_at(opened_at=now, now=now),
            register_sent_at=now if registers_now else None,
            wants_receipt=wants_receipt,
        )
        for line in payment.lines:
            must(line.bill.held_by is None, "I7", f"bill {line.bill.id} is held twice")
            line.bill.held_by = payment
        self.payments.append(payment)
        self.by_key[key] = payment
        return payment

    def open_recovered(self, ended: Payment, now: datetime) -> Payment:
        """A payment beside an attempt that ended otherwise, with its lines and its order. It holds nothing."""
        must(ended.recovery is None, "I1", f"payment {ended.id} is recovered twice")
        payment = Payment(
            id=len(self.payments),
            number=ended.number,
            lines=[Line(line.bill, line.amount) for line in ended.lines],
            amount=ended.amount,
            opened_at=now,
            page_ends_at=ended.page_ends_at,
            next_ask_at=now,
            register_sent_at=ended.register_sent_at,
            wants_receipt=ended.wants_receipt,
            reference=ended.reference,
            recovered_from=ended,
        )
        ended.recovery = payment
        self.payments.append(payment)
        return payment

    def apply(self, payment: Payment, event: Event, verdict: Verdict) -> None:
        """Moves an attempt along the table; holds end where the state ends them."""
        before = payment.state
        must(before not in FINAL, "I6", f"payment {payment.id} leaves the final state {before} by {event}")
        payment.state = after = next_state(before, event)
        payment.path.append((event, after))
        self.take_in(payment, verdict)
        if before in HOLDING and after not in HOLDING:
            for line in payment.lines:
                if line.bill.held_by is payment:
                    line.bill.held_by = None

    def take_in(self, payment: Payment, verdict: Verdict) -> None:
        """What an answer taught."""
        payment.next_ask_at = verdict.next_ask_at
        payment.leased_until = None
        payment.asked_count += 1
        payment.checks_passed = verdict.checks_passed
        payment.was_declined = verdict.was_declined
        payment.not_found_at = verdict.not_found_at

    def learn_reference(self, payment: Payment, answer: AskAnswer | RegisterAnswer) -> None:
        """The gateway's own name of the order, from whatever answer first says it."""
        if answer.said.reference and payment.reference is None:
            payment.reference = answer.said.reference

    def settle(self, payment: Payment) -> None:
        """Confirmed money: the bills, the books, the receipt, the notice. What finds no room becomes credit."""
        surplus = 0
        for line in payment.lines:
            share = share_of(line.bill.facts(), Money(line.amount))
            line.settled, line.surplus = share.settled.centimes, share.surplus.centimes
            self.post("customers", line.settled, ("capture", payment.id, line.bill.id))
            self.post("customer_credit", line.surplus, ("surplus", payment.id, line.bill.id))
            line.bill.settled += line.settled
            must(line.bill.settled <= line.bill.due, "I4", f"bill {line.bill.id} is settled above what is due")
            surplus += line.surplus
        for line in payment.lines:
            self._move_to_replacing(line)
        if surplus:
            self.open_case("surplus", f"payment:{payment.id}", surplus)
        must(payment not in self.receipts, "I3", f"payment {payment.id} gets a second receipt")
        self.receipts.append(payment)
        if payment.wants_receipt:
            self.notices.append(Notice(payment))

    def _move_to_replacing(self, line: Line) -> None:
        """The bill was replaced while it was being paid: its money goes on to the bill that replaces it."""
        bill = line.bill.replaced_by
        if bill is None or bill.status is not BillStatus.OPEN or bill.held_by is not None:
            return
        amount = min(line.surplus, bill.left, max(0, -self.books["customer_credit"]))
        self.moved_on += amount
        bill.settled += amount
        self.books["customer_credit"] += amount
        self.books["customers"] -= amount

    def post(self, credited: str, amount: int, reference: tuple[str, int, int]) -> None:
        """One transfer, once for each reference."""
        if amount:
            must(reference not in self.posted, "I5", f"{reference} is posted twice")
            self.posted.add(reference)
            self.books["cards_to_collect"] += amount
            self.books[credited] -= amount

    def change_bill(self, bill: Bill, *, due: int, status: BillStatus) -> None:
        """What the billing system sends: another version. What was paid above it becomes credit at once."""
        bill.due, bill.status = due, status
        if status is BillStatus.REPLACED and bill.replaced_by is None:
            bill.replaced_by = Bill(id=len(self.bills), due=max(due, 1))
            self.bills.append(bill.replaced_by)
        bill.version += 1
        excess = bill.settled - due
        if excess > 0:
            bill.settled = due
            self.books["customers"] += excess
            self.books["customer_credit"] -= excess
            self.open_case("surplus", f"bill_version:{bill.id}:{bill.version}", excess)

    def open_case(self, kind: str, reference: str, amount: int) -> None:
        """Something that a person has to look at; once while it repeats itself."""
        self.cases.setdefault((kind, reference), amount)

    def alarm(self, payment: Payment, alarm: Alarm) -> None:
        """Tells the office."""
        about_the_account = alarm is Alarm.ACCESS_DENIED
        self.open_case(alarm, "account" if about_the_account else f"payment:{payment.id}", payment.amount.centimes)
