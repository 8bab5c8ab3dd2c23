"""The objects that a reader answers with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from sandbox.reader.core import Reader, Stage
from sandbox.reader.json_text import dinars
from sandbox.reader.nexo.requests import Header
from sandbox.reader.settings import How
from sandbox.reader.slips import For
from sandbox.reader.totals import Line, totals_of
from sandbox.reader.transactions import Category, Direction, Ending, Refusal, Transaction, Why
from sandbox.times import local_time

Body = dict[str, Any]

_CONDITIONS = {
    Ending.REFUSED: "Refusal",
    Ending.WRONG_PIN: "WrongPIN",
    Ending.INVALID_CARD: "InvalidCard",
    Ending.CANCELLED: "Cancel",
    Ending.TIMED_OUT: "Cancel",
    Ending.CARD_REMOVED: "Cancel",
    Ending.ABORTED: "Aborted",
    Ending.HOST_UNREACHABLE: "UnreachableHost",
    Ending.POWER_CUT: "Aborted",
}
_WHYS = {
    Why.BUSY: "Busy",
    Why.LOGGED_OUT: "LoggedOut",
    Why.NOT_FOUND: "NotFound",
    Why.NOT_ALLOWED: "NotAllowed",
}
_ENTRY_MODES = {How.CONTACT: "ICC", How.CONTACTLESS: "Contactless"}
_QUALIFIERS = {For.CUSTOMER: "CustomerReceipt", For.MERCHANT: "CashierReceipt"}
_GROUPS = {
    "SaleID": lambda each: each.wanted.sale_id,
    "OperatorID": lambda each: each.wanted.operator,
    "ShiftNumber": lambda each: each.wanted.shift,
    "TotalsGroupID": lambda each: each.wanted.totals_group,
}
COUNTRY = "DZA"
ACQUIRER = "SANDBOX"
APPLICATION = {
    "ManufacturerID": "Bawabati sandbox, not real",
    "ApplicationName": "Reader on screen",
    "SoftwareVersion": "1",
    "CertificationCode": "none",
}


def moment(seconds: float) -> str:
    return local_time(seconds).isoformat(timespec="milliseconds")


def header(asked: Header, *, message_type: str = "Response") -> Body:
    told = {
        "ProtocolVersion": asked.protocol_version,
        "MessageClass": asked.message_class,
        "MessageCategory": asked.category,
        "MessageType": message_type,
        "ServiceID": asked.service_id,
        "DeviceID": asked.device_id,
        "SaleID": asked.sale_id,
        "POIID": asked.poi_id,
    }
    return {name: value for name, value in told.items() if value}


def success(**more: str) -> Body:
    return {"Result": "Success", **_additional(more)}


def failure(condition: str, message: str, **more: str) -> Body:
    return {"Result": "Failure", "ErrorCondition": condition, **_additional({"message": message, **more})}


def refusal(why: Refusal) -> Body:
    return failure(_WHYS[why.why], why.message)


def payment(reader: Reader, transaction: Transaction, *, again: bool = False) -> Body:
    """A PaymentResponse. `again` marks the receipts as duplicates, and gives those that found no paper."""
    wanted = transaction.wanted
    body: Body = {
        "Response": _result(transaction),
        "SaleData": {"SaleTransactionID": {"TransactionID": wanted.reference, "TimeStamp": wanted.reference_at}},
        "POIData": _poi_data(transaction),
    }
    if transaction.pan_masked:
        body["PaymentResult"] = _payment_result(reader, transaction)
    if transaction.printed or (again and transaction.rrn):
        body["PaymentReceipt"] = receipts(reader, transaction, again=again)
    return body


def reversal(reader: Reader, transaction: Transaction, *, again: bool = False) -> Body:
    """A ReversalResponse."""
    body: Body = {"Response": _result(transaction), "POIData": _poi_data(transaction)}
    original = reader.find(transaction.reverses)
    if original is not None:
        body["OriginalPOITransaction"] = {
            "SaleID": original.wanted.sale_id,
            "POIID": original.poi_id,
            "POITransactionID": _poi_data(original)["POITransactionID"],
        }
    if transaction.ending is Ending.APPROVED:
        body["ReversedAmount"] = dinars(transaction.amount_centimes)
    if transaction.printed or (again and transaction.rrn):
        body["PaymentReceipt"] = receipts(reader, transaction, again=again)
    return body


def of(reader: Reader, transaction: Transaction, *, again: bool = False) -> Body:
    """The response to whatever was asked for, under its name."""
    if transaction.category is Category.REVERSAL:
        return {"ReversalResponse": reversal(reader, transaction, again=again)}
    return {"PaymentResponse": payment(reader, transaction, again=again)}


def receipts(reader: Reader, transaction: Transaction, *, again: bool) -> list[Body]:
    return [
        {
            "DocumentQualifier": qualifier,
            "RequiredSignatureFlag": False,
            "OutputContent": {
                "OutputFormat": "Text",
                "OutputText": [
                    {"Text": line, "EndOfLineFlag": True, "CharacterStyle": "Normal"}
                    for line in reader.slip_of(transaction, whom=whom, again=again)
                ],
            },
        }
        for whom, qualifier in _QUALIFIERS.items()
    ]


def system_data(reader: Reader, *, now: float) -> Body:
    return {
        "DateTime": moment(now + reader.settings.clock_skew_seconds),
        "POISoftware": APPLICATION,
        "POITerminalData": {
            "TerminalEnvironment": "Attended",
            "POICapabilities": ["CustomerDisplay", "PrinterReceipt", "ICC", "EMVContactless", "CashierInput"],
            "POISerialNumber": serial(reader),
        },
        "POIStatus": status(reader, now=now),
    }


def serial(reader: Reader) -> str:
    return reader.settings.poi_id.rpartition("-")[2]


def status(reader: Reader, *, now: float) -> Body:
    working = "OK" if reader.current is None else "Busy"
    return {
        "GlobalStatus": "Maintenance" if reader.is_maintained(now=now) else working,
        "SecurityOKFlag": True,
        "PEDOKFlag": True,
        "CardReaderOKFlag": True,
        "CommunicationOKFlag": True,
        "PrinterStatus": "OK" if reader.has_paper else "NoPaper",
    }


def totals(transactions: Iterable[Transaction], *, poi_id: str, details: Sequence[str]) -> list[Body]:
    """TransactionTotals: by brand, and by what `details` names besides."""
    groups: dict[tuple[str, ...], list[Transaction]] = {}
    names = [name for name in _GROUPS if name in details]
    for each in transactions:
        groups.setdefault(tuple(_GROUPS[name](each) for name in names), []).append(each)
    return [
        body
        for key, members in sorted(groups.items())
        for body in brand_totals(totals_of(members), poi_id=poi_id, more=dict(zip(names, key, strict=True)))
    ]


def brand_totals(lines: Iterable[Line], *, poi_id: str, more: Body | None = None) -> list[Body]:
    by_brand: dict[str, list[Line]] = {}
    for line in lines:
        by_brand.setdefault(line.brand, []).append(line)
    return [
        {
            "PaymentInstrumentType": "Card",
            "CardBrand": brand,
            "POIID": poi_id,
            **(more or {}),
            "PaymentCurrency": "DZD",
            "PaymentTotals": [
                {
                    "TransactionType": line.moved,
                    "TransactionCount": line.count,
                    "TransactionAmount": dinars(line.amount_centimes),
                }
                for line in its_lines
            ],
        }
        for brand, its_lines in by_brand.items()
    ]


STAGE_EVENTS = {
    Stage.CARD: "TENDER_CREATED",
    Stage.PIN: "WAIT_FOR_PIN",
    Stage.AUTHORISING: "PIN_ENTERED",
    Stage.PRINTING: "PRINT_RECEIPT",
}


def _additional(values: Body) -> Body:
    return {"AdditionalResponse": urlencode(values)} if values else {}


def _result(transaction: Transaction) -> Body:
    ending = transaction.ending or Ending.POWER_CUT
    more = {"responseCode": transaction.response_code} if transaction.response_code else {}
    if ending is Ending.APPROVED:
        return success(**more)
    if ending is Ending.PARTIAL:
        return {**success(**more), "Result": "Partial"}
    return failure(_CONDITIONS[ending], ending, **more)


def _poi_data(transaction: Transaction) -> Body:
    return {
        "POITransactionID": {"TransactionID": transaction.identifier, "TimeStamp": moment(transaction.at)},
        "POIReconciliationID": str(transaction.batch),
    }


def _payment_result(reader: Reader, transaction: Transaction) -> Body:
    credit = transaction.wanted.direction is Direction.CREDIT
    body: Body = {
        "PaymentType": "Refund" if credit else "Normal",
        "PaymentInstrumentData": {
            "PaymentInstrumentType": "Card",
            "CardData": {
                "PaymentBrand": transaction.brand,
                "MaskedPan": transaction.pan_masked,
                "EntryMode": [_ENTRY_MODES[How(transaction.entry_mode)]],
                "CardCountryCode": COUNTRY,
            },
        },
        "PaymentAcquirerData": {
            "AcquirerID": ACQUIRER,
            "MerchantID": reader.settings.mid,
            "AcquirerPOIID": reader.settings.tid,
        },
    }
    if transaction.pin_given:
        body["AuthenticationMethod"] = ["OfflinePIN"]
    if transaction.ending is not None and transaction.ending.moved_money:
        body["OnlineFlag"] = True
        body["AmountsResp"] = {
            "Currency": transaction.wanted.currency,
            "AuthorizedAmount": dinars(transaction.amount_centimes),
        }
        body["PaymentAcquirerData"]["ApprovalCode"] = transaction.approval_code
        body["PaymentAcquirerData"]["AcquirerTransactionID"] = {
            "TransactionID": transaction.rrn,
            "TimeStamp": moment(transaction.at),
        }
    return body
