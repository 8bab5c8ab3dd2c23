"""What goes wrong with the bank's files: wished for by name, or drawn from a seed; and the list of what was done.

A draw depends only on the seed, the merchant, the day and the kind, so that a run repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any, Self

from sandbox.gateway.settings import Unusable
from sandbox.shelf import NoShelf, Shelf


class Kind(StrEnum):
    """What goes wrong."""

    # The acquirer's file of a day: one of these at most
    MISSING_FILE = "missing_file"
    """It never comes, although the bank credits its remittance."""
    LATE_FILE = "late_file"
    """It comes with the file of the next day."""
    REPEATED_FILE = "repeated_file"
    """It comes twice, under two names."""
    RENAMED_FILE = "renamed_file"
    """It comes under a name that says nothing."""
    TRUNCATED_FILE = "truncated_file"
    """It ends in the middle of a line; the whole one comes with the file of the next day."""
    EMPTY_FILE = "empty_file"
    """It holds nothing; the whole one comes with the file of the next day."""
    WRONG_TOTAL = "wrong_total"
    """Its last line is not the sum of the others."""

    # Lines of the acquirer's file: each strikes a line of its own
    REPEATED_LINE = "repeated_line"
    CHANGED_AMOUNT = "changed_amount"
    UNKNOWN_LINE = "unknown_line"
    """A payment that nobody made."""
    WRONG_FEE = "wrong_fee"
    WRONG_VAT = "wrong_vat"
    WRONG_NET = "wrong_net"
    """The net is not what is left of the gross."""
    MISSING_LINE = "missing_line"
    """A payment that never comes."""
    LATE_LINE = "late_line"
    """A payment that comes in a later file."""
    LATE_REFUND = "late_refund"
    """A refund that comes in a later file."""
    MISSING_REFUND = "missing_refund"
    """A refund that never comes."""
    UNKNOWN_REFUND = "unknown_refund"
    """A refund that nobody asked for."""
    CHARGEBACK = "chargeback"
    """A card holder disputes a payment of an earlier day."""

    # What the bank credits for a remittance: one of these at most
    SEVERAL_DAYS = "several_days"
    """It is credited together with the next one, in one sum."""
    NOT_CREDITED = "not_credited"
    CHANGED_CREDIT = "changed_credit"

    # The bank's statement of a day
    UNKNOWN_CREDIT = "unknown_credit"
    """A credit that no remittance explains."""
    WRONG_BALANCE = "wrong_balance"
    """The closing balance is not the opening one and the movements."""
    LATE_STATEMENT = "late_statement"
    """It comes with the statement of the next day."""
    REPEATED_STATEMENT = "repeated_statement"
    RENAMED_STATEMENT = "renamed_statement"
    TRUNCATED_STATEMENT = "truncated_statement"
    """It ends in the middle of a line; the whole one comes with the next one."""


FILE_KINDS = (
    Kind.MISSING_FILE,
    Kind.LATE_FILE,
    Kind.REPEATED_FILE,
    Kind.RENAMED_FILE,
    Kind.TRUNCATED_FILE,
    Kind.EMPTY_FILE,
    Kind.WRONG_TOTAL,
)
LINE_KINDS = (
    Kind.REPEATED_LINE,
    Kind.CHANGED_AMOUNT,
    Kind.UNKNOWN_LINE,
    Kind.WRONG_FEE,
    Kind.WRONG_VAT,
    Kind.WRONG_NET,
    Kind.MISSING_LINE,
    Kind.LATE_LINE,
    Kind.LATE_REFUND,
    Kind.MISSING_REFUND,
    Kind.UNKNOWN_REFUND,
    Kind.CHARGEBACK,
)
CREDIT_KINDS = (Kind.SEVERAL_DAYS, Kind.NOT_CREDITED, Kind.CHANGED_CREDIT)
STATEMENT_KINDS = (
    Kind.LATE_STATEMENT,
    Kind.REPEATED_STATEMENT,
    Kind.RENAMED_STATEMENT,
    Kind.TRUNCATED_STATEMENT,
    Kind.WRONG_BALANCE,
)

_MOST_TIMES = 10_000


@dataclass(slots=True, kw_only=True)
class Wish:
    """A disorder that was asked for: on one day or the next one that it can strike, for one merchant or any."""

    identifier: str
    kind: Kind
    merchant: str = ""
    day: date | None = None
    times: int = 1
    """How often it still strikes: at most once for each merchant and day."""

    def fits(self, kind: Kind, *, merchant: str, day: date) -> bool:
        here = self.kind is kind and self.merchant in {"", merchant}
        return here and self.times > 0 and (self.day is None or self.day == day)

    def to_row(self) -> dict[str, Any]:
        return {**asdict(self), "day": self.day.isoformat() if self.day else None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A disorder as it was done. Sums are centimes with their sign; what does not concern it is empty."""

    number: int
    kind: Kind
    merchant: str
    day: date
    """The day of the file, or of the remittance."""
    file: str = ""
    reference: str = ""
    """Of the line: the gateway's order or the reader's number."""
    order_number: str = ""
    remittance: str = ""
    right_centimes: int | None = None
    wrong_centimes: int | None = None
    until: date | None = None
    """The day with whose files it is put right."""

    def to_row(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else None
        return {**asdict(self), "day": self.day.isoformat(), "until": until}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        until = date.fromisoformat(row["until"]) if row["until"] else None
        return cls(**{**row, "kind": Kind(row["kind"]), "day": date.fromisoformat(row["day"]), "until": until})


@dataclass(slots=True)
class Disorders:
    """The wishes in force, the rates of a draw, and all that was done."""

    seed: int = 0
    shelf: Shelf = field(default_factory=NoShelf)
    _wishes: list[Wish] = field(default_factory=list, init=False)
    _rates: dict[Kind, float] = field(default_factory=dict, init=False)
    _done: list[Done] = field(default_factory=list, init=False)
    _made: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._done = [Done.from_row(row) for row in self.shelf.rows("bank_disorder")]

    def wishes(self) -> list[Wish]:
        return [each for each in self._wishes if each.times > 0]

    def rates(self) -> Mapping[Kind, float]:
        return self._rates

    def done(self) -> list[Done]:
        """In the order in which they were done."""
        return list(self._done)

    def wish(self, row: Mapping[str, Any]) -> Wish:
        """Raises Unusable when the wish cannot be understood."""
        unknown = sorted(set(row) - {"kind", "merchant", "day", "times"})
        if unknown:
            raise Unusable(f"A disorder has no {', '.join(unknown)}; it has: kind, merchant, day, times.")
        times, merchant = row.get("times", 1), row.get("merchant", "")
        if type(times) is not int or not 1 <= times <= _MOST_TIMES or not isinstance(merchant, str):
            raise Unusable("'times' is a whole number from 1, 'merchant' a user name.")
        self._made += 1
        wish = Wish(
            identifier=f"disorder-{self._made}",
            kind=_kind(row.get("kind")),
            merchant=merchant,
            day=day_of(row["day"]) if row.get("day") else None,
            times=times,
        )
        self._wishes.append(wish)
        return wish

    def draw_at(self, *, seed: int, rates: Mapping[str, Any]) -> None:
        """From now on each kind strikes each merchant's day at its rate, in place of all other wishes."""
        clean: dict[Kind, float] = {}
        for name, rate in rates.items():
            if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
                raise Unusable("A rate is a number from 0 to 1.")
            clean[_kind(name)] = float(rate)
        self.seed, self._rates = seed, clean
        self._wishes.clear()

    def forget_wishes(self) -> None:
        """Nothing goes wrong any more; what was done stays in the list."""
        self._wishes.clear()
        self._rates.clear()

    def reset(self) -> None:
        """As on the first day; the shelf was cleared before."""
        self.forget_wishes()
        self._done.clear()

    def strikes(self, kind: Kind, *, merchant: str, day: date) -> bool:
        """Whether this kind should strike here. Only `note` uses a wish up: a day that it cannot strike costs none."""
        if any(each.fits(kind, merchant=merchant, day=day) for each in self._wishes):
            return True
        return self.dice(f"{kind}?", merchant=merchant, day=day).random() < self._rates.get(kind, 0.0)

    def dice(self, purpose: str, *, merchant: str, day: date) -> Random:
        """Random numbers of this seed for one purpose, merchant and day."""
        return Random(f"{self.seed} {merchant} {day} {purpose}")  # noqa: S311 - nothing here is secret

    def note(self, kind: Kind, *, merchant: str, day: date, **about: Any) -> Done:  # noqa: ANN401 - fields of Done
        """Writes down that it was done."""
        wish = next((each for each in self._wishes if each.fits(kind, merchant=merchant, day=day)), None)
        if wish is not None:
            wish.times -= 1
        done = Done(number=len(self._done) + 1, kind=kind, merchant=merchant, day=day, **about)
        self._done.append(done)
        self.shelf.put("bank_disorder", str(done.number), done.to_row())
        return done


def day_of(told: object) -> date:
    """A day as the control API takes it. Raises Unusable."""
    try:
        return date.fromisoformat(told if isinstance(told, str) else "")
    except ValueError as error:
        raise Unusable("'day' is a day such as 2026-11-22.") from error


def _kind(told: object) -> Kind:
    if not isinstance(told, str) or told not in set(Kind):
        raise Unusable(f"There is no disorder {told!r}; there are: {', '.join(Kind)}.")
    return Kind(told)
