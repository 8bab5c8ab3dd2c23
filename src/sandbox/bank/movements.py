"""What there is to settle: every movement of money for a merchant, out of the issuers' own books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from sandbox.gateway.cards import masked
from sandbox.gateway.core import Gateway
from sandbox.gateway.issuer import Entry, Issuer, Reason
from sandbox.gateway.outcomes import Wire
from sandbox.reader.fleet import Fleet
from sandbox.reader.settings import ReaderSettings
from sandbox.times import local_time


class What(StrEnum):
    """What moved, in the words of the acquirer's file."""

    PAYMENT = "PAIEMENT"
    REFUND = "REMBOURSEMENT"
    CHARGEBACK = "IMPAYE"
    """The card holder disputed the payment, and the issuer took it back."""
    CANCELLATION = "ANNULATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement, seen from the merchant: above zero what comes in, below zero what goes back."""

    sequence: int
    """Its number in the issuers' books: no two have the same."""
    what: What
    at: float
    merchant: str
    """The user name at the gateway."""
    terminal: str
    order_number: str = ""
    """Empty on a reader."""
    reference: str
    """The gateway's order, or the reader's retrieval reference number; what goes back carries that of the payment."""
    approval_code: str = ""
    card: str = ""
    centimes: int

    @property
    def day(self) -> date:
        return local_time(self.at).date()

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{**row, "what": What(row["what"])})


_SAYS: Mapping[Reason, What] = {
    Reason.PURCHASE: What.PAYMENT,
    Reason.REFUND: What.REFUND,
    Reason.REVERSAL: What.CANCELLATION,
    Reason.CANCELLATION: What.CANCELLATION,
    Reason.CHARGEBACK: What.CHARGEBACK,
}


def movements_of(*, issuer: Issuer, gateway: Gateway, readers: Fleet) -> list[Movement]:
    """All movements so far, in the order of the books.

    A reader belongs to the merchant whose number it carries, else to the first merchant.
    """
    entries = [each for account in issuer.accounts() for each in account.entries if each.md_order]
    firsts: dict[str, Entry] = {}
    for each in sorted(entries, key=lambda entry: entry.sequence):
        firsts.setdefault(each.md_order, each)
    told = _Told(issuer=issuer, gateway=gateway, readers=readers)
    found = [told.movement(each, first=firsts[each.md_order]) for each in entries]
    return sorted((each for each in found if each is not None), key=lambda movement: movement.sequence)


def without_what_came_to_nothing(movements: Iterable[Movement]) -> list[Movement]:
    """A payment and its own cancellation that are settled together never reach the acquirer's file."""
    kept: list[Movement] = []
    for each in movements:
        undone = next((one for one in kept if _undoes(each, one)), None) if each.what is What.CANCELLATION else None
        if undone is None:
            kept.append(each)
        else:
            kept.remove(undone)
    return kept


def _undoes(later: Movement, earlier: Movement) -> bool:
    return earlier.reference == later.reference and earlier.centimes == -later.centimes


class _Told:
    """Joins an entry of the books with what gateway and readers know of it."""

    def __init__(self, *, issuer: Issuer, gateway: Gateway, readers: Fleet) -> None:
        self._gateway = gateway
        self._readers = readers
        self._cards = {card.account_number: masked(card.pan, wire=Wire.B) for card in issuer.cards()}

    def movement(self, entry: Entry, *, first: Entry) -> Movement | None:
        poi_id, _, identifier = entry.md_order.rpartition("/")
        if poi_id:
            return self._on_a_reader(entry, first=first, poi_id=poi_id, identifier=identifier)
        order = self._gateway.find_order(entry.md_order)
        if order is None:
            return None
        return Movement(
            sequence=entry.sequence,
            what=_SAYS[entry.reason],
            at=entry.at,
            merchant=order.merchant,
            terminal=order.terminal_id,
            order_number=order.order_number,
            reference=order.md_order,
            approval_code=order.approval_code,
            card=self._cards.get(entry.account, ""),
            centimes=-entry.centimes,
        )

    def _on_a_reader(self, entry: Entry, *, first: Entry, poi_id: str, identifier: str) -> Movement | None:
        """The acquirer's host has its own record of a sale: it stays when the reader has lost its memory."""
        merchants = self._gateway.merchants.all()
        if not merchants:
            return None
        place = self._readers.find(poi_id)
        settings = place.reader.settings if place else ReaderSettings(poi_id=poi_id)
        sale = place.reader.find(identifier) if place else None
        names = {each.user_name for each in merchants}
        # Money that is taken where it was given before takes a refund back.
        back = entry.centimes < 0 < first.centimes
        return Movement(
            sequence=entry.sequence,
            what=What.CANCELLATION if back else _SAYS[entry.reason],
            at=entry.at,
            merchant=settings.merchant_id if settings.merchant_id in names else merchants[0].user_name,
            terminal=settings.tid,
            reference=_retrieval_reference(first, identifier),
            approval_code=sale.approval_code if sale else "",
            card=self._cards.get(entry.account, ""),
            centimes=-entry.centimes,
        )


def _retrieval_reference(first: Entry, identifier: str) -> str:
    """As the reader prints it: made of the moment of the authorisation and the reader's own number of the sale."""
    moment = datetime.fromtimestamp(first.at, tz=UTC)
    return f"{moment:%y}"[-1] + f"{moment:%j%H}" + identifier[-6:]
