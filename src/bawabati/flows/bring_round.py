"""Which customers a person of the crew goes to on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reminders.models import Round
from bawabati.reminders.reads import find_customers
from bawabati.reminders.rules import RoundEmpty, read_numbers
from bawabati.reminders.writes import write_round
from bawabati.workdays import accounting_day


class RoundInThePast(CannotDo):
    """That day is over."""

    code = "round_in_the_past"
    sentence = "The day of this round is over. Choose today or a later day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The round, and the numbers that are no customer's."""

    round: Round
    unknown: tuple[str, ...]


def bring_round(
    *, company_id: int, agency_id: int | None, day: date, crew: Staff, text: str, staff: Staff, now: datetime
) -> Brought:
    """Keeps the round; for the same person and day, the last one counts. `text`: a customer number in each line.

    Raises:
        NotAllowed: either of the two may not.
        RoundInThePast, RoundEmpty, RoundTooLong, LooksLikeACardNumber.
    """
    get_staff_allowed(login=staff.login, action=Action.KEEP_ROUNDS, company_id=company_id, agency_id=agency_id)
    if day < accounting_day(now):
        raise RoundInThePast
    numbers = read_numbers(text)
    known = find_customers(company_id=company_id, numbers=numbers)
    unknown = tuple(number for number in numbers if number not in known)
    if not known:
        raise RoundEmpty
    with written_together("bring_round: kept"):
        row = write_round(
            company_id=company_id,
            day=day,
            crew=crew,
            customers=[known[number] for number in numbers if number in known],
            unknown=len(unknown),
            staff=staff,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="bring_round",
            target=f"round:{row.id}",
            details={"crew": crew.id, "day": day.isoformat(), "customers": len(known), "unknown": len(unknown)},
            now=now,
        )
    return Brought(round=row, unknown=unknown)
