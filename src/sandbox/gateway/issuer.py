"""The issuing banks: accounts, their entries, and the cards that may pay, online and on a reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from sandbox.gateway import outcomes
from sandbox.gateway.cards import Card, Deck
from sandbox.gateway.outcomes import Outcome, Wire
from sandbox.shelf import NoShelf, Shelf


class Reason(StrEnum):
    """Why money moved on an account."""

    OPENING = "opening"
    PURCHASE = "purchase"
    REFUND = "refund"
    REVERSAL = "reversal"
    CANCELLATION = "cancellation"
    CHARGEBACK = "chargeback"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement of an account: below zero for a debit, above zero for a credit. Never changed, never removed."""

    sequence: int
    account: str
    at: float
    centimes: int
    reason: Reason
    md_order: str = ""
    """The gateway's order, or a reader's sale (`<poi_id>/<transaction>`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Money set aside for an order: still the card holder's, and not to be spent on anything else."""

    md_order: str
    account: str
    at: float
    centimes: int


@dataclass(slots=True, kw_only=True)
class Account:
    """An account behind a card. Its balance is the sum of its entries; a hold is none of them."""

    number: str
    balance_centimes: int = 0
    held_centimes: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def available_centimes(self) -> int:
        """What may still be spent."""
        return self.balance_centimes - self.held_centimes


WRONG_PINS_ALLOWED = 3
_ONLINE_ONLY = frozenset(
    {outcomes.LOCKED, outcomes.NOT_AUTHORISED, outcomes.INACTIVE, outcomes.WRONG_CVV2, outcomes.WRONG_EXPIRY}
)
"""Answers that concern payment on a page: the same cards pay on a reader."""


class Issuer:
    """All issuers at once. The books here are the truth that everything else can be compared with."""

    def __init__(self, *, cards: Iterable[Card], opened_at: float, shelf: Shelf | None = None) -> None:
        self._cards = {card.pan: card for card in cards}
        self._shelf = shelf or NoShelf()
        self._opened_at = opened_at
        self._accounts: dict[str, Account] = {}
        self._entries_of_order: dict[str, list[Entry]] = {}
        self._holds: dict[str, Hold] = {}
        self._locked: set[str] = set()
        self._wrong_pins: dict[str, int] = {}
        self._sequence = 0
        for row in self._shelf.rows("entry"):
            self._note(Entry(**{**row, "reason": Reason(row["reason"])}))
        for row in self._shelf.rows("hold"):
            self._set_aside(Hold(**row))
        for row in self._shelf.rows("locked_card"):
            self._locked.add(row["pan"])
        for row in self._shelf.rows("wrong_pins"):
            self._wrong_pins[row["pan"]] = row["times"]
        self._open_missing_accounts()

    # Cards

    def cards(self) -> list[Card]:
        return list(self._cards.values())

    def find_card(self, pan: str) -> Card | None:
        return self._cards.get(pan)

    def is_locked(self, card: Card) -> bool:
        """Whether three wrong codes have closed this card for online payment."""
        return card.pan in self._locked

    def lock(self, card: Card) -> None:
        self._locked.add(card.pan)
        self._shelf.put("locked_card", card.pan, {"pan": card.pan})

    def unlock(self, card: Card) -> None:
        """Opens the card again, online and on readers. Nothing happens when it was not locked."""
        self._locked.discard(card.pan)
        self._shelf.drop("locked_card", card.pan)
        self.forget_wrong_pins(card)

    def is_pin_blocked(self, card: Card) -> bool:
        """Whether three wrong PINs have closed this card on readers."""
        return self._wrong_pins.get(card.pan, 0) >= WRONG_PINS_ALLOWED

    def count_wrong_pin(self, card: Card) -> int:
        """How many tries are left; 0: the card is blocked now."""
        times = self._wrong_pins.get(card.pan, 0) + 1
        self._wrong_pins[card.pan] = times
        self._shelf.put("wrong_pins", card.pan, {"pan": card.pan, "times": times})
        return max(0, WRONG_PINS_ALLOWED - times)

    def forget_wrong_pins(self, card: Card) -> None:
        """The right PIN was given. Safe to repeat."""
        if self._wrong_pins.pop(card.pan, 0):
            self._shelf.drop("wrong_pins", card.pan)

    def refuses_before_the_code(self, card: Card | None, *, wire: Wire, deck: Deck) -> Outcome | None:
        """What ends the attempt as soon as the number is known; None when a code may be sent."""
        if card is None:
            return outcomes.UNKNOWN_CARD if wire is Wire.A else outcomes.UNRECOGNISED
        if self.is_locked(card):
            return outcomes.LOCKED
        fixed = card.issuer_says(wire=wire, deck=deck)
        return fixed if fixed in outcomes.BEFORE_THE_CODE else None

    def authorise(self, card: Card, *, cvv2: str, expiry: str, amount_centimes: int, wire: Wire, deck: Deck) -> Outcome:
        """What the issuer says to a payment of `amount_centimes`. Nothing moves yet."""
        if cvv2 != card.cvv2:
            return outcomes.WRONG_CVV2
        if expiry != card.expiry:
            return outcomes.WRONG_EXPIRY
        fixed = card.issuer_says(wire=wire, deck=deck)
        if not fixed.accepted:
            return fixed
        if card.ceiling_centimes is not None and amount_centimes > card.ceiling_centimes:
            return outcomes.OVER_CARD_CEILING
        if amount_centimes > self.account(card.account_number).available_centimes:
            return outcomes.INSUFFICIENT_BALANCE
        return outcomes.ACCEPTED

    def authorise_on_a_reader(self, card: Card, *, amount_centimes: int, deck: Deck) -> Outcome:
        """What the issuer says to a payment with the card itself and its right PIN. Nothing moves yet."""
        if card.printed is outcomes.EXPIRED:
            return outcomes.EXPIRED
        fixed = card.issuer_says(wire=Wire.B, deck=deck)
        if fixed is outcomes.UNRECOGNISED:
            return outcomes.UNKNOWN_CARD
        if not fixed.accepted and fixed not in _ONLINE_ONLY:
            return fixed
        if card.ceiling_centimes is not None and amount_centimes > card.ceiling_centimes:
            return outcomes.OVER_CARD_CEILING
        if amount_centimes > self.account(card.account_number).available_centimes:
            return outcomes.INSUFFICIENT_BALANCE
        return outcomes.ACCEPTED

    # Accounts

    def accounts(self) -> list[Account]:
        return list(self._accounts.values())

    def find_account(self, number: str) -> Account | None:
        return self._accounts.get(number)

    def account(self, number: str) -> Account:
        """Raises KeyError when no card has this account."""
        return self._accounts[number]

    def debit(self, number: str, *, centimes: int, now: float, md_order: str) -> Entry:
        """Takes money for an order. Not safe to repeat: each call is another debit."""
        return self._enter(number, centimes=-centimes, now=now, reason=Reason.PURCHASE, md_order=md_order)

    def give_back(self, number: str, *, centimes: int, now: float, md_order: str, reason: Reason) -> Entry:
        """Returns money of an order. Not safe to repeat: each call is another credit."""
        return self._enter(number, centimes=centimes, now=now, reason=reason, md_order=md_order)

    def move_by_hand(self, number: str, *, centimes: int, now: float) -> Entry:
        """Adds (or, below zero, takes) money for a test or a demonstration."""
        return self._enter(number, centimes=centimes, now=now, reason=Reason.BY_HAND, md_order="")

    def hold(self, number: str, *, centimes: int, now: float, md_order: str) -> Hold:
        """Sets money aside for an order. Nothing is debited."""
        hold = Hold(md_order=md_order, account=number, at=now, centimes=centimes)
        self._set_aside(hold)
        self._shelf.put("hold", md_order, asdict(hold))
        return hold

    def release(self, md_order: str) -> int:
        """Lets go of what was set aside for an order; returns how much that was. Safe to repeat."""
        hold = self._holds.pop(md_order, None)
        if hold is None:
            return 0
        self.account(hold.account).held_centimes -= hold.centimes
        self._shelf.drop("hold", md_order)
        return hold.centimes

    def held_centimes(self, md_order: str) -> int:
        """What is set aside for an order at this moment."""
        hold = self._holds.get(md_order)
        return hold.centimes if hold else 0

    def captured_centimes(self, md_order: str) -> int:
        """All that was ever debited for an order; a hold is no debit."""
        return -sum(entry.centimes for entry in self._entries_of_order.get(md_order, ()) if entry.centimes < 0)

    def returned_centimes(self, md_order: str) -> int:
        """All that was ever credited back for an order, by refund, reversal or cancellation."""
        return sum(entry.centimes for entry in self._entries_of_order.get(md_order, ()) if entry.centimes > 0)

    def reset(self, *, now: float) -> None:
        """New books: every account holds its opening balance again, no card is locked."""
        self._accounts.clear()
        self._entries_of_order.clear()
        self._holds.clear()
        self._locked.clear()
        self._wrong_pins.clear()
        self._sequence = 0
        self._opened_at = now
        self._open_missing_accounts()

    def _set_aside(self, hold: Hold) -> None:
        self._holds[hold.md_order] = hold
        self.account(hold.account).held_centimes += hold.centimes

    def _open_missing_accounts(self) -> None:
        for card in self._cards.values():
            if card.account_number not in self._accounts:
                self._accounts[card.account_number] = Account(number=card.account_number)
                self._enter(
                    card.account_number,
                    centimes=card.balance_centimes,
                    now=self._opened_at,
                    reason=Reason.OPENING,
                    md_order="",
                )

    def _enter(self, number: str, *, centimes: int, now: float, reason: Reason, md_order: str) -> Entry:
        entry = Entry(
            sequence=self._sequence + 1, account=number, at=now, centimes=centimes, reason=reason, md_order=md_order
        )
        self._note(entry)
        self._shelf.put("entry", str(entry.sequence), asdict(entry))
        return entry

    def _note(self, entry: Entry) -> None:
        account = self._accounts.setdefault(entry.account, Account(number=entry.account))
        account.entries.append(entry)
        account.balance_centimes += entry.centimes
        self._sequence = max(self._sequence, entry.sequence)
        if entry.md_order:
            self._entries_of_order.setdefault(entry.md_order, []).append(entry)
