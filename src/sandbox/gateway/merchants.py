"""The merchants that the gateway knows, and how each of them is answered."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sandbox.gateway.outcomes import Wire


class Codes(StrEnum):
    """Whether a code of an answer is a text or a number."""

    AS_SEEN = "as_seen"
    """As seen on the wire: in register a text on the older wire, a number on the present one; elsewhere a text."""
    STRING = "string"
    NUMBER = "number"


class CallbackMethod(StrEnum):
    """How a callback travels: its values in the query, or in a form."""

    GET = "GET"
    POST = "POST"


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
    """`errorCode` of everything that changes an order: register, refund, reverse, deposit, decline."""
    result_codes: Codes = Codes.AS_SEEN
    """The error code of everything that reads an order: acknowledge, confirm, both status calls."""
    strict: bool = False
    """Whether registering asks for all that the portal prints, or takes what older hosts were seen to take."""
    must_acknowledge: bool = True
    """Whether a payment that nobody acknowledged is taken back; Algérie Poste's own gateway knows no such thing."""
    may_refund: bool = True
    may_reverse: bool = True
    may_hold: bool = True
    """Two phases: `registerPreAuth.do` and `deposit.do`."""
    may_decline: bool = True
    callbacks: bool = False
    """Whether the gateway tells the merchant's server by itself what became of an order."""
    callback_url: str = ""
    """Where it tells it, for an order that brought no `dynamicCallbackUrl`."""
    callback_method: CallbackMethod = CallbackMethod.GET
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
        texts = [row["user_name"], row["password"], row["page_name"]]
        texts += [row.get(name, "") for name in ("callback_key", "callback_url")]
        if not isinstance(terminals, list | tuple) or not terminals or not isinstance(names, dict) or not names:
            raise TypeError("terminals is a list and names an object, neither of them empty")
        if not all(isinstance(text, str) for text in [*texts, *terminals, *names.values()]):
            raise TypeError("names, passwords and terminals are texts")
        for name in _SWITCHES:
            if not isinstance(row.get(name, True), bool):
                raise TypeError(f"{name} is true or false")
        row["terminals"] = tuple(terminals)
        for name, choice in _CHOICES.items():
            if name in row:
                row[name] = choice(row[name])
        return cls(**row)

    def name(self, language: str) -> str:
        return self.names.get(language) or next(iter(self.names.values()), self.user_name)


_SWITCHES = ("strict", "must_acknowledge", "may_refund", "may_reverse", "may_hold", "may_decline", "callbacks")
_CHOICES: Mapping[str, type[StrEnum]] = {
    "wire": Wire,
    "codes": Codes,
    "result_codes": Codes,
    "callback_method": CallbackMethod,
}


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
    Merchant(
        user_name="SAT2601010003",
        password="sandbox-soummam-3",  # noqa: S106 - opens nothing but this sandbox
        terminals=("E010901203",),
        page_name="soummam",
        names={"ar": "مياه الصومام", "fr": "Eaux de la Soummam", "en": "Soummam Water"},
        wire=Wire.A,
    ),
)
