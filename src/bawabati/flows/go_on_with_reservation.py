"""Time has come for a reservation: its bills are let go of, a person is asked, or no file has named it."""

from datetime import datetime

from bawabati.flows.steps.hear_channel import follow_reservation
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.reads.channels import days_not_listed, reserved_of
from bawabati.payments.rules.channels import ReservationState, judge_time
from bawabati.payments.writes.channels import lock_reservation


def go_on_with_reservation(*, reservation_id: int, now: datetime) -> ReservationState:
    """Does what time brings. Safe to repeat, and to race. Rule: reservation-silence (behaviour.md 1, I10 I14)"""
    with written_together("go_on_with_reservation: gone on"):
        reservation = lock_reservation(reservation_id)
        if reservation.next_step_at is None or reservation.next_step_at > now:
            return ReservationState(reservation.state)
        days_left = days_not_listed(reservation)
        verdict = judge_time(reserved_of(reservation), days_left=days_left, now=now)
        follow_reservation(reservation, verdict, evidence={}, now=now)
    return ReservationState(reservation.state)
