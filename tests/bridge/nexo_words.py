"""What an honest nexo reader says, for tests that then spoil it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from agency_bridge.drivers.contract import Ask, Pay, Reader, Reverse
from agency_bridge.drivers.nexo import wire
from agency_bridge.drivers.nexo.protection import Key, derive_key, protect, unprotect
from bridge.scripted import POI, Json, Line, Script

PAY = Pay(
    service_id="0000000A1F",
    sale_id="AG07-C1",
    sale_reference="S-000123-1",
    bill_reference="31040000000000000017",
    amount_centimes=123_456,
    currency="DZD",
    operator="12",
    shift="55",
    agency="AG07",
)
ASK = Ask(
    service_id="0000000A2A",
    of_service_id=PAY.service_id,
    of_category="Payment",
    sale_id=PAY.sale_id,
    sale_reference=PAY.sale_reference,
    amount_centimes=PAY.amount_centimes,
    currency="DZD",
    sent_at=datetime.fromisoformat("2026-11-22T09:38:17+01:00"),
)
REVERSE = Reverse(
    service_id="0000000A3B",
    sale_id=PAY.sale_id,
    poi_transaction_id="000777",
    poi_transaction_at="2026-11-22T09:38:30+01:00",
    amount_centimes=PAY.amount_centimes,
    currency="DZD",
    reason="MerchantCancel",
    sale_reference="S-000123-1",
)
PASSPHRASE = "a passphrase for tests"
KEY = derive_key(PASSPHRASE, identifier="bridge", version=1)
SECRET_TRACK = "6280581110007215=27011015432112345678"

Body = Mapping[str, Json]


def reader_at(port: int, *, ca: str = "", **options: Json) -> Reader:
    told = ({"tls_ca_pem": ca} if ca else {}) | options
    return Reader(poi_id=POI, protocol="nexo", host="127.0.0.1", port=port, options=told)


def header(category: str, request: Json, **changes: str) -> dict[str, Json]:
    told = request["SaleToPOIRequest"]["MessageHeader"]
    return {**told, "MessageType": "Response", "MessageCategory": category} | changes


def approval(**changes: Json) -> dict[str, Json]:
    return {
        "Response": {"Result": "Success"},
        "SaleData": {
            "SaleTransactionID": {"TransactionID": PAY.sale_reference, "TimeStamp": "2026-11-22T09:38:17+01:00"}
        },
        "POIData": {
            "POITransactionID": {"TransactionID": "000777", "TimeStamp": "2026-11-22T09:38:30+01:00"},
            "POIReconciliationID": "31",
        },
        "PaymentResult": {
            "PaymentType": "Normal",
            "PaymentInstrumentData": {
                "PaymentInstrumentType": "Card",
                "CardData": {
                    "PaymentBrand": "CIB",
                    "MaskedPan": "628058******7215",
                    "EntryMode": ["ICC"],
                    "SensitiveCardData": {"PAN": "6280581110007215", "TrackData": [{"TrackValue": SECRET_TRACK}]},
                },
            },
            "AmountsResp": {"Currency": "DZD", "AuthorizedAmount": Decimal("1234.56")},
            "PaymentAcquirerData": {
                "MerchantID": "000000001234567",
                "AcquirerPOIID": "12345678",
                "AcquirerTransactionID": {"TransactionID": "632609123456"},
                "ApprovalCode": "482913",
            },
        },
        "PaymentReceipt": [
            {
                "DocumentQualifier": "CustomerReceipt",
                "OutputContent": {
                    "OutputFormat": "Text",
                    "OutputText": [
                        {"Text": "TICKET "},
                        {"Text": "MONTANT", "EndOfLineFlag": False},
                        {"Text": " 1234,56 DA"},
                        {"Text": "6280581110007215"},
                    ],
                },
            }
        ],
    } | changes


def failure(condition: str) -> dict[str, Json]:
    return {"Response": {"Result": "Failure", "ErrorCondition": condition}}


def says(category: str, body: Body, *, key: Key | None = None, **header_changes: str) -> Script:
    """Reads a request and answers it."""

    def play(line: Line) -> None:
        request = understood(line.read_request(), key)
        line.answer(message(header(category, request, **header_changes), category, body, key=key))

    return play


def understood(request: Json, key: Key | None) -> Json:
    if key is None:
        return request
    return json.loads(unprotect(request["SaleToPOIRequest"], key=key), parse_float=Decimal)


def message(head: Body, category: str, body: Body, *, key: Key | None = None) -> bytes:
    plain = wire.write({"SaleToPOIResponse": {"MessageHeader": head, f"{category}Response": body}}).encode()
    if key is None:
        return plain
    blob, trailer = protect(plain, key=key)
    return wire.write(
        {"SaleToPOIResponse": {"MessageHeader": head, "NexoBlob": blob, "SecurityTrailer": trailer}}
    ).encode()


def by_category(answers: Mapping[str, Callable[[Json], Body] | Body], heard: list[Json] | None = None) -> Script:
    """Answers each category as told; several scripts in a row are not needed."""

    def play(line: Line) -> None:
        request = line.read_request()
        if heard is not None:
            heard.append(request)
        category = request["SaleToPOIRequest"]["MessageHeader"]["MessageCategory"]
        if category not in answers:  # an abort has no answer of its own
            line.answer(b"")
            return
        body = answers[category]
        told = body(request) if callable(body) else body
        line.answer(message(header(category, request), category, told))

    return play
