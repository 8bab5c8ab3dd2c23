"""What a reader does with a sale: waits for a card, asks for the PIN, asks the issuer, prints, remembers.

No sockets, no clock, no randomness of its own: `now` is passed in, numbers come from the generator that is injected.
The issuers are those of the gateway, so that a card has one account wherever it pays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from random import Random

from sandbox.gateway.cards import Card, Deck
from sandbox.gateway.issuer import Issuer, Reason
from sandbox.reader.faults import CONNECTION_KINDS, Fault, Kind, Occasion, ReaderFaults
from sandbox.reader.settings import How, ReaderSettings
from sandbox.reader.slips import For, Slip, slip_lines
from sandbox.reader.totals import Closing, totals_of
from sandbox.reader.transactions import Category, Direction, Ending, Refusal, Transaction, Wanted, Why
from sandbox.shelf import NoShelf, Shelf

MOST_PAPER = 40
_LONGEST_PIN = 6
_UNKNOWN_CARD_CODE = "62"
_RESULT_SHOWN_SECONDS = 15.0


class Stage(StrEnum):
    """What the reader is doing."""

    IDLE = "idle"
    CARD = "card"
    """It waits for a card."""
    PIN = "pin"
    AUTHORISING = "authorising"
    PRINTING = "printing"
    MAINTENANCE = "maintenance"


class Reader:
    """One reader: its memory, and everything that may happen to it. One thread; each method is one step."""

    def __init__(
        self,
        *,
        settings: ReaderSettings,
        issuer: Issuer,
        faults: ReaderFaults,
        random: Random,
        deck: Callable[[], Deck] = lambda: Deck.SEEN,
        shelf: Shelf | None = None,
        when_over: Callable[[Transaction], None] = lambda _transaction: None,
    ) -> None:
        self.settings = settings
        self.issuer = issuer
        self.faults = faults
        self.paper: deque[Slip] = deque(maxlen=MOST_PAPER)
        self.has_paper = True
        self.card_in: str = ""
        """The number of the card that sticks in the reader."""
        self.wrong_pin = False
        """Whether the PIN is asked for again."""
        self._keys = ""
        self._random = random
        self._deck = deck
        self._shelf = shelf or NoShelf()
        self._when_over = when_over
        self._begin_memory()
        self._remember()

    def _begin_memory(self) -> None:
        self.stage = Stage.IDLE
        self.current: Transaction | None = None
        self.boot = 1
        self.batch = 1
        self.logged_in: set[str] = set()
        self.logged_out: set[str] = set()
        self.closings: list[Closing] = []
        self.maintained_until = 0.0
        self.next_connection: Kind | None = None
        """What a fault has in store for the next connection."""
        self.unplugged_until = 0.0
        self._stan = 0
        self._log: dict[str, Transaction] = {}
        self._by_service: dict[tuple[str, str], Transaction] = {}
        self._due_at = 0.0
        self._due: Callable[[float], None] | None = None
        self._pan = ""

    # What is known

    def is_maintained(self, *, now: float) -> bool:
        return now < self.maintained_until

    def shown_stage(self, *, now: float) -> Stage:
        return Stage.MAINTENANCE if self.is_maintained(now=now) and self.current is None else self.stage

    def last_result(self, *, now: float) -> Transaction | None:
        """What just ended, while the display still says so."""
        last = next(reversed(self._log.values()), None)
        fresh = last is not None and last.is_over and abs(now - last.ended_at) < _RESULT_SHOWN_SECONDS
        return last if fresh else None

    def transactions(self) -> list[Transaction]:
        """All that are remembered, oldest first."""
        return list(self._log.values())

    def find(self, identifier: str) -> Transaction | None:
        return self._log.get(identifier)

    def find_by_service(self, service_id: str, *, category: Category, sale_id: str = "") -> Transaction | None:
        """By the till's own identifier."""
        found = self._by_service.get((category, service_id))
        return found if found is not None and sale_id in {"", found.wanted.sale_id} else None

    def find_last(self, *, sale_id: str = "", category: Category | None = None) -> Transaction | None:
        """The newest one, of one till and one category where those are told."""
        for each in reversed(self._log.values()):
            if sale_id in {"", each.wanted.sale_id} and category in {None, each.category}:
                return each
        return None

    def in_batch(self) -> list[Transaction]:
        """All of the open batch, oldest first."""
        return [each for each in self._log.values() if each.batch == self.batch]

    def slip_of(self, transaction: Transaction, *, whom: For, again: bool = False) -> list[str]:
        return slip_lines(
            transaction, whom=whom, settings=self.settings, language=transaction.wanted.language, again=again
        )

    # The till

    def draw_fault(
        self, *, call: str, service_id: str = "", reference: str = "", centimes: int | None = None
    ) -> Fault | None:
        """What goes wrong with this message; what concerns the connections after it is noted here."""
        return self.faults.draw(
            Occasion(
                poi_id=self.settings.poi_id,
                call=call,
                service_id=service_id,
                reference=reference,
                amount_centimes=centimes,
                endings=self.settings.endings,
            )
        )

    def note_fault(self, fault: Fault, *, now: float) -> None:
        """What a fault does to the reader itself, whatever becomes of the message."""
        if fault.kind is Kind.REFUSE_CONNECTION:
            self.unplugged_until = now + fault.seconds
        elif fault.kind in CONNECTION_KINDS:
            self.next_connection = fault.kind
        elif fault.kind is Kind.MAINTENANCE:
            self.maintained_until = now + fault.seconds

    def listens(self, *, now: float) -> bool:
        """Whether a connection is taken at this moment."""
        return now >= self.unplugged_until and not self.faults.refuses_connections(self.settings.poi_id, now=now)

    def breaks_connection(self, kind: Kind) -> bool:
        """Whether a connection that is being made ends in this way. Not safe to repeat."""
        if self.next_connection is kind:
            self.next_connection = None
            return True
        return self.faults.draw_for_connection(self.settings.poi_id, kind=kind) is not None

    def log_in(self, sale_id: str) -> None:
        self.logged_in.add(sale_id)
        self.logged_out.discard(sale_id)

    def log_out(self, sale_id: str) -> None:
        """Safe to repeat."""
        self.logged_in.discard(sale_id)
        self.logged_out.add(sale_id)

    def stands_in_the_way(self, wanted: Wanted, *, category: Category, now: float) -> Refusal | None:
        """Why nothing can be begun now; None when it can."""
        self.catch_up(now=now)
        if wanted.service_id and (category, wanted.service_id) in self._by_service:
            return Refusal(why=Why.REPEATED, message="this ServiceID was used before")
        if self.is_maintained(now=now):
            return Refusal(why=Why.BUSY, message="maintenance")
        if self.current is not None:
            return Refusal(why=Why.BUSY, message="a transaction is in progress")
        needs_login = self.settings.login_required and wanted.sale_id not in self.logged_in
        if needs_login or wanted.sale_id in self.logged_out:
            return Refusal(why=Why.LOGGED_OUT, message="no login session")
        return None

    def begin(self, wanted: Wanted, *, now: float, fault: Fault | None = None) -> Transaction | Refusal:
        """Asks for a card. Nothing is debited before the right PIN. Not safe to repeat without a `service_id`."""
        refusal = self.stands_in_the_way(wanted, category=Category.PAYMENT, now=now)
        if refusal is not None:
            return refusal
        transaction = self._new(wanted, category=Category.PAYMENT, now=now, fault=fault)
        self.current = transaction
        self.card_in, self._keys = "", ""
        self._wait_for_card(now=now)
        self.catch_up(now=now)
        return transaction

    def reverse(
        self, wanted: Wanted, *, original: Transaction | None, now: float, fault: Fault | None = None
    ) -> Transaction | Refusal:
        """Takes a whole payment of the open batch back, without a card. Once for each payment."""
        refusal = self.stands_in_the_way(wanted, category=Category.REVERSAL, now=now)
        if refusal is not None:
            return refusal
        if original is None or original.category is not Category.PAYMENT:
            return Refusal(why=Why.NOT_FOUND, message="there is no such payment")
        if not original.counts:
            return Refusal(why=Why.NOT_ALLOWED, message="nothing to take back")
        if original.batch != self.batch:
            return Refusal(why=Why.NOT_ALLOWED, message="its batch is closed")
        if wanted.amount_centimes != original.amount_centimes:
            return Refusal(why=Why.NOT_ALLOWED, message="only the whole amount can be taken back")
        transaction = self._new(wanted, category=Category.REVERSAL, now=now, fault=fault)
        transaction.reverses, transaction.account = original.identifier, original.account
        transaction.pan_masked, transaction.brand = original.pan_masked, original.brand
        self.current = transaction
        self._ask_host(now=now)
        self.catch_up(now=now)
        return transaction

    def abort(self, transaction: Transaction, *, now: float) -> bool:
        """The till wants no more. True when that ended it; False when it is too late."""
        self.catch_up(now=now)
        if transaction is not self.current or self.stage not in {Stage.CARD, Stage.PIN}:
            return False
        if _kind(transaction) is Kind.ABORT_TOO_LATE:
            return False
        self._end(transaction, Ending.ABORTED, now=now)
        return True

    def still_in_progress(self, transaction: Transaction, *, now: float) -> bool:
        """Whether a question about it is answered with: in progress. Counts the question."""
        self.catch_up(now=now)
        if not transaction.is_over:
            return True
        if transaction.polls_left:
            transaction.polls_left -= 1
            return True
        return False

    def close_batch(self, *, now: float) -> Closing:
        """Sends the batch to the bank and begins another one."""
        closing = Closing(batch=self.batch, at=now + self.settings.clock_skew_seconds, lines=totals_of(self.in_batch()))
        self.closings.append(closing)
        self.batch += 1
        self._keep()
        return closing

    def print_text(self, lines: Iterable[str], *, now: float) -> bool:
        """False when there is no paper."""
        if not self.has_paper:
            return False
        self.paper.append(Slip(whom=For.TILL, lines=list(lines), at=now))
        return True

    # The customer

    def present_card(self, pan: str, *, how: How, now: float) -> bool:
        """False when the reader does not wait for a card."""
        self.catch_up(now=now)
        transaction = self.current
        if transaction is None or self.stage is not Stage.CARD:
            return False
        card = self.issuer.find_card(pan)
        transaction.entry_mode = how
        transaction.pan_masked = f"{pan[:6]}******{pan[-4:]}"
        self.card_in = pan if how is How.CONTACT else ""
        if card is None:
            self._end(transaction, Ending.INVALID_CARD, now=now)
            return True
        transaction.brand, transaction.account = card.brand, card.account_number
        if _kind(transaction) is Kind.CARD_REMOVED:
            self._end(transaction, Ending.CARD_REMOVED, now=now)
        elif self.issuer.is_pin_blocked(card):
            self._refuse(transaction, code="75", ending=Ending.WRONG_PIN, now=now)
        elif self._needs_pin(transaction, how):
            self._pan, self.wrong_pin = pan, False
            self._wait_for_pin(now=now)
        else:
            self._pan = pan
            self._ask_host(now=now)
        self.catch_up(now=now)
        return True

    @property
    def keyed(self) -> int:
        """How many digits of a PIN are on the display."""
        return len(self._keys)

    def key(self, digit: str, *, now: float) -> bool:
        """One more star on the display. False when no PIN is asked for."""
        self.catch_up(now=now)
        if self.stage is not Stage.PIN or not digit.isdigit() or len(self._keys) >= _LONGEST_PIN:
            return False
        self._keys += digit[:1]
        return True

    def press_yellow(self, *, now: float) -> bool:
        """What was keyed is taken back. False when there was nothing."""
        self.catch_up(now=now)
        was, self._keys = self._keys, ""
        return bool(was)

    def press_green(self, *, now: float) -> bool:
        """What was keyed is the PIN. False when the reader does not ask for one, or nothing was keyed."""
        self.catch_up(now=now)
        return bool(self._keys) and self.give_pin(self._keys, now=now)

    def give_pin(self, pin: str, *, now: float) -> bool:
        """The whole PIN and the green key. False when the reader does not ask for one."""
        self.catch_up(now=now)
        transaction = self.current
        card = self._card()
        if transaction is None or card is None or self.stage is not Stage.PIN:
            return False
        if pin != card.pin or _kind(transaction) is Kind.PIN_WRONG:
            if not self.issuer.count_wrong_pin(card):
                self._refuse(transaction, code="75", ending=Ending.WRONG_PIN, now=now)
            else:
                self.wrong_pin = True
                self._wait_for_pin(now=now)
        else:
            self.issuer.forget_wrong_pins(card)
            transaction.pin_given = True
            self._ask_host(now=now)
        self.catch_up(now=now)
        return True

    def press_red(self, *, now: float) -> bool:
        """The customer (or the cashier, on the reader) cancels. False when that changes nothing."""
        self.catch_up(now=now)
        if self.current is None or self.stage not in {Stage.CARD, Stage.PIN}:
            return False
        self._end(self.current, Ending.CANCELLED, now=now)
        return True

    def remove_card(self, *, now: float) -> None:
        """Pulls the card out; before the issuer is asked, that ends the sale. Safe to repeat."""
        self.catch_up(now=now)
        was_in, self.card_in = self.card_in, ""
        if was_in and self.current is not None and self.stage is Stage.PIN:
            self._end(self.current, Ending.CARD_REMOVED, now=now)

    def put_paper_in(self) -> None:
        self.has_paper = True

    # Time and power

    def catch_up(self, *, now: float) -> None:
        """Does what has become due. Safe to repeat."""
        while self._due is not None and self._due_at <= now:
            step, at = self._due, self._due_at
            self._due = None
            step(at)

    def restart(self, *, now: float, wipe: bool = False) -> None:
        """Its power goes and comes back; with `wipe` it has forgotten every transaction."""
        self.boot += 1
        cut = self.current
        if cut is not None:
            cut.line_is_cut = True
            self._end(cut, Ending.POWER_CUT, now=now)
        self.stage, self._due, self.card_in, self._keys = Stage.IDLE, None, "", ""
        self.logged_in.clear()
        if wipe:
            for each in self._log.values():
                self._shelf.drop("reader_transaction", f"{self.settings.poi_id}/{each.identifier}")
            self._log.clear()
            self._by_service.clear()
        self._keep()

    def reset(self) -> None:
        """As on its first day; whoever waits for an answer waits in vain."""
        cut = self.current
        self._begin_memory()
        self.paper.clear()
        self.has_paper, self.card_in, self._keys = True, "", ""
        if cut is not None:
            cut.line_is_cut, cut.is_over = True, True
            self._when_over(cut)

    # Inside

    def _card(self) -> Card | None:
        return self.issuer.find_card(self._pan)

    def _needs_pin(self, transaction: Transaction, how: How) -> bool:
        if transaction.wanted.direction is Direction.CREDIT:
            return False
        small = transaction.wanted.amount_centimes <= self.settings.contactless_limit_centimes
        return how is How.CONTACT or not small

    def _new(self, wanted: Wanted, *, category: Category, now: float, fault: Fault | None) -> Transaction:
        self._stan = self._stan % 999_999 + 1
        skew = self.settings.clock_skew_seconds
        if fault is not None and fault.kind is Kind.CLOCK_SKEW:
            skew += fault.seconds
        transaction = Transaction(
            poi_id=self.settings.poi_id,
            # Unique although the numbering begins again when the memory was lost.
            identifier=f"{datetime.fromtimestamp(now, tz=UTC):%Y%m%d%H%M%S}{self.boot % 100:02d}{self._stan:06d}",
            stan=self._stan,
            batch=self.batch,
            category=category,
            wanted=wanted,
            began_at=now,
            skew_seconds=skew,
            fault=fault,
        )
        self._log[transaction.identifier] = transaction
        if wanted.service_id:
            self._by_service[category, wanted.service_id] = transaction
        self._keep(transaction)
        return transaction

    def _after(self, seconds: float, step: Callable[[float], None], *, now: float) -> None:
        self._due_at, self._due = now + seconds, step

    def _wait_for_card(self, *, now: float) -> None:
        self.stage = Stage.CARD
        options, kind = self.settings, _kind(self.current)
        if kind is Kind.CUSTOMER_CANCELS:
            self._after(options.autopilot_seconds, lambda at: self._end_current(Ending.CANCELLED, at), now=now)
        elif options.autopilot:
            self._after(options.autopilot_seconds, self._present_by_autopilot, now=now)
        else:
            self._after(options.card_seconds, lambda at: self._end_current(Ending.TIMED_OUT, at), now=now)

    def _wait_for_pin(self, *, now: float) -> None:
        self.stage, self._keys = Stage.PIN, ""
        options = self.settings
        if options.autopilot:
            self._after(options.autopilot_seconds, self._pin_by_autopilot, now=now)
        else:
            self._after(options.pin_seconds, lambda at: self._end_current(Ending.TIMED_OUT, at), now=now)

    def _present_by_autopilot(self, at: float) -> None:
        self.present_card(self.settings.autopilot_card, how=self.settings.autopilot_how, now=at)

    def _pin_by_autopilot(self, at: float) -> None:
        self.give_pin(self.settings.autopilot_pin, now=at)

    def _ask_host(self, *, now: float) -> None:
        self.stage = Stage.AUTHORISING
        silent = _kind(self.current) in {Kind.HOST_UNREACHABLE, Kind.HOST_TIME_OUT, Kind.HOST_REVERSAL_LOST}
        seconds = self.settings.host_patience_seconds if silent else self.settings.host_seconds
        self._after(seconds, self._hear_host, now=now)

    def _hear_host(self, at: float) -> None:
        transaction = self.current
        if transaction is None:
            return
        if transaction.category is Category.REVERSAL:
            self._take_back(transaction, now=at)
            return
        card = self._card()
        if card is None or _kind(transaction) is Kind.HOST_UNREACHABLE:
            self._end(transaction, Ending.HOST_UNREACHABLE, now=at)
            return
        credit = transaction.wanted.direction is Direction.CREDIT
        wanted = transaction.wanted.amount_centimes
        answer = self.issuer.authorise_on_a_reader(card, amount_centimes=0 if credit else wanted, deck=self._deck())
        if not answer.accepted:
            code = answer.response_code or ""
            ending = Ending.INVALID_CARD if code == _UNKNOWN_CARD_CODE else Ending.REFUSED
            self._refuse(transaction, code=code, ending=ending, now=at)
            return
        partial = _kind(transaction) is Kind.PARTIAL
        taken = max(1, wanted // 2) if partial else wanted
        with self._shelf.together():
            self._move(transaction, centimes=taken if credit else -taken, now=at)
            if _kind(transaction) in {Kind.HOST_TIME_OUT, Kind.HOST_REVERSAL_LOST}:
                if _kind(transaction) is Kind.HOST_TIME_OUT:
                    self._move(transaction, centimes=-taken if credit else taken, now=at)
                self._end(transaction, Ending.HOST_UNREACHABLE, now=at)
                return
            self._approve(transaction, taken=taken, ending=Ending.PARTIAL if partial else Ending.APPROVED, now=at)

    def _take_back(self, transaction: Transaction, *, now: float) -> None:
        original = self._log.get(transaction.reverses)
        kind = _kind(transaction)
        if original is None or kind is Kind.HOST_UNREACHABLE:
            self._end(transaction, Ending.HOST_UNREACHABLE, now=now)
            return
        taken = original.amount_centimes
        back = -taken if original.wanted.direction is Direction.CREDIT else taken
        with self._shelf.together():
            if kind is Kind.HOST_TIME_OUT:
                self._end(transaction, Ending.HOST_UNREACHABLE, now=now)
                return
            self._move(transaction, centimes=back, now=now, reason=Reason.REVERSAL)
            original.reversed_by = transaction.identifier
            self._keep(original)
            if kind is Kind.HOST_REVERSAL_LOST:
                self._end(transaction, Ending.HOST_UNREACHABLE, now=now)
                return
            self._approve(transaction, taken=taken, ending=Ending.APPROVED, now=now)

    def _move(self, transaction: Transaction, *, centimes: int, now: float, reason: Reason | None = None) -> None:
        name = transaction.books
        if centimes < 0:
            self.issuer.debit(transaction.account, centimes=-centimes, now=now, md_order=name)
            return
        credit = transaction.wanted.direction is Direction.CREDIT
        why = reason or (Reason.REFUND if credit else Reason.REVERSAL)
        self.issuer.give_back(transaction.account, centimes=centimes, now=now, md_order=name, reason=why)

    def _approve(self, transaction: Transaction, *, taken: int, ending: Ending, now: float) -> None:
        transaction.ending, transaction.response_code, transaction.amount_centimes = ending, "00", taken
        transaction.approval_code = f"{self._random.randrange(10**6):06d}"
        moment = datetime.fromtimestamp(now, tz=UTC)
        transaction.rrn = f"{moment:%y}"[-1] + f"{moment:%j%H}{transaction.stan:06d}"
        self._print_slips(transaction, now=now)

    def _refuse(self, transaction: Transaction, *, code: str, ending: Ending, now: float) -> None:
        transaction.ending, transaction.response_code = ending, code
        self._print_slips(transaction, now=now)

    def _print_slips(self, transaction: Transaction, *, now: float) -> None:
        if _kind(transaction) is Kind.NO_PAPER:
            self.has_paper = False
        self.stage = Stage.PRINTING
        transaction.printed = self.has_paper
        if self.has_paper:
            for whom in (For.CUSTOMER, For.MERCHANT):
                lines = self.slip_of(transaction, whom=whom)
                self.paper.append(Slip(whom=whom, lines=lines, at=now, language=transaction.wanted.language))
        self._keep(transaction)
        self._after(self.settings.printing_seconds, lambda at: self._finish(transaction, now=at), now=now)

    def _end_current(self, ending: Ending, at: float) -> None:
        if self.current is not None:
            self._end(self.current, ending, now=at)

    def _end(self, transaction: Transaction, ending: Ending, *, now: float) -> None:
        """Ends it without a slip."""
        if transaction.ending is None:
            transaction.ending = ending
        self._finish(transaction, now=now)

    def _finish(self, transaction: Transaction, *, now: float) -> None:
        transaction.is_over, transaction.ended_at = True, now
        self.current, self.stage, self._due, self._pan, self._keys = None, Stage.IDLE, None, "", ""
        fault = transaction.fault
        if fault is not None and fault.kind is Kind.IN_PROGRESS:
            transaction.polls_left = fault.polls
        self._keep(transaction)
        self._when_over(transaction)
        if fault is not None and fault.kind is Kind.LOG_WIPED:
            self.restart(now=now, wipe=True)

    # Memory

    def _keep(self, transaction: Transaction | None = None) -> None:
        poi_id = self.settings.poi_id
        with self._shelf.together():
            if transaction is not None:
                self._shelf.put("reader_transaction", f"{poi_id}/{transaction.identifier}", transaction.to_row())
            self._shelf.put(
                "reader_memory",
                poi_id,
                {
                    "poi_id": poi_id,
                    "boot": self.boot,
                    "batch": self.batch,
                    "stan": self._stan,
                    "has_paper": self.has_paper,
                    "logged_in": sorted(self.logged_in),
                    "logged_out": sorted(self.logged_out),
                    "closings": [each.to_row() for each in self.closings],
                },
            )

    def _remember(self) -> None:
        poi_id = self.settings.poi_id
        for row in self._shelf.rows("reader_memory"):
            if row["poi_id"] == poi_id:
                self.boot, self.batch, self._stan = row["boot"] + 1, row["batch"], row["stan"]
                self.has_paper = row["has_paper"]
                self.logged_in, self.logged_out = set(row["logged_in"]), set(row["logged_out"])
                self.closings = [Closing.from_row(each) for each in row["closings"]]
                self._keep()
        for row in self._shelf.rows("reader_transaction"):
            if row["poi_id"] != poi_id:
                continue
            transaction = Transaction.from_row(row)
            if transaction.ending is None:
                transaction.ending = Ending.POWER_CUT
            transaction.is_over = True
            self._log[transaction.identifier] = transaction
            if transaction.wanted.service_id:
                self._by_service[transaction.category, transaction.wanted.service_id] = transaction


def _kind(transaction: Transaction | None) -> Kind | None:
    return transaction.fault.kind if transaction is not None and transaction.fault is not None else None
