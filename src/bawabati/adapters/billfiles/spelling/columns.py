"""Which column of a file holds what: names in French, Arabic and English, in any spelling."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from bawabati.errors import CannotDo

DELIMITERS: Final = ";,\t|"

NEEDED: Final = ("bill_number", "customer_number", "period", "issued_on", "due_on", "due")

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "payment_number": (
        "payment number",
        "payment key",
        "numéro de paiement",
        "n° de paiement",
        "clé de paiement",
        "clé de paiement électronique",
        "رقم الدفع",
        "مفتاح الدفع",
    ),
    "bill_number": (
        "bill number",
        "invoice number",
        "numéro de facture",
        "n° facture",
        "facture",
        "رقم الفاتورة",
    ),
    "customer_number": (
        "customer number",
        "customer code",
        "numéro client",
        "n° client",
        "code client",
        "numéro abonné",
        "code abonné",
        "numab",
        "رقم المشترك",
        "رقم الزبون",
    ),
    "holder_name": (
        "holder name",
        "name",
        "nom",
        "nom et prénom",
        "raison sociale",
        "titulaire",
        "الاسم",
        "اسم المشترك",
        "اسم الزبون",
    ),
    "period": ("period", "période", "trimestre", "الفترة", "الثلاثي"),
    "issued_on": (
        "issued on",
        "issue date",
        "date de facture",
        "date facture",
        "date d'émission",
        "تاريخ الفاتورة",
        "تاريخ الإصدار",
    ),
    "due_on": (
        "due on",
        "due date",
        "deadline",
        "date limite",
        "date limite de paiement",
        "échéance",
        "آخر أجل",
        "آخر أجل للدفع",
        "تاريخ الاستحقاق",
    ),
    "due": (
        "due",
        "amount",
        "amount due",
        "montant",
        "montant à payer",
        "montant ttc",
        "net à payer",
        "المبلغ",
        "المبلغ المستحق",
        "المبلغ الواجب دفعه",
    ),
    "status": ("status", "statut", "état", "الحالة"),
    "replaced_by": ("replaced by", "remplacée par", "عوضتها"),
    "estimated": ("estimated", "estimée", "estimation", "تقديرية"),
    "lines": ("lines", "lignes", "الأسطر"),
    "phone": ("phone", "mobile", "telephone", "téléphone", "tél", "numéro de téléphone", "الهاتف", "رقم الهاتف"),
    "email": ("email", "e-mail", "mail", "courriel", "adresse e-mail", "البريد الإلكتروني"),
    "language": ("language", "langue", "اللغة"),
}

_LINE_PREFIXES: Final = ("line", "ligne", "سطر")


class ColumnsMissing(CannotDo):
    """The first line does not name the columns that are needed. `columns` are the missing ones."""

    code: ClassVar[str] = "bill_file_columns_missing"
    sentence: ClassVar[str] = "The first line of the file does not name these columns: %(columns)s."


class ColumnTwice(CannotDo):
    """Two columns have the same meaning: we will not choose between them."""

    code: ClassVar[str] = "bill_file_column_twice"
    sentence: ClassVar[str] = "The file has two columns for the same thing: %(columns)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each value stands, counted from zero. `lines` pairs each amount's place with its label."""

    delimiter: str
    titles: tuple[str, ...]
    places: Mapping[str, int]
    lines: tuple[tuple[int, str], ...]
    ignored: tuple[int, ...]

    @property
    def free(self) -> tuple[int, ...]:
        """Where anything may stand, digits included."""
        return (*self.ignored, *([self.places["lines"]] if "lines" in self.places else ()))


def plain_name(title: str) -> str:
    """A name without case, accents, marks and spaces: "N° de paiement" and "n de_paiement" are the same."""
    decomposed = unicodedata.normalize("NFKD", title).casefold()
    return "".join(character for character in decomposed if character.isalnum())


_MEANINGS: Final = {plain_name(name): meaning for meaning, names in NAMES.items() for name in (meaning, *names)}


def read_columns(head: str) -> Columns:
    """The columns that a head names, with the delimiter under which it names most of them.

    Raises:
        ColumnsMissing: a needed column has no name.
        ColumnTwice: a column is named twice.
    """
    found = max((_split_by(delimiter, head) for delimiter in DELIMITERS), key=lambda columns: len(columns.places))
    missing = [meaning for meaning in NEEDED if meaning not in found.places]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    twice = _named_twice(found)
    if twice:
        raise ColumnTwice(columns=", ".join(twice))
    return found


def _split_by(delimiter: str, head: str) -> Columns:
    try:
        titles = tuple(next(csv.reader([head], delimiter=delimiter, strict=True), []))
    except csv.Error:
        titles = ()
    places: dict[str, int] = {}
    lines = []
    ignored = []
    for place, title in enumerate(titles):
        meaning = _MEANINGS.get(plain_name(title))
        label = _label_of(title)
        if meaning:
            places.setdefault(meaning, place)
        elif label:
            lines.append((place, label))
        else:
            ignored.append(place)
    return Columns(
        delimiter=delimiter,
        titles=tuple(title.strip() for title in titles),
        places=places,
        lines=tuple(lines),
        ignored=tuple(ignored),
    )


def _label_of(title: str) -> str:
    prefix, colon, label = title.partition(":")
    return label.strip() if colon and plain_name(prefix) in _LINE_PREFIXES else ""


def _named_twice(columns: Columns) -> Sequence[str]:
    meanings = [_MEANINGS.get(plain_name(title)) for title in columns.titles]
    labels = [label for _, label in columns.lines]
    return [
        title
        for place, title in enumerate(columns.titles)
        if (meanings[place] and columns.places[str(meanings[place])] != place)
        or (_label_of(title) and labels.count(_label_of(title)) > 1)
    ]
