"""The stamp duty of a cash receipt, by the rows that the portal sent with the block of numbers.

Rule: stamp-duty (stamp code art. 100-I; the rows are the portal's)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

_HUNDRED_DINARS: Final = 10_000


class NoDuty(Exception):  # noqa: N818 - it says what happened
    """The rows cannot be read, or none is for this day: no cash is taken on a guess."""


def stamp_duty_centimes(amount_centimes: int, *, rows: Sequence[Mapping[str, Any]], on: date) -> int:
    """The rate of the bracket applies to the whole sum, and each hundred dinars begun counts as full.

    Raises:
        NoDuty: nothing to compute with.
    """
    try:
        row = max((row for row in rows if _from(row) <= on), key=_from)
        rates = [
            int(bracket["for_each_hundred_dinars_centimes"])
            for bracket in sorted(row["brackets"], key=lambda bracket: int(bracket["above_centimes"]))
            if amount_centimes > int(bracket["above_centimes"])
        ]
        if not rates:
            return 0
        duty = max(-(-amount_centimes // _HUNDRED_DINARS) * rates[-1], int(row["least_centimes"]))
        most = row.get("most_centimes")
        return duty if most is None else min(duty, int(most))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoDuty from error


def _from(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(row["from_on"]))
