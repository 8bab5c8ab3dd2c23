"""What a till wants, out of the objects of its message. What nobody knows here is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.reader.transactions import Direction, Wanted

Body = Mapping[str, Any]

_IDENTIFIER = re.compile(r"[0-9A-Za-z]{1,10}")
_LONGEST_TEXT = 1000
_LARGEST_AMOUNT = Decimal("99999999.99")
_DIRECTIONS = {"Normal": Direction.DEBIT, "Refund": Direction.CREDIT}
CURRENCIES = frozenset({"DZD", "012"})


class Malformed(Exception):  # noqa: N818 - reads as what it is
    """The message is not one of this protocol: it is rejected, not answered."""


class WrongValue(Exception):  # noqa: N818 - reads as what it is
    """The message is understood, and cannot be done as it is; `condition` is nexo's word for it."""

    def __init__(self, condition: str, message: str) -> None:
        super().__init__(message)
        self.condition = condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the answer repeats."""

    protocol_version: str
    message_class: str
    category: str
    service_id: str
    device_id: str
    sale_id: str
    poi_id: str

    @property
    def identifier(self) -> str:
        return self.service_id or self.device_id


def part(body: Body, *names: str) -> Body:
    """The object under a path of names; an empty one when it is not there. Raises Malformed when it is no object."""
    found: object = body
    for name in names:
        found = found.get(name, {}) if isinstance(found, Mapping) else None
    if found is None or not isinstance(found, Mapping):
        raise Malformed(f"{names[-1]} is not an object")
    return found


def text(body: Body, name: str, *, needed: bool = False) -> str:
    """Raises Malformed."""
    value = body.get(name)
    if value is None and not needed:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # several tills send numbers where a text is asked for
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or (needed and not value):
        raise Malformed(f"{name} is missing or no text")
    return value


def texts(body: Body, name: str) -> list[str]:
    """A list of texts; empty when it is not there. Raises Malformed."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Malformed(f"{name} is no list of texts")
    return value


def header_of(message: Body) -> Header:
    """Raises Malformed."""
    found = part(message, "MessageHeader")
    header = Header(
        protocol_version=text(found, "ProtocolVersion") or "3.0",
        message_class=text(found, "MessageClass", needed=True),
        category=text(found, "MessageCategory", needed=True),
        service_id=text(found, "ServiceID"),
        device_id=text(found, "DeviceID"),
        sale_id=text(found, "SaleID", needed=True),
        poi_id=text(found, "POIID", needed=True),
    )
    if text(found, "MessageType", needed=True) != "Request":
        raise Malformed("MessageType is not Request")
    if not header.identifier:
        raise Malformed("ServiceID is missing")
    for identifier in (header.service_id, header.device_id):
        if identifier and not _IDENTIFIER.fullmatch(identifier):
            raise Malformed("ServiceID and DeviceID have 1 to 10 letters and digits")
    return header


def wanted_payment(request: Body, header: Header) -> Wanted:
    """Raises Malformed or WrongValue."""
    sale = part(request, "SaleData")
    identifier = part(sale, "SaleTransactionID")
    transaction = part(request, "PaymentTransaction")
    amounts = part(transaction, "AmountsReq")
    conditions = part(transaction, "TransactionConditions")
    currency = text(amounts, "Currency", needed=True)
    reference = text(identifier, "TransactionID", needed=True)
    reference_at = text(identifier, "TimeStamp", needed=True)
    centimes = centimes_of(amounts.get("RequestedAmount"), "RequestedAmount")
    payment_type = text(part(request, "PaymentData"), "PaymentType") or "Normal"
    if payment_type not in _DIRECTIONS:
        raise WrongValue("UnavailableService", f"PaymentType {payment_type} is not offered")
    if currency not in CURRENCIES:
        raise WrongValue("NotAllowed", "this reader takes DZD")
    return Wanted(
        amount_centimes=centimes,
        currency=currency,
        direction=_DIRECTIONS[payment_type],
        service_id=header.service_id,
        sale_id=header.sale_id,
        reference=reference,
        reference_at=reference_at,
        sale_reference=text(sale, "SaleReferenceID"),
        operator=text(sale, "OperatorID"),
        shift=text(sale, "ShiftNumber"),
        totals_group=text(part(sale, "SaleTerminalData"), "TotalsGroupID"),
        language=_language(text(conditions, "CustomerLanguage") or text(sale, "OperatorLanguage")),
    )


def centimes_of(value: object, name: str) -> int:
    """Raises Malformed when it is no number, WrongValue when it is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Malformed(f"{name} is missing or no number")
    amount = Decimal(value)
    if not 0 < amount <= _LARGEST_AMOUNT or amount != amount.quantize(Decimal("0.01")):
        raise WrongValue("MessageFormat", f"{name} is above 0, at most {_LARGEST_AMOUNT}, with 2 decimals")
    return int(amount.scaleb(2))


def print_lines(output: Body) -> Iterable[str]:
    """The lines of a document to print. Raises Malformed or WrongValue."""
    content = part(output, "OutputContent")
    output_format = text(content, "OutputFormat", needed=True)
    if output_format == "BarCode":
        code = part(content, "OutputBarcode")
        return [f"[{text(code, 'BarcodeType') or 'EAN13'} {text(code, 'BarcodeValue', needed=True)}]"]
    if output_format != "Text":
        raise WrongValue("UnavailableService", f"OutputFormat {output_format} is not offered")
    pieces = content.get("OutputText", [])
    if not isinstance(pieces, list) or not all(isinstance(piece, Mapping) for piece in pieces):
        raise Malformed("OutputText is no list of objects")
    lines, unfinished = [], ""
    for piece in pieces:
        unfinished += text(piece, "Text")
        if piece.get("EndOfLineFlag", True):
            lines.append(unfinished)
            unfinished = ""
    return [*lines, unfinished] if unfinished else lines


def _language(asked: str) -> str:
    return asked.lower()[:2] if asked.lower()[:2] in {"ar", "fr", "en"} else "fr"
