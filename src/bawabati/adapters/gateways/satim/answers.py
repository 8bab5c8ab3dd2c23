"""What an answer means. Pure: fields in, one value of the contract out.

The tables are those of the reference page `docs/reference/satim.md`. Whatever is not in them is `Unknown`: not a
payment, not a refusal, asked again.
"""

import re
from collections.abc import Mapping

from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Cause,
    MerchantAccount,
    NotDone,
    Paid,
    RefundAnswer,
    Refunded,
    Refused,
    RegisterAnswer,
    Registered,
    Said,
    Unknown,
    Waiting,
)
from bawabati.adapters.gateways.satim.body import Fields
from bawabati.adapters.gateways.satim.evidence import kept_text, masked_card
from bawabati.adapters.gateways.satim.page import page_is_ours
from bawabati.adapters.gateways.satim.wires import Wire

_REFERENCE = re.compile(r"[A-Za-z0-9-]{16,36}")
_NO_SENTENCE = re.compile(r"[A-Za-z0-9]+([_.][A-Za-z0-9]+)+")
_CURRENCY = re.compile(r"[0-9]{3}")
_APPROVED = "00"

_SUCCESS = "0"
_DECLINED = "2"
"""On the current wire. On the older one the same code says "already confirmed"."""
_NOT_CONFIRMED = "3"
_ACCESS_DENIED = "5"
_NOT_KNOWN = "6"
_SYSTEM_ERROR = "7"

_REGISTER_REFUSED: Mapping[str, str] = {
    "3": "wrong_value",
    "4": "wrong_value",
    # A dozen causes share this code, from a password that has to be changed to a value that is not liked.
    "5": "access_denied",
    "14": "wrong_value",
}
_REGISTER_UNCLEAR: Mapping[str, str] = {
    # It may be our own order of a moment ago, whose answer was lost: ask by number.
    "1": "number_already_used",
    "7": "system_error",
}

_DEPOSITED = 2

_CAUSE_BY_ACTION: Mapping[int, Cause] = {
    10: Cause.CANCELLED,
    342034: Cause.CANCELLED,
    -2007: Cause.PAGE_TIMED_OUT,
    -2006: Cause.AUTHENTICATION_FAILED,
}


def is_reference(text: str) -> bool:
    """Whether `text` has the shape of a gateway's order id: 20 letters and digits, or the parent platform's UUID."""
    return _REFERENCE.fullmatch(text) is not None


def read_said(fields: Fields, *, raw: Mapping[str, object], reference: str | None = None) -> Said:
    """Everything that the result, status, extended status or refund answer says; all are read by the same names."""
    params, card = fields.inside("params"), fields.inside("cardauthinfo")
    order_params = fields.listed("merchantorderparams")
    captured = fields.money("depositamount")
    if captured is None:
        captured = fields.inside("paymentamountinfo").money("depositedamount")
    return Said(
        order_number=kept_text(fields.text("ordernumber")) or None,
        reference=reference or _order_id(fields.listed("attributes").text("mdorder")),
        amount=fields.money("amount"),
        currency=_currency(fields),
        still_captured=captured,
        order_status=fields.whole("orderstatus"),
        error_code=fields.code("errorcode"),
        response_code=params.code("respcode") or fields.code("svferesponse"),
        action_code=fields.small("actioncode"),
        approval_code=_approval_code(fields) or _approval_code(card),
        message=_sentence(fields, params),
        masked_card=_card(fields, card),
        bill_reference=kept_text(params.text("udf1") or order_params.text("udf1")),
        raw=raw,
    )


def _order_id(text: str) -> str | None:
    return text if is_reference(text) else None


def _currency(fields: Fields) -> str | None:
    number = fields.whole("currency")
    text = fields.text("currency") or ("" if number is None else f"{number:03d}")
    return text if _CURRENCY.fullmatch(text) else None


def _approval_code(fields: Fields) -> str:
    code = fields.code("approvalcode") or fields.code("authorizationresponseid")
    return code if code.isalnum() else ""


def _card(fields: Fields, card: Fields) -> str:
    return masked_card(fields.text("pan") or card.text("maskedpan") or card.text("pan"))


def _sentence(fields: Fields, params: Fields) -> str:
    """The sentence for the payer; a key that nobody translated (`processing.error.203`) is none."""
    for text in (params.sentence("respcode_desc"), fields.sentence("actioncodedescription")):
        if text and not _NO_SENTENCE.fullmatch(text):
            return kept_text(text)
    return ""


def registered(
    fields: Fields, *, raw: Mapping[str, object], order_number: str, account: MerchantAccount
) -> RegisterAnswer:
    """The answer of `register.do`."""
    reference, page_url = _order_id(fields.text("orderid")), fields.text("formurl")
    code = fields.code("errorcode")
    said = Said(
        order_number=order_number,
        reference=reference,
        error_code=code,
        message=kept_text(fields.sentence("errormessage")),
        raw=raw,
    )
    if code in _REGISTER_REFUSED and not fields.has("orderid") and not fields.has("formurl"):
        return Refused(cause=Cause.DECLINED, said=said, reason=_REGISTER_REFUSED[code])
    if code not in {_SUCCESS, ""}:
        reason = "contradictory" if code in _REGISTER_REFUSED else "unexpected_code"
        return Unknown(reason=_REGISTER_UNCLEAR.get(code, reason), said=said)
    if reference is None or not page_url:
        return Unknown(reason="unreadable", said=said)
    if not page_is_ours(page_url, reference=reference, account=account):
        return Unknown(reason="page_elsewhere", said=said)
    return Registered(reference=reference, page_url=page_url, said=said)


def result(fields: Fields, said: Said, *, wire: Wire) -> AskAnswer:
    """The answer of the result call of `wire`."""
    if said.error_code == _ACCESS_DENIED:
        return Unknown(reason="access_denied", said=said)
    if said.error_code == _SYSTEM_ERROR:
        return Unknown(reason="system_error", said=said)
    if said.error_code == _NOT_KNOWN and said.order_status is None:
        return NotDone(reason="unknown_order", said=said)
    if said.error_code not in {_SUCCESS, _DECLINED, _NOT_CONFIRMED}:
        return Unknown(reason="unexpected_code", said=said)
    if said.order_status == _DEPOSITED:
        paid = _is_paid(fields, said, wire=wire)
        return Paid(said=said) if paid else Unknown(reason="not_paid_not_refused", said=said)
    return _not_paid(said)


def _is_paid(fields: Fields, said: Said, *, wire: Wire) -> bool:
    """The rule that certification asks for: response code 00, error code 0, order status 2, together.

    On the older wire an order that was confirmed before says error code 2 with everything else as before.
    """
    approved = fields.inside("params").code("respcode"), fields.code("svferesponse")
    if wire.response_code_in_params and approved[0] != _APPROVED:
        return False
    if set(approved) - {""} != {_APPROVED}:
        return False
    confirmed_before = wire.declined_means_confirmed and said.error_code == _DECLINED and said.action_code == 0
    return said.error_code == _SUCCESS or confirmed_before


def _not_paid(said: Said) -> AskAnswer:
    """Every order status but "deposited": 0 registered, 3 reversed, 4 refunded (also in part), 6 not authorised."""
    money_is_there = bool(said.still_captured)
    match said.order_status:
        case 4 if money_is_there:
            return Unknown(reason="partly_refunded", said=said)
        case 4 if said.still_captured is not None:
            return Refused(cause=Cause.REVERSED, said=said)
        case 0 | 3 | 6 if money_is_there:
            return Unknown(reason="contradictory", said=said)
        case 0 | 6 if said.response_code == _APPROVED:
            return Unknown(reason="contradictory", said=said)
        case 3:
            return Refused(cause=Cause.REVERSED, said=said)
        case 0:
            return Waiting(said=said)
        case 6:
            return Refused(cause=_cause(said.action_code), said=said)
        case _:
            # On hold (1), authentication under way (5), pending (7), anything new, or no status at all.
            return Unknown(reason="not_paid_not_refused", said=said)


def _cause(action_code: int | None) -> Cause:
    return Cause.DECLINED if action_code is None else _CAUSE_BY_ACTION.get(action_code, Cause.DECLINED)


def found_by_number(fields: Fields, said: Said, *, order_number: str, wire: Wire) -> AskAnswer | str:
    """The answer of the extended status: the reference to ask about, or an answer when it gives none.

    A payment is never concluded from it: it carries no response code, and is no acknowledgement.
    """
    if said.error_code == _SUCCESS and said.order_number not in {None, order_number}:
        return Unknown(reason="another_order", said=said)
    if said.error_code == _SUCCESS and said.reference is not None:
        return said.reference
    answer = result(fields, said, wire=wire)
    return Unknown(reason="not_acknowledged", said=said) if isinstance(answer, Paid) else answer


def refunded(fields: Fields, said: Said, *, named: bool) -> RefundAnswer:
    """The answer of `refund.do`; `named`: the refund was sent under a name of ours."""
    match said.error_code:
        case "0":
            return Refunded(said=said)
        case "5" if named:
            # It may mean that this very refund was made a moment ago: the request came twice, and this answers the
            # second. What the gateway holds tells.
            return Unknown(reason="access_denied", said=said)
        case "5":
            return Refused(cause=Cause.DECLINED, said=said, reason="access_denied")
        case "6":
            return NotDone(reason="unknown_order", said=said)
        case "7":
            # One code for "the gateway is unwell" and for "this order cannot be refunded"; only the sentence tells
            # them apart. Whatever is not plainly the second is the first, and is read before it is repeated.
            if "impossible" in fields.text("errormessage").lower():
                return Refused(cause=Cause.DECLINED, said=said, reason="not_refundable")
            return Unknown(reason="system_error", said=said)
        case _:
            return Unknown(reason="unexpected_code", said=said)
