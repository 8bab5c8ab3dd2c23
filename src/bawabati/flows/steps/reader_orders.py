"""What a bridge is told about a sale: the words of each order, and what is put when; in the caller's transaction."""

from datetime import datetime
from typing import Any

from bawabati.companies.models import Reader
from bawabati.companies.rules import CAN_ABORT, Protocol
from bawabati.payments.models import ReaderOrder, Sale
from bawabati.payments.reads import has_open_order, list_sale_lines
from bawabati.payments.rules.sales import OrderKind, SaleState
from bawabati.payments.writes import next_service_id, put_order

CURRENCY = "DZD"
ABORT_REASON = "MerchantAbort"
OTHERWISE = "Malfunction"
BY_STAFF = "MerchantCancel"


def put_payment(sale: Sale, *, now: datetime) -> ReaderOrder:
    """The payment itself: once for a sale. Its identifier on the wire is set on the sale and saved by the caller."""
    reader = _reader_of(sale)
    sale.service_id = next_service_id(reader)
    bill = list_sale_lines(sale.id)[0].bill
    body = _named(sale) | {
        "service_id": sale.service_id,
        "sale_reference": sale.reference,
        "bill_reference": bill.payment_number,
        "amount_centimes": sale.amount_centimes,
        "currency": CURRENCY,
        "operator": str(sale.cashier_id),
        "shift": str(sale.session_id),
        "agency": sale.agency.code,
        "language": sale.language,
    }
    return put_order(reader=reader, kind=OrderKind.PAY, body=body, sale=sale, now=now)


def ask_to_abort(sale: Sale, *, now: datetime) -> None:
    """Asks the reader to let a payment be. It goes on being waited for: it may be too late. Safe to repeat."""
    reader = _reader_of(sale)
    if reader.protocol not in CAN_ABORT or sale.abort_asked_at is not None:
        return
    sale.abort_asked_at = now
    body = _named(sale) | {
        "service_id": next_service_id(reader),
        "of_service_id": sale.service_id,
        "reason": ABORT_REASON,
    }
    put_order(reader=reader, kind=OrderKind.ABORT, body=body, sale=sale, now=now)


def ask_what_happened(sale: Sale, *, now: datetime) -> None:
    """One question at a time about what became of the payment, or of its reversal. Safe to repeat.

    A reader that is not known to be well is asked about itself first: what it does not find is believed only then.
    """
    reader = _reader_of(sale)
    if has_open_order(sale.id, OrderKind.ASK):
        return
    if not _is_well(sale, reader) and not has_open_order(sale.id, OrderKind.DIAGNOSE):
        put_order(reader=reader, kind=OrderKind.DIAGNOSE, body={}, sale=sale, now=now)
    is_reversal = sale.state == SaleState.REVERSING
    body = _named(sale) | {
        "service_id": next_service_id(reader),
        "of_service_id": asked_about(sale),
        "of_category": "Reversal" if is_reversal else "Payment",
        "sale_reference": sale.reference,
        "amount_centimes": sale.amount_centimes,
        "currency": CURRENCY,
        "sent_at": sale.sent_at.isoformat() if sale.sent_at else None,
    }
    put_order(reader=reader, kind=OrderKind.ASK, body=body, sale=sale, now=now)


def asked_about(sale: Sale) -> str:
    """Our identifier of what is to be known now: of the reversal while there is one, else of the payment.

    An answer about the other one came too late, and says nothing any more. Rule: ask-by-our-identifier (R5, R13)
    """
    return sale.reversal_service_id if sale.state == SaleState.REVERSING else sale.service_id


def put_reversal(sale: Sale, *, reason: str, taken_centimes: int, now: datetime) -> None:
    """Asks the reader to give back what it took, all of it; once for a sale. Saved by the caller."""
    reader = _reader_of(sale)
    sale.reversal_service_id = next_service_id(reader)
    at = sale.poi_transaction_at
    body = _named(sale) | {
        "service_id": sale.reversal_service_id,
        "sale_reference": sale.reference,
        "poi_transaction_id": sale.poi_transaction_id,
        "poi_transaction_at": at.isoformat() if at else None,
        "amount_centimes": taken_centimes,
        "currency": CURRENCY,
        "reason": reason,
    }
    put_order(reader=reader, kind=OrderKind.REVERSE, body=body, sale=sale, now=now)


def is_on_the_wire(reader: Reader | None) -> bool:
    """Whether a bridge can tell the reader anything."""
    return reader is not None and reader.protocol != Protocol.MANUAL and reader.bridge_id is not None


def _is_well(sale: Sale, reader: Reader) -> bool:
    since = sale.unknown_since
    at = reader.last_contact_at
    return reader.last_status == "ok" and at is not None and since is not None and at >= since


def _named(sale: Sale) -> dict[str, Any]:
    return {"sale_id": sale.desk.code}


def _reader_of(sale: Sale) -> Reader:
    assert sale.reader is not None  # noqa: S101 - the database holds it for every card sale
    return sale.reader
