"""What the portal wants, read with care: what cannot be read is left out and said, never guessed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agency_bridge.drivers.contract import Abort, Ask, Pay, Reader, Reverse, TotalsWanted
from agency_bridge.moments import read_moment
from agency_bridge.printing.paper import Line, Paper

_log = logging.getLogger("agency_bridge.portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnose:
    """How is the reader?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    paper: Paper


Body = Pay | Abort | Ask | Reverse | Diagnose | TotalsWanted | Print


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to do on one reader. `taken`: the portal knows that we have it."""

    id: int
    kind: str
    poi_id: str
    taken: bool
    body: Body

    @property
    def service_id(self) -> str:
        """Our number for what is sent; "" for what needs none."""
        return str(getattr(self.body, "service_id", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """One answer to the question what is to do."""

    orders: tuple[Order, ...]
    readers: tuple[Reader, ...]
    blocks: tuple[Mapping[str, Any], ...]


def read_wishes(told: Mapping[str, Any]) -> Wishes:
    """What can be read of an answer. What cannot is logged by its number, without its contents."""
    return Wishes(
        orders=tuple(_each(told.get("orders"), _order, "order")),
        readers=tuple(_each(told.get("readers"), _reader, "reader")),
        blocks=tuple(_each(told.get("blocks"), _block, "block")),
    )


def _each(rows: object, read: Callable[[Mapping[str, Any]], Any], what: str) -> list[Any]:
    found = []
    for row in rows if isinstance(rows, list) else []:
        try:
            found.append(read(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            named = row.get("id", "?") if isinstance(row, Mapping) else "?"
            _log.error("an %s of the portal cannot be read: %s, %s", what, named, type(error).__name__)
    return found


def _order(row: Mapping[str, Any]) -> Order:
    kind = str(row["kind"])
    return Order(
        id=int(row["id"]),
        kind=kind,
        poi_id=str(row["poi_id"]),
        taken=bool(row.get("taken")),
        body=_BODIES[kind](row.get("body") or {}),
    )


def _reader(row: Mapping[str, Any]) -> Reader:
    return Reader(
        poi_id=str(row["poi_id"]),
        protocol=str(row["protocol"]),
        host=str(row.get("host") or ""),
        port=int(row.get("port") or 0),
        options=dict(row.get("options") or {}),
    )


def _block(row: Mapping[str, Any]) -> Mapping[str, Any]:
    int(row["block"]), int(row["first"]), int(row["last"])
    return dict(row)


def _centimes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("an amount is a whole number of centimes")
    return value


def _pay(body: Mapping[str, Any]) -> Pay:
    return Pay(
        service_id=_number(body),
        sale_id=str(body["sale_id"]),
        sale_reference=str(body["sale_reference"]),
        bill_reference=str(body.get("bill_reference") or ""),
        amount_centimes=_centimes(body["amount_centimes"]),
        currency=str(body["currency"]),
        operator=str(body.get("operator") or ""),
        shift=str(body.get("shift") or ""),
        agency=str(body.get("agency") or ""),
        language=str(body.get("language") or "fr"),
    )


def _number(body: Mapping[str, Any]) -> str:
    number = body["service_id"]
    if not isinstance(number, str) or not number.isascii() or not number.isalnum() or not 1 <= len(number) <= 10:  # noqa: PLR2004 - as the protocol allows
        raise ValueError("a service number has 1 to 10 letters and digits")
    return number


def _abort(body: Mapping[str, Any]) -> Abort:
    return Abort(
        service_id=_number(body),
        of_service_id=str(body["of_service_id"]),
        sale_id=str(body["sale_id"]),
        reason=str(body.get("reason") or "MerchantAbort"),
    )


def _ask(body: Mapping[str, Any]) -> Ask:
    return Ask(
        service_id=_number(body),
        of_service_id=str(body["of_service_id"]),
        of_category=str(body.get("of_category") or "Payment"),
        sale_id=str(body["sale_id"]),
        sale_reference=str(body.get("sale_reference") or ""),
        amount_centimes=_centimes(body["amount_centimes"]),
        currency=str(body.get("currency") or "DZD"),
        sent_at=read_moment(body.get("sent_at")),
    )


def _reverse(body: Mapping[str, Any]) -> Reverse:
    return Reverse(
        service_id=_number(body),
        sale_id=str(body["sale_id"]),
        poi_transaction_id=str(body["poi_transaction_id"]),
        poi_transaction_at=str(body.get("poi_transaction_at") or ""),
        amount_centimes=_centimes(body["amount_centimes"]),
        currency=str(body["currency"]),
        reason=str(body.get("reason") or "MerchantCancel"),
        sale_reference=str(body.get("sale_reference") or ""),
    )


def _totals(body: Mapping[str, Any]) -> TotalsWanted:
    return TotalsWanted(sale_id=str(body.get("sale_id") or ""), close=bool(body.get("close")))


def _print(body: Mapping[str, Any]) -> Print:
    return Print(
        paper=Paper(
            lines=tuple(_line(row) for row in body.get("lines") or []),
            qr=str(body.get("qr") or ""),
            cut=bool(body.get("cut", True)),
            drawer=bool(body.get("drawer")),
            width=int(body.get("width") or 0),
        )
    )


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        text=str(row.get("text") or ""),
        align=str(row.get("align") or "left"),
        bold=bool(row.get("bold")),
        size=2 if row.get("size") == 2 else 1,  # noqa: PLR2004 - there are two sizes
        direction="rtl" if row.get("direction") == "rtl" else "ltr",
    )


_BODIES: Final[Mapping[str, Callable[[Mapping[str, Any]], Body]]] = {
    "pay": _pay,
    "abort": _abort,
    "ask": _ask,
    "reverse": _reverse,
    "diagnose": lambda _body: Diagnose(),
    "totals": _totals,
    "print": _print,
}
