"""A channel's day: its file beside our own books, bill by bill. Pure. Whatever differs has a name.

Rule: channel-day (behaviour.md 1, I5; algeria.md 7)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bawabati.payments.rules.channels.judge import Word


class ChannelDifferenceKind(StrEnum):
    """What a file says otherwise than we do."""

    NOT_IN_FILE = "not_in_file"
    """We were told "paid", and the file of that day does not say so."""
    NOT_OURS = "not_ours"
    """The file says "paid" under a reference, or of a bill, that was never reserved."""
    AMOUNT_DIFFERS = "amount_differs"
    OUTCOME_DIFFERS = "outcome_differs"
    """We were told "paid", and the file says that no money was taken, or that nobody knows."""
    LISTED_TWICE = "listed_twice"
    """The file says "paid" more than once of the same bill under the same reference."""


Place = tuple[str, str]
"""The channel's reference, and the payment number."""


@dataclass(frozen=True, slots=True)
class OurPart:
    """A bill that a channel has paid, as we know it."""

    reference: str
    payment_number: str
    amount_centimes: int
    day: date
    """On which the channel says that it took the money; where it never said so, the day on which we heard of it."""


@dataclass(frozen=True, slots=True)
class TheirPart:
    """A line of a file."""

    reference: str
    payment_number: str
    amount_centimes: int
    word: Word


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A difference: in centimes what we say and what the file says; 0 where one of us says nothing."""

    reference: str
    payment_number: str
    kind: ChannelDifferenceKind
    ours_centimes: int = 0
    theirs_centimes: int = 0


def compare_day(
    *, day: date, ours: Sequence[OurPart], theirs: Sequence[TheirPart], listed_elsewhere: Collection[Place] = ()
) -> tuple[Named, ...]:
    """The differences of one day, in the order of references and bills; none twice.

    `ours`: what was paid on that day, and whatever else the file names, whenever it was paid. `listed_elsewhere`: what
    the files of other days say is paid: around midnight a payment may stand in the neighbour's file.
    """
    known = {(part.reference, part.payment_number): part for part in ours}
    listed: dict[Place, TheirPart] = {}
    twice = set()
    for line in theirs:
        place = (line.reference, line.payment_number)
        before = listed.get(place)
        if before is not None and before.word is Word.PAID and line.word is Word.PAID:
            twice.add(place)
        if before is None or line.word is Word.PAID:
            listed[place] = line
    found = {
        one
        for place in known.keys() | listed.keys()
        if (one := _difference(day, place, known.get(place), listed.get(place), listed_elsewhere)) is not None
    }
    found |= {_named(place, ChannelDifferenceKind.LISTED_TWICE, known.get(place), listed[place]) for place in twice}
    return tuple(sorted(found))


def _difference(
    day: date, place: Place, our: OurPart | None, their: TheirPart | None, listed_elsewhere: Collection[Place]
) -> Named | None:
    kinds = ChannelDifferenceKind
    if our is None:
        is_money = their is not None and their.word is Word.PAID
        return _named(place, kinds.NOT_OURS, None, their) if is_money else None
    if their is None:
        is_missing = our.day == day and place not in listed_elsewhere
        return _named(place, kinds.NOT_IN_FILE, our, None) if is_missing else None
    if their.word is not Word.PAID:
        return None if place in listed_elsewhere else _named(place, kinds.OUTCOME_DIFFERS, our, their)
    if their.amount_centimes != our.amount_centimes:
        return _named(place, kinds.AMOUNT_DIFFERS, our, their)
    return None


def _named(place: Place, kind: ChannelDifferenceKind, our: OurPart | None, their: TheirPart | None) -> Named:
    return Named(
        reference=place[0],
        payment_number=place[1],
        kind=kind,
        ours_centimes=our.amount_centimes if our else 0,
        theirs_centimes=their.amount_centimes if their else 0,
    )


def one_word(words: Collection[Word]) -> Word | None:
    """What the lines of one reference say together; None where they contradict one another: people look at that."""
    said = set(words)
    return said.pop() if len(said) == 1 else None


def days_without_file(*, since: date, today: date, brought: Collection[date]) -> tuple[date, ...]:
    """The days whose file should be here by now and is not, oldest first: a day's file comes during the day after.

    Rule: channel-days-without-file (behaviour.md 7, "bank files: missing day")
    """
    days = (since + timedelta(days=after) for after in range(max(0, (today - since).days - 1)))
    return tuple(day for day in days if day not in brought)


def sums_by_reference(lines: Sequence[TheirPart]) -> Mapping[str, tuple[Word | None, int]]:
    """What a file says of each reference: its word, and the sum of its lines in centimes."""
    words: dict[str, set[Word]] = {}
    sums: dict[str, int] = {}
    for line in lines:
        words.setdefault(line.reference, set()).add(line.word)
        sums[line.reference] = sums.get(line.reference, 0) + line.amount_centimes
    return {reference: (one_word(said), sums[reference]) for reference, said in words.items()}
