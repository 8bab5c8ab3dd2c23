"""A person frees the bills of a channel's reservation that is still open, on his own responsibility."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.hear_channel import get_reservation_or_say
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.writes.channels import (
    HOLD_RELEASED,
    lock_reservation,
    note_reservation,
    release_reservation_holds,
)
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class ReservationHoldsNothing(CannotDo):
    """The reservation has let go of its bills already."""

    code = "reservation_holds_nothing"
    sentence = "This reservation holds no bill any more."


def release_reservation(
    *, reservation_id: int, because: str, staff: Staff, now: datetime, agency_id: int | None = None
) -> None:
    """The bills can be paid again; the reservation goes on, and what its channel took is surplus then.

    `agency_id`: from where the person acts. Rule: hold-released (behaviour.md 1, I7)

    Raises:
        NoSuchReservation, NotAllowed, ReservationHoldsNothing, WordsMissing and its kin.
    """
    because = check_words(because)
    known = get_reservation_or_say(reservation_id)
    get_staff_allowed(login=staff.login, action=Action.RELEASE_HOLD, company_id=known.company_id, agency_id=agency_id)
    with written_together("release_reservation: released"):
        reservation = lock_reservation(reservation_id)
        if not release_reservation_holds(reservation):
            raise ReservationHoldsNothing
        note_reservation(reservation, event=HOLD_RELEASED, by=staff, evidence={"because": because}, now=now)
        record_act(
            staff_id=staff.id,
            company_id=reservation.company_id,
            action="release_reservation",
            target=f"reservation:{reservation_id}",
            details={"because": because},
            now=now,
        )
