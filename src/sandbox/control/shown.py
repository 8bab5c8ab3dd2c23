"""How the control API shows things. Moments are ISO 8601 in UTC, amounts whole centimes, passwords nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.gateway.cards import Card, masked
from sandbox.gateway.issuer import Account, Entry, Issuer
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.orders import Order
from sandbox.gateway.outcomes import Wire
from sandbox.phone.messages import Mail, Sms
from sandbox.reader.core import Reader
from sandbox.reader.transactions import Transaction

Shown = dict[str, Any]


def moment(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat() if seconds else None


def order(each: Order, issuer: Issuer) -> Shown:
    """An order beside the issuer's own books; `captured_centimes` and `returned_centimes` come from those."""
    return {
        "md_order": each.md_order,
        "order_number": each.order_number,
        "merchant": each.merchant,
        "terminal_id": each.terminal_id,
        "amount_centimes": each.amount_centimes,
        "currency": each.currency,
        "language": each.language,
        "description": each.description,
        "params": each.params,
        "return_url": each.return_url,
        "fail_url": each.fail_url,
        "state": each.state,
        "order_status": each.state.on_the_wire,
        "outcome": each.outcome_name,
        "registered_at": moment(each.registered_at),
        "page_ends_at": moment(each.page_ends_at),
        "awaits_code": each.awaits_code,
        "codes_sent": each.codes_sent,
        "card": masked(each.card_first6 + each.card_last4, wire=Wire.B),
        "account": each.account,
        "paid_at": moment(each.paid_at),
        "approval_code": each.approval_code,
        "acknowledged_at": moment(each.acknowledged_at),
        "cancelled_at": moment(each.cancelled_at),
        "deposited_centimes": each.deposited_centimes,
        "two_phase": each.two_phase,
        "held_centimes": issuer.held_centimes(each.md_order),
        "captured_centimes": issuer.captured_centimes(each.md_order),
        "returned_centimes": issuer.returned_centimes(each.md_order),
    }


def merchant(each: Merchant) -> Shown:
    return {
        "user_name": each.user_name,
        "terminals": list(each.terminals),
        "page_name": each.page_name,
        "names": dict(each.names),
        "wire": each.wire,
        "codes": each.codes,
        "result_codes": each.result_codes,
        "strict": each.strict,
        "must_acknowledge": each.must_acknowledge,
        "may_refund": each.may_refund,
        "may_reverse": each.may_reverse,
        "may_hold": each.may_hold,
        "may_decline": each.may_decline,
        "callbacks": each.callbacks,
        "callback_url": each.callback_url,
        "callback_method": each.callback_method,
        "callbacks_signed": bool(each.callback_key),
    }


def account(each: Account) -> Shown:
    return {
        "number": each.number,
        "balance_centimes": each.balance_centimes,
        "held_centimes": each.held_centimes,
        "count": len(each.entries),
    }


def entry(each: Entry) -> Shown:
    return {
        "sequence": each.sequence,
        "at": moment(each.at),
        "centimes": each.centimes,
        "reason": each.reason,
        "md_order": each.md_order,
    }


def card(each: Card, issuer: Issuer) -> Shown:
    """A test card in full: these numbers are published or invented, and open nothing."""
    return {
        "pan": each.pan,
        "expiry": each.expiry,
        "cvv2": each.cvv2,
        "password": each.password,
        "about": each.about,
        "brand": each.brand,
        "invented": each.invented,
        "phone": each.phone,
        "account": each.account_number,
        "locked": issuer.is_locked(each),
    }


def text(each: Sms) -> Shown:
    return {
        "number": each.number,
        "phone": each.phone,
        "text": each.text,
        "code": each.code,
        "md_order": each.md_order,
        "sender": each.sender,
        "identifier": each.identifier,
        "at": moment(each.at),
    }


def mail(each: Mail) -> Shown:
    return {
        "number": each.number,
        "message_id": each.message_id,
        "from": each.sender,
        "to": list(each.recipients),
        "subject": each.subject,
        "text": each.text,
        "html": each.html,
        "at": moment(each.at),
        "attachments": [
            {
                "name": attachment.name,
                "content_type": attachment.content_type,
                "bytes": len(attachment.content),
                "address": f"/inbox/{each.number}/attachments/{place}",
            }
            for place, attachment in enumerate(each.attachments)
        ],
    }


def reader(each: Reader, *, port: int, now: float) -> Shown:
    """A reader and its settings, but for the passphrase."""
    settings = {name: value for name, value in each.settings.to_row().items() if name not in {"passphrase", "port"}}
    return {
        **settings,
        "is_protected": bool(each.settings.passphrase),
        "port": port,
        "stage": each.shown_stage(now=now),
        "keyed": each.keyed,
        "card_in": masked(each.card_in, wire=Wire.B),
        "has_paper": each.has_paper,
        "boot": each.boot,
        "batch": each.batch,
        "logged_in": sorted(each.logged_in),
        "paper": [{"whom": slip.whom, "at": moment(slip.at), "lines": list(slip.lines)} for slip in each.paper],
    }


def reader_transaction(each: Transaction, issuer: Issuer) -> Shown:
    """A line of a reader's log beside the issuer's own books."""
    wanted = each.wanted
    return {
        "identifier": each.identifier,
        "category": each.category,
        "direction": wanted.direction,
        "service_id": wanted.service_id,
        "sale_id": wanted.sale_id,
        "reference": wanted.reference,
        "sale_reference": wanted.sale_reference,
        "wanted_centimes": wanted.amount_centimes,
        "amount_centimes": each.amount_centimes,
        "currency": wanted.currency,
        "began_at": moment(each.began_at),
        "is_over": each.is_over,
        "ending": each.ending,
        "response_code": each.response_code,
        "stan": each.stan,
        "batch": each.batch,
        "rrn": each.rrn,
        "approval_code": each.approval_code,
        "card": each.pan_masked,
        "account": each.account,
        "fault": each.fault.kind if each.fault else None,
        "reverses": each.reverses,
        "reversed_by": each.reversed_by,
        "captured_centimes": issuer.captured_centimes(each.books),
        "returned_centimes": issuer.returned_centimes(each.books),
    }
