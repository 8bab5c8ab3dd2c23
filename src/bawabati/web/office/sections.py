"""What the office consists of: one line for each section, for its navigation and for the first page of staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.people.rules import Action, Level


@dataclass(frozen=True, slots=True)
class Section:
    """Shown to whoever may do `action` at the place where he works, or nationally; `url_name` is its first page."""

    action: Action
    url_name: str
    title: str
    at: Level = Level.COMPANY


SECTIONS: Final[tuple[Section, ...]] = (
    Section(Action.SEE_BOARD, "office_board", _("Board")),
    Section(Action.SEE_PAYMENTS, "office_payments", _("Payments")),
    Section(Action.SEE_CASES, "office_refunds", _("Refunds")),
    Section(Action.SEE_CASES, "office_cases", _("Cases")),
    Section(Action.SEE_INSTALMENTS, "office_instalments", _("Instalments")),
    Section(Action.SEE_CASES, "office_notices", _("Messages")),
    Section(Action.SEE_CLOSINGS, "office_closing", _("Closing")),
    Section(Action.SEE_SETTLEMENT, "office_settlement", _("Settlement")),
    Section(Action.SEE_SETTLEMENT, "office_channels", _("Other channels")),
    Section(Action.SEE_BILLS, "office_bills", _("Files of bills")),
    Section(Action.SEE_TEXTS, "office_texts", _("Texts for payers")),
    Section(Action.SEE_CAMPAIGNS, "office_campaigns", _("Campaigns")),
    Section(Action.SEE_REMINDERS, "office_reminders", _("Reminders")),
    Section(Action.STOP_REMINDERS, "office_reminder_stop", _("No more reminders")),
    Section(Action.KEEP_ROUNDS, "office_rounds", _("Rounds of the crew")),
    Section(Action.SEE_COMPANY, "office_company", _("The company")),
    Section(Action.MANAGE_READERS, "office_readers", _("Card readers")),
    Section(Action.SEE_KEYS, "office_keys", _("Other systems")),
    Section(Action.SEE_STAFF, "staff_people", _("People who work here")),
    Section(Action.SEE_HEALTH, "office_health", _("Health")),
    Section(Action.SEE_AUDIT, "office_audit", _("What was done")),
    Section(Action.SEE_NATION, "office_nation", _("The country"), Level.NATION),
    Section(Action.ADD_COMPANY, "office_add_company", _("Add a company"), Level.NATION),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a section."""

    address: str
    title: str
    is_here: bool


def ways(*, language: str, path: str, may: Callable[[Action, Level], bool]) -> list[Way]:
    """The sections that somebody may enter. `path` is where he is."""
    allowed = [section for section in SECTIONS if may(section.action, section.at)]
    addresses = [reverse(section.url_name, args=[language]) for section in allowed]
    here = max((address for address in addresses if path.startswith(address)), key=len, default="")
    return [
        Way(address, gettext(section.title), address == here)
        for section, address in zip(allowed, addresses, strict=True)
    ]
