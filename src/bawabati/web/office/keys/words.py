"""What scopes, events and deliveries are called on pages. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.notices.rules import DeliveryState, EventKind
from bawabati.people.rules import ApiScope

SCOPES: Final[dict[str, str]] = {
    ApiScope.BILLS_WRITE: _("bring bills in"),
    ApiScope.BILLS_READ: _("ask how bills stand"),
    ApiScope.PAYMENTS_READ: _("read payments and events"),
    ApiScope.CHANNEL: _("take payments, as a bank’s application or the post"),
}
KINDS: Final[dict[str, str]] = {
    EventKind.PAID: _("something was paid"),
    EventKind.REFUNDED: _("money went back"),
    EventKind.CREDIT_USED: _("credit was put to a bill"),
    EventKind.BILL_LOWERED: _("a paid bill was lowered"),
    EventKind.BILL_SETTLED: _("a bill is settled"),
}
STATES: Final[dict[str, str]] = {
    DeliveryState.WAITING: _("waiting to leave"),
    DeliveryState.DELIVERED: _("taken"),
    DeliveryState.GIVEN_UP: _("given up"),
}
REASONS: Final[dict[str, str]] = {
    "answered": _("it answered, but not with yes"),
    "redirected": _("it leads elsewhere: redirects are not followed"),
    "timed_out": _("it did not answer in time"),
    "no_connection": _("no connection, or it broke off"),
    "not_https": _("it is not https"),
    "private_address": _("its name leads inside a private network"),
    "unknown_name": _("its name is not known"),
    "endpoint_ended": _("the address was ended"),
}
