"""Messages: written when something happens, changed when they leave or fail to."""

from datetime import datetime

from bawabati.notices.models import Notice, NoticeAddress
from bawabati.notices.rules import NoticeState


def write_notice(
    *, company_id: int | None, kind: str, reference: str, language: str, address: str, now: datetime
) -> Notice:
    """A message that waits to leave. The caller defers the job that sends it, in the same transaction."""
    notice = Notice.objects.create(
        company_id=company_id, kind=kind, reference=reference, language=language, created_at=now, next_try_at=now
    )
    NoticeAddress.objects.create(notice=notice, address=address)
    return notice


def lock_waiting_notice(notice_id: int) -> Notice | None:
    """The message, locked; None when it has left, was given up, or somebody is sending it at this moment."""
    return Notice.objects.select_for_update(skip_locked=True).filter(id=notice_id, state=NoticeState.WAITING).first()


def lease_notice(notice: Notice, *, until: datetime) -> None:
    """Gives a locked message to one sender until then."""
    notice.next_try_at = until
    notice.save(update_fields=["next_try_at"])


def note_sent(notice: Notice, *, now: datetime) -> None:
    """The next server took it over."""
    notice.state = NoticeState.SENT
    notice.sent_at = now
    notice.next_try_at = None
    notice.tries += 1
    notice.save()


def note_not_sent(notice: Notice, *, state: NoticeState, reason: str, next_try_at: datetime | None) -> None:
    """It did not leave: it waits, or it is over and the office sees it."""
    notice.state = state
    notice.last_reason = reason[:200]
    notice.next_try_at = next_try_at
    notice.tries += 1
    notice.save()
