"""From the facts of a morning page to what it shows, as one JSON object."""

import json
from collections.abc import Mapping
from datetime import UTC

from bawabati.adapters.documents.certificates import Named
from bawabati.adapters.documents.morning import MorningCard, MorningPage, MorningPart
from bawabati.adapters.documents.plain_text import breakable, plain_text, unbreakable
from bawabati.adapters.documents.words import words_of
from bawabati.money.dates import display_moment
from bawabati.money.display import whole

LONGEST_NAME = 48


def morning_page(page: MorningPage) -> str:
    """The JSON that `morning.typ` reads. The same facts give the same text. Raises KeyError for an unknown word."""
    words = words_of(page.language)
    moment = page.made_at.astimezone(UTC)
    return json.dumps(
        {
            "language": page.language,
            "title": words["morning_page"],
            "company": breakable(plain_text(page.company, longest=200)),
            "day": unbreakable(page.day),
            "made_at": unbreakable(display_moment(page.made_at)),
            "made_moment": {
                part: getattr(moment, part) for part in ("year", "month", "day", "hour", "minute", "second")
            },
            "words": {
                key: words[key]
                for key in (
                    *("payers", "first_payers", "payments", "collected", "success"),
                    *("payers_by_day", "as_the_books_say"),
                )
            },
            "cards": [_card(card, words) for card in page.cards],
            "days": [
                {
                    "name": day.name,
                    "value": _part(day.value, page.top),
                    "low": _part(day.low, page.top),
                    "high": _part(day.high, page.top),
                    "coming": day.is_coming,
                }
                for day in page.days
            ],
            "top": whole(page.top, page.language),
            "says": [_words(each, words) for each in page.says],
            "parts": [_shown(part, words) for part in page.parts],
        }
    )


def _card(card: MorningCard, words: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": words[card.word],
        "payers": card.payers,
        "first_payers": card.first_payers,
        "payments": card.payments,
        "amount": unbreakable(card.amount),
        "success": unbreakable(card.success),
    }


def _shown(part: MorningPart, words: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": words[part.word],
        "empty": words[part.empty],
        "bars": [
            {
                "name": _words(bar.name, words),
                "value": unbreakable(plain_text(bar.value, longest=LONGEST_NAME)),
                "filled": min(max(bar.filled, 0), 1000),
                "mark": min(bar.mark, 1000),
            }
            for bar in part.bars
        ],
        "says": [_words(each, words) for each in part.says],
    }


def _words(named: str | Named, words: Mapping[str, str]) -> str:
    if isinstance(named, str):
        return breakable(plain_text(named, longest=LONGEST_NAME))
    values = {place: unbreakable(plain_text(value, longest=LONGEST_NAME)) for place, value in named.named}
    return breakable(words[named.word].format(**values))


def _part(value: int, top: int) -> float:
    """How far up, in percent."""
    return min(max(value, 0), top) * 100 / top
