"""A message that could not even be written: tried again like one that cannot leave, and given up like one."""

from datetime import datetime

from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.undelivered import try_again_later
from bawabati.notices.writes import lock_waiting_notice


def postpone_notice(*, notice_id: int, reason: str, now: datetime) -> None:
    """Counts a failed try. Not safe to repeat: each call is a try. What has left, or was given up, stays so."""
    with written_together("postpone_notice: postponed"):
        notice = lock_waiting_notice(notice_id)
        if notice is not None:
            try_again_later(notice, reason=reason, now=now)
