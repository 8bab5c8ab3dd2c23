"""All readers of a sandbox, each with the door of its protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sandbox.gateway.cards import Deck
from sandbox.gateway.issuer import Issuer
from sandbox.reader.caisse_ap.door import CaisseApDoor
from sandbox.reader.core import Reader
from sandbox.reader.faults import ReaderFaults
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.settings import Protocol, ReaderSettings
from sandbox.reader.transactions import Transaction
from sandbox.shelf import NoShelf, Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One reader and what its till speaks with."""

    reader: Reader
    door: NexoDoor | CaisseApDoor


class Fleet:
    """The readers by POIID. No sockets here: `ports.py` opens them."""

    def __init__(
        self,
        *,
        issuer: Issuer,
        random: Random,
        faults: ReaderFaults | None = None,
        deck: Callable[[], Deck] = lambda: Deck.SEEN,
        shelf: Shelf | None = None,
    ) -> None:
        self.faults = faults or ReaderFaults()
        self.when_over: Callable[[Transaction], None] = lambda _transaction: None
        self._issuer = issuer
        self._random = random
        self._deck = deck
        self._shelf = shelf or NoShelf()
        self._places: dict[str, Place] = {}
        for row in self._shelf.rows("reader"):
            self._place(ReaderSettings.from_row(row))

    def places(self) -> list[Place]:
        return list(self._places.values())

    def find(self, poi_id: str) -> Place | None:
        return self._places.get(poi_id)

    def put(self, settings: ReaderSettings) -> Place:
        """Adds a reader, or gives a known one other settings; its memory stays while it speaks the same protocol."""
        place = self._places.get(settings.poi_id)
        if place is not None and place.reader.settings.protocol is not settings.protocol:
            self.remove(settings.poi_id)
            place = None
        if place is None:
            place = self._place(settings)
        place.reader.settings = settings
        self._keep(place)
        return place

    def remove(self, poi_id: str) -> bool:
        """True when there was such a reader. What it has done stays in the issuer's books."""
        place = self._places.pop(poi_id, None)
        if place is None:
            return False
        place.reader.restart(now=0.0, wipe=True)
        self._shelf.drop("reader", poi_id)
        self._shelf.drop("reader_memory", poi_id)
        return True

    def catch_up(self, *, now: float) -> None:
        """Does what has become due on every reader. Safe to repeat."""
        for place in self._places.values():
            place.reader.catch_up(now=now)

    def reset(self) -> None:
        """The same readers, as on their first day; the shelf was cleared before."""
        self.faults.clear()
        for place in self._places.values():
            place.reader.reset()
            self._keep(place)

    def _place(self, settings: ReaderSettings) -> Place:
        reader = Reader(
            settings=settings,
            issuer=self._issuer,
            faults=self.faults,
            random=self._random,
            deck=self._deck,
            shelf=self._shelf,
            when_over=self._tell,
        )
        door = (NexoDoor if settings.protocol is Protocol.NEXO else CaisseApDoor)(reader, random=self._random)
        place = Place(reader=reader, door=door)
        self._places[settings.poi_id] = place
        return place

    def _tell(self, transaction: Transaction) -> None:
        self.when_over(transaction)

    def _keep(self, place: Place) -> None:
        settings = place.reader.settings
        self._shelf.put("reader", settings.poi_id, settings.to_row())
