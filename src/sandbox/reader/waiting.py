"""Waits, on the loop, until a transaction is over."""

from __future__ import annotations

import asyncio

from sandbox.reader.transactions import Transaction


class Waiting:
    """Who waits for which transaction."""

    def __init__(self) -> None:
        self._events: dict[int, asyncio.Event] = {}

    async def until_over(self, transaction: Transaction) -> None:
        if transaction.is_over:
            return
        event = self._events.setdefault(id(transaction), asyncio.Event())
        try:
            await event.wait()
        finally:
            self._events.pop(id(transaction), None)

    def tell(self, transaction: Transaction) -> None:
        """It is over."""
        event = self._events.get(id(transaction))
        if event is not None:
            event.set()
