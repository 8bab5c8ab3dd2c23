"""What messages are called on pages of the office. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.notices.rules import Means

MEANS: Final[dict[str, str]] = {Means.EMAIL: _("E-mail"), Means.SMS: _("SMS")}
TO_STAFF: Final[dict[str, str]] = {
    "invitation": _("Invitation to work here"),
    "new_browser": _("Word of a sign-in from another browser"),
    "cases_overdue": _("Reminder of overdue cases"),
    "morning_page": _("Morning page of the board"),
}
STATES: Final[dict[str, str]] = {
    "undelivered": _("not delivered"),
    "waiting": _("waiting to leave"),
    "sent": _("sent"),
    "called_off": _("called off: no longer true"),
}
OF_BILLS: Final[dict[str, str]] = {
    "reminder": _("Reminder of a bill"),
    "reminder_wish": _("Question whether reminders are wanted"),
}
REASONS: Final[dict[str, str]] = {
    "address_erased": _("its address has been erased"),
    "not_written": _("it could not be written: our fault"),
}
