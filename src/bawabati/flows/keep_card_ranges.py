"""Which card numbers are CIB and which Edahabia: the table that the operator fills, and what follows for the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.rules.card_families import NumberRange, check_ranges
from bawabati.payments.writes import replace_card_ranges, restate_cards, restated_masks
from bawabati.people.reads import all_roles_of, find_staff
from bawabati.people.rules import Action, NotAllowed, is_allowed
from bawabati.reports.writes import hold_figures, move_cards

AT_ONCE = 2000
"""Payments told their family in one transaction: whoever pays waits for it."""


def keep_card_ranges(*, ranges: Sequence[NumberRange], login: str, now: datetime) -> int:
    """These ranges in place of those before; how many payments belong to another family than was said. Safe to repeat.

    A card is the same card everywhere, so the table belongs to no company. Rule: card-family (behaviour.md 6)

    Raises:
        NotAllowed, CardRangesOverlap.
    """
    staff = find_staff(login)
    if staff is None or staff.is_system or not is_allowed(Action.CHANGE_COMPANY, all_roles_of(staff.id)):
        raise NotAllowed
    check_ranges(ranges)
    with written_together("keep_card_ranges: replaced"):
        replace_card_ranges(ranges)
        record_act(
            staff_id=staff.id,
            company_id=None,
            action="keep_card_ranges",
            target="card_ranges",
            details={"ranges": [f"{known.first}-{known.last} {known.family}" for known in ranges]},
            now=now,
        )
    return restate_all_cards()


def restate_all_cards() -> int:
    """Tells payments the family that their cards belong to by now, and moves what was counted; how many.

    Safe to repeat, to kill and to race.
    """
    masks, after, count = restated_masks(), 0, 0
    while masks:
        with written_together("restate_cards: told"):
            told = restate_cards(masks, after=after, at_most=AT_ONCE)
            if not told:
                return count
            hold_figures()
            move_cards([payment_id for payment_id, _ in told], before=[before for _, before in told])
        after, count = told[-1][0], count + len(told)
    return count
