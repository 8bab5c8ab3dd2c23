"""Nobody knows whether a channel took money: one person says what he has learnt, another agrees."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.hear_channel import follow_reservation, get_reservation_or_say
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.models import Reservation
from bawabati.payments.rules.channels import (
    ReservationEvent,
    ReservationMovedOn,
    ReservationState,
    ReservationVerdict,
)
from bawabati.payments.writes.channels import (
    forget_reservation_proposal,
    lock_reservation,
    note_reservation,
    save_reservation,
)
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action, check_two_people

BY_PEOPLE = frozenset({ReservationEvent.CONFIRMED_PAID, ReservationEvent.CONFIRMED_NOT_PAID})
UNCLEAR = frozenset({ReservationState.PENDING, ReservationState.RELEASED})
"""Nobody knows whether money was taken: the channel says so, or says nothing."""


class NobodyHasSaidSo(CannotDo):
    """There is nothing to agree with."""

    code = "nobody_has_said_so"
    sentence = "Nobody has said yet what became of this reservation."


class ReservationChanged(CannotDo):
    """Whoever agrees has seen what he agrees with."""

    code = "reservation_changed"
    sentence = "Something has happened to this reservation since you opened the page. Look at it again."


def propose_reservation_end(
    *, reservation_id: int, what: ReservationEvent, because: str, staff: Staff, now: datetime
) -> Reservation:
    """What one person has learnt of the channel about an unclear reservation. A new word takes the place of the last.

    Rule: reservation-two-people (behaviour.md 1, I10)

    Raises:
        NoSuchReservation, NotAllowed, ReservationMovedOn, WordsMissing and its kin.
    """
    because = check_words(because)
    known = get_reservation_or_say(reservation_id)
    get_staff_allowed(login=staff.login, action=Action.SETTLE_DIFFERENCE, company_id=known.company_id)
    with written_together("resolve_reservation: proposed"):
        reservation = _unclear(reservation_id)
        if what not in BY_PEOPLE:
            raise ReservationMovedOn(state=reservation.state, event=what)
        reservation.proposed, reservation.proposed_by, reservation.proposed_because = what, staff, because
        save_reservation(reservation, "proposed", "proposed_by", "proposed_because")
        said = {"what": what, "because": because}
        note_reservation(reservation, event="proposed", by=staff, evidence=said, now=now)
        _record(reservation, staff, "propose_reservation_end", now)
    return reservation


def confirm_reservation_end(
    *, reservation_id: int, seen: int, agrees: bool, staff: Staff, now: datetime
) -> Reservation:
    """Another person agrees, and the reservation ends so; or does not, and it waits for another word. Safe to race.

    `seen`: how many events stood beside it when this person looked: nobody agrees with what was said since.
    Rule: reservation-two-people (behaviour.md 1, I10)

    Raises:
        NoSuchReservation, NotAllowed, ReservationMovedOn, NobodyHasSaidSo, ReservationChanged.
        SamePerson: who proposed it does not confirm it.
    """
    known = get_reservation_or_say(reservation_id)
    get_staff_allowed(login=staff.login, action=Action.CONFIRM_DIFFERENCE, company_id=known.company_id)
    with written_together("resolve_reservation: confirmed"):
        reservation = _unclear(reservation_id)
        if not reservation.proposed or reservation.proposed_by_id is None:
            raise NobodyHasSaidSo
        if reservation.event_count != seen:
            raise ReservationChanged
        check_two_people(asked_by=reservation.proposed_by_id, approved_by=staff.id)
        what, because = ReservationEvent(reservation.proposed), reservation.proposed_because
        if agrees:
            verdict = ReservationVerdict(event=what)
            follow_reservation(reservation, verdict, evidence={"because": because}, by=staff, now=now)
        else:
            forget_reservation_proposal(reservation)
            note_reservation(reservation, event="proposal_refused", by=staff, evidence={"what": what}, now=now)
        _record(reservation, staff, "confirm_reservation_end" if agrees else "refuse_reservation_end", now)
    return reservation


def _unclear(reservation_id: int) -> Reservation:
    reservation = lock_reservation(reservation_id)
    if reservation.state not in UNCLEAR:
        raise ReservationMovedOn(state=reservation.state)
    return reservation


def _record(reservation: Reservation, staff: Staff, action: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=reservation.company_id,
        action=action,
        target=f"reservation:{reservation.id}",
        details={"what": reservation.proposed, "because": reservation.proposed_because},
        now=now,
    )
