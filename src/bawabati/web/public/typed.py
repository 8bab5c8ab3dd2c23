"""What people type: taken as it is, and given back beside an error unless it may be a card number."""

import re

from bawabati.companies.rules import clean_number, looks_like_a_card_number

LONGEST = 254


def typed(posted: str) -> str:
    """At most 254 characters: nothing that we ask for is longer. No keyboard has the NUL that no table takes."""
    return posted.replace("\0", "")[: LONGEST + 1]


def given_back(text: str) -> str:
    """The text for the field again; nothing of what may be a card number.

    Rule: no-card-numbers (PCI DSS 4.0.1 requirement 3; invariant I16)
    """
    return "" if may_be_a_card(text) else text[:LONGEST]


def may_be_a_card(text: str) -> bool:
    """Whether a card number may stand in a field that asks for something else, whatever stands between its digits."""
    return any(looks_like_a_card_number(form) for form in (text, clean_number(text), re.sub(r"\D", "", text)))
