"""Questions about messages, events and webhooks."""

from bawabati.notices.reads.events import has_unnumbered_events, last_sequence, list_events_after
from bawabati.notices.reads.messages import (
    count_undelivered,
    find_address,
    find_latest_notice,
    find_latest_sms,
    find_notice,
    find_phone,
    list_notices,
    list_notices_about,
    list_overdue_notices,
)

__all__ = [
    "count_undelivered",
    "find_address",
    "find_latest_notice",
    "find_latest_sms",
    "find_notice",
    "find_phone",
    "has_unnumbered_events",
    "last_sequence",
    "list_events_after",
    "list_notices",
    "list_notices_about",
    "list_overdue_notices",
]
