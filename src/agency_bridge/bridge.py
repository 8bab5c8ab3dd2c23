"""The bridge at work: asks what is to do, does it, reports it, and says every half minute that it lives."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

from agency_bridge import VERSION
from agency_bridge.backoff import Backoff
from agency_bridge.drivers.contract import Driver, Health, Outcome, Pay, Reader, Reverse, TotalsWanted
from agency_bridge.drivers.manual.driver import Manual
from agency_bridge.drivers.registry import driver_for
from agency_bridge.hands import Hands
from agency_bridge.journal.journal import Journal
from agency_bridge.journal.orders import Step
from agency_bridge.line import Line
from agency_bridge.moments import utc_now, written
from agency_bridge.portal.client import NoAnswer, Portal, Refused, Told
from agency_bridge.portal.orders import Diagnose, Order, Print, Wishes, read_wishes
from agency_bridge.printing.paper import Paper
from agency_bridge.printing.printer import DEFAULT_PORT, Network, Transport, as_bytes
from agency_bridge.settings import Settings
from agency_bridge.uploads import Uploads

_log = logging.getLogger("agency_bridge")

_NOT_FASTER_SECONDS: Final = 1.0
_UNAUTHORISED_SECONDS: Final = 60.0
_TAKEN_FOR_THE_PRINTER: Final = "printer"


class Bridge:
    """Everything but the desk's page. `journal` has recovered nothing yet."""

    def __init__(
        self,
        *,
        settings: Settings,
        journal: Journal,
        portal: Portal,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.journal = journal
        self._settings = settings
        self._portal = portal
        self._now = now
        self._readers: dict[str, tuple[Reader, Driver]] = {}
        self._health: dict[str, tuple[Health, str]] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._lanes: set[str] = set()
        """What can do one thing at a time, and is doing it: readers with money or sums under way, the printer."""
        self._complained: set[int] = set()
        self._asides: set[asyncio.Task[None]] = set()
        self._contact_now = asyncio.Event()
        self._fault: asyncio.Task[None] | None = None
        self._faulty = asyncio.Event()
        self.line = Line(journal, now=now, on_return=self._line_returned)
        self.uploads = Uploads(journal, portal, self.line, backoff=self._backoff(), now=now)
        self._hands = Hands(journal.orders, now=now, may_go=self._may_go, go_seconds=settings.go_seconds)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping`. What is under way then may end within the time that the settings give it."""
        for row in self.journal.orders.recover(now=self._now()):
            _log.warning("order %s, %s on %s, was under way when the bridge ended", row.id, row.kind, row.poi_id)
        self.journal.orders.forget(before=self._now(), days=self._settings.journal_days)
        asking = asyncio.create_task(self._ask_for_orders())
        others = [asyncio.create_task(self.uploads.run()), asyncio.create_task(self._stay_in_contact())]
        ends = [asyncio.create_task(event.wait()) for event in (stopping, self._faulty)]
        done, _ = await asyncio.wait([asking, *others, *ends], return_when=asyncio.FIRST_COMPLETED)
        await _cancelled([asking])
        if stopping.is_set():
            await self._let_end()
        await _cancelled([*others, *ends, *self._running.values(), *self._asides])
        for task in [*(done - set(ends)), *([self._fault] if self._fault else [])]:
            task.result()  # what ended by itself is a fault of this program or of its disk, and it is raised

    async def _let_end(self) -> None:
        """Payments that wait for a card may end, and results may reach the portal."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.stop_seconds):
                if self._running:
                    await asyncio.wait(self._running.values())
                if self.line.up:
                    await self.uploads.upload_all()

    # --- what is to do ---

    async def _ask_for_orders(self) -> None:
        backoff = self._backoff()
        while True:
            began = time.monotonic()
            answer = await self._portal.orders()
            self.line.learn(answer)
            match answer:
                case Told(row=row):
                    backoff.worked()
                    if not self._begin_what_can_begin(read_wishes(row)):
                        await asyncio.sleep(max(0.0, began + _NOT_FASTER_SECONDS - time.monotonic()))
                case Refused(unauthorised=True):
                    await asyncio.sleep(_UNAUTHORISED_SECONDS)
                case Refused(status=status, code=code):
                    _log.error("the portal refuses to say what is to do: %s %s", status, code)
                    await asyncio.sleep(backoff.failed())
                case NoAnswer():
                    await asyncio.sleep(backoff.failed())

    def _begin_what_can_begin(self, wishes: Wishes) -> bool:
        """Whether anything was begun."""
        self._know_readers(wishes.readers)
        self.journal.receipts.keep_blocks(wishes.blocks)
        return sum(self._begin(order) for order in wishes.orders) > 0

    def _know_readers(self, readers: tuple[Reader, ...]) -> None:
        known = {reader.poi_id: reader for reader in readers}
        for poi_id in [poi_id for poi_id in self._readers if poi_id not in known]:
            del self._readers[poi_id]
            self._health.pop(poi_id, None)
        for poi_id, reader in known.items():
            before = self._readers.get(poi_id)
            if before is None or before[0] != reader:
                self._readers[poi_id] = (reader, driver_for(reader, self._settings.patience))
                self._contact_now.set()

    def _begin(self, order: Order) -> bool:
        """Begins an order if it is new and its reader is free; otherwise it is looked at again with the next answer."""
        if order.id in self._running or self._known_before(order):
            return False
        lane = _lane(order)
        if lane in self._lanes:
            return False
        if isinstance(order.body, Pay | Reverse) and not self.journal.orders.may_take_money(order.poi_id):
            return False
        if lane:
            self._lanes.add(lane)
        task = asyncio.create_task(self._do(order))
        self._running[order.id] = task
        task.add_done_callback(lambda ended: self._ended(order.id, lane, ended))
        return True

    def _known_before(self, order: Order) -> bool:
        row = self.journal.orders.find(order.id)
        if row is None:
            if isinstance(order.body, Pay | Reverse) and self.journal.orders.was_sent(order.poi_id, order.service_id):
                self._complain(order.id, "its number was sent to that reader before")
                return True
            if isinstance(order.body, Pay | Reverse) and order.taken:
                self._know_nothing_of(order)
                return True
            return False
        if (row.kind, row.service_id) != (order.kind, order.service_id):
            self._complain(order.id, "it is not the one that this bridge knows under that number")
        elif row.step is Step.ACKNOWLEDGED:
            self.journal.orders.send_result_again(order.id)
            self.uploads.wake()
        return True

    def _know_nothing_of(self, order: Order) -> None:
        """We took it, and this journal is another one: it may have been sent, and only the reader can say.

        Rule: lost-journal (readers.md 3, R3 R12)
        """
        _log.error("order %s was taken by a bridge whose journal is lost: it is not sent again", order.id)
        self.journal.orders.lost(
            order=order.id, kind=order.kind, poi_id=order.poi_id, service_id=order.service_id, now=self._now()
        )
        self.uploads.wake()

    def _complain(self, order: int, why: str) -> None:
        """Once: the portal names an order again and again."""
        if order not in self._complained:
            self._complained.add(order)
            _log.error("order %s is not done: %s", order, why)

    def _ended(self, order: int, lane: str, task: asyncio.Task[None]) -> None:
        self._running.pop(order, None)
        self._lanes.discard(lane)
        if not task.cancelled() and task.exception() is not None:
            # The journal does not write: nothing more may be sent. A restart reads what it holds.
            self._fault = task
            self._faulty.set()
        self.uploads.wake()

    async def _do(self, order: Order) -> None:
        reader, driver = self._readers.get(order.poi_id, (None, Manual(reason="no_such_reader")))
        await self._hands.do(
            order,
            driver,
            progress=lambda step: self._progress(order.id, step),
            print_out=self.printing(reader),
        )

    async def _may_go(self, order: int) -> bool:
        """Asks until the portal answers; nothing has left yet, so there is time."""
        backoff = self._backoff()
        while True:
            answer = await self._portal.taken(order)
            self.line.learn(answer)
            match answer:
                case Told(row=row):
                    return row.get("go") is True
                case Refused(unauthorised=True) | NoAnswer():
                    await asyncio.sleep(backoff.failed())
                case Refused(status=status, code=code):
                    _log.error("the portal refuses that order %s is taken: %s %s", order, status, code)
                    return False

    async def _progress(self, order: int, step: str) -> None:
        aside = asyncio.create_task(self._portal.progress(order, step))
        self._asides.add(aside)
        aside.add_done_callback(self._asides.discard)

    # --- the printer ---

    def printing(self, reader: Reader | None) -> Callable[[Paper], Awaitable[None]] | None:
        """How a receipt gets onto paper: by the reader's own printer setting, else by ours; None without any."""
        transport = self._transport(reader)
        if transport is None:
            return None

        async def print_out(paper: Paper) -> None:
            content = await asyncio.to_thread(as_bytes, paper, width=self._settings.printer_width)
            await transport.send(content)

        return print_out

    def printing_at_desk(self) -> Callable[[Paper], Awaitable[None]] | None:
        """The same for the desk's own page, which knows no reader: our printer, else the first that a reader has."""
        known = [None, *(reader for reader, _ in self._readers.values())]
        return next((found for found in map(self.printing, known) if found), None)

    def _transport(self, reader: Reader | None) -> Transport | None:
        told = reader.options.get("printer") if reader else None
        if isinstance(told, dict) and told.get("host"):
            return Network(host=str(told["host"]), port=int(told.get("port") or DEFAULT_PORT))
        if self._settings.printer_host:
            return Network(host=self._settings.printer_host, port=self._settings.printer_port)
        return None

    # --- a sign of life ---

    async def _stay_in_contact(self) -> None:
        while True:
            self._contact_now.clear()
            await self._look_at_readers()
            lost_at = self.line.lost_at
            answer = await self._portal.contact(self._state(lost_at))
            self.line.learn(answer)
            if isinstance(answer, Told) and lost_at is not None:
                self.line.portal_knows()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.contact_seconds):
                    await self._contact_now.wait()

    async def _look_at_readers(self) -> None:
        await asyncio.gather(*(self._look_at(poi_id) for poi_id in list(self._readers) if poi_id not in self._lanes))

    async def _look_at(self, poi_id: str) -> None:
        reader, driver = self._readers[poi_id]
        if reader.protocol == "manual":
            return
        self._lanes.add(poi_id)
        try:
            seen = await driver.diagnose(host=False)
        except Exception:  # noqa: BLE001 - whatever it is, the bridge goes on
            _log.exception("the look at %s ended in a fault of this program", poi_id)
            return
        finally:
            self._lanes.discard(poi_id)
        if isinstance(seen.answer, Health):
            health = seen.answer if seen.outcome is Outcome.DONE else Health(global_status="unreachable")
            self._health[poi_id] = (health, seen.boot)

    def _state(self, lost_at: datetime | None) -> dict[str, Any]:
        return {
            "software": VERSION,
            "waiting_results": len(self.journal.orders.results_waiting()) + len(self.journal.receipts.to_upload()),
            "line_lost_at": written(lost_at),
            "readers": [
                {
                    "poi_id": poi_id,
                    "status": "busy" if poi_id in self._lanes else health.global_status,
                    "printer": health.printer[:20],
                    "serial": health.serial[:40],
                    "boot": boot[:80],
                }
                for poi_id, (health, boot) in sorted(self._health.items())
            ],
        }

    def _line_returned(self) -> None:
        self.uploads.wake()
        self._contact_now.set()

    def _backoff(self) -> Backoff:
        return Backoff(first=self._settings.retry_first_seconds, most=self._settings.retry_most_seconds)


def _lane(order: Order) -> str:
    """What an order needs for itself; "" for abort and questions, which go beside a payment that waits."""
    match order.body:
        case Pay() | Reverse() | TotalsWanted() | Diagnose():
            return order.poi_id
        case Print():
            return _TAKEN_FOR_THE_PRINTER
        case _:
            return ""


async def _cancelled(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
