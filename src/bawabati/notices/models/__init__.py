"""Messages that wait to leave and where they went; what billing systems are told, and where."""

from bawabati.notices.models.events import Event
from bawabati.notices.models.messages import (
    Notice,
    NoticeAddress,
    PayerPhone,
)
from bawabati.notices.models.webhooks import (
    Delivery,
    DeliveryTry,
    Endpoint,
)

__all__ = [
    "Delivery",
    "DeliveryTry",
    "Endpoint",
    "Event",
    "Notice",
    "NoticeAddress",
    "PayerPhone",
]
