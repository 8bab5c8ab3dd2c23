"""Signs of life: that the worker lives, what it sees of the gateways, what the last checks have found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bawabati.companies.reads import find_active_gateway_account, list_companies
from bawabati.errors import Broken, CannotDo
from bawabati.flows.steps.gateway import gateway_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.operations.reads import JOB
from bawabati.operations.writes import forget_pulses, note_pulse

WORDS_KEPT: Final = timedelta(days=14)
LONGEST_WORDS: Final = 300


def keep_pulse(name: str, *, seen: Mapping[str, object], now: datetime) -> None:
    """Writes over the last sign of life of that name. Safe to repeat."""
    with written_together("keep_pulse: kept"):
        note_pulse(name, seen=seen, now=now)


def silent_gateways() -> dict[str, str]:
    """By company, since when this process holds calls to its gateway back (ISO 8601); empty where it does not."""
    found = {}
    for company in list_companies():
        account = find_active_gateway_account(company.id)
        if account is not None:
            since = gateway_of(account).open_since
            found[company.code] = since.isoformat() if since else ""
    return found


def keep_failure(*, job_id: int, error: BaseException, now: datetime) -> None:
    """What went wrong in a job, for the people who may do it again.

    Of errors that are not ours only the kind and the place are kept: their words may hold a person's data.
    """
    with written_together("keep_failure: kept"):
        note_pulse(f"{JOB}{job_id}", seen={"words": words_of(error)}, now=now)


def forget_old_words(*, now: datetime) -> int:
    """Removes the words of jobs that are forgotten too. Safe to repeat."""
    with written_together("forget_old_words: forgotten"):
        return forget_pulses(prefix=JOB, before=now - WORDS_KEPT)


def words_of(error: BaseException) -> str:
    """What may be shown of an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})" if place else ""
    said = f": {error}" if isinstance(error, CannotDo | Broken) else ""
    return f"{type(error).__name__}{said}{where}"[:LONGEST_WORDS]
