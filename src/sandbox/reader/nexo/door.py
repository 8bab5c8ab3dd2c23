"""A till's messages in, the reader's answers out: bytes and dictionaries, no sockets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.reader import json_text
from sandbox.reader.core import Reader
from sandbox.reader.faults import BEFORE_ANYTHING_KINDS, Fault, Kind
from sandbox.reader.nexo import bodies, requests
from sandbox.reader.nexo.protection import NONCE_BYTES, Keys, NotProtected, keys_of, open_protected, protect
from sandbox.reader.nexo.requests import Body, Header, Malformed, WrongValue, part, text, texts
from sandbox.reader.replies import NO_REPLY, Pending, Reply, before_anything, spoilt
from sandbox.reader.transactions import Category, Direction, Ending, Refusal, Transaction, Wanted, Why

OFFERED = frozenset(
    {
        "Abort",
        "Diagnosis",
        "GetTotals",
        "Login",
        "Logout",
        "Payment",
        "Print",
        "Reconciliation",
        "Reversal",
        "TransactionStatus",
    }
)
_NOTHING = Reply()
_NONSENSE = b"<html><body>Internal error</body></html>"
_MOST_REJECTED_BYTES = 2000


class NexoDoor:
    """The nexo side of one reader. One thread; nothing here waits."""

    def __init__(self, reader: Reader, *, random: Random) -> None:
        self.reader = reader
        self._random = random

    def answer(self, request: Mapping[str, Any], *, now: float) -> dict[str, Any] | None:
        """One message of dictionaries; amounts are `Decimal` or `int`.

        None when nothing comes back now: to an abort, on a connection that a fault has closed, or while nobody has
        presented a card (then the reader goes on by itself, and TransactionStatus tells).
        """
        got = self.receive(json_text.write(request).encode(), now=now)
        if isinstance(got, Pending):
            if not got.transaction.is_over:
                return None
            got = got.reply()
        if not got.send_fraction or not got.body:
            return None
        answered: dict[str, Any] = json_text.read(got.body)
        return answered

    def receive(self, body: bytes, *, now: float) -> Reply | Pending:
        """One HTTP body as it arrives."""
        self.reader.catch_up(now=now)
        try:
            header, request = self._read(body)
            return self._handled(header, request, body, now=now)
        except NotProtected:
            return self._event("Reject", "not a properly protected message", body, now=now)
        except Malformed as error:
            return self._event("Reject", str(error), body, now=now)

    def _read(self, body: bytes) -> tuple[Header, Body]:
        """Raises Malformed or NotProtected."""
        outer = _object(body)
        message = part(outer, "SaleToPOIRequest")
        header = requests.header_of(message)
        if header.poi_id != self.reader.settings.poi_id:
            raise Malformed("this is another POIID")
        if header.category not in OFFERED:
            raise Malformed(f"{header.category} is not offered here")
        request = self._opened(message, header).get(f"{header.category}Request")
        if not isinstance(request, Mapping):
            raise Malformed(f"{header.category}Request is missing")
        return header, request

    # Protection

    @property
    def _keys(self) -> Keys | None:
        passphrase = self.reader.settings.passphrase
        return keys_of(passphrase) if passphrase else None

    def _opened(self, message: Mapping[str, Any], header: Header) -> Mapping[str, Any]:
        if (keys := self._keys) is None:
            if "NexoBlob" in message:
                raise NotProtected
            return message
        trailer = part(message, "SecurityTrailer")
        options = self.reader.settings
        known = text(trailer, "KeyIdentifier") == options.key_identifier
        if not known or trailer.get("KeyVersion") != options.key_version:
            raise NotProtected
        inner = part(_object(open_protected(message.get("NexoBlob"), trailer, keys=keys)), "SaleToPOIRequest")
        if requests.header_of(inner) != header:
            raise NotProtected
        return inner

    def _reply(self, header: Header, response: Body, *, fault: Fault | None = None, clear: bool = False) -> Reply:
        message: Body = {"MessageHeader": bodies.header(header), **response}
        if fault is not None:
            message = _with_wrong_value(message, fault.kind)
        envelope: Body = {"SaleToPOIResponse": message}
        if not clear:
            envelope = self._sealed(envelope, spoil_seal=fault is not None and fault.kind is Kind.BAD_HMAC)
        return spoilt(Reply(body=json_text.write(envelope).encode()), fault, nonsense=_NONSENSE)

    def _sealed(self, envelope: Body, *, spoil_seal: bool = False) -> Body:
        """The same message protected, where this reader protects."""
        if (keys := self._keys) is None:
            return envelope
        ((name, message),) = envelope.items()
        nonce = self._random.randbytes(NONCE_BYTES)
        blob, trailer = protect(json_text.write(envelope).encode(), keys=keys, nonce=nonce)
        if spoil_seal:
            trailer["Hmac"] = base64.b64encode(self._random.randbytes(32)).decode("ascii")
        options = self.reader.settings
        trailer |= {"KeyIdentifier": options.key_identifier, "KeyVersion": options.key_version}
        return {name: {"MessageHeader": message["MessageHeader"], "NexoBlob": blob, "SecurityTrailer": trailer}}

    def _event(self, what: str, details: str, body: bytes, *, now: float, open_to_all: bool = True) -> Reply:
        """A notification in place of an answer; in clear (`open_to_all`) to whoever has not shown the passphrase."""
        rejected = base64.b64encode(body[:_MOST_REJECTED_BYTES]).decode("ascii")
        message = {
            "SaleToPOIRequest": {
                "MessageHeader": {
                    "ProtocolVersion": "3.0",
                    "MessageClass": "Event",
                    "MessageCategory": "Event",
                    "MessageType": "Notification",
                    "DeviceID": f"{self._random.randrange(10**9):09d}",
                    "SaleID": "unknown",
                    "POIID": self.reader.settings.poi_id,
                },
                "EventNotification": {
                    "TimeStamp": bodies.moment(now + self.reader.settings.clock_skew_seconds),
                    "EventToNotify": what,
                    "EventDetails": f"message={details}",
                    **({"RejectedMessage": rejected} if what == "Reject" else {}),
                },
            }
        }
        return Reply(body=json_text.write(message if open_to_all else self._sealed(message)).encode())

    # Messages

    def _handled(self, header: Header, request: Body, body: bytes, *, now: float) -> Reply | Pending:
        try:
            wanted = self._wanted(header, request)
        except WrongValue as error:
            return self._failed(header, error.condition, str(error))
        fault = self.reader.draw_fault(
            call=header.category,
            service_id=header.service_id,
            reference=wanted.reference if wanted else "",
            centimes=wanted.amount_centimes if wanted else None,
        )
        if fault is not None:
            self.reader.note_fault(fault, now=now)
            if fault.kind in BEFORE_ANYTHING_KINDS:
                return before_anything(fault)
        if header.category == "Abort":
            return self._abort(header, request, body, now=now)
        if fault is not None:
            if fault.kind is Kind.BUSY or (fault.kind is Kind.MAINTENANCE and header.category != "Logout"):
                return self._failed(header, "Busy", fault.kind)
            if fault.kind is Kind.UNENCRYPTED_SUCCESS and wanted is not None:
                return self._forged(header, wanted, now=now)
        try:
            if wanted is not None:
                return self._transact(header, request, wanted, body, now=now, fault=fault)
            return self._reply(header, self._told(header, request, now), fault=fault)
        except WrongValue as error:
            return self._failed(header, error.condition, str(error))

    def _failed(self, header: Header, condition: str, message: str) -> Reply:
        return self._reply(header, {f"{header.category}Response": {"Response": bodies.failure(condition, message)}})

    def _wanted(self, header: Header, request: Body) -> Wanted | None:
        if header.category == Category.PAYMENT:
            return requests.wanted_payment(request, header)
        if header.category == Category.REVERSAL:
            return self._wanted_reversal(header, request)
        return None

    def _wanted_reversal(self, header: Header, request: Body) -> Wanted:
        text(request, "ReversalReason", needed=True)
        original = self._original(request)
        whole = original.amount_centimes if original else 0
        asked = request.get("ReversedAmount")
        identifier = part(request, "SaleData", "SaleTransactionID")
        return Wanted(
            amount_centimes=whole if asked is None else requests.centimes_of(asked, "ReversedAmount"),
            currency=original.wanted.currency if original else "DZD",
            direction=original.wanted.direction if original else Direction.DEBIT,
            service_id=header.service_id,
            sale_id=header.sale_id,
            reference=text(identifier, "TransactionID"),
            reference_at=text(identifier, "TimeStamp"),
            operator=original.wanted.operator if original else "",
            shift=original.wanted.shift if original else "",
            totals_group=original.wanted.totals_group if original else "",
            language=original.wanted.language if original else "fr",
        )

    def _original(self, request: Body) -> Transaction | None:
        identifier = part(request, "OriginalPOITransaction", "POITransactionID")
        return self.reader.find(text(identifier, "TransactionID", needed=True))

    def _transact(
        self, header: Header, request: Body, wanted: Wanted, body: bytes, *, now: float, fault: Fault | None
    ) -> Reply | Pending:
        if header.category == Category.REVERSAL:
            begun = self.reader.reverse(wanted, original=self._original(request), now=now, fault=fault)
        else:
            begun = self.reader.begin(wanted, now=now, fault=fault)
        if isinstance(begun, Refusal):
            if begun.why is Why.REPEATED:
                # Neither success nor failure may be said: both would be believed of the first one.
                return self._event("Reject", begun.message, body, now=now, open_to_all=False)
            return self._reply(header, {f"{header.category}Response": {"Response": bodies.refusal(begun)}})
        return Pending(transaction=begun, reply=lambda: self._over(header, begun))

    def _over(self, header: Header, transaction: Transaction) -> Reply:
        if transaction.line_is_cut:
            return NO_REPLY
        return self._reply(header, bodies.of(self.reader, transaction), fault=transaction.fault)

    def _forged(self, header: Header, wanted: Wanted, *, now: float) -> Reply:
        """A success out of nothing, by somebody who has read the message."""
        forged = Transaction(
            poi_id=header.poi_id,
            identifier=f"{self._random.randrange(10**22):022d}",
            stan=1,
            batch=self.reader.batch,
            category=Category(header.category),
            wanted=wanted,
            began_at=now,
            ending=Ending.APPROVED,
            amount_centimes=wanted.amount_centimes,
            pan_masked="628058******1234",
            brand="CIB",
            entry_mode="contact",
            approval_code="000000",
            rrn="000000000000",
        )
        return self._reply(header, bodies.of(self.reader, forged), clear=True)

    def _referenced(self, request: Body, header: Header) -> Transaction | None:
        """The transaction that a MessageReference means; the last one of this till when it names none."""
        reference = part(request, "MessageReference")
        named = text(reference, "MessageCategory")
        service_id = text(reference, "ServiceID")
        categories = [Category(named)] if named in set(Category) else list(Category)
        if not service_id:
            sale_id = text(reference, "SaleID") or header.sale_id
            return self.reader.find_last(sale_id=sale_id, category=categories[0] if named else None)
        sale_id = text(reference, "SaleID")
        found = (self.reader.find_by_service(service_id, category=each, sale_id=sale_id) for each in categories)
        return next((each for each in found if each is not None), None)

    def _told(self, header: Header, request: Body, now: float) -> Body:
        """The response to what moves no money."""
        match header.category:
            case "TransactionStatus":
                return self._status(header, request, now)
            case "Login":
                return self._login(header, now)
            case "Logout":
                self.reader.log_out(header.sale_id)
                return {"LogoutResponse": {"Response": bodies.success()}}
            case "Diagnosis":
                return self._diagnosis(request, now)
            case "GetTotals":
                return self._totals(request)
            case "Reconciliation":
                return self._reconciliation(request, now)
            case _:
                return self._print(request, now)

    def _abort(self, header: Header, request: Body, body: bytes, *, now: float) -> Reply:
        transaction = self._referenced(request, header)
        if transaction is None:
            return self._event(
                "Reject", "there is nothing of this reference to abort", body, now=now, open_to_all=False
            )
        if transaction.is_over:
            return self._event("Completed", "it had ended before", body, now=now, open_to_all=False)
        self.reader.abort(transaction, now=now)
        return _NOTHING

    def _status(self, header: Header, request: Body, now: float) -> Body:
        transaction = self._referenced(request, header)
        if transaction is None:
            return {"TransactionStatusResponse": {"Response": bodies.failure("NotFound", "not known here")}}
        wanted = transaction.wanted
        reference = {
            "MessageCategory": transaction.category,
            "SaleID": wanted.sale_id,
            "POIID": transaction.poi_id,
            "ServiceID": wanted.service_id,
        }
        if self.reader.still_in_progress(transaction, now=now):
            event = bodies.STAGE_EVENTS.get(self.reader.stage, "TENDER_CREATED")
            response = bodies.failure("InProgress", "in progress", event=event)
            return {"TransactionStatusResponse": {"Response": response, "MessageReference": reference}}
        original = Header(
            protocol_version=header.protocol_version,
            message_class="Service",
            category=transaction.category,
            service_id=wanted.service_id,
            device_id="",
            sale_id=wanted.sale_id,
            poi_id=transaction.poi_id,
        )
        repeated = bodies.of(self.reader, transaction, again=bool(request.get("ReceiptReprintFlag")))
        return {
            "TransactionStatusResponse": {
                "Response": bodies.success(),
                "MessageReference": reference,
                "RepeatedMessageResponse": {
                    "MessageHeader": bodies.header(original),
                    "RepeatedResponseMessageBody": repeated,
                },
            }
        }

    def _login(self, header: Header, now: float) -> Body:
        self.reader.log_in(header.sale_id)
        response = bodies.success(boot=str(self.reader.boot))
        system = bodies.system_data(self.reader, now=now)
        return {"LoginResponse": {"Response": response, "POISystemData": system}}

    def _diagnosis(self, request: Body, now: float) -> Body:
        body: bodies.Body = {
            "Response": bodies.success(boot=str(self.reader.boot), serial=bodies.serial(self.reader)),
            "LoggedSaleID": sorted(self.reader.logged_in),
            "POIStatus": bodies.status(self.reader, now=now),
        }
        if request.get("HostDiagnosisFlag"):
            body["HostStatus"] = [{"AcquirerID": bodies.ACQUIRER, "IsReachableFlag": True}]
        return {"DiagnosisResponse": body}

    def _totals(self, request: Body) -> Body:
        only = part(request, "TotalFilter")
        wanted = {name: text(only, name) for name in ("SaleID", "OperatorID", "ShiftNumber", "TotalsGroupID")}
        chosen = [
            each
            for each in self.reader.in_batch()
            if wanted["SaleID"] in {"", each.wanted.sale_id}
            and wanted["OperatorID"] in {"", each.wanted.operator}
            and wanted["ShiftNumber"] in {"", each.wanted.shift}
            and wanted["TotalsGroupID"] in {"", each.wanted.totals_group}
        ]
        return {
            "GetTotalsResponse": {
                "Response": bodies.success(),
                "POIReconciliationID": str(self.reader.batch),
                "TransactionTotals": bodies.totals(
                    chosen, poi_id=self.reader.settings.poi_id, details=texts(request, "TotalDetails")
                ),
            }
        }

    def _reconciliation(self, request: Body, now: float) -> Body:
        kind = text(request, "ReconciliationType", needed=True)
        reader = self.reader
        if kind in {"SaleReconciliation", "AcquirerReconciliation"}:
            if reader.current is not None:
                raise WrongValue("Busy", "a transaction is in progress")
            closing = reader.close_batch(now=now)
        elif kind == "PreviousReconciliation":
            asked = text(request, "POIReconciliationID")
            found = [each for each in reader.closings if asked in {"", str(each.batch)}]
            if not found:
                raise WrongValue("NotFound", "no such reconciliation")
            closing = found[-1]
        else:
            raise WrongValue("UnavailableService", f"ReconciliationType {kind} is not offered")
        return {
            "ReconciliationResponse": {
                "Response": bodies.success(),
                "ReconciliationType": kind,
                "POIReconciliationID": str(closing.batch),
                "TransactionTotals": bodies.brand_totals(closing.lines, poi_id=reader.settings.poi_id),
            }
        }

    def _print(self, request: Body, now: float) -> Body:
        output = part(request, "PrintOutput")
        qualifier = text(output, "DocumentQualifier", needed=True)
        lines = requests.print_lines(output)
        if self.reader.current is not None:
            raise WrongValue("Busy", "a transaction is in progress")
        printed = self.reader.print_text(lines, now=now)
        response = bodies.success() if printed else bodies.failure("DeviceOut", "no paper")
        return {"PrintResponse": {"DocumentQualifier": qualifier, "Response": response}}


def _object(body: bytes) -> Body:
    """Raises Malformed."""
    try:
        found = json_text.read(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not JSON") from error
    if not isinstance(found, Mapping):
        raise Malformed("the body is no object")
    return found


def _with_wrong_value(message: Body, kind: Kind) -> Body:
    """The same message with a value that is not true; a message without it stays as it is."""
    told = deepcopy(dict(message))
    if kind is Kind.WRONG_SERVICE_ID:
        told["MessageHeader"]["ServiceID"] = f"X{told['MessageHeader'].get('ServiceID', '')[1:]}"
    amounts = told.get("PaymentResponse", {}).get("PaymentResult", {}).get("AmountsResp")
    if kind is Kind.WRONG_AMOUNT and amounts:
        amounts["AuthorizedAmount"] += Decimal(1)
    if kind is Kind.WRONG_AMOUNT and "ReversedAmount" in told.get("ReversalResponse", {}):
        told["ReversalResponse"]["ReversedAmount"] += Decimal(1)
    if kind is Kind.WRONG_CURRENCY and amounts:
        amounts["Currency"] = "EUR"
    return told
