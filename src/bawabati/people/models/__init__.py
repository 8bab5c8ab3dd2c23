"""Staff, what each may do, where each has signed in; and the machines that come in with a key."""

from bawabati.people.models.keys import ApiCall, ApiKey
from bawabati.people.models.staff import (
    Invitation,
    KnownBrowser,
    PendingChange,
    Staff,
    StaffRole,
    StaffSession,
)

__all__ = [
    "ApiCall",
    "ApiKey",
    "Invitation",
    "KnownBrowser",
    "PendingChange",
    "Staff",
    "StaffRole",
    "StaffSession",
]
