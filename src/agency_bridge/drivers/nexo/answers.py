"""What a nexo reader's answer says, as outcomes and facts.

Rule: reader-answers (readers.md 2.A.5 to 2.A.11)
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from agency_bridge.drivers.contract import BrandTotal, Facts, Health, Outcome, Slip, Totals
from agency_bridge.drivers.nexo.amounts import as_centimes
from agency_bridge.drivers.nexo.wire import at, list_at, text_at
from agency_bridge.redaction import masked_card, masked_text

_log = logging.getLogger("agency_bridge.nexo")

NOT_LOGGED_IN: Final = frozenset({"NotAllowed", "LoggedOut"})
_CANCELLED: Final = frozenset({"Aborted", "Cancel"})
_NOT_STARTED: Final = frozenset({"Busy", "NotAllowed", "LoggedOut", "UnavailableService", "UnavailableDevice"})
_STILL_OPEN: Final = frozenset({"InProgress", "NotFound", "Communication timeout"})
_DECLINED: Final = frozenset(
    {
        "Refusal",
        "WrongPIN",
        "InvalidCard",
        "PaymentRestriction",
        "UnreachableHost",
        "MessageFormat",
        "DeviceOut",
        "InsertedCard",
    }
)
_WAIT: Final = frozenset({"InProgress", "Busy"})
_PRINTER: Final = {
    "OK": "ok",
    "PaperLow": "paper_low",
    "NoPaper": "no_paper",
    "PaperJam": "paper_jam",
    "OutOfOrder": "out_of_order",
}
_GLOBAL: Final = {"OK": "ok", "Busy": "busy", "Maintenance": "maintenance", "Unreachable": "unreachable"}
_MOST_LINES: Final = 200
_LONGEST_LINE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One readable answer. `protected` is None when no protection was asked for."""

    header: Mapping[str, Any]
    body: Mapping[str, Any]
    protected: bool | None
    whole: Mapping[str, Any]

    @property
    def result(self) -> str:
        return text_at(self.body, "Response", "Result")

    @property
    def condition(self) -> str:
        return text_at(self.body, "Response", "ErrorCondition")

    @property
    def additional(self) -> Mapping[str, str]:
        """What the reader adds in its own words. Nothing about money is decided by it."""
        return dict(parse_qsl(text_at(self.body, "Response", "AdditionalResponse")[:2000]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The identifiers that an answer must carry to be one to our message."""

    category: str
    service_id: str
    sale_id: str
    poi_id: str


def is_answer_to(header: object, named: Named) -> bool:
    """Whether a message's header names exactly what we sent."""
    return (
        text_at(header, "MessageCategory") == named.category
        and text_at(header, "ServiceID") == named.service_id
        and text_at(header, "SaleID") == named.sale_id
        and text_at(header, "POIID") == named.poi_id
        and text_at(header, "MessageType") in {"Response", ""}
    )


def outcome_of_payment(body: object) -> Outcome:
    """What a PaymentResponse says became of the payment."""
    match text_at(body, "Response", "Result"):
        case "Success":
            return _approved(body)
        case "Partial":
            return Outcome.PARTIAL
        case "Failure":
            return _outcome_of_failure(text_at(body, "Response", "ErrorCondition"))
        case _:
            return Outcome.UNKNOWN


def _approved(body: object) -> Outcome:
    """An amount that is there but cannot be read may be any: nobody can compare it."""
    said = at(body, "PaymentResult", "AmountsResp", "AuthorizedAmount")
    return Outcome.APPROVED if said is None or as_centimes(said) is not None else Outcome.UNKNOWN


def _outcome_of_failure(condition: str) -> Outcome:
    if condition in _CANCELLED:
        return Outcome.CANCELLED
    if condition in _NOT_STARTED:
        return Outcome.BUSY
    if condition in _STILL_OPEN:
        return Outcome.UNKNOWN
    if condition not in _DECLINED:
        _log.warning("a reader refuses with a condition that is in no list: %s", masked_text(condition)[:60])
    return Outcome.DECLINED


def outcome_of_reversal(body: object) -> Outcome:
    """What a ReversalResponse says became of the reversal."""
    match text_at(body, "Response", "Result"):
        case "Success":
            return Outcome.DONE
        case "Failure" if text_at(body, "Response", "ErrorCondition") not in _STILL_OPEN:
            return Outcome.REFUSED
        case _:
            return Outcome.UNKNOWN


def outcome_of_status(answer: Answer, named: Named) -> tuple[Outcome, Facts]:
    """What a TransactionStatusResponse says of the transaction that `named` names.

    `Success` means that it was found, not that it was paid: that stands in the answer repeated inside.
    """
    if answer.result == "Failure":
        if answer.condition in _WAIT:
            return Outcome.IN_PROGRESS, Facts(reason=answer.condition)
        if answer.condition == "NotFound":
            return Outcome.NOT_FOUND, Facts(reason=answer.condition)
        return Outcome.UNREACHABLE, Facts(reason=answer.condition or "unreadable")
    repeated = at(answer.body, "RepeatedMessageResponse")
    body = at(repeated, "RepeatedResponseMessageBody", f"{named.category}Response")
    header = at(repeated, "MessageHeader")
    if answer.result != "Success" or not isinstance(body, Mapping):
        return Outcome.UNREACHABLE, Facts(reason="unreadable")
    if not is_answer_to(header, named):
        return Outcome.UNREACHABLE, replace(_identifiers(header), reason="other_transaction")
    if named.category == "Reversal":
        return outcome_of_reversal(body), facts_of_reversal(header, body)
    return outcome_of_payment(body), facts_of_payment(header, body)


def step_of(answer: Answer) -> str:
    """Where a payment that is in progress stands; "" when the answer does not say."""
    return _STEPS.get(answer.additional.get("event", ""), "") if answer.condition in _WAIT else ""


_STEPS: Final = {
    "TENDER_CREATED": "present_card",
    "CARD_INSERTED": "card_inserted",
    "CARD_PRESENTED": "card_inserted",
    "WAIT_FOR_PIN": "enter_code",
    "PIN_ENTERED": "authorising",
    "PRINT_RECEIPT": "printing",
    "CARD_REMOVED": "remove_card",
}


def _identifiers(header: object) -> Facts:
    return Facts(
        service_id=text_at(header, "ServiceID"),
        sale_id=text_at(header, "SaleID"),
        poi_id=text_at(header, "POIID"),
    )


def facts_of_payment(header: object, body: object) -> Facts:
    """Everything that a PaymentResponse says about the payment and may be kept."""
    result = at(body, "PaymentResult")
    acquirer = at(result, "PaymentAcquirerData")
    card = at(result, "PaymentInstrumentData", "CardData")
    entry = at(card, "EntryMode")
    return replace(
        _identifiers(header),
        sale_reference=text_at(body, "SaleData", "SaleTransactionID", "TransactionID"),
        echoes_reference=bool(text_at(body, "SaleData", "SaleTransactionID", "TransactionID")),
        amount_centimes=as_centimes(at(result, "AmountsResp", "AuthorizedAmount")),
        currency=text_at(result, "AmountsResp", "Currency"),
        approval_code=_identifier(text_at(acquirer, "ApprovalCode")),
        masked_card=masked_card(text_at(card, "MaskedPan") or text_at(card, "MaskedPAN")),
        card_brand=_short(text_at(card, "PaymentBrand")),
        entry_mode=_short(str(entry[0]) if isinstance(entry, list) and entry else text_at(card, "EntryMode")),
        poi_transaction_id=text_at(body, "POIData", "POITransactionID", "TransactionID"),
        poi_transaction_at=text_at(body, "POIData", "POITransactionID", "TimeStamp"),
        terminal_id=_identifier(text_at(acquirer, "AcquirerPOIID")),
        merchant_id=_identifier(text_at(acquirer, "MerchantID")),
        rrn=_identifier(text_at(acquirer, "AcquirerTransactionID", "TransactionID")),
        reconciliation_id=_identifier(text_at(body, "POIData", "POIReconciliationID")),
        reason=_short(text_at(body, "Response", "ErrorCondition")),
        slip=_slip(list_at(body, "PaymentReceipt")),
    )


def facts_of_reversal(header: object, body: object) -> Facts:
    """Everything that a ReversalResponse says and may be kept."""
    return replace(
        _identifiers(header),
        amount_centimes=as_centimes(at(body, "ReversedAmount")),
        poi_transaction_id=text_at(body, "POIData", "POITransactionID", "TransactionID"),
        poi_transaction_at=text_at(body, "POIData", "POITransactionID", "TimeStamp"),
        reason=_short(text_at(body, "Response", "ErrorCondition")),
        slip=_slip(list_at(body, "PaymentReceipt")),
    )


def _short(text: str) -> str:
    return masked_text(text)[:_LONGEST_LINE]


def _identifier(text: str) -> str:
    """Kept to the letter: numbers of banks and readers, some as long as a card's."""
    return text[:_LONGEST_LINE]


def _slip(receipts: list[Any]) -> Slip:
    customer: list[str] = []
    merchant: list[str] = []
    for receipt in receipts:
        lines = list(_lines(list_at(receipt, "OutputContent", "OutputText")))[:_MOST_LINES]
        if text_at(receipt, "DocumentQualifier") == "CustomerReceipt":
            customer += lines
        else:
            merchant += lines
    return Slip(customer=tuple(customer), merchant=tuple(merchant))


def _lines(pieces: list[Any]) -> Iterator[str]:
    line = ""
    for piece in pieces:
        line += text_at(piece, "Text")
        if at(piece, "EndOfLineFlag") is not False:
            yield _short(line)
            line = ""
    if line:
        yield _short(line)


def health_of(answer: Answer, *, serial: str) -> Health:
    """What a DiagnosisResponse says."""
    status = at(answer.body, "POIStatus")
    hosts = [at(host, "IsReachableFlag") for host in list_at(answer.body, "HostStatus")]
    said = _GLOBAL.get(text_at(status, "GlobalStatus"))
    return Health(
        global_status=said or ("ok" if answer.result == "Success" else "maintenance"),
        printer=_PRINTER.get(text_at(status, "PrinterStatus"), ""),
        serial=serial,
        host_reachable=any(hosts) if hosts else None,
    )


def totals_of(body: object) -> Totals:
    """The sums in an answer to GetTotals or Reconciliation: for each brand, what was debited and not given back."""
    counts: dict[str, int] = {}
    amounts: dict[str, int] = {}
    for row in list_at(body, "TransactionTotals"):
        brand = _short(text_at(row, "CardBrand"))
        for total in list_at(row, "PaymentTotals"):
            sign = _SIGNS.get(text_at(total, "TransactionType"), 0)
            count = at(total, "TransactionCount")
            counts[brand] = counts.get(brand, 0) + sign * (count if isinstance(count, int) else 0)
            amounts[brand] = amounts.get(brand, 0) + sign * (as_centimes(at(total, "TransactionAmount")) or 0)
    return Totals(
        totals=tuple(
            BrandTotal(brand=brand, count=counts[brand], amount_centimes=amounts[brand]) for brand in sorted(counts)
        ),
        reconciliation_id=_identifier(text_at(body, "POIReconciliationID")),
    )


_SIGNS: Final = {"Debit": 1, "Credit": -1, "ReverseDebit": -1, "ReverseCredit": 1}
