"""Items that do not agree: opened, changed and ended, each with a step of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from bawabati.settlement.models import Difference, DifferenceStep, Match, Remittance
from bawabati.settlement.rules import DifferenceKind, DifferenceState, Ending, NoSuchDifference, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who opens items, whose they are at first, and when they are promised."""

    company_id: int
    by_id: int
    owner_id: int | None
    promised_on: date
    now: datetime


class Moved(NamedTuple):
    """What of an item has to move in the books: set apart (credit above zero), under that reference."""

    difference_id: int
    reference: str
    centimes: int


def open_odd(opening: Opening) -> list[Moved]:
    """Items for all that `note_odd` and its kin have noted. Safe to repeat: one for each kind and thing."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ODD, _values(opening))
        return [Moved(number, f"difference:{number}:1", int(posted)) for number, posted in cursor.fetchall()]


_OPEN_ODD = """
WITH opened AS (
    INSERT INTO settlement_difference (company_id, kind, reference, day, amount_centimes, posted_centimes,
        accepted_centimes, statement_id, line_id, payment_id, refund_id, remittance_id, details, state, owner_id,
        promised_on, proposed, proposed_because, channel, ending, opened_at, step_count)
    SELECT %(company)s, kind, reference, day, amount, posted, 0, statement_id, line_id, payment_id, refund_id,
        remittance_id, coalesce(details, '{}'), 'open', %(owner)s, %(promised)s, '', '', '', '', %(now)s, 1
    FROM odd ORDER BY day, line_id, kind
    ON CONFLICT (company_id, kind, reference) DO NOTHING
    RETURNING id, posted_centimes
), step AS (
    INSERT INTO settlement_differencestep (company_id, difference_id, sequence, step, by_id, words, details, at)
    SELECT %(company)s, id, 1, 'opened', %(by)s, '', '{}', %(now)s FROM opened
)
SELECT id, posted_centimes FROM opened WHERE posted_centimes <> 0 ORDER BY id
"""


def end_what_was_found(opening: Opening) -> list[Moved]:
    """Ends the items of lines, payments and refunds that have just been matched: what was missing has come."""
    with connection.cursor() as cursor:
        cursor.execute(_END_FOUND, _values(opening))
        return [
            Moved(number, f"difference:{number}:{step}", -int(posted)) for number, step, posted in cursor.fetchall()
        ]


_END_FOUND = """
WITH old AS (
    SELECT d.id, d.posted_centimes FROM settlement_difference d
    WHERE d.company_id = %(company)s AND d.state <> 'ended' AND (
        (d.kind IN ('not_ours', 'paid_but_not_posted_here', 'refund_not_ours', 'chargeback')
            AND d.line_id IN (SELECT line_id FROM fresh))
        OR (d.kind = 'missing_at_bank' AND d.payment_id IN (SELECT payment_id FROM fresh))
        OR (d.kind = 'refund_not_seen' AND d.refund_id IN (SELECT refund_id FROM fresh))
    )
    ORDER BY d.id FOR NO KEY UPDATE
), ended AS (
    UPDATE settlement_difference d SET state = 'ended', ending = 'agrees', posted_centimes = 0, ended_at = %(now)s,
        ended_by_id = %(by)s, proposed = '', proposed_by_id = NULL, proposed_because = '', step_count = step_count + 1
    FROM old WHERE d.id = old.id RETURNING d.id, d.step_count, old.posted_centimes
), step AS (
    INSERT INTO settlement_differencestep (company_id, difference_id, sequence, step, by_id, words, details, at)
    SELECT %(company)s, id, step_count, 'ended', %(by)s, '', '{"ending": "agrees"}', %(now)s FROM ended
)
SELECT id, step_count, posted_centimes FROM ended WHERE posted_centimes <> 0 ORDER BY id
"""


def set_item(
    opening: Opening,
    *,
    kind: DifferenceKind,
    reference: str,
    day: date,
    amount: int,
    posted: int,
    details: Mapping[str, object],
    **about: int | None,
) -> Moved | None:
    """The item with exactly that sum from now on; ended by itself when nothing is left of it, else open again.

    What people have accepted of it is not set apart again; it is left the other way round when the sum has gone. A
    proposal falls with the sum that it was about. `about`: line_id, remittance_id and so on. None: nothing of it moves
    in the books.
    """
    item = (
        Difference.objects.select_for_update(of=("self",))
        .filter(company_id=opening.company_id, kind=kind, reference=reference)
        .first()
    )
    if item is None:
        if not amount:
            return None
        item = Difference.objects.create(
            company_id=opening.company_id,
            kind=kind,
            reference=reference,
            day=day,
            amount_centimes=amount,
            posted_centimes=posted,
            details=dict(details),
            owner_id=opening.owner_id,
            promised_on=opening.promised_on,
            opened_at=opening.now,
            **about,
        )
        write_step(item, step=Step.OPENED, by_id=opening.by_id, now=opening.now)
        return _moved(item, posted)
    left = posted - item.accepted_centimes
    moves = left - item.posted_centimes
    was_open, is_settled = item.state != DifferenceState.ENDED, not left and bool(posted or not amount)
    if amount == item.amount_centimes and not moves and was_open is not is_settled:
        return None
    item.amount_centimes = amount
    item.posted_centimes = left
    item.details = {**item.details, **details}
    if is_settled:
        if was_open:
            _end(item, ending=Ending.AGREES, by_id=opening.by_id, now=opening.now)
        item.save()
        if was_open:
            write_step(item, step=Step.ENDED, by_id=opening.by_id, details={"ending": Ending.AGREES}, now=opening.now)
        return _moved(item, moves)
    if item.state != DifferenceState.OPEN:
        _move(item, DifferenceState.OPEN)
    item.ending, item.ended_at, item.ended_by_id = "", None, None
    item.proposed, item.proposed_by_id, item.proposed_because = "", None, ""
    item.save()
    step = Step.CHANGED if was_open else Step.REOPENED
    write_step(item, step=step, by_id=opening.by_id, details={"amount_centimes": amount}, now=opening.now)
    return _moved(item, moves)


def lock_difference(*, company_id: int, difference_id: int) -> Difference:
    """The item, for this transaction alone. Raises NoSuchDifference."""
    found = (
        Difference.objects.select_for_update(of=("self",))
        .select_related("line", "payment", "remittance", "proposed_by")
        .filter(company_id=company_id, id=difference_id)
        .first()
    )
    if found is None:
        raise NoSuchDifference
    return found


def own_difference(item: Difference, *, owner_id: int, by_id: int, now: datetime) -> None:
    """Another owner."""
    item.owner_id = owner_id
    item.save(update_fields=["owner"])
    write_step(item, step=Step.TAKEN, by_id=by_id, details={"owner": owner_id}, now=now)


def promise(item: Difference, *, promised_on: date, by_id: int, now: datetime) -> None:
    """Another day."""
    item.promised_on = promised_on
    item.save(update_fields=["promised_on"])
    write_step(item, step=Step.PROMISED, by_id=by_id, details={"promised_on": promised_on.isoformat()}, now=now)


def propose(item: Difference, *, ending: Ending, channel: str, because: str, by_id: int, now: datetime) -> None:
    """One person's word; another has to confirm it. `channel`: the code of the one whose money it is, or empty."""
    _move(item, DifferenceState.PROPOSED)
    item.proposed, item.proposed_by_id, item.proposed_because = ending, by_id, because
    item.channel = channel if item.posted_centimes > 0 else item.channel  # else the one that it may go back to
    item.save(update_fields=["state", "proposed", "proposed_by", "proposed_because", "channel"])
    details = {"ending": ending, "channel": channel} if channel else {"ending": ending}
    write_step(item, step=Step.PROPOSED, by_id=by_id, words=because, details=details, now=now)


def refuse_proposal(item: Difference, *, because: str, by_id: int, now: datetime) -> None:
    """Open again, as before the proposal."""
    details = {"ending": item.proposed}
    _move(item, DifferenceState.OPEN)
    item.proposed, item.proposed_by_id, item.proposed_because = "", None, ""
    item.save(update_fields=["state", "proposed", "proposed_by", "proposed_because"])
    write_step(item, step=Step.REFUSED, by_id=by_id, words=because, details=details, now=now)


def end_difference(
    item: Difference, *, ending: Ending, step: Step, because: str, by_id: int, now: datetime
) -> Moved | None:
    """Ended by people; what of it stood apart is accepted, and has to move in the books."""
    apart = item.posted_centimes
    item.accepted_centimes += apart
    item.posted_centimes = 0
    _end(item, ending=ending, by_id=by_id, now=now)
    item.save()
    write_step(item, step=step, by_id=by_id, words=because, details={"ending": ending}, now=now)
    return _moved(item, -apart)


def end_by_itself(*, company_id: int, kind: DifferenceKind, reference: str, by_id: int, now: datetime) -> Moved | None:
    """What was missing has come. Safe to repeat; nothing when there is no such item, or it has ended."""
    item = (
        Difference.objects.select_for_update(of=("self",))
        .filter(company_id=company_id, kind=kind, reference=reference)
        .exclude(state=DifferenceState.ENDED)
        .first()
    )
    if item is None:
        return None
    apart, item.posted_centimes = item.posted_centimes, 0
    _end(item, ending=Ending.AGREES, by_id=by_id, now=now)
    item.save()
    write_step(item, step=Step.ENDED, by_id=by_id, details={"ending": Ending.AGREES}, now=now)
    return _moved(item, -apart)


def write_step(
    item: Difference,
    *,
    step: Step,
    by_id: int,
    now: datetime,
    words: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """What happened, in its order."""
    item.step_count += 1
    Difference.objects.filter(id=item.id).update(step_count=item.step_count)
    DifferenceStep.objects.create(
        company_id=item.company_id,
        difference=item,
        sequence=item.step_count,
        step=step,
        by_id=by_id,
        words=words,
        details=dict(details or {}),
        at=now,
    )


def write_credit(*, company_id: int, line_id: int, remittance_id: int, centimes: int, now: datetime) -> None:
    """A part of a credit of the bank is that remittance's."""
    Match.objects.create(
        company_id=company_id, line_id=line_id, remittance_id=remittance_id, amount_centimes=centimes, at=now
    )
    remittance = Remittance.objects.select_for_update().get(id=remittance_id)
    remittance.credited_centimes += centimes
    remittance.credit_count += 1
    remittance.save(update_fields=["credited_centimes", "credit_count"])


def write_refund_match(*, company_id: int, line_id: int, refund_id: int, centimes: int, now: datetime) -> None:
    """A line is that refund, because two people have said so. `centimes` below zero."""
    Match.objects.create(company_id=company_id, line_id=line_id, refund_id=refund_id, amount_centimes=centimes, at=now)


def _move(item: Difference, state: DifferenceState) -> None:
    """The one place; the database holds the table of what may follow what."""
    item.state = state


def _end(item: Difference, *, ending: Ending, by_id: int, now: datetime) -> None:
    _move(item, DifferenceState.ENDED)
    item.ending, item.ended_at, item.ended_by_id = ending, now, by_id
    if ending is Ending.AGREES:
        item.proposed, item.proposed_by_id, item.proposed_because = "", None, ""


def _moved(item: Difference, centimes: int) -> Moved | None:
    return Moved(item.id, f"difference:{item.id}:{item.step_count}", centimes) if centimes else None


def _values(opening: Opening) -> dict[str, Any]:
    return {
        "company": opening.company_id,
        "owner": opening.owner_id,
        "promised": opening.promised_on,
        "by": opening.by_id,
        "now": opening.now,
    }
