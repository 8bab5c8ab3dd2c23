"""Questions about messages."""

from datetime import datetime

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.notices.models import Notice
from bawabati.notices.rules import NoticeState


def find_notice(notice_id: int) -> Notice | None:
    """The message; None when there is none of that identifier."""
    return Notice.objects.filter(id=notice_id).first()


def find_latest_notice(*, company_id: int, reference: str) -> Notice | None:
    """The newest message about something."""
    return _notices_about.find(company_id, reference)


@compiled
def _notices_about(company_id: int, reference: str) -> QuerySet[Notice]:
    return Notice.objects.filter(company_id=company_id, reference=reference).order_by("-id")[:1]


def list_failed_notices() -> list[Notice]:
    """Messages that will not leave any more by themselves, newest first."""
    return list(Notice.objects.filter(state__in=[NoticeState.REJECTED, NoticeState.GIVEN_UP]).order_by("-id"))


def list_overdue_notices(*, now: datetime, at_most: int) -> list[int]:
    """Messages whose time to be tried has come."""
    waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now)
    return list(waiting.order_by("next_try_at").values_list("id", flat=True)[:at_most])
