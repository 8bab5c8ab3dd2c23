"""What may be set about one reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self

from sandbox.gateway.settings import Unusable


class Protocol(StrEnum):
    """What a till speaks with the reader."""

    NEXO = "nexo"
    CAISSE_AP = "caisse_ap"


class How(StrEnum):
    """How a card meets the reader."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """One reader. All times are seconds of the sandbox's clock."""

    poi_id: str
    protocol: Protocol = Protocol.NEXO
    port: int = 0
    """Where it listens; 0 takes a free port."""
    certificate_name: str = ""
    """The common name of its certificate; the POIID when empty."""
    passphrase: str = field(default="", repr=False)
    """Makes nexo messages protected: clear ones are rejected then."""
    key_identifier: str = ""
    key_version: int = 1
    till: str = ""
    """The till number of Caisse-AP that it belongs to; empty takes any."""
    merchant_name: str = "SANDBOX"
    terminal_id: str = ""
    merchant_id: str = ""
    login_required: bool = False
    card_seconds: float = 60.0
    """How long it waits for a card."""
    pin_seconds: float = 60.0
    host_seconds: float = 1.0
    """How long an authorisation takes."""
    host_patience_seconds: float = 30.0
    """How long it waits for a host that does not answer."""
    printing_seconds: float = 1.0
    contactless_limit_centimes: int = 500_000
    """Up to this amount a contactless card is not asked for its PIN."""
    clock_skew_seconds: float = 0.0
    autopilot: bool = False
    """A card is presented and its PIN keyed by themselves."""
    autopilot_card: str = "6280581110007215"
    autopilot_pin: str = "1234"
    autopilot_how: How = How.CONTACT
    autopilot_seconds: float = 0.5
    """How long the autopilot takes for each thing it does."""
    endings: bool = False
    """Whether the last two digits of an amount choose a fault."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """A reader out of a request.

        Raises:
            Unusable: an unknown name, or a value that cannot be used.
        """
        if not isinstance(poi_id := row.get("poi_id"), str) or not _POI_ID.fullmatch(poi_id):
            raise Unusable("'poi_id' has 1 to 32 letters, digits, dots or hyphens, as SIM1000-000000012 has.")
        return cls(poi_id=poi_id).changed({name: value for name, value in row.items() if name != "poi_id"})

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """These settings with some replaced.

        Raises:
            Unusable: an unknown name, or a value of the wrong kind.
        """
        clean: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _READERS:
                raise Unusable(f"A reader has no {name!r}; it has: poi_id, {', '.join(_READERS)}.")
            try:
                clean[name] = _READERS[name](value)
            except (TypeError, ValueError) as error:
                raise Unusable(f"This cannot be the {name!r} of a reader.") from error
        return replace(self, **clean)

    def to_row(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def name_on_certificate(self) -> str:
        return self.certificate_name or self.poi_id

    @property
    def tid(self) -> str:
        """The terminal's number at the acquirer, eight signs."""
        return self.terminal_id or "".join(sign for sign in self.poi_id if sign.isdigit()).rjust(8, "0")[-8:]

    @property
    def mid(self) -> str:
        """The merchant's number at the acquirer."""
        return self.merchant_id or f"9{self.tid.rjust(14, '0')}"


_POI_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")
_LONGEST_TEXT = 200
_LONGEST_SECONDS = 10 * 366 * 86_400.0
_LARGEST_PORT = 65_535


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not value.isprintable():
        raise TypeError
    return value


def _passphrase(value: object) -> str:
    (text := _text(value)).encode("latin-1")  # a UnicodeEncodeError is a ValueError
    return text


def _name(value: object) -> str:
    if (name := _text(value)) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}", name):
        raise ValueError
    return name


def _digits(value: object) -> str:
    if (text := _text(value)) and not (text.isascii() and text.isalnum()):
        raise ValueError
    return text


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int:
            raise TypeError
        if not low <= value <= high:
            raise ValueError
        return value

    return read


def _seconds(low: float = 0.0) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        if not low <= value <= _LONGEST_SECONDS:
            raise ValueError
        return float(value)

    return read


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "protocol": Protocol,
    "port": _whole(0, _LARGEST_PORT),
    "certificate_name": _name,
    "passphrase": _passphrase,
    "key_identifier": _text,
    "key_version": _whole(0, 10**6),
    "till": _digits,
    "merchant_name": _text,
    "terminal_id": _digits,
    "merchant_id": _digits,
    "login_required": _yes_or_no,
    "card_seconds": _seconds(),
    "pin_seconds": _seconds(),
    "host_seconds": _seconds(),
    "host_patience_seconds": _seconds(),
    "printing_seconds": _seconds(),
    "contactless_limit_centimes": _whole(0, 10**12),
    "clock_skew_seconds": _seconds(-_LONGEST_SECONDS),
    "autopilot": _yes_or_no,
    "autopilot_card": _digits,
    "autopilot_pin": _digits,
    "autopilot_how": How,
    "autopilot_seconds": _seconds(),
    "endings": _yes_or_no,
}
