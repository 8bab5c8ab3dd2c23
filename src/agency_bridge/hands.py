"""One order, from taking it to its result in the journal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from agency_bridge.crashpoints import crashpoint
from agency_bridge.drivers.contract import (
    Abort,
    Ask,
    Driver,
    Facts,
    Outcome,
    Pay,
    Progress,
    Reverse,
    Seen,
    TotalsWanted,
)
from agency_bridge.journal.orders import OrderJournal, SentBefore
from agency_bridge.portal.orders import Diagnose, Order, Print
from agency_bridge.portal.results import result_row
from agency_bridge.printing.drawn import CannotDraw
from agency_bridge.printing.paper import Paper
from agency_bridge.printing.printer import NotPrinted

_log = logging.getLogger("agency_bridge.orders")

MayGo = Callable[[int], Awaitable[bool]]
"""Asks the portal until it answers: whether an order that we took may be sent."""
PrintOut = Callable[[Paper], Awaitable[None]]


class Hands:
    """Does orders. Whatever happens, each ends with one result in the journal, or is withdrawn before anything left."""

    def __init__(self, journal: OrderJournal, *, now: Callable[[], datetime], may_go: MayGo, go_seconds: float) -> None:
        self._journal = journal
        self._now = now
        self._may_go = may_go
        self._go_seconds = go_seconds

    async def do(self, order: Order, driver: Driver, *, progress: Progress, print_out: PrintOut | None) -> None:
        """Safe to call once for each order; the journal refuses a second time."""
        try:
            self._journal.take(
                order=order.id, kind=order.kind, poi_id=order.poi_id, service_id=order.service_id, now=self._now()
            )
        except SentBefore:
            _log.error("order %s is not done: its number was sent to %s before", order.id, order.poi_id)
            return
        if isinstance(order.body, Pay | Reverse) and not await self._goes(order):
            return
        self._journal.sending(order.id, now=self._now())
        seen = await self._seen(order, driver, progress=progress, print_out=print_out)
        crashpoint("reader: answered")
        self._journal.answer(order.id, result_row(seen, at=self._now()), now=self._now())
        _log.info("order %s, %s on %s: %s", order.id, order.kind, order.poi_id, seen.outcome)

    async def _goes(self, order: Order) -> bool:
        """Whether the portal lets it go, and does so while its customer still stands there.

        Rule: no-late-start (ours: a reader that wakes for somebody who has left would take the next card)
        """
        began, began_at = time.monotonic(), self._now()
        if not await self._may_go(order.id):
            self._journal.withdraw(order.id)
            return False
        # The one clock stands still while a PC sleeps, the other may be set. "Not sent" is true whichever is wrong.
        waited = max(time.monotonic() - began, (self._now() - began_at).total_seconds())
        if waited > self._go_seconds:
            late = Seen(outcome=Outcome.NOT_SENT, answer=Facts(reason="too_late"))
            self._journal.answer(order.id, result_row(late, at=self._now()), now=self._now())
            return False
        return True

    async def _seen(self, order: Order, driver: Driver, *, progress: Progress, print_out: PrintOut | None) -> Seen:
        try:
            match order.body:
                case Pay() as pay:
                    return await driver.pay(pay, progress)
                case Reverse() as reverse:
                    return await driver.reverse(reverse)
                case Abort() as abort:
                    return await driver.abort(abort)
                case Ask() as ask:
                    return await driver.ask(ask)
                case Diagnose():
                    return await driver.diagnose()
                case TotalsWanted() as wanted:
                    return await driver.totals(wanted)
                case Print(paper=paper):
                    return await _printed(paper, print_out)
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the order gets a result
            _log.exception("order %s ended in a fault of this program", order.id)
        outcome = Outcome.UNKNOWN if isinstance(order.body, Pay | Reverse) else Outcome.UNREACHABLE
        return Seen(outcome=outcome, answer=Facts(reason="bridge_fault"))


async def _printed(paper: Paper, print_out: PrintOut | None) -> Seen:
    if print_out is None:
        return Seen(outcome=Outcome.REFUSED, answer=Facts(reason="no_printer"))
    try:
        await print_out(paper)
    except NotPrinted as why:
        return Seen(outcome=Outcome.UNREACHABLE, answer=Facts(reason="printer_unreachable"), message=str(why))
    except CannotDraw as why:
        return Seen(outcome=Outcome.REFUSED, answer=Facts(reason="cannot_draw"), message=str(why))
    return Seen(outcome=Outcome.DONE)
