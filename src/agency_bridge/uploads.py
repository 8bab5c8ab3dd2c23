"""Results and offline receipts on their way to the portal: again and again, until it acknowledges them.

Rule: results-until-acknowledged (readers.md 3, R8)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from agency_bridge.backoff import Backoff
from agency_bridge.crashpoints import crashpoint
from agency_bridge.journal.journal import Journal
from agency_bridge.journal.orders import Journaled
from agency_bridge.journal.receipts import OfflineReceipt
from agency_bridge.line import Line
from agency_bridge.portal.client import Answer, NoAnswer, Portal, Refused, Told

_log = logging.getLogger("agency_bridge.uploads")

_CONFLICT = 409


class Uploads:
    """One loop. `wake` makes it try at once."""

    def __init__(
        self, journal: Journal, portal: Portal, line: Line, *, backoff: Backoff, now: Callable[[], datetime]
    ) -> None:
        self._journal = journal
        self._portal = portal
        self._line = line
        self._backoff = backoff
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        while True:
            self._woken.clear()
            if await self.upload_all():
                self._backoff.worked()
                await self._woken.wait()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._backoff.failed()):
                    await self._woken.wait()

    async def upload_all(self) -> bool:
        """Whether nothing is left. Stops at the first that the portal does not answer."""
        whole = True
        for row in self._journal.orders.results_waiting():
            answer = await self._result(row)
            if isinstance(answer, NoAnswer):
                return False
            whole = whole and isinstance(answer, Told)
        for receipt in self._journal.receipts.to_upload():
            answer = await self._receipt(receipt)
            if isinstance(answer, NoAnswer):
                return False
            whole = whole and isinstance(answer, Told)
        return whole

    async def _result(self, row: Journaled) -> Answer:
        crashpoint("portal: result")
        answer = await self._portal.result(row.id, row.result or {})
        self._line.learn(answer)
        if isinstance(answer, Refused) and answer.status == _CONFLICT:
            return await self._not_taken(row)
        if isinstance(answer, Told) and answer.row.get("acknowledged") is True:
            self._journal.orders.acknowledge(row.id, now=self._now())
            return answer
        if isinstance(answer, Refused):
            _log.error("the portal refuses the result of order %s: %s %s", row.id, answer.status, answer.code)
            return answer
        return NoAnswer(why="not acknowledged")

    async def _not_taken(self, row: Journaled) -> Answer:
        """The portal never heard that we took it: we died between our journal and its answer. It hears it now."""
        answer = await self._portal.taken(row.id)
        self._line.learn(answer)
        nothing_left = (row.result or {}).get("outcome") == "not_sent"
        withdrawn = isinstance(answer, Refused) or (isinstance(answer, Told) and answer.row.get("go") is not True)
        if withdrawn and nothing_left and not self._line.unauthorised:
            self._journal.orders.acknowledge(row.id, now=self._now())
            return Told()
        return answer if isinstance(answer, Refused) else NoAnswer(why="taken again")

    async def _receipt(self, receipt: OfflineReceipt) -> Answer:
        current = self._journal.receipts.upload_begins(block=receipt.block, number=receipt.number, now=self._now())
        crashpoint("portal: offline receipt")
        answer = await self._portal.offline_receipt({**current.row, "voided": current.voided})
        self._line.learn(answer)
        if isinstance(answer, Told) and answer.row.get("acknowledged") is True:
            self._journal.receipts.acknowledge(
                block=current.block,
                number=current.number,
                told_case=str(answer.row.get("case") or ""),
                now=self._now(),
            )
            return answer
        if isinstance(answer, Refused):
            _log.error("the portal refuses receipt %s of block %s: %s", current.number, current.block, answer.code)
            return answer
        return NoAnswer(why="not acknowledged")
