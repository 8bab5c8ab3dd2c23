"""A till's Caisse-AP messages in, the reader's answers out: tags and bytes, no sockets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from sandbox.reader.caisse_ap.tags import Fields, Incoming, NotCaisseAp, written
from sandbox.reader.core import Reader
from sandbox.reader.faults import BEFORE_ANYTHING_KINDS, Fault, Kind
from sandbox.reader.replies import NO_REPLY, Pending, Reply, before_anything, spoilt
from sandbox.reader.settings import How
from sandbox.reader.slips import For
from sandbox.reader.transactions import Category, Direction, Ending, Refusal, Transaction, Wanted, Why

VERSION = "0320"
APPLICATION = "A0000000000000"
"""An application identifier that no scheme has."""
DONE, NOT_DONE, TAKEN = "10", "01", "11"
_UNKNOWN, _AUTHORISED, _REFUSED, _FORBIDDEN, _ABANDONED = "00", "01", "04", "05", "06"
_NOT_COMPLETED, _INPUT_TIME_OUT, _FORMAT, _OPERATOR, _ACTION, _CURRENCY = "07", "08", "09", "11", "12", "13"
_DETAILS: Mapping[Ending, str] = {
    Ending.APPROVED: _AUTHORISED,
    Ending.PARTIAL: _AUTHORISED,
    Ending.REFUSED: _REFUSED,
    Ending.WRONG_PIN: _REFUSED,
    Ending.INVALID_CARD: _FORBIDDEN,
    Ending.CANCELLED: _ABANDONED,
    Ending.TIMED_OUT: _INPUT_TIME_OUT,
    Ending.CARD_REMOVED: _NOT_COMPLETED,
    Ending.ABORTED: _OPERATOR,
    Ending.HOST_UNREACHABLE: _NOT_COMPLETED,
    Ending.POWER_CUT: _NOT_COMPLETED,
}
SALE, CREDIT, CANCELLATION, DUPLICATE, BATCH, PING, PRINT, STATUS = "0", "1", "2", "3", "B", "I", "P", "T"
_CALLS = {
    SALE: "Payment",
    CREDIT: "Payment",
    CANCELLATION: "Reversal",
    DUPLICATE: "TransactionStatus",
    STATUS: "TransactionStatus",
    PING: "Diagnosis",
    BATCH: "Reconciliation",
    PRINT: "Print",
}
"""The value of CD → the category under which a fault may name it."""
_CURRENCIES = frozenset({"012", "DZD"})
_DIRECTIONS = {SALE: Direction.DEBIT, CREDIT: Direction.CREDIT}
_ECHOED = ("CZ", "CJ", "CA", "CE", "CD", "CB")
_NONSENSE = b"XXXXnot a message"
_IMMEDIATE = "1"
_MOST_CENTIMES_DIGITS = 12
_TICKET_LETTERS = 900


class CaisseApDoor:
    """The Caisse-AP side of one reader. One thread; nothing here waits."""

    def __init__(self, reader: Reader, *, random: Random) -> None:
        self.reader = reader
        self._random = random

    def answer(self, request: Fields, *, now: float) -> dict[str, str] | None:
        """One message of tags. None when nothing (or no message) comes back now, as for `NexoDoor.answer`."""
        got = self.receive(request, now=now)
        if isinstance(got, Pending):
            if not got.transaction.is_over:
                return None
            got = got.reply()
        if not got.send_fraction:
            return None
        incoming = Incoming()
        try:
            incoming.feed(got.body)
        except NotCaisseAp:
            return None
        return dict(incoming.fields)

    def is_whole(self, fields: Fields, *, is_between_tags: bool) -> bool:
        """Whether a till has said all that can be acted upon: a till that goes on may still send more tags."""
        if not is_between_tags or "CD" not in fields or "CZ" not in fields:
            return False
        if fields["CD"] in {SALE, CREDIT, CANCELLATION}:
            return "CB" in fields and "CE" in fields
        return fields["CD"] != PRINT or "ZT" in fields

    def receive(self, fields: Fields, *, now: float) -> Reply | Pending:
        """One whole message."""
        self.reader.catch_up(now=now)
        action = fields.get("CD", "")
        if action not in _CALLS:
            return self._refused(fields, _ACTION)
        till = fields.get("CA", "")
        if self.reader.settings.till and till.lstrip("0") != self.reader.settings.till.lstrip("0"):
            return self._refused(fields, _SELECTION)
        centimes = _centimes(fields.get("CB", ""))
        fault = self.reader.draw_fault(call=_CALLS[action], reference=fields.get("CF", ""), centimes=centimes)
        if fault is not None:
            self.reader.note_fault(fault, now=now)
            if fault.kind in BEFORE_ANYTHING_KINDS:
                return before_anything(fault)
            if fault.kind in {Kind.BUSY, Kind.MAINTENANCE}:
                return self._refused(fields, _NOT_COMPLETED)
            if fault.kind is Kind.UNENCRYPTED_SUCCESS:
                return self._reply({**_echo(fields), "AE": DONE, "AF": _AUTHORISED, "AC": "000000"})
        if action in {SALE, CREDIT, CANCELLATION}:
            return self._transact(fields, centimes, now=now, fault=fault)
        return self._reply(self._told(action, fields, now=now), fault=fault)

    def _transact(self, fields: Fields, centimes: int | None, *, now: float, fault: Fault | None) -> Reply | Pending:
        if centimes is None or not centimes:
            return self._refused(fields, _FORMAT)
        if fields.get("CE", "") not in _CURRENCIES:
            return self._refused(fields, _CURRENCY)
        wanted = Wanted(
            amount_centimes=centimes,
            currency=fields["CE"],
            direction=_DIRECTIONS.get(fields["CD"], Direction.DEBIT),
            sale_id=fields.get("CA", ""),
            reference=fields.get("CF", ""),
            sale_reference=fields.get("CH", ""),
        )
        if fields["CD"] == CANCELLATION:
            begun = self.reader.reverse(wanted, original=self._last_of(wanted), now=now, fault=fault)
        else:
            begun = self.reader.begin(wanted, now=now, fault=fault)
        if isinstance(begun, Refusal):
            return self._refused(fields, _FORBIDDEN if begun.why is Why.NOT_ALLOWED else _NOT_COMPLETED)
        if fields.get("BA", "") == _IMMEDIATE:
            return self._reply({**_echo(fields), "AE": TAKEN})
        return Pending(transaction=begun, reply=lambda: self._over(fields, begun))

    def _over(self, fields: Fields, transaction: Transaction) -> Reply:
        if transaction.line_is_cut:
            return NO_REPLY
        answer = {**_echo(fields), **self._result(transaction)}
        if fields.get("CK", "")[:1] == "1" and transaction.printed:
            answer["ZT"] = self._ticket(transaction, again=False)
        return self._reply(answer, fault=transaction.fault)

    def _told(self, action: str, fields: Fields, *, now: float) -> Fields:
        """The answer to what moves no money."""
        match action:
            case "I":
                return {**_echo(fields), "AE": DONE, "BH": self.reader.settings.tid}
            case "B":
                if self.reader.current is not None:
                    return {**_echo(fields), "AE": NOT_DONE, "AF": _NOT_COMPLETED}
                self.reader.close_batch(now=now)
                return {**_echo(fields), "AE": DONE, "AF": _AUTHORISED}
            case "P":
                return self._print(fields, now=now)
            case "T":
                return self._status(fields, now=now)
            case _:
                return self._duplicate(fields)

    def _duplicate(self, fields: Fields) -> Fields:
        """The last ticket once more: of whatever sale that was."""
        finished = (each for each in reversed(self.reader.transactions()) if each.is_over and each.rrn)
        last = next(finished, None)
        if last is None:
            return {**_echo(fields), "AE": NOT_DONE, "AF": _NOT_COMPLETED}
        self.reader.print_text(self.reader.slip_of(last, whom=For.CUSTOMER, again=True), now=last.ended_at)
        told = {**_echo(fields), "CB": f"{last.wanted.amount_centimes:012d}", "CE": last.wanted.currency}
        return {**told, **self._result(last), "ZT": self._ticket(last, again=True)}

    def _status(self, fields: Fields, *, now: float) -> Fields:
        """A vendor's extension: what became of the sale with this reference (CH, else CF)."""
        asked = fields.get("CH", "") or fields.get("CF", "")
        for each in reversed(self.reader.transactions()):
            if asked and asked in {each.wanted.sale_reference, each.wanted.reference}:
                if self.reader.still_in_progress(each, now=now):
                    return {**_echo(fields), "AE": TAKEN}
                told = {**_echo(fields), "CB": f"{each.wanted.amount_centimes:012d}", "CE": each.wanted.currency}
                return {**told, **self._result(each)}
        return {**_echo(fields), "AE": NOT_DONE, "AF": _UNKNOWN}

    def _print(self, fields: Fields, *, now: float) -> Fields:
        incoming = Incoming()
        try:
            incoming.feed(fields.get("ZT", "").encode("latin-1"))
            text = base64.b64decode(incoming.fields.get("AK", ""), validate=True).decode("latin-1")
        except (NotCaisseAp, ValueError):
            return {**_echo(fields), "AE": NOT_DONE, "AF": _FORMAT}
        printed = self.reader.print_text(text.splitlines(), now=now)
        return {**_echo(fields), "AE": DONE if printed else NOT_DONE, "AF": _AUTHORISED if printed else _NOT_COMPLETED}

    def _last_of(self, wanted: Wanted) -> Transaction | None:
        """What a cancellation takes back: the newest sale of this amount, of this reference where one is told."""
        for each in reversed(self.reader.in_batch()):
            same = each.category is Category.PAYMENT and each.counts and each.amount_centimes == wanted.amount_centimes
            if same and wanted.reference in {"", each.wanted.reference}:
                return each
        return None

    def _result(self, transaction: Transaction) -> Fields:
        ending = transaction.ending or Ending.POWER_CUT
        moved = ending.moved_money
        told = {
            "AE": DONE if moved else NOT_DONE,
            "AF": _DETAILS[ending],
            "CF": transaction.wanted.reference,
            "CH": transaction.wanted.sale_reference,
        }
        if transaction.entry_mode:
            contactless = transaction.entry_mode == How.CONTACTLESS
            told |= {"CC": "00B" if contactless else "001", "CI": "2" if contactless else "1", "AI": APPLICATION}
        if transaction.pan_masked:
            told |= {"AA": transaction.pan_masked.replace("*", "#"), "AL": "1", "CG": self.reader.settings.mid[-7:]}
        if moved:
            told |= {"CB": f"{transaction.amount_centimes:012d}", "AC": transaction.approval_code}
        return told

    def _ticket(self, transaction: Transaction, *, again: bool) -> str:
        text = "\r\n".join(self.reader.slip_of(transaction, whom=For.CUSTOMER, again=again))
        encoded = base64.b64encode(text.encode("latin-1", "replace")).decode("ascii")
        return written({"CK": "100", "AK": encoded[: _TICKET_LETTERS - _TICKET_LETTERS % 4]}).decode("ascii")

    def _refused(self, fields: Fields, detail: str) -> Reply:
        return self._reply({**_echo(fields), "AE": NOT_DONE, "AF": detail})

    def _reply(self, fields: Fields, *, fault: Fault | None = None) -> Reply:
        told = dict(fields)
        match fault.kind if fault else None:
            case Kind.WRONG_SERVICE_ID:
                told |= {"CA": "99", "CF": "ANOTHER-SALE"}
            case Kind.WRONG_AMOUNT if told.get("CB", "").isdigit():
                told["CB"] = f"{int(told['CB']) + 100:012d}"
            case Kind.WRONG_CURRENCY:
                told["CE"] = "978"
        body = written(told)
        if fault is not None and fault.kind is Kind.BAD_HMAC:
            body = body.replace(b"AE002", b"AE902", 1)
        reply = Reply(body=body)
        return replace(spoilt(reply, fault, nonsense=_NONSENSE), status=200)


_SELECTION = "10"


def _echo(fields: Fields) -> dict[str, str]:
    return {"CZ": VERSION, **{tag: fields[tag] for tag in _ECHOED if fields.get(tag)}}


def _centimes(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_CENTIMES_DIGITS
    return int(text) if plain else None
