"""How files are read, fees are reckoned, lines are found in our books, and differences end."""

from bawabati.settlement.rules.fees import (
    Fee,
    FeeTableNotReadable,
    FeeTerms,
    Tier,
    check_terms,
    fee_of,
    read_tiers,
    terms_on,
)
from bawabati.settlement.rules.kinds import (
    DIFFERENCE_EDGES,
    DifferenceEnded,
    DifferenceKind,
    DifferenceProposed,
    DifferenceState,
    Ending,
    EndingNotPossible,
    NoSuchDifference,
    NothingProposed,
    PromiseNotPossible,
    Step,
    endings_of,
)
from bawabati.settlement.rules.profiles import (
    DEFAULT_PROFILES,
    NoSuchProfile,
    ProfileNotReadable,
    layout_of,
)

__all__ = [
    "DEFAULT_PROFILES",
    "DIFFERENCE_EDGES",
    "DifferenceEnded",
    "DifferenceKind",
    "DifferenceProposed",
    "DifferenceState",
    "Ending",
    "EndingNotPossible",
    "Fee",
    "FeeTableNotReadable",
    "FeeTerms",
    "NoSuchDifference",
    "NoSuchProfile",
    "NothingProposed",
    "ProfileNotReadable",
    "PromiseNotPossible",
    "Step",
    "Tier",
    "check_terms",
    "endings_of",
    "fee_of",
    "layout_of",
    "read_tiers",
    "terms_on",
]
