"""How each sender writes its files: data of a company, checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bawabati.adapters.statements.contract import Layout, LineKind, Source
from bawabati.errors import CannotDo

FORMATS: Final = ("csv", "xlsx", "mt940")
ENCODINGS: Final = ("utf-8", "cp1256", "cp1252")
DELIMITERS: Final = (";", ",", "\t", "|")
DECIMALS: Final = (",", ".")
DATES: Final = ("dmy", "iso")
_LONGEST_TITLE: Final = 60
_MOST_COLUMNS: Final = 40

SATIM: Final[dict[str, Any]] = {
    "source": "acquirer",
    "format": "csv",
    "delimiter": ";",
    "encoding": "utf-8",
    "decimal": ",",
    "dates": "dmy",
    "refunds_are_negative": True,
    "columns": {
        "kind": "TYPE",
        "happened_on": "DATE",
        "happened_at": "HEURE",
        "terminal": "TERMINAL",
        "merchant": "COMMERCANT",
        "order_number": "ORDRE",
        "reference": "REFERENCE",
        "approval_code": "AUTORISATION",
        "card": "CARTE",
        "gross": "MONTANT_BRUT",
        "fee": "COMMISSION",
        "vat": "TVA",
        "net": "MONTANT_NET",
        "remittance": "REMISE",
        "value_on": "DATE_VALEUR",
    },
    "words": {
        "PAIEMENT": "payment",
        "REMBOURSEMENT": "refund",
        "IMPAYE": "chargeback",
        "ANNULATION": "cancellation",
        "TOTAL_TERMINAL": "terminal_total",
        "TOTAL": "total",
    },
}
BANK: Final[dict[str, Any]] = {
    "source": "bank",
    "format": "csv",
    "delimiter": ";",
    "encoding": "utf-8",
    "decimal": ",",
    "dates": "dmy",
    "refunds_are_negative": True,
    "columns": {
        "happened_on": "DATE_OPERATION",
        "value_on": "DATE_VALEUR",
        "label": "LIBELLE",
        "reference": "REFERENCE",
        "debit": "DEBIT",
        "credit": "CREDIT",
        "balance": "SOLDE",
    },
    "words": {
        "SOLDE INITIAL": "opening",
        "SOLDE FINAL": "closing",
        "REMISE CARTES": "credit",
        "REMISE CIB": "credit",
        "REMISE TPE": "credit",
        "SATIM": "credit",
    },
}
DEFAULT_PROFILES: Final[dict[str, dict[str, Any]]] = {
    "satim": SATIM,
    "satim-xlsx": SATIM | {"format": "xlsx"},
    "bank": BANK,
    "bank-xlsx": BANK | {"format": "xlsx"},
    "bank-mt940": BANK | {"format": "mt940", "columns": {}},
}
"""Code → layout: what a company has before anybody changes it. The titles are ours: no acquirer has told us its own."""


class ProfileNotReadable(CannotDo):
    """A layout with something in it that we do not know."""

    code = "profile_not_readable"
    sentence = "This profile cannot be used: %(what)s."


class NoSuchProfile(CannotDo):
    """No profile of that name in this company."""

    code = "no_such_profile"
    sentence = "There is no profile with this name."


def layout_of(profile: Mapping[str, Any]) -> Layout:
    """A layout as it is kept, as one that readers understand. Raises ProfileNotReadable."""
    _check(profile.get("source") in set(Source), "source")
    _check(profile.get("format") in FORMATS, "format")
    for name, allowed in (
        ("delimiter", DELIMITERS),
        ("encoding", ENCODINGS),
        ("decimal", DECIMALS),
        ("dates", DATES),
        ("refunds_are_negative", (True, False)),
    ):
        _check(profile.get(name, allowed[0]) in allowed, name)
    columns, words = profile.get("columns", {}), profile.get("words", {})
    _check(isinstance(columns, dict) and len(columns) <= _MOST_COLUMNS, "columns")
    _check(all(map(_is_place, columns.values())), "columns")
    _check(isinstance(words, dict) and all(isinstance(word, str) and word.strip() for word in words), "words")
    _check(all(kind in set(LineKind) for kind in words.values()), "words")
    return Layout(
        source=Source(profile["source"]),
        format=profile["format"],
        delimiter=profile.get("delimiter", ";"),
        encoding=profile.get("encoding", "utf-8"),
        decimal=profile.get("decimal", ","),
        dates=profile.get("dates", "dmy"),
        refunds_are_negative=profile.get("refunds_are_negative", True),
        columns=columns,
        words={word: LineKind(kind) for word, kind in words.items()},
    )


def _is_place(where: object) -> bool:
    if isinstance(where, bool):
        return False
    return (isinstance(where, str) and 0 < len(where) <= _LONGEST_TITLE) or (isinstance(where, int) and where > 0)


def _check(holds: bool, what: str) -> None:  # noqa: FBT001 - a condition
    if not holds:
        raise ProfileNotReadable(what=what)
