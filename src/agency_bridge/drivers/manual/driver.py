"""A reader that nothing is connected to: the cashier keys the amount, and types what the slip says, in the portal.

No order is meant for it. One that comes all the same is not sent anywhere, and is answered so.
"""

from __future__ import annotations

from typing import Final

from agency_bridge.drivers.contract import (
    Abort,
    Ask,
    Capabilities,
    Facts,
    Health,
    Outcome,
    Pay,
    Progress,
    Reverse,
    Seen,
    Totals,
    TotalsWanted,
)

_REASON: Final = Facts(reason="no_line_to_this_reader")


class Manual:
    """Also stands in for a reader that is described so that nothing may be sent to it."""

    capabilities = Capabilities()

    def __init__(self, *, reason: str = "") -> None:
        self._facts = Facts(reason=reason) if reason else _REASON

    async def pay(self, pay: Pay, progress: Progress) -> Seen:
        del pay, progress
        return Seen(outcome=Outcome.NOT_SENT, answer=self._facts)

    async def reverse(self, reverse: Reverse) -> Seen:
        del reverse
        return Seen(outcome=Outcome.NOT_SENT, answer=self._facts)

    async def abort(self, abort: Abort) -> Seen:
        del abort
        return Seen(outcome=Outcome.UNREACHABLE, answer=self._facts)

    async def ask(self, ask: Ask) -> Seen:
        del ask
        return Seen(outcome=Outcome.UNREACHABLE, answer=self._facts)

    async def diagnose(self, *, host: bool = True) -> Seen:
        del host
        return Seen(outcome=Outcome.UNREACHABLE, answer=Health(global_status="unreachable"), message=self._facts.reason)

    async def totals(self, wanted: TotalsWanted) -> Seen:
        del wanted
        return Seen(outcome=Outcome.UNREACHABLE, answer=Totals(), message=self._facts.reason)
