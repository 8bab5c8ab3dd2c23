"""Number ranges of card families, and the family of payments that were there before the ranges."""

from collections.abc import Iterable

from django.db import connection

from bawabati.payments.models import CardRange
from bawabati.payments.reads.cards import list_card_ranges
from bawabati.payments.rules.card_families import NumberRange, family_of

_SHOWN = r"substring(masked_card FROM '^[0-9]{4,8}')"
_MASKS = f"""
SELECT DISTINCT {_SHOWN}, card_family FROM payments_payment WHERE masked_card <> '' ORDER BY 1
"""  # noqa: S608 - of our own words
_RESTATE = f"""
WITH wrong AS MATERIALIZED (
    SELECT p.id, p.card_family AS before, known.family AS now
    FROM payments_payment p JOIN unnest(%s::text[], %s::text[]) known (shown, family) ON known.shown = {_SHOWN}
    WHERE p.masked_card <> '' AND p.card_family <> known.family AND p.id > %s
    ORDER BY p.id LIMIT %s FOR NO KEY UPDATE OF p
), told AS (
    UPDATE payments_payment p SET card_family = wrong.now FROM wrong WHERE p.id = wrong.id
)
SELECT id, before FROM wrong ORDER BY id
"""  # noqa: S608


def replace_card_ranges(ranges: Iterable[NumberRange]) -> None:
    """These ranges, and no other."""
    CardRange.objects.all().delete()
    CardRange.objects.bulk_create(
        CardRange(first=known.first, last=known.last, family=known.family, source=known.source) for known in ranges
    )


def restated_masks() -> dict[str, str]:
    """First digits of cards that were used → the family that they belong to now, where a payment says otherwise."""
    ranges = list_card_ranges()
    with connection.cursor() as cursor:
        cursor.execute(_MASKS)
        used = cursor.fetchall()
    return {shown: family for shown, told in used if shown and (family := family_of(shown, ranges)) != told}


def restate_cards(masks: dict[str, str], *, after: int, at_most: int) -> list[tuple[int, str]]:
    """Tells the next payments by number whose cards begin so their family: number and what was said before.

    Empty when there are no more. Safe to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESTATE, [list(masks), list(masks.values()), after, at_most])
        return [(payment_id, before) for payment_id, before in cursor.fetchall()]
