"""Questions about messages."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from bawabati.compiled import compiled
from bawabati.keyset import At, Page, page_of
from bawabati.notices.models import Notice, NoticeAddress, PayerPhone
from bawabati.notices.rules import UNDELIVERED, Means, NoticeState


def find_latest_notice(*, company_id: int, reference: str) -> Notice | None:
    """The newest e-mail about something."""
    return _notices_about.find(company_id, reference)


@compiled
def _notices_about(company_id: int, reference: str) -> QuerySet[Notice]:
    return Notice.objects.filter(company_id=company_id, reference=reference, means=Means.EMAIL).order_by("-id")[:1]


def find_latest_sms(*, company_id: int, reference: str) -> Notice | None:
    """The newest SMS about something."""
    return Notice.objects.filter(company_id=company_id, reference=reference, means=Means.SMS).order_by("-id").first()


def find_notice(*, company_id: int, notice_id: int) -> Notice | None:
    """The message of that company, with its address where it is still known."""
    return Notice.objects.select_related("address_row").filter(company_id=company_id, id=notice_id).first()


def list_notices_about(*, company_id: int, references: Sequence[str]) -> list[Notice]:
    """Every message about one of these, oldest first, with its address where it is still known."""
    about = Notice.objects.filter(company_id=company_id, reference__in=references)
    return list(about.select_related("address_row").order_by("id"))


def list_notices(
    *, company_id: int, states: Sequence[str] = (), means: str = "", kind: str = "", at: At
) -> Page[Notice]:
    """Messages of a company, the newest first, with their addresses where they are still known."""
    found = Notice.objects.filter(company_id=company_id)
    found = found.filter(state__in=states) if states else found
    found = found.filter(means=means) if means else found
    found = found.filter(kind=kind) if kind else found
    return page_of(found.select_related("address_row"), order=["-id"], at=at)


def count_undelivered(company_id: int) -> int:
    """Messages that will not leave unless somebody sees to them."""
    return Notice.objects.filter(company_id=company_id, state__in=sorted(UNDELIVERED)).count()


def find_phone(*, company_id: int, reference: str) -> PayerPhone | None:
    """The number that was left to be told by SMS."""
    return PayerPhone.objects.filter(company_id=company_id, reference=reference).first()


def find_address(notice_id: int) -> str | None:
    """Where the message goes; None once the address has been erased."""
    return NoticeAddress.objects.filter(notice_id=notice_id).values_list("address", flat=True).first()


def list_overdue_notices(*, now: datetime, at_most: int) -> list[int]:
    """Messages whose time to be tried has come."""
    waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now)
    return list(waiting.order_by("next_try_at").values_list("id", flat=True)[:at_most])
