"""The merchants that the gateway knows, and how each of them is answered."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sandbox.gateway.outcomes import Wire


class Codes(StrEnum):
    """Whether `errorCode` of register and refund is a text or a number."""

    AS_SEEN = "as_seen"
    """As seen on the wire: in register a text on the older wire, a number on the present one; in refund a text."""
    STRING = "string"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """One merchant's account: who calls, for which terminals, and in which dialect the answers come."""

    user_name: str
    password: str = field(repr=False)
    terminals: tuple[str, ...]
    page_name: str
    """The merchant's folder in the address of the card page."""
    names: Mapping[str, str]
    """What the payer reads, under "ar", "fr" and "en"."""
    wire: Wire = Wire.B
    codes: Codes = Codes.AS_SEEN
    may_refund: bool = True
    callback_key: str = field(default="", repr=False)
    """Signs the callbacks when it is not empty."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """A merchant out of configuration.

        Raises:
            KeyError, TypeError, ValueError: something is missing, too much, or not what it should be.
        """
        row = dict(row)
        terminals, names = row["terminals"], row.setdefault("names", {"en": row["user_name"]})
        row.setdefault("page_name", str(row["user_name"]).lower())
        texts = [row["user_name"], row["password"], row["page_name"], row.get("callback_key", "")]
        if not isinstance(terminals, list | tuple) or not terminals or not isinstance(names, dict) or not names:
            raise TypeError("terminals is a list and names an object, neither of them empty")
        if not all(isinstance(text, str) for text in [*texts, *terminals, *names.values()]):
            raise TypeError("names, passwords and terminals are texts")
        if not isinstance(row.get("may_refund", True), bool):
            raise TypeError("may_refund is true or false")
        row["terminals"] = tuple(terminals)
        row["wire"] = Wire(row.get("wire", Wire.B))
        row["codes"] = Codes(row.get("codes", Codes.AS_SEEN))
        return cls(**row)

    def name(self, language: str) -> str:
        return self.names.get(language) or next(iter(self.names.values()), self.user_name)


class Merchants:
    """All merchants, found by what they send or by the name of their page."""

    def __init__(self, merchants: Iterable[Merchant]) -> None:
        self._by_user: dict[str, Merchant] = {}
        for merchant in merchants:
            self.put(merchant)

    def all(self) -> list[Merchant]:
        return list(self._by_user.values())

    def put(self, merchant: Merchant) -> None:
        """Adds a merchant, in place of the one with the same user name."""
        self._by_user[merchant.user_name] = merchant

    def find(self, user_name: str) -> Merchant | None:
        return self._by_user.get(user_name)

    def authenticate(self, *, user_name: str, password: str) -> Merchant | None:
        """The merchant who may call with these two; None for anybody else."""
        merchant = self._by_user.get(user_name)
        if merchant is None or not hmac.compare_digest(merchant.password.encode(), password.encode()):
            return None
        return merchant


DEMO_MERCHANTS = (
    Merchant(
        user_name="SAT2601010001",
        password="sandbox-oran-1",  # noqa: S106 - opens nothing but this sandbox
        terminals=("E010901201",),
        page_name="oran",
        names={"ar": "مياه وهران", "fr": "Eaux d'Oran", "en": "Oran Water"},
    ),
    Merchant(
        user_name="SAT2601010002",
        password="sandbox-tafna-2",  # noqa: S106 - opens nothing but this sandbox
        terminals=("E010901202",),
        page_name="tafna",
        names={"ar": "مياه تافنة", "fr": "Eaux de la Tafna", "en": "Tafna Water"},
    ),
)
