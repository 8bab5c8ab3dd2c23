"""A message that did not leave: it waits for its next try, or it is over and the office sees it."""

from datetime import datetime

from bawabati.defer import Job, defer
from bawabati.notices.models import Notice
from bawabati.notices.rules import NoticeState, next_try_at
from bawabati.notices.writes import note_not_sent


def try_again_later(notice: Notice, *, reason: str, now: datetime) -> None:
    """Counts the try and asks for the next one, in the caller's transaction. Rule: notice-retries."""
    again_at = next_try_at(created_at=notice.tried_since or notice.created_at, tries=notice.tries + 1, now=now)
    state = NoticeState.GIVEN_UP if again_at is None else NoticeState.WAITING
    note_not_sent(notice, state=state, reason=reason, next_try_at=again_at)
    if again_at is not None:
        defer(Job.SEND_NOTICE, at=again_at, notice_id=notice.id)
