"""Who comes in through a public door."""

from django.conf import settings
from django.http import HttpRequest

from bawabati.guard.rules import Visitor, address_that_counts


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor by whose address tries are counted; see `address_that_counts`."""
    return Visitor(
        address_that_counts(
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded_for=request.headers.get("X-Forwarded-For", ""),
            trusted_proxies=settings.TRUSTED_PROXIES,
        )
    )
