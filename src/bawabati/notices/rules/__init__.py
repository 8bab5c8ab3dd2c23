"""How messages and webhooks leave, and when they are tried again."""

from bawabati.notices.rules.events import EventKind
from bawabati.notices.rules.messages import (
    ADDRESSES_KEPT,
    GIVE_UP_AFTER,
    HOME,
    PHONES_KEPT,
    RETRY_AFTER_SECONDS,
    UNDELIVERED,
    AddressErased,
    Means,
    NoSuchNotice,
    NoticeOnItsWay,
    NoticeState,
    PhoneWrong,
    masked_address,
    next_try_at,
    read_phone,
)

__all__ = [
    "ADDRESSES_KEPT",
    "GIVE_UP_AFTER",
    "HOME",
    "PHONES_KEPT",
    "RETRY_AFTER_SECONDS",
    "UNDELIVERED",
    "AddressErased",
    "EventKind",
    "Means",
    "NoSuchNotice",
    "NoticeOnItsWay",
    "NoticeState",
    "PhoneWrong",
    "masked_address",
    "next_try_at",
    "read_phone",
]
