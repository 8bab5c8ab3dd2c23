"""Messages that wait to leave and where they went; what billing systems are told, and where."""

from bawabati.notices.models.events import Event
from bawabati.notices.models.messages import (
    Notice,
    NoticeAddress,
    PayerPhone,
)

__all__ = [
    "Event",
    "Notice",
    "NoticeAddress",
    "PayerPhone",
]
