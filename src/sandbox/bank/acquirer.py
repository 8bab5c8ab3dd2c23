"""The acquirer's file of a day: its lines, and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from sandbox.bank.disorders import LINE_KINDS, Disorders, Kind
from sandbox.bank.movements import Movement, What
from sandbox.bank.papers import Line
from sandbox.bank.settings import BankSettings
from sandbox.times import ALGIERS

_MOST_DAYS_LATE = 3
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789"


@dataclass(slots=True, kw_only=True)
class Draft:
    """The lines of a day while they are being spoiled. A line that was touched is left alone by the next disorder."""

    settings: BankSettings
    day: date
    lines: list[Line]
    held: list[tuple[date, Line]] = field(default_factory=list)
    """Lines that come later, each with the first day on which it may."""
    touched: set[int] = field(default_factory=set)
    """The sequences of their movements."""


def spoil_lines(
    draft: Draft,
    disorders: Disorders,
    *,
    earlier: Sequence[Movement],
    charge_back: Callable[[Movement, float], Movement | None],
) -> None:
    """Does to the draft what the disorders of its day say. A kind that finds no line to strike does nothing.

    `earlier` are payments of earlier days that a card holder may dispute; `charge_back` gives the money back to them.
    """
    merchant = draft.settings.merchant
    for kind in LINE_KINDS:
        if not disorders.strikes(kind, merchant=merchant, day=draft.day):
            continue
        dice = disorders.dice(kind, merchant=merchant, day=draft.day)
        struck = _strike(kind, draft, dice, earlier=earlier, charge_back=charge_back)
        if struck is None:
            continue
        disorders.note(
            kind,
            merchant=merchant,
            day=draft.day,
            reference=struck.line.movement.reference,
            order_number=struck.line.movement.order_number,
            right_centimes=struck.right,
            wrong_centimes=struck.wrong,
            until=struck.until,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Struck:
    """Which line, and the sums before and after."""

    line: Line
    right: int | None = None
    wrong: int | None = None
    until: date | None = None


def _strike(
    kind: Kind,
    draft: Draft,
    dice: Random,
    *,
    earlier: Sequence[Movement],
    charge_back: Callable[[Movement, float], Movement | None],
) -> _Struck | None:
    if kind is Kind.UNKNOWN_LINE or kind is Kind.UNKNOWN_REFUND:
        return _add_unknown(kind, draft, dice)
    if kind is Kind.CHARGEBACK:
        return _dispute(draft, dice, earlier=earlier, charge_back=charge_back)
    what = What.REFUND if kind in {Kind.LATE_REFUND, Kind.MISSING_REFUND} else What.PAYMENT
    line = _choose(draft, dice, what=what)
    if line is None:
        return None
    draft.touched.add(line.movement.sequence)
    if kind in {Kind.MISSING_LINE, Kind.MISSING_REFUND}:
        draft.lines.remove(line)
        return _Struck(line=line, right=line.gross)
    if kind in {Kind.LATE_LINE, Kind.LATE_REFUND}:
        until = draft.day + timedelta(days=dice.randint(1, _MOST_DAYS_LATE))
        draft.lines.remove(line)
        draft.held.append((until, line))
        return _Struck(line=line, right=line.gross, until=until)
    return _change(kind, draft, dice, line)


def _change(kind: Kind, draft: Draft, dice: Random, line: Line) -> _Struck:
    at = draft.lines.index(line)
    by = dice.choice([-1, 1]) * dice.randint(1, 500)
    match kind:
        case Kind.REPEATED_LINE:
            draft.lines.insert(dice.randint(at + 1, len(draft.lines)), line)
            return _Struck(line=line, right=line.gross, wrong=2 * line.gross)
        case Kind.CHANGED_AMOUNT:
            less = line.gross + 10 * by
            changed = Line.of(line.movement, draft.settings, gross=less if less > 0 else line.gross - 10 * by)
            draft.lines[at] = changed
            return _Struck(line=line, right=line.gross, wrong=changed.gross)
        case Kind.WRONG_FEE:
            changed = line.with_fee(line.fee + abs(by))
            draft.lines[at] = changed
            return _Struck(line=line, right=line.fee, wrong=changed.fee)
        case Kind.WRONG_VAT:
            changed = line.with_vat(line.vat + abs(by))
            draft.lines[at] = changed
            return _Struck(line=line, right=line.vat, wrong=changed.vat)
        case _:
            changed = replace(line, net=line.net - abs(by))
            draft.lines[at] = changed
            return _Struck(line=line, right=line.net, wrong=changed.net)


def _choose(draft: Draft, dice: Random, *, what: What) -> Line | None:
    there = [
        each
        for each in draft.lines
        if each.movement.what is what and each.movement.sequence not in draft.touched and each.movement.day == draft.day
    ]
    return dice.choice(there) if there else None


def _add_unknown(kind: Kind, draft: Draft, dice: Random) -> _Struck:
    noon = datetime.combine(draft.day, time(12), tzinfo=ALGIERS)
    payment = kind is Kind.UNKNOWN_LINE
    sum_of_it = dice.randint(500, 9_000) * 100
    movement = Movement(
        sequence=-dice.randint(1, 10**15),
        what=What.PAYMENT if payment else What.REFUND,
        at=noon.timestamp() + dice.randint(-10_000, 10_000),
        merchant=draft.settings.merchant,
        terminal=next((each.movement.terminal for each in draft.lines), ""),
        order_number="".join(dice.choices("0123456789", k=10)),
        reference="".join(dice.choices(_LETTERS, k=20)),
        approval_code=f"{dice.randrange(10**6):06d}",
        card="6280****0000",
        centimes=sum_of_it if payment else -sum_of_it,
    )
    line = Line.of(movement, draft.settings)
    draft.touched.add(movement.sequence)
    draft.lines.insert(dice.randint(0, len(draft.lines)), line)
    return _Struck(line=line, wrong=line.gross)


def _dispute(
    draft: Draft,
    dice: Random,
    *,
    earlier: Sequence[Movement],
    charge_back: Callable[[Movement, float], Movement | None],
) -> _Struck | None:
    if not earlier:
        return None
    noon = datetime.combine(draft.day, time(12), tzinfo=ALGIERS)
    movement = charge_back(dice.choice(earlier), noon.timestamp())
    if movement is None:
        return None
    line = Line.of(movement, draft.settings)
    draft.touched.add(movement.sequence)
    draft.lines.append(line)
    return _Struck(line=line, wrong=line.gross)
