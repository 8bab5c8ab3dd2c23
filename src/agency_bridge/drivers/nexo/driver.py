"""A card reader that speaks nexo (Sale-to-POI, JSON over TLS)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

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
from agency_bridge.drivers.nexo import answers, requests, wire
from agency_bridge.drivers.nexo.answers import Answer, Named
from agency_bridge.drivers.nexo.line import Line, NoReply
from agency_bridge.drivers.nexo.protection import NotGenuine, derive_key, protect, unprotect
from agency_bridge.moments import utc_now
from agency_bridge.redaction import as_message, masked_text

_log = logging.getLogger("agency_bridge.nexo")

_OWN_SALE: Final = "BRIDGE"
"""Who asks when nobody at a desk does."""
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """No answer that may be believed. `sent` as in `NoReply`."""

    reason: str
    sent: bool
    protected: bool | None = None
    header: Mapping[str, object] | None = None
    message: str = ""
    heard: Literal["rejected", "completed", "silent", ""] = ""
    """What an abort is answered with: an event, or an empty body."""


class Nexo:
    """Every method can be called while a payment waits; the caller sends one payment or reversal at a time.

    Raises:
        NotUsable: from the line, when the reader is described so that nothing may be sent to it.
        ValueError: a passphrase that no key can be derived from.
    """

    capabilities = Capabilities(
        can_query_by_id=True,
        can_abort=True,
        can_reverse=True,
        can_reprint_last=True,
        can_reconcile=True,
        echoes_reference=True,
    )

    def __init__(self, reader: Reader, patience: Patience, *, now: Callable[[], datetime] = utc_now) -> None:
        self._reader = reader
        self._patience = patience
        self._now = now
        self._line = Line(reader, connect_seconds=patience.connect_seconds)
        passphrase = reader.option("passphrase")
        self._key = (
            derive_key(
                passphrase,
                identifier=reader.option("key_identifier"),
                version=int(reader.option("key_version", "1")),
            )
            if passphrase
            else None
        )
        self._pinned = bool(reader.option("tls_ca_pem"))
        self._serial = ""
        self._boot = ""
        self._last_own = 0

    @property
    def boot(self) -> str:
        """Which life of the reader we know of."""
        return "/".join(part for part in (self._serial, self._boot) if part)

    async def pay(self, pay: Pay, progress: Progress) -> Seen:
        """approved, partial, declined, cancelled, busy, not_sent or unknown. Never call it twice for one payment."""
        named = self._named("Payment", pay.service_id, pay.sale_id)
        try:
            body = requests.payment(pay, now=self._now())
        except ValueError:
            return self._seen(Outcome.NOT_SENT, Facts(reason="amount"))
        await progress("present_card")
        watching = asyncio.create_task(self._watch(pay, progress))
        try:
            answer = await self._once_logged_in(named, body, self._patience.payment_seconds, language=pay.language)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        if isinstance(answer, Unusable):
            return self._not_answered(answer)
        facts = replace(answers.facts_of_payment(answer.header, answer.body), protection_ok=answer.protected)
        return self._seen(answers.outcome_of_payment(answer.body), facts, answer)

    async def reverse(self, reverse: Reverse) -> Seen:
        """done, refused, not_sent or unknown. Never call it twice for one reversal."""
        named = self._named("Reversal", reverse.service_id, reverse.sale_id)
        try:
            body = requests.reversal(reverse, poi_id=self._reader.poi_id, now=self._now())
        except ValueError:
            return self._seen(Outcome.NOT_SENT, Facts(reason="amount"))
        answer = await self._once_logged_in(named, body, self._patience.reversal_seconds)
        if isinstance(answer, Unusable):
            return self._not_answered(answer)
        facts = replace(answers.facts_of_reversal(answer.header, answer.body), protection_ok=answer.protected)
        return self._seen(answers.outcome_of_reversal(answer.body), facts, answer)

    async def abort(self, abort: Abort) -> Seen:
        """Done (heard; the payment's own answer says whether it was in time), refused or unreachable."""
        named = self._named("Abort", abort.service_id, abort.sale_id)
        body = requests.abort(abort, poi_id=self._reader.poi_id)
        answer = await self._exchange(named, body, self._patience.question_seconds)
        if isinstance(answer, Answer):
            outcome = Outcome.DONE if answer.result == "Success" else Outcome.REFUSED
            return self._seen(outcome, Facts(reason=answer.condition, protection_ok=answer.protected), answer)
        outcome = {"silent": Outcome.DONE, "rejected": Outcome.REFUSED, "completed": Outcome.REFUSED}.get(
            answer.heard, Outcome.UNREACHABLE
        )
        return self._seen(outcome, Facts(reason=answer.reason), message=answer.message)

    async def ask(self, ask: Ask) -> Seen:
        """As `pay` or `reverse`, of what was sent as `of_service_id`; or in_progress, not_found, unreachable.

        Safe to repeat. `not_found` comes from a reader that was well just now, and says which life of it that was.
        """
        named = self._named("TransactionStatus", ask.service_id, ask.sale_id)
        body = requests.transaction_status(ask, poi_id=self._reader.poi_id)
        answer = await self._once_logged_in(named, body, self._patience.question_seconds)
        if isinstance(answer, Unusable):
            facts = Facts(reason=answer.reason, protection_ok=answer.protected)
            return self._seen(Outcome.UNREACHABLE, facts, message=answer.message)
        outcome, facts = answers.outcome_of_status(answer, self._named(ask.of_category, ask.of_service_id, ask.sale_id))
        if outcome is Outcome.NOT_FOUND and (await self.diagnose(host=False)).outcome is not Outcome.DONE:
            outcome = Outcome.UNREACHABLE
        return self._seen(outcome, replace(facts, protection_ok=answer.protected), answer)

    async def diagnose(self, *, host: bool = True) -> Seen:
        """Done or unreachable. Safe to repeat."""
        named = self._named("Diagnosis", self._own_number(), _OWN_SALE)
        answer = await self._exchange(named, requests.diagnosis(host=host), self._patience.question_seconds)
        if isinstance(answer, Unusable):
            return self._seen(Outcome.UNREACHABLE, Health(global_status="unreachable"), message=answer.message)
        self._remember(answer)
        return self._seen(Outcome.DONE, answers.health_of(answer, serial=self._serial), answer)

    async def totals(self, wanted: TotalsWanted) -> Seen:
        """done, refused or unreachable. With `close` the reader's period ends: not safe to repeat."""
        sale_id = wanted.sale_id or _OWN_SALE
        category, body = (
            ("Reconciliation", requests.reconciliation())
            if wanted.close
            else ("GetTotals", requests.get_totals(wanted))
        )
        named = self._named(category, self._own_number(), sale_id)
        answer = await self._once_logged_in(named, body, self._patience.totals_seconds)
        if isinstance(answer, Unusable):
            return self._seen(Outcome.UNREACHABLE, Totals(), message=answer.message)
        if answer.result != "Success":
            return self._seen(Outcome.REFUSED, Totals(), answer)
        return self._seen(Outcome.DONE, answers.totals_of(answer.body), answer)

    # --- one message and its answer ---

    async def _once_logged_in(
        self, named: Named, body: requests.Message, seconds: float, *, language: str = "fr"
    ) -> Answer | Unusable:
        """The answer; when it is that we are not logged in, nothing was started: log in, and send it once more."""
        answer = await self._exchange(named, body, seconds)
        if isinstance(answer, Unusable) or answer.condition not in answers.NOT_LOGGED_IN:
            return answer
        if not await self._log_in(named.sale_id, language=language):
            return answer
        return await self._exchange(named, body, seconds)

    async def _watch(self, pay: Pay, progress: Progress) -> None:
        """Asks where the payment stands, for the cashier's screen. Decides nothing; ends if the reader does not say."""
        told = "present_card"
        while self._patience.progress_seconds:
            await asyncio.sleep(self._patience.progress_seconds)
            question = Ask(
                service_id=self._own_number(),
                of_service_id=pay.service_id,
                of_category="Payment",
                sale_id=pay.sale_id,
                sale_reference=pay.sale_reference,
                amount_centimes=pay.amount_centimes,
                currency=pay.currency,
                sent_at=None,
            )
            named = self._named("TransactionStatus", question.service_id, pay.sale_id)
            body = requests.transaction_status(question, poi_id=self._reader.poi_id, reprint=False)
            answer = await self._exchange(named, body, self._patience.question_seconds)
            step = answers.step_of(answer) if isinstance(answer, Answer) else ""
            if not step:
                return
            if step != told:
                told = step
                await progress(step)

    async def _log_in(self, sale_id: str, *, language: str) -> bool:
        named = self._named("Login", self._own_number(), sale_id)
        body = requests.login(
            now=self._now(), language=language, certification_code=self._reader.option("software_id", "0")
        )
        answer = await self._exchange(named, body, self._patience.question_seconds)
        if isinstance(answer, Unusable) or answer.result != "Success":
            _log.warning("%s lets us not log in", self._reader.poi_id)
            return False
        self._remember(answer)
        return True

    async def _exchange(self, named: Named, body: requests.Message, seconds: float) -> Answer | Unusable:
        reply = await self._line.exchange(self._written(named, body), seconds=seconds)
        if isinstance(reply, NoReply):
            return Unusable(reason=reply.reason, sent=reply.sent)
        if not reply.content.strip():
            return Unusable(reason="empty", sent=True, heard="silent")
        try:
            return self._read(reply.content, named)
        except wire.Unreadable:
            return Unusable(reason="unreadable", sent=True)

    def _written(self, named: Named, body: requests.Message) -> bytes:
        header = requests.header(
            category=named.category, service_id=named.service_id, sale_id=named.sale_id, poi_id=named.poi_id
        )
        plain = wire.write({"SaleToPOIRequest": {"MessageHeader": header, f"{named.category}Request": body}})
        if self._key is None:
            return plain.encode("utf-8")
        blob, trailer = protect(plain.encode("utf-8"), key=self._key)
        protected = {"MessageHeader": header, "NexoBlob": blob, "SecurityTrailer": trailer}
        return wire.write({"SaleToPOIRequest": protected}).encode("utf-8")

    def _read(self, content: bytes, named: Named) -> Answer | Unusable:
        whole = wire.read(content)
        protected: bool | None = None
        if self._key is not None:
            outer = wire.at(whole, "SaleToPOIResponse") or wire.at(whole, "SaleToPOIRequest")
            protected = wire.at(outer, "NexoBlob") is not None
            if protected:
                try:
                    whole = wire.read(unprotect(outer, key=self._key))
                except NotGenuine:
                    return Unusable(reason="not_genuine", sent=True, protected=False)
        answered = self._addressed(whole, named, protected=protected)
        if isinstance(answered, Answer) and protected is False and not self._believable(answered):
            return Unusable(reason="unprotected", sent=True, protected=False, message=as_message(whole))
        return answered

    def _believable(self, answer: Answer) -> bool:
        """Without its protection a success is never believed; a failure only from a certificate that we pinned."""
        return answer.result == "Failure" and self._pinned

    def _addressed(self, whole: Mapping[str, object], named: Named, *, protected: bool | None) -> Answer | Unusable:
        event = wire.text_at(whole, "SaleToPOIRequest", "EventNotification", "EventToNotify")
        if event:
            details = masked_text(wire.text_at(whole, "SaleToPOIRequest", "EventNotification", "EventDetails"))
            heard: Literal["rejected", "completed"] = "completed" if event == "Completed" else "rejected"
            return Unusable(reason=event, sent=True, protected=protected, message=details[:400], heard=heard)
        header = wire.at(whole, "SaleToPOIResponse", "MessageHeader")
        body = wire.at(whole, "SaleToPOIResponse", f"{named.category}Response")
        if not isinstance(body, Mapping) or not isinstance(header, Mapping):
            return Unusable(reason="unreadable", sent=True, protected=protected, message=as_message(whole))
        if not answers.is_answer_to(header, named):
            return Unusable(
                reason="other_transaction", sent=True, protected=protected, header=header, message=as_message(whole)
            )
        return Answer(header=header, body=body, protected=protected, whole=whole)

    # --- small things ---

    def _not_answered(self, answer: Unusable) -> Seen:
        header = answer.header
        facts = Facts(
            reason=answer.reason,
            protection_ok=answer.protected,
            service_id=wire.text_at(header, "ServiceID"),
            sale_id=wire.text_at(header, "SaleID"),
            poi_id=wire.text_at(header, "POIID"),
        )
        return self._seen(Outcome.UNKNOWN if answer.sent else Outcome.NOT_SENT, facts, message=answer.message)

    def _seen(
        self, outcome: Outcome, facts: Facts | Health | Totals, answer: Answer | None = None, *, message: str = ""
    ) -> Seen:
        told = as_message(answer.whole) if answer else message
        return Seen(outcome=outcome, answer=facts, message=told, boot=self.boot)

    def _named(self, category: str, service_id: str, sale_id: str) -> Named:
        return Named(category=category, service_id=service_id, sale_id=sale_id, poi_id=self._reader.poi_id)

    def _remember(self, answer: Answer) -> None:
        """Which reader it is and which life of it, as far as it says."""
        told = answer.additional
        serial = wire.text_at(answer.body, "POISystemData", "POITerminalData", "POISerialNumber")
        self._serial = (serial or told.get("serial", "") or self._serial)[:40]
        self._boot = (told.get("boot", "") or self._boot)[:40]

    def _own_number(self) -> str:
        """A ServiceID for what the portal did not number: Z and the time, which its own numbers never reach."""
        self._last_own = max(self._last_own + 1, int(self._now().timestamp() * 1000))
        number, text = self._last_own, ""
        while number:
            number, digit = divmod(number, len(_LETTERS))
            text = _LETTERS[digit] + text
        return f"Z{text:0>9}"[:10]
