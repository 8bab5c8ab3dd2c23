"""Whether the portal can be reached, and since when it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from agency_bridge.journal.journal import Journal
from agency_bridge.portal.client import Answer, NoAnswer, Refused

_log = logging.getLogger("agency_bridge.portal")


class Line:
    """Learns from every answer of the portal. `on_return` is called when it answers again."""

    def __init__(self, journal: Journal, *, now: Callable[[], datetime], on_return: Callable[[], None]) -> None:
        self._journal = journal
        self._now = now
        self._on_return = on_return
        self.up = False
        self.unauthorised = False
        """The portal answers, and does not know our key (any more)."""

    @property
    def lost_at(self) -> datetime | None:
        """Since when it is cut; after its return until the portal has heard of it."""
        return self._journal.line_lost_at

    @property
    def is_cut(self) -> bool:
        return not self.up and self.lost_at is not None

    def learn(self, answer: Answer) -> None:
        if isinstance(answer, NoAnswer):
            self.up = False
            if self.lost_at is None:
                self._journal.line_lost(now=self._now())
                _log.warning("the portal does not answer: %s", answer.why)
            return
        refused = isinstance(answer, Refused) and answer.unauthorised
        if refused and not self.unauthorised:
            _log.error("the portal does not know this bridge's key: no sales until it is enrolled again")
        self.unauthorised = refused
        if not self.up:
            self.up = True
            _log.info("the portal answers")
            self._on_return()

    def portal_knows(self) -> None:
        """The portal has heard since when the line was cut."""
        if self.up:
            self._journal.line_back()
