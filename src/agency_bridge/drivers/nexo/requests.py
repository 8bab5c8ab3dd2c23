"""The messages that we send to a nexo reader, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agency_bridge import VERSION
from agency_bridge.drivers.contract import Abort, Ask, Pay, Reverse, TotalsWanted
from agency_bridge.drivers.nexo.amounts import as_dinars
from agency_bridge.moments import ALGIERS

PROTOCOL_VERSION = "3.0"
Message = Mapping[str, Any]


def header(*, category: str, service_id: str, sale_id: str, poi_id: str) -> Message:
    return {
        "ProtocolVersion": PROTOCOL_VERSION,
        "MessageClass": "Service",
        "MessageCategory": category,
        "MessageType": "Request",
        "ServiceID": service_id,
        "SaleID": sale_id,
        "POIID": poi_id,
    }


def payment(pay: Pay, *, now: datetime) -> Message:
    """No offline approvals: the bank is asked for every card."""
    sale: dict[str, Any] = {
        "SaleTransactionID": {"TransactionID": pay.sale_reference, "TimeStamp": _moment(now)},
        "SaleReferenceID": pay.bill_reference,
        "OperatorLanguage": pay.language,
    }
    if pay.operator:
        sale["OperatorID"] = pay.operator
    if pay.shift:
        sale["ShiftNumber"] = pay.shift
    if pay.agency:
        sale["SaleTerminalData"] = {"TotalsGroupID": pay.agency[:16]}
    return {
        "SaleData": sale,
        "PaymentTransaction": {
            "AmountsReq": {"Currency": pay.currency, "RequestedAmount": as_dinars(pay.amount_centimes)},
            "TransactionConditions": {"ForceOnlineFlag": True},
        },
        "PaymentData": {"PaymentType": "Normal"},
    }


def abort(abort: Abort, *, poi_id: str) -> Message:
    return {
        "MessageReference": {
            "MessageCategory": "Payment",
            "SaleID": abort.sale_id,
            "POIID": poi_id,
            "ServiceID": abort.of_service_id,
        },
        "AbortReason": abort.reason,
    }


def transaction_status(ask: Ask, *, poi_id: str, reprint: bool = True) -> Message:
    """`reprint`: the slips come with the answer."""
    reference = {
        "MessageCategory": ask.of_category,
        "SaleID": ask.sale_id,
        "POIID": poi_id,
        "ServiceID": ask.of_service_id,
    }
    slips = {"ReceiptReprintFlag": True, "DocumentQualifier": ["CashierReceipt", "CustomerReceipt"]}
    return {**(slips if reprint else {}), "MessageReference": reference}


def reversal(reverse: Reverse, *, poi_id: str, now: datetime) -> Message:
    return {
        "OriginalPOITransaction": {
            "SaleID": reverse.sale_id,
            "POIID": poi_id,
            "POITransactionID": {
                "TransactionID": reverse.poi_transaction_id,
                "TimeStamp": reverse.poi_transaction_at,
            },
        },
        "ReversalReason": reverse.reason,
        "ReversedAmount": as_dinars(reverse.amount_centimes),
        "SaleData": {"SaleTransactionID": {"TransactionID": reverse.sale_reference, "TimeStamp": _moment(now)}},
    }


def login(*, now: datetime, language: str, certification_code: str) -> Message:
    """Only receipts come to the till: the reader sends us no requests of its own."""
    return {
        "DateTime": _moment(now),
        "SaleSoftware": {
            "ManufacturerID": "Bawabati",
            "ApplicationName": "bawabati-bridge",
            "SoftwareVersion": VERSION,
            "CertificationCode": certification_code,
        },
        "OperatorLanguage": language,
        "SaleTerminalData": {"TerminalEnvironment": "Attended", "SaleCapabilities": ["PrinterReceipt"]},
    }


def diagnosis(*, host: bool) -> Message:
    return {"HostDiagnosisFlag": host}


def get_totals(wanted: TotalsWanted) -> Message:
    return {"TotalFilter": {"SaleID": wanted.sale_id}} if wanted.sale_id else {}


def reconciliation() -> Message:
    return {"ReconciliationType": "SaleReconciliation"}


def _moment(now: datetime) -> str:
    return now.astimezone(ALGIERS).isoformat(timespec="seconds")
