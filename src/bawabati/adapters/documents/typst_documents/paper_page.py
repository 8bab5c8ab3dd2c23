"""From the facts of a desk's paper to what its pages show, as one JSON object."""

import json
from datetime import UTC

from bawabati.adapters.documents.papers import Paper, Row
from bawabati.adapters.documents.plain_text import breakable, plain_text
from bawabati.adapters.documents.words import words_of
from bawabati.money.dates import display_moment


def paper_page(paper: Paper) -> str:
    """The JSON that `paper.typ` reads. The same facts give the same text. Raises KeyError for an unknown word."""
    words = words_of(paper.language)
    moment = paper.made_at.astimezone(UTC)
    return json.dumps(
        {
            "language": paper.language,
            "title": words[paper.title],
            "number": plain_text(paper.number, longest=64),
            "company": _phrase(paper.company),
            "place": _phrase(paper.place),
            "made_at": display_moment(paper.made_at),
            "made_moment": {
                part: getattr(moment, part) for part in ("year", "month", "day", "hour", "minute", "second")
            },
            "banner": words[paper.banner] if paper.banner else "",
            "sections": [
                {
                    "title": words[section.word] if section.word else "",
                    "rows": [_row(row, words[row.word]) for row in section.rows],
                }
                for section in paper.sections
            ],
            "notes": [words[note] for note in paper.notes],
            "digest_name": words["sha256"],
            "digest": paper.digest,
            "signatures": [words[signature] for signature in paper.signatures],
        }
    )


def _row(row: Row, word: str) -> dict[str, object]:
    named = {place: plain_text(value, longest=60) for place, value in row.named}
    return {"name": _phrase(word.format(**named)), "value": _phrase(row.value), "strong": row.is_strong}


def _phrase(value: str) -> str:
    return breakable(plain_text(value, longest=200))
