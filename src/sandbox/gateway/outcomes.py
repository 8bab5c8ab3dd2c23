"""How an attempt to pay may end, and the codes that each generation of the gateway gives to it.

The codes are those seen on the wire by integrators; the sentences are ours. `A` is the older generation, `B` the
present one. Where only one generation's code was ever seen, the other has the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Words = Mapping[str, str]
"""The same sentence under "ar", "fr" and "en"."""


class Wire(StrEnum):
    """A generation of the gateway's protocol."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """One way for an attempt to end."""

    name: str
    response_code: str | None
    """The issuer's answer; None when the issuer was never asked."""
    action_code_a: int
    action_code_b: int
    words: Words
    """Issuers answer in the payer's language; the gateway's own refusals say "en" whatever the language."""
    accepted: bool = False

    def action_code(self, wire: Wire) -> int:
        return self.action_code_a if wire is Wire.A else self.action_code_b

    def sentence(self, language: str) -> str:
        return self.words.get(language) or self.words["en"]


def _english(sentence: str) -> Words:
    return {"en": sentence}


ACCEPTED = Outcome(
    name="accepted",
    response_code="00",
    action_code_a=0,
    action_code_b=0,
    accepted=True,
    words={
        "fr": "Votre paiement a été accepté",
        "en": "Your payment was accepted",
        "ar": "تم قبول عملية الدفع",
    },
)
BLOCKED = Outcome(
    name="blocked",
    response_code="37",
    action_code_a=203,
    action_code_b=119,
    words={
        "fr": "Carte bloquée temporairement : contactez votre banque",
        "en": "Card temporarily blocked: contact your bank",
        "ar": "البطاقة موقوفة مؤقتًا: اتصل ببنكك",
    },
)
LOST = Outcome(
    name="lost",
    response_code="41",
    action_code_a=208,
    action_code_b=126,
    words={"fr": "Carte déclarée perdue", "en": "Card reported lost", "ar": "بطاقة مصرَّح بضياعها"},
)
STOLEN = Outcome(
    name="stolen",
    response_code="43",
    action_code_a=209,
    action_code_b=127,
    words={"fr": "Carte déclarée volée", "en": "Card reported stolen", "ar": "بطاقة مصرَّح بسرقتها"},
)
WRONG_EXPIRY = Outcome(
    name="wrong_expiry",
    response_code="AD",
    action_code_a=-1,
    action_code_b=100882,
    words={
        "fr": "Date d'expiration incorrecte",
        "en": "Wrong expiry date",
        "ar": "تاريخ انتهاء الصلاحية غير صحيح",
    },
)
UNKNOWN_CARD = Outcome(
    name="unknown_card",
    response_code="62",
    action_code_a=125,
    action_code_b=125,
    words={
        "fr": "Carte inconnue de l'émetteur",
        "en": "Card unknown to its issuer",
        "ar": "البطاقة غير معروفة لدى مُصدرها",
    },
)
UNRECOGNISED = Outcome(
    name="unrecognised",
    response_code=None,
    action_code_a=2003,
    action_code_b=2003,
    words=_english("This card is not known for online payment (2003)"),
)
OVER_CARD_CEILING = Outcome(
    name="over_card_ceiling",
    response_code="61",
    action_code_a=121,
    action_code_b=121,
    words={
        "fr": "Plafond de la carte dépassé",
        "en": "The card's limit is exceeded",
        "ar": "تم تجاوز سقف البطاقة",
    },
)
INSUFFICIENT_BALANCE = Outcome(
    name="insufficient_balance",
    response_code="51",
    action_code_a=116,
    action_code_b=116,
    words={
        "fr": "Solde insuffisant",
        "en": "Insufficient balance",
        "ar": "الرصيد غير كافٍ",
    },
)
WRONG_CVV2 = Outcome(
    name="wrong_cvv2",
    response_code="AB",
    action_code_a=111,
    action_code_b=140,
    words={
        "fr": "CVV2 incorrect : vérifiez et réessayez",
        "en": "Wrong CVV2: check it and try again",
        "ar": "رمز CVV2 غير صحيح: تحقق منه وأعد المحاولة",
    },
)
LOCKED = Outcome(
    name="locked",
    response_code=None,
    action_code_a=2003,
    action_code_b=2003,
    words=_english("Online payment is locked for this card (2003)"),
)
NOT_AUTHORISED = Outcome(
    name="not_authorised",
    response_code=None,
    action_code_a=2003,
    action_code_b=2003,
    words=_english("This card may not pay online (2003)"),
)
INACTIVE = Outcome(
    name="inactive",
    response_code="AE",
    action_code_a=-1,
    action_code_b=100254,
    words={
        "fr": "Le paiement en ligne n'est pas activé sur cette carte",
        "en": "Online payment is not active on this card",
        "ar": "الدفع عبر الإنترنت غير مفعّل لهذه البطاقة",
    },
)
OVER_TERMINAL_CEILING = Outcome(
    name="over_terminal_ceiling",
    response_code="05",
    action_code_a=-2006,
    action_code_b=100,
    words={
        "fr": "Transaction refusée par l'émetteur",
        "en": "The issuer does not honour this transaction",
        "ar": "رفض مُصدر البطاقة هذه العملية",
    },
)
EXPIRED = Outcome(
    name="expired",
    response_code="33",
    action_code_a=101,
    action_code_b=101,
    words={"fr": "Carte expirée", "en": "Card expired", "ar": "البطاقة منتهية الصلاحية"},
)
AUTHENTICATION_FAILED = Outcome(
    name="authentication_failed",
    response_code=None,
    action_code_a=-2006,
    action_code_b=-2006,
    words=_english("TDS_AUTH_FAILED"),
)
CANCELLED = Outcome(
    name="cancelled",
    response_code=None,
    action_code_a=10,
    action_code_b=342034,
    words=_english("Operation cancelled by user"),
)
DECLINED_BY_MERCHANT = Outcome(
    name="declined_by_merchant",
    response_code=None,
    action_code_a=10,
    action_code_b=342034,
    words=_english("Operation cancelled by the merchant"),
)
TIMED_OUT = Outcome(
    name="timed_out",
    response_code=None,
    action_code_a=-2007,
    action_code_b=-2007,
    words=_english("The time to pay has run out (-2007)"),
)
NOT_ATTEMPTED = Outcome(
    name="not_attempted",
    response_code=None,
    action_code_a=-100,
    action_code_b=-100,
    words=_english("No payment attempted yet."),
)

BEFORE_THE_CODE = frozenset({UNKNOWN_CARD, UNRECOGNISED, LOCKED, NOT_AUTHORISED})
"""These end the attempt as soon as the card is given: no code is sent."""

OUTCOMES: Mapping[str, Outcome] = {
    outcome.name: outcome
    for outcome in (
        ACCEPTED,
        BLOCKED,
        LOST,
        STOLEN,
        WRONG_EXPIRY,
        UNKNOWN_CARD,
        UNRECOGNISED,
        OVER_CARD_CEILING,
        INSUFFICIENT_BALANCE,
        WRONG_CVV2,
        LOCKED,
        NOT_AUTHORISED,
        INACTIVE,
        OVER_TERMINAL_CEILING,
        EXPIRED,
        AUTHENTICATION_FAILED,
        CANCELLED,
        DECLINED_BY_MERCHANT,
        TIMED_OUT,
        NOT_ATTEMPTED,
    )
}
