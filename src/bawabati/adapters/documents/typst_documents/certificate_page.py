"""From the facts of a certificate to what its pages show, as one JSON object."""

import json
from collections.abc import Mapping
from datetime import UTC

from bawabati.adapters.documents.certificates import Cell, Certificate, Table
from bawabati.adapters.documents.plain_text import breakable, plain_text, unbreakable
from bawabati.adapters.documents.words import words_of
from bawabati.money.dates import display_moment

LONGEST_CELL = 60


def certificate_page(certificate: Certificate) -> str:
    """The JSON that `certificate.typ` reads. The same facts give the same text. Raises KeyError for an unknown word."""
    words = words_of(certificate.language)
    moment = certificate.made_at.astimezone(UTC)
    return json.dumps(
        {
            "language": certificate.language,
            "title": words["company_closing"],
            "number": plain_text(certificate.number, longest=20),
            "company": breakable(plain_text(certificate.company, longest=200)),
            "day": unbreakable(certificate.day),
            "made_at": unbreakable(display_moment(certificate.made_at)),
            "made_moment": {
                part: getattr(moment, part) for part in ("year", "month", "day", "hour", "minute", "second")
            },
            "verdict": words[certificate.verdict],
            "agrees": certificate.agrees,
            "tables": [_table(table, words) for table in certificate.tables],
            "notes": [words[note] for note in certificate.notes],
            "seals": [[words[name], plain_text(value, longest=200)] for name, value in certificate.seals],
        }
    )


def _table(table: Table, words: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": words[table.word],
        "columns": [words[column] for column in table.columns],
        "rows": [[_cell(cell, words) for cell in row] for row in table.rows],
        "total": [_cell(cell, words) for cell in table.total],
        "empty": words[table.empty] if table.empty else "",
        "texts": table.texts,
    }


def _cell(cell: Cell, words: Mapping[str, str]) -> str:
    if isinstance(cell, str):
        return breakable(plain_text(cell, longest=LONGEST_CELL))
    named = {place: plain_text(value, longest=LONGEST_CELL) for place, value in cell.named}
    return breakable(words[cell.word].format(**named))
