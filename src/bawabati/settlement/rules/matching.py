"""Which payment or refund of ours a line of the acquirer is, and what does not agree about it.

The same rule stands as statements over sets in `settlement.writes.match`; a test compares the two on random worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bawabati.adapters.statements.contract import LineKind
from bawabati.settlement.rules.fees import Fee, FeeTerms, fee_of, terms_on
from bawabati.settlement.rules.kinds import DifferenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A counted line; `id` orders lines. Sums are centimes and signed. `is_repeat`: an equal line came before."""

    id: int
    kind: LineKind
    happened_on: date
    terminal: str
    order_number: str
    reference: str
    approval_code: str
    gross: int
    fee: int
    vat: int
    net: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A payment of ours by card, or a sale on a reader that never became one (`id` None)."""

    id: int | None
    way: str
    is_paid: bool
    amount: int
    accounted_on: date | None
    order_number: str = ""
    gateway_reference: str = ""
    recovered_from: int | None = None
    rrn: str = ""
    terminal: str = ""
    approval_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRefund:
    """Money that has gone back to the card of a payment. `is_reversal`: others took it back."""

    id: int
    payment_id: int
    is_reversal: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Odd:
    """What does not agree: theirs less ours, and what of it is set apart in the books (credit above zero)."""

    kind: DifferenceKind
    amount: int
    posted: int


@dataclass(slots=True)
class Finding:
    """What a line was found to be."""

    payment_ids: tuple[int, ...] = ()
    refund_id: int | None = None
    odd: list[Odd] = field(default_factory=list)
    fee: int = 0
    """What of the line's fee is due; the rest is an item."""
    vat: int = 0


BACK = frozenset({LineKind.REFUND, LineKind.CHARGEBACK, LineKind.CANCELLATION})


def match_lines(
    lines: Iterable[Line], *, known: Sequence[Known], refunds: Sequence[KnownRefund], terms: Sequence[FeeTerms]
) -> dict[int, Finding]:
    """Every line's finding, by id. Nothing is matched twice, the earlier line first; no sum is near enough.

    Rule: matching (algeria.md 7; failures.md 2.8, S2 and S4)
    """
    world = _World(known, refunds)
    ordered = sorted(lines, key=lambda line: line.id)
    found = {line.id: Finding() for line in ordered}
    for line in ordered:
        if line.is_repeat:
            _set_apart(found[line.id], DifferenceKind.REPEATED_LINE, line)
    left = [line for line in ordered if not line.is_repeat]
    for line in (line for line in left if line.kind is LineKind.PAYMENT):
        _payment(line, world, found[line.id], terms)
    for line in (line for line in left if line.kind is LineKind.TERMINAL_TOTAL):
        _terminal(line, world, found[line.id], terms)
    # What others took back goes first: only a reversal is it.
    for line in sorted(
        (line for line in left if line.kind in BACK), key=lambda line: (not _is_chargeback(line), line.id)
    ):
        _back(line, world, found[line.id])
    return found


class _World:
    def __init__(self, known: Sequence[Known], refunds: Sequence[KnownRefund]) -> None:
        self.known = known
        self.recovered = {one.recovered_from: one for one in known if one.recovered_from is not None}
        self.refunds: dict[int, list[KnownRefund]] = {}
        for refund in sorted(refunds, key=lambda refund: refund.id):
            self.refunds.setdefault(refund.payment_id, []).append(refund)
        self.taken: set[int] = set()
        self.taken_refunds: set[int] = set()

    def find(self, line: Line) -> Known | None:
        """By the gateway's reference, our order number, the reader's RRN, its approval: the first that knows it."""
        web = [one for one in self.known if one.way == "web" and one.recovered_from is None]
        card = [one for one in self.known if one.way == "card"]
        ways: list[list[Known]] = []
        if line.reference:
            ways.append([one for one in web if one.gateway_reference == line.reference])
        if line.order_number:
            ways.append(
                [
                    one
                    for one in web
                    if one.order_number == line.order_number and (not line.reference or not one.gateway_reference)
                ]
            )
        if line.reference:
            ways.append(
                [
                    one
                    for one in card
                    if one.rrn == line.reference
                    and one.terminal == line.terminal
                    and (not one.approval_code or not line.approval_code or one.approval_code == line.approval_code)
                ]
            )
        for way in ways:
            if way:
                first = min(way, key=lambda one: (one.id is None, one.id or 0))
                return self.recovered.get(first.id, first) if first.id is not None else first
        if line.approval_code and line.kind is LineKind.PAYMENT:
            same = [
                one
                for one in card
                if one.is_paid
                and one.approval_code == line.approval_code
                and one.terminal in {"", line.terminal}
                and one.accounted_on == line.happened_on
                and one.amount == line.gross
            ]
            return same[0] if len(same) == 1 else None
        return None


def _payment(line: Line, world: _World, finding: Finding, terms: Sequence[FeeTerms]) -> None:
    one = world.find(line)
    if one is None:
        _set_apart(finding, DifferenceKind.NOT_OURS, line)
    elif not one.is_paid or one.id is None or one.accounted_on is None:
        _set_apart(finding, DifferenceKind.PAID_BUT_NOT_POSTED_HERE, line)
    elif one.id in world.taken:
        _set_apart(finding, DifferenceKind.REPEATED_LINE, line)
    else:
        world.taken.add(one.id)
        finding.payment_ids = (one.id,)
        if line.gross != one.amount:
            _note(finding, DifferenceKind.AMOUNT_DIFFERS, line.gross - one.amount, sign=1)
        today = terms_on(terms, way=one.way, on=one.accounted_on)
        _fees(finding, line, _due(today, [one.amount]), _due(today, [line.gross]), today)


def _terminal(line: Line, world: _World, finding: Finding, terms: Sequence[FeeTerms]) -> None:
    """All sales of the terminal and day that no other line has shown."""
    sales = [
        one
        for one in world.known
        if one.way == "card"
        and one.is_paid
        and one.id is not None
        and one.terminal == line.terminal
        and one.accounted_on == line.happened_on
        and one.id not in world.taken
    ]
    if not sales:
        _set_apart(finding, DifferenceKind.NOT_OURS, line)
        return
    finding.payment_ids = tuple(sorted(one.id for one in sales if one.id is not None))
    world.taken.update(finding.payment_ids)
    summed = sum(one.amount for one in sales)
    if line.gross != summed:
        _note(finding, DifferenceKind.AMOUNT_DIFFERS, line.gross - summed, sign=1)
    today = terms_on(terms, way="card", on=line.happened_on)
    due = _due(today, [one.amount for one in sales])
    _fees(finding, line, due, due, today)


def _back(line: Line, world: _World, finding: Finding) -> None:
    """Money that went back is a refund of that payment and sum; of a chargeback, one that others made."""
    one = world.find(line)
    own = world.refunds.get(one.id, []) if one is not None and one.id is not None else []
    for refund in own:
        if (
            refund.id not in world.taken_refunds
            and refund.amount == -line.gross
            and (refund.is_reversal or not _is_chargeback(line))
        ):
            world.taken_refunds.add(refund.id)
            finding.refund_id = refund.id
            finding.fee, finding.vat = line.fee, line.vat
            _net(finding, line)
            return
    kind = DifferenceKind.CHARGEBACK if _is_chargeback(line) else DifferenceKind.REFUND_NOT_OURS
    _set_apart(finding, kind, line)


def _fees(finding: Finding, line: Line, ours: Fee | None, theirs: Fee | None, terms: FeeTerms | None) -> None:
    """One fault, one item: the fee may be that of our sum or of theirs, its VAT that of what is due or charged."""
    finding.fee, finding.vat = line.fee, line.vat
    if ours is not None and theirs is not None and terms is not None:
        if line.fee not in {ours.fee, theirs.fee}:
            finding.fee = ours.fee
            _note(finding, DifferenceKind.FEE_DIFFERS, line.fee - ours.fee, sign=-1)
        right = {ours.vat, theirs.vat, (max(0, line.fee) * terms.vat_ppm + 500_000) // 1_000_000}
        if line.vat not in right:
            finding.vat = ours.vat
            _note(finding, DifferenceKind.VAT_DIFFERS, line.vat - ours.vat, sign=-1)
    _net(finding, line)


def _due(terms: FeeTerms | None, amounts: Sequence[int]) -> Fee | None:
    if terms is None:
        return None
    fees = [fee_of(terms, max(0, amount)) for amount in amounts]
    return Fee(sum(fee.fee for fee in fees), sum(fee.vat for fee in fees))


def _net(finding: Finding, line: Line) -> None:
    wrong = line.net - (line.gross - line.fee - line.vat)
    if wrong:
        _note(finding, DifferenceKind.NET_DIFFERS, wrong, sign=1)


def _note(finding: Finding, kind: DifferenceKind, amount: int, *, sign: int) -> None:
    finding.odd.append(Odd(kind, amount, sign * amount))


def _set_apart(finding: Finding, kind: DifferenceKind, line: Line) -> None:
    """The whole line: what of it the bank pays stands apart until somebody knows what it is."""
    finding.odd.append(Odd(kind, line.gross, line.net))


def _is_chargeback(line: Line) -> bool:
    return line.kind is LineKind.CHARGEBACK
