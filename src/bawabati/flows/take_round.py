"""The crew takes the day's list along, for where there is no network.

The list names nobody: a customer number is in it as a slow digest alone, so that a phone that is found tells nothing
to whoever has no number in hand. It is good until the day ends.
Decision: docs/decisions/0048-a-list-that-works-without-a-network.md
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import pbkdf2_hmac

from bawabati.audit.writes import record_act
from bawabati.companies.rules import clean_number
from bawabati.errors import CannotDo
from bawabati.flows.steps.owed_now import answers_for
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reminders.models import Round
from bawabati.reminders.reads import find_round_of, list_customers_of
from bawabati.reminders.rules import ROUNDS_HASHED, Answer
from bawabati.reminders.writes import note_taken
from bawabati.workdays import accounting_day, begins_at

SALT_BYTES = 16
DIGEST_BYTES = 12


class NoRound(CannotDo):
    """Nobody has brought one for this person and day."""

    code = "no_round"
    sentence = "There is no round for you today. Ask the agency head or the finance officer to bring one in."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRound:
    """What the phone keeps: `rows` is digest → answer. Shown to nobody after `good_until`, when the day ends."""

    as_of: datetime
    good_until: datetime
    salt: str
    hashed_rounds: int
    rows: dict[str, Answer]


def find_my_round(*, company_id: int, staff: Staff, now: datetime) -> Round | None:
    """The round of that person today."""
    return find_round_of(company_id=company_id, crew_id=staff.id, day=accounting_day(now))


def take_round(*, company_id: int, agency_id: int | None, staff: Staff, now: datetime) -> TakenRound:
    """The day's list as it stands now, of the own round alone. One entry each time. Raises NotAllowed, NoRound.

    Rule: round-taken-along (law 18-07: what is needed, for as long as it is needed), being-checked-wins
    """
    get_staff_allowed(login=staff.login, action=Action.CHECK_CUSTOMER, company_id=company_id, agency_id=agency_id)
    mine = find_my_round(company_id=company_id, staff=staff, now=now)
    if mine is None:
        raise NoRound
    customers = list_customers_of(mine.id)
    answers = answers_for(customers, company_id=company_id, now=now)
    salt = secrets.token_bytes(SALT_BYTES)
    with written_together("take_round: taken"):
        note_taken(mine, now=now)
        record_act(
            staff_id=staff.id,
            company_id=company_id,
            action="take_round",
            target=f"round:{mine.id}",
            details={"customers": len(customers)},
            now=now,
        )
    return TakenRound(
        as_of=now,
        good_until=begins_at(accounting_day(now) + timedelta(days=1)),
        salt=b64encode(salt).decode(),
        hashed_rounds=ROUNDS_HASHED,
        rows={digest_of_number(customer.number, salt=salt): answers[customer.id] for customer in customers},
    )


def digest_of_number(number: str, *, salt: bytes) -> str:
    """What stands for a customer number in a list, in base64. The page's script computes the same."""
    plain = "".join(letter for letter in clean_number(number) if letter.isascii() and letter.isalnum())
    digest = pbkdf2_hmac("sha256", plain.encode(), salt, ROUNDS_HASHED, DIGEST_BYTES)
    return b64encode(digest).decode()
