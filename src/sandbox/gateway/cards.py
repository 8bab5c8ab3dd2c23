"""Cards as their issuer knows them, the published deck of the certification environment, and a few invented ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.gateway import outcomes
from sandbox.gateway.outcomes import Outcome, Wire

_DINAR = 100
_PAN_LENGTHS = range(13, 20)


def passes_luhn(pan: str) -> bool:
    """Whether the last digit agrees with the others (ISO/IEC 7812-1)."""
    if not (pan.isascii() and pan.isdigit() and len(pan) in _PAN_LENGTHS):
        return False
    digits = [int(digit) for digit in reversed(pan)]
    doubled = (2 * digit for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0  # noqa: PLR2004


def masked(pan: str, *, wire: Wire) -> str:
    """The number as the gateway shows it: `628058**7215` on the older wire, `6280****7215` on the present one."""
    if not pan:
        return ""
    return f"{pan[:6]}**{pan[-4:]}" if wire is Wire.A else f"{pan[:4]}****{pan[-4:]}"


class Deck(StrEnum):
    """How the published cards answer on the present wire.

    Three cards of the printed deck (1219, 7314, 6615) were seen to be accepted in 2026 although the print says
    otherwise. `SEEN` does as was seen, `PRINTED` as the print says. The older wire always does as printed.
    """

    SEEN = "seen"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card and what its issuer says of it, whatever the account behind it holds."""

    pan: str
    expiry: str
    """`YYYYMM`, as on the wire."""
    cvv2: str
    about: str
    """What the published deck says of it, in a few words."""
    printed: Outcome = outcomes.ACCEPTED
    seen: Outcome | None = None
    """What the present wire was seen to answer, where that differs from the print."""
    password: str = "123456"  # noqa: S105 - as published with the deck
    """The static password of the certification environment."""
    pin: str = "1234"
    """What is keyed on a card reader; invented, no document gives one."""
    balance_centimes: int = 250_000 * _DINAR
    ceiling_centimes: int | None = None
    """The most that one payment may take; None for no ceiling."""
    invented: bool = False
    brand: str = "CIB"

    @property
    def account_number(self) -> str:
        return f"{'INVENTED' if self.invented else self.brand}-{self.pan[-6:]}"

    @property
    def phone(self) -> str:
        """The card holder's phone: not a number that exists, and different for each card."""
        return f"05000{self.pan[-5:]}"

    def issuer_says(self, *, wire: Wire, deck: Deck) -> Outcome:
        """The issuer's fixed answer for this card, before ceiling and balance are looked at."""
        if wire is Wire.B and deck is Deck.SEEN and self.seen is not None:
            return self.seen
        return self.printed


PUBLISHED = (
    Card(
        pan="6280581110007215",
        expiry="202701",
        cvv2="373",
        about="accepted",
        balance_centimes=1_000_000_000 * _DINAR,
    ),
    Card(pan="6280580610061011", expiry="202701", cvv2="992", about="accepted"),
    Card(pan="6280581110006712", expiry="202701", cvv2="897", about="temporarily blocked", printed=outcomes.BLOCKED),
    Card(pan="6280581110006316", expiry="202701", cvv2="657", about="lost", printed=outcomes.LOST),
    Card(pan="6280581110006415", expiry="202701", cvv2="958", about="stolen", printed=outcomes.STOLEN),
    Card(
        pan="6280581110006613",
        expiry="202708",
        cvv2="411",
        about="always answers: wrong expiry date",
        printed=outcomes.WRONG_EXPIRY,
    ),
    Card(
        pan="6280581110003927",
        expiry="202501",
        cvv2="834",
        about="unknown to its issuer; fails the Luhn check, so that the present page does not take it",
        printed=outcomes.UNKNOWN_CARD,
        seen=outcomes.UNRECOGNISED,
    ),
    Card(
        pan="6280580610061219",
        expiry="202701",
        cvv2="049",
        about="printed as: card ceiling exceeded; seen as: accepted",
        printed=outcomes.OVER_CARD_CEILING,
        seen=outcomes.ACCEPTED,
    ),
    Card(
        pan="6280580610061110",
        expiry="202701",
        cvv2="260",
        about="insufficient balance: the account holds 10 DA",
        balance_centimes=10 * _DINAR,
    ),
    Card(
        pan="6280581110006514",
        expiry="202701",
        cvv2="205",
        about="always answers: wrong CVV2",
        printed=outcomes.WRONG_CVV2,
    ),
    Card(
        pan="6280580610061318",
        expiry="202701",
        cvv2="930",
        about="locked after three wrong codes",
        printed=outcomes.LOCKED,
        password="666666",  # noqa: S106 - as published with the deck
    ),
    Card(
        pan="6280581110007017",
        expiry="202701",
        cvv2="632",
        about="not authorised to pay online",
        printed=outcomes.NOT_AUTHORISED,
    ),
    Card(
        pan="6280581110007116",
        expiry="202701",
        cvv2="040",
        about="online payment not activated",
        printed=outcomes.INACTIVE,
    ),
    Card(
        pan="6280581110007314",
        expiry="202701",
        cvv2="821",
        about="printed as: terminal ceiling exceeded; seen as: accepted",
        printed=outcomes.OVER_TERMINAL_CEILING,
        seen=outcomes.ACCEPTED,
    ),
    Card(
        pan="6280580610056615",
        expiry="202212",
        cvv2="428",
        about="printed as: expired; seen as: accepted",
        printed=outcomes.EXPIRED,
        seen=outcomes.ACCEPTED,
    ),
)

# No Edahabia test card and no Edahabia number range is published anywhere. These numbers begin with 9999, which no
# Algerian issuer can have, so that nobody mistakes them for knowledge.
INVENTED = (
    Card(
        pan="9999000000010003",
        expiry="203012",
        cvv2="111",
        about="accepted",
        balance_centimes=500_000 * _DINAR,
        invented=True,
        brand="Edahabia",
    ),
    Card(
        pan="9999000000020002",
        expiry="203012",
        cvv2="222",
        about="insufficient balance: the account holds 20 DA",
        balance_centimes=20 * _DINAR,
        invented=True,
        brand="Edahabia",
    ),
    Card(
        pan="9999000000030001",
        expiry="203012",
        cvv2="333",
        about="card ceiling: at most 1,000 DA in one payment",
        ceiling_centimes=1_000 * _DINAR,
        invented=True,
        brand="Edahabia",
    ),
)

DECK: Mapping[str, Card] = {card.pan: card for card in (*PUBLISHED, *INVENTED)}
