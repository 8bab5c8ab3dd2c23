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
from bawabati.notices.reads.webhooks import (
    count_waiting,
    find_delivery,
    find_endpoint,
    find_next_delivery,
    list_deliveries,
    list_endpoints,
    list_open_endpoints,
    list_tries,
    secret_purpose,
    secrets_of,
)

__all__ = [
    "count_undelivered",
    "count_waiting",
    "find_address",
    "find_delivery",
    "find_endpoint",
    "find_latest_notice",
    "find_latest_sms",
    "find_next_delivery",
    "find_notice",
    "find_phone",
    "has_unnumbered_events",
    "last_sequence",
    "list_deliveries",
    "list_endpoints",
    "list_events_after",
    "list_notices",
    "list_notices_about",
    "list_open_endpoints",
    "list_overdue_notices",
    "list_tries",
    "secret_purpose",
    "secrets_of",
]
