"""What may be set about the gateway: its times, and what is assumed where nobody knows the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from sandbox.gateway.cards import Deck


class Unusable(ValueError):  # noqa: N818 - reads as what it is
    """A setting that cannot be used; the message says which and why."""


class AfterCancelling(StrEnum):
    """What the result call says of a payment that the gateway has taken back by itself."""

    REVERSED = "reversed"
    NOT_FOUND = "not_found"


class AfterPageEnd(StrEnum):
    """What the result call says of an order whose page has ended without payment."""

    TIMED_OUT = "timed_out"
    REGISTERED = "registered"


class CodeBy(StrEnum):
    """What confirms a payment on the code page."""

    SMS = "sms"
    """A code of six digits that arrives on the card holder's phone, as in production."""
    PASSWORD = "password"  # noqa: S105 - a name
    """The card's static password, as in the certification environment; no message is sent."""
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All times are seconds of the sandbox's clock. An order keeps the page life that it was registered with."""

    page_seconds: float = 600.0
    code_by: CodeBy = CodeBy.EITHER
    code_seconds: float = 300.0
    codes_per_order: int = 4
    """The first code and what may be asked for again."""
    wrong_codes_allowed: int = 3
    """With this many wrong codes the card is locked."""
    auto_cancel_seconds: float | None = 1200.0
    """A payment that nobody acknowledges is taken back after this long; None: never."""
    auto_cancel_gives_back: bool = True
    """Whether the payer's account gets the money back then."""
    after_cancelling: AfterCancelling = AfterCancelling.REVERSED
    after_page_end: AfterPageEnd = AfterPageEnd.TIMED_OUT
    reversal_seconds: float = 86_400.0
    """How long after the payment `reverse.do` takes a debited payment back; after that only a refund does."""
    deck: Deck = Deck.SEEN

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """These settings with some replaced.

        Raises:
            Unusable: an unknown name, or a value of the wrong kind.
        """
        clean: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _READERS:
                raise Unusable(f"There is no setting {name!r}; there are: {', '.join(_READERS)}.")
            try:
                clean[name] = _READERS[name](value)
            except (TypeError, ValueError) as error:
                raise Unusable(f"{value!r} cannot be the setting {name!r}.") from error
        return replace(self, **clean)

    def to_row(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


_LONGEST_SECONDS = 10 * 366 * 86_400.0
_MOST = 1000


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    seconds = float(value)
    if not 0 <= seconds <= _LONGEST_SECONDS:
        raise ValueError
    return seconds


def _seconds_or_never(value: object) -> float | None:
    return None if value is None or value in {"", "never"} else _seconds(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    count = int(value)
    if not 1 <= count <= _MOST:
        raise ValueError
    return count


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "yes", "1", "false", "no", "0"}:
        return value.lower() in {"true", "yes", "1"}
    raise TypeError


_READERS = {
    "page_seconds": _seconds,
    "code_by": CodeBy,
    "code_seconds": _seconds,
    "codes_per_order": _count,
    "wrong_codes_allowed": _count,
    "auto_cancel_seconds": _seconds_or_never,
    "auto_cancel_gives_back": _yes_or_no,
    "after_cancelling": AfterCancelling,
    "after_page_end": AfterPageEnd,
    "reversal_seconds": _seconds,
    "deck": Deck,
}
