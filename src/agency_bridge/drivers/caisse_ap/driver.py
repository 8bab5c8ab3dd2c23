"""A card reader that speaks Caisse-AP (Concert V3) over TCP.

It knows no number of ours to ask after, and nothing aborts it but its own red key. After a lost answer there is only
the duplicata of its last ticket, which counts only if it is certainly ours.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from agency_bridge.drivers.caisse_ap import tlv
from agency_bridge.drivers.caisse_ap.answers import (
    facts_of,
    is_answer_to,
    outcome_of,
    ticket_moment,
)
from agency_bridge.drivers.caisse_ap.line import NoReply, exchange
from agency_bridge.drivers.contract import (
    Abort,
    Ask,
    Capabilities,
    Facts,
    Health,
    Outcome,
    Patience,
    Pay,
    Progress,
    Reader,
    Reverse,
    Seen,
    Totals,
    TotalsWanted,
)
from agency_bridge.moments import utc_now
from agency_bridge.redaction import as_message

DZD: Final = "012"
_SALE: Final = "0"
_CANCELLATION: Final = "2"
_DUPLICATA: Final = "3"
_PING: Final = "I"
_SEND_BATCH: Final = "B"
_WITH_REFERENCES: Final = "0320"
"""The version of the protocol that has a field for the bill's reference."""
_NO_MATCH: Final = Seen(outcome=Outcome.NOT_FOUND, answer=Facts(reason="no_match"))
_REVERSED: Final = {
    Outcome.APPROVED: Outcome.DONE,
    Outcome.DECLINED: Outcome.REFUSED,
    Outcome.CANCELLED: Outcome.REFUSED,
}
_CLOCKS_APART: Final = timedelta(minutes=2)
"""How far a reader's clock may be from ours; its tickets show whole minutes."""


class CaisseAp:
    """One payment or cancellation at a time; so is every other message, because the reader answers one connection."""

    capabilities = Capabilities(can_reverse=True, can_reprint_last=True, can_reconcile=True)

    def __init__(self, reader: Reader, patience: Patience) -> None:
        self._reader = reader
        self._patience = patience
        self._till = reader.option("till", "01")[:2].rjust(2, "0")
        self._version = reader.option("protocol_version", "0300")
        self._ask_again_at = 0.0

    async def pay(self, pay: Pay, progress: Progress) -> Seen:
        """approved, declined, cancelled, not_sent or unknown. Never call it twice for one payment."""
        if pay.currency != "DZD" or pay.amount_centimes <= 0:
            return Seen(outcome=Outcome.NOT_SENT, answer=Facts(reason="amount"))
        fields = self._fields(_SALE, amount_centimes=pay.amount_centimes, reference=pay.sale_reference)
        if self._version >= _WITH_REFERENCES and pay.bill_reference:
            fields["CH"] = pay.bill_reference[:99]
        await progress("present_card")
        return await self._money(fields, self._patience.payment_seconds, reference=pay.sale_reference)

    async def reverse(self, reverse: Reverse) -> Seen:
        """done, refused, not_sent or unknown. The reader cancels its last ticket of this amount, and no other."""
        if reverse.currency != "DZD" or reverse.amount_centimes <= 0:
            return Seen(outcome=Outcome.NOT_SENT, answer=Facts(reason="amount"))
        fields = self._fields(_CANCELLATION, amount_centimes=reverse.amount_centimes, reference=reverse.sale_reference)
        seen = await self._money(fields, self._patience.reversal_seconds, reference=reverse.sale_reference)
        return replace(seen, outcome=_REVERSED.get(seen.outcome, seen.outcome))

    async def abort(self, abort: Abort) -> Seen:
        """Always refused: the protocol has no such message. The cashier presses the reader's red key."""
        del abort
        return Seen(outcome=Outcome.REFUSED, answer=Facts(reason="no_abort"))

    async def ask(self, ask: Ask) -> Seen:
        """What the reader's last ticket says of a payment: as `pay`, or unreachable.

        not_found with the reason `no_match` when that ticket is not certainly ours: then a person reads the slip. A
        reader may print the ticket each time, so that such an answer holds for a while. Of a cancellation the last
        ticket says nothing certain, because it names the same sale as the payment's.

        Rule: ticket-is-ours (readers.md 3, R16)
        """
        if ask.of_category != "Payment" or time.monotonic() < self._ask_again_at:
            return _NO_MATCH
        answer = await self._exchange(self._fields(_DUPLICATA), self._patience.question_seconds)
        if isinstance(answer, NoReply):
            return Seen(outcome=Outcome.UNREACHABLE, answer=Facts(reason=answer.reason))
        message = as_message(answer)
        facts = facts_of(answer, reference=ask.sale_reference)
        if answer.get("CD") not in {_DUPLICATA, _SALE} or not self._is_ours(answer):
            return Seen(outcome=Outcome.UNREACHABLE, answer=Facts(reason="other_transaction"), message=message)
        if not (facts.echoes_reference or self._fits(answer, facts, ask)):
            self._ask_again_at = time.monotonic() + self._patience.ticket_seconds
            return replace(_NO_MATCH, message=message)
        return Seen(outcome=outcome_of(answer), answer=facts, message=message)

    async def diagnose(self, *, host: bool = True) -> Seen:
        """Done or unreachable. Safe to repeat. It cannot be asked about its bank."""
        del host
        answer = await self._exchange(self._fields(_PING), self._patience.question_seconds)
        if isinstance(answer, NoReply):
            return Seen(outcome=Outcome.UNREACHABLE, answer=Health(global_status="unreachable"))
        well = answer.get("AE") in {"10", "11"}
        health = Health(global_status="ok" if well else "busy", serial=answer.get("AQ", ""))
        return Seen(outcome=Outcome.DONE, answer=health, message=as_message(answer), boot=health.serial)

    async def totals(self, wanted: TotalsWanted) -> Seen:
        """done, refused or unreachable. `close` sends the batch to the bank; without it there is nothing to ask."""
        if not wanted.close:
            return Seen(outcome=Outcome.REFUSED, answer=Totals(), message="no totals without sending the batch")
        answer = await self._exchange(self._fields(_SEND_BATCH), self._patience.totals_seconds)
        if isinstance(answer, NoReply):
            return Seen(outcome=Outcome.UNREACHABLE, answer=Totals(), message=answer.reason)
        outcome = Outcome.DONE if answer.get("AE") in {"10", "11"} else Outcome.REFUSED
        return Seen(outcome=outcome, answer=Totals(), message=as_message(answer))

    # --- one message and its answer ---

    async def _money(self, fields: Mapping[str, str], seconds: float, *, reference: str) -> Seen:
        answer = await self._exchange(fields, seconds)
        if isinstance(answer, NoReply):
            outcome = Outcome.UNKNOWN if answer.sent else Outcome.NOT_SENT
            return Seen(outcome=outcome, answer=Facts(reason=answer.reason))
        facts, message = facts_of(answer, reference=reference), as_message(answer)
        if not is_answer_to(answer, fields):
            return Seen(outcome=Outcome.UNKNOWN, answer=Facts(reason="other_transaction"), message=message)
        return Seen(outcome=outcome_of(answer), answer=facts, message=message)

    async def _exchange(self, fields: Mapping[str, str], seconds: float) -> Mapping[str, str] | NoReply:
        try:
            content = tlv.write(fields)
        except ValueError:
            return NoReply(reason="not_writable", sent=False)
        reply = await exchange(
            content,
            host=self._reader.host,
            port=self._reader.port,
            connect_seconds=self._patience.connect_seconds,
            seconds=seconds,
        )
        return reply if isinstance(reply, NoReply) else reply.fields

    def _fields(self, action: str, *, amount_centimes: int | None = None, reference: str = "") -> dict[str, str]:
        fields = {
            "CZ": self._version,
            "CJ": self._reader.option("software_id", "012345678901"),
            "CA": self._till,
            "CE": DZD,
            "BA": "0",
            "CD": action,
        }
        if amount_centimes is not None:
            fields["CB"] = f"{amount_centimes:02d}"
        if reference:
            fields["CF"] = reference[:99]
        return fields

    def _is_ours(self, answer: Mapping[str, str]) -> bool:
        return answer.get("CA", self._till) == self._till and answer.get("CE", DZD) == DZD

    def _fits(self, answer: Mapping[str, str], facts: Facts, ask: Ask) -> bool:
        """Same amount, approved, and printed since we sent. That its approval is new, the portal's table says."""
        printed = ticket_moment(answer)
        if printed is None or ask.sent_at is None or facts.amount_centimes != ask.amount_centimes:
            return False
        if not facts.approval_code:
            return False
        return ask.sent_at - _CLOCKS_APART <= printed <= self._latest()

    def _latest(self) -> datetime:
        return utc_now() + _CLOCKS_APART
