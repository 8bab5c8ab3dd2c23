"""What every check of a run stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from playwright.sync_api import Browser

from bawabati.jobs.acceptance.bills_to_pay import BillsToPay
from bawabati.jobs.acceptance.browser import new_payer
from bawabati.jobs.acceptance.camera import Camera
from bawabati.jobs.acceptance.codes import Codes
from bawabati.jobs.acceptance.deck import Card
from bawabati.jobs.acceptance.lines import Stopped
from bawabati.jobs.acceptance.records import Records
from bawabati.jobs.acceptance.visit import Visit

LANGUAGES: Final = ("fr", "ar", "en")
"""In the order in which the first payments are made."""

Scene = TypeVar("Scene")


@dataclass(kw_only=True)
class Stage:
    """The portal, the people and the tools of one run. A scene that several lines look at is played once."""

    browser: Browser
    camera: Camera
    records: Records
    codes: Codes
    deck: tuple[Card, ...]
    bills: BillsToPay
    portal: str
    """Address of the portal, without a slash at its end."""
    company_code: str
    company_names: dict[str, str]
    page_hosts: tuple[str, ...]
    """Where the acquirer's page may stand: `host` or `host:port`."""
    email: str
    """Where a receipt may be sent; empty when nobody said."""
    refund_asked_by: str
    refund_approved_by: str
    """Logins of two people; empty when nobody said."""
    _played: dict[tuple[object, ...], object] = field(default_factory=dict)

    def new_visit(self, language: str) -> Visit:
        """Somebody new."""
        context = new_payer(self.browser, language=language)
        return Visit(context, portal=self.portal, company_code=self.company_code, language=language, camera=self.camera)

    def once(self, key: tuple[object, ...], play: Callable[[], Scene]) -> Scene:
        """The scene of that name: played the first time, remembered afterwards, how it stopped included."""
        if key not in self._played:
            try:
                self._played[key] = play()
            except Stopped as stopped:
                self._played[key] = stopped
        scene = self._played[key]
        if isinstance(scene, Stopped):
            raise Stopped(scene.finding)
        return scene  # type: ignore[return-value]  # what `play` gave under this key

    def cards(self, *, accepted: bool) -> list[Card]:
        """Those of the deck that are to pay, or those that are not."""
        return [card for card in self.deck if card.is_accepted is accepted]

    def language_of(self, card: Card) -> str:
        """The language in which a card is tried: each in turn, so that all are seen."""
        return LANGUAGES[self.cards(accepted=card.is_accepted).index(card) % len(LANGUAGES)]
