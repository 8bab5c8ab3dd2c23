"""Questions about messages."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.notices.models import Notice, NoticeAddress
from bawabati.notices.rules import NoticeState


def find_latest_notice(*, company_id: int, reference: str) -> Notice | None:
    """The newest message about something."""
    return _notices_about.find(company_id, reference)


@compiled
def _notices_about(company_id: int, reference: str) -> QuerySet[Notice]:
    return Notice.objects.filter(company_id=company_id, reference=reference).order_by("-id")[:1]


def list_notices_about(*, company_id: int, references: Sequence[str]) -> list[Notice]:
    """Every message about one of these, oldest first. Where each went stands in a row of its own."""
    return list(Notice.objects.filter(company_id=company_id, reference__in=references).order_by("id"))


def get_address(notice_id: int) -> str:
    """Where the message goes. Raises DoesNotExist once the address has been erased."""
    return NoticeAddress.objects.get(notice_id=notice_id).address


def list_overdue_notices(*, now: datetime, at_most: int) -> list[int]:
    """Messages whose time to be tried has come."""
    waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now)
    return list(waiting.order_by("next_try_at").values_list("id", flat=True)[:at_most])
