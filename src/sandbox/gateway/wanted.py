"""What a register call asks for, and what is wrong with it.

A strict merchant is held to what SATIM's portal prints. Any other is taken as older hosts were seen to take merchants:
longer order numbers, free texts in `udf1` to `udf5`, no `jsonParams` at all, no language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.gateway.merchants import Merchant

Values = Mapping[str, str]

DINAR = "012"
LANGUAGES = frozenset({"ar", "fr", "en"})
SMALLEST_CENTIMES = 5_000
ACCESS_DENIED = "Access denied"

_LONGEST_TEXT = 512
_LONGEST_DESCRIPTION = {True: 512, False: 600}
_LONGEST_PARAMS = 1024
_ORDER_NUMBER = {True: re.compile(r"[0-9A-Za-z]{1,10}"), False: re.compile(r"[0-9A-Za-z_.-]{1,36}")}
_UDF = {True: re.compile(r"[0-9A-Za-z]{1,20}"), False: re.compile(r".{1,512}", re.DOTALL)}
"""By whether the merchant is strict."""
_AMOUNT = re.compile(r"[0-9]{1,12}")
_SECONDS = re.compile(r"[0-9]{1,7}")
_UDF_NAMES = ("udf1", "udf2", "udf3", "udf4", "udf5")
_FUNDING_TYPES = frozenset({"", "CP", "698"})
_INVALID_PARAMS = "jsonParams is invalid"


class Refusal(Exception):  # noqa: N818 - reads as what it is
    """The call is answered by a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


def is_amount(text: str) -> bool:
    """Whole centimes, as digits."""
    return _AMOUNT.fullmatch(text) is not None


def wanted_order(values: Values, *, merchant: Merchant) -> dict[str, Any]:
    """The order that is asked for. Raises Refusal with the code that the portal's table gives to what is wrong."""
    strict = merchant.strict
    for name, words in (("orderNumber", "order number"), ("amount", "amount"), ("returnUrl", "return URL")):
        if not values.get(name):
            raise Refusal(4, f"The {words} is missing")
    if (values.get("currency", "") or ("" if strict else DINAR)) != DINAR:
        raise Refusal(3, "Unknown currency")
    number, amount = values["orderNumber"], values["amount"]
    if not _ORDER_NUMBER[strict].fullmatch(number):
        raise Refusal(5, "The order number is wrong")
    if not is_amount(amount) or int(amount) < SMALLEST_CENTIMES:
        raise Refusal(5, "The amount is wrong")
    language = values.get("language", "").lower() or ("" if strict else "fr")
    if language not in LANGUAGES:
        raise Refusal(5, "The language is wrong")
    description = values.get("description", "")
    if len(description) > _LONGEST_DESCRIPTION[strict]:
        raise Refusal(5, "The description is too long")
    params = _json_params(values.get("jsonParams", ""), strict=strict)
    terminal_id = params.pop("force_terminal_id", "") or ("" if strict else merchant.terminals[0])
    if terminal_id not in merchant.terminals:
        raise Refusal(5, ACCESS_DENIED)
    seconds = values.get("sessionTimeoutSecs", "")
    return {
        "order_number": number,
        "amount_centimes": int(amount),
        "currency": DINAR,
        "language": language,
        "return_url": _url(values["returnUrl"], "return URL"),
        "fail_url": _url(values["failUrl"], "fail URL") if values.get("failUrl") else "",
        "description": description,
        "params": params,
        "terminal_id": terminal_id,
        "callback_url": values.get("dynamicCallbackUrl", "")[:_LONGEST_TEXT],
        "page_seconds": float(seconds) if _SECONDS.fullmatch(seconds) and int(seconds) else None,
        "external_request_id": values.get("externalRequestId", "")[:_LONGEST_TEXT],
    }


def _url(text: str, words: str) -> str:
    """An absolute web address without anything that a header could not carry."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise Refusal(5, f"The {words} is wrong") from error
    printable = all("!" <= letter <= "~" for letter in text)
    if parts.scheme not in {"http", "https"} or not host or not printable or len(text) > _LONGEST_TEXT:
        raise Refusal(5, f"The {words} is wrong")
    return text


def _json_params(text: str, *, strict: bool) -> dict[str, str]:
    """`force_terminal_id` and `udf1` to `udf5`; whatever else is in there is dropped."""
    if not text and not strict:
        return {}
    try:
        given = json.loads(text) if len(text) <= _LONGEST_PARAMS else None
    except (ValueError, RecursionError) as error:
        raise Refusal(5, _INVALID_PARAMS) from error
    if not isinstance(given, dict):
        raise Refusal(5, _INVALID_PARAMS)
    told = {name: given.get(name) for name in ("force_terminal_id", *_UDF_NAMES)}
    params = {name: _param(value, strict=strict) for name, value in told.items() if value is not None and value != ""}
    if strict and "udf1" not in params:
        raise Refusal(5, _INVALID_PARAMS)
    if str(given.get("fundingTypeIndicator", "")) not in _FUNDING_TYPES:
        raise Refusal(5, _INVALID_PARAMS)
    return params


def _param(value: object, *, strict: bool) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not _UDF[strict].fullmatch(str(value)):
        raise Refusal(5, _INVALID_PARAMS)
    return str(value)
