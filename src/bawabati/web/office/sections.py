"""What the office consists of: one line for each section, for its navigation and for the first page of staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.people.rules import Action, Level


class Group(StrEnum):
    """What people come for, in the order of the navigation; each is its title."""

    FIGURES = _("Figures")
    MONEY = _("Money")
    BILLS = _("Bills")
    CUSTOMERS = _("Customers")
    COMPANY = _("The company and its tools")
    WATCH = _("People and health")


@dataclass(frozen=True, slots=True)
class Section:
    """Shown to whoever may do `action` at the place where he works, or nationally; `url_name` is its first page."""

    group: Group
    action: Action
    url_name: str
    title: str
    at: Level = Level.COMPANY


SECTIONS: Final[tuple[Section, ...]] = (
    Section(Group.FIGURES, Action.SEE_BOARD, "office_board", _("Board")),
    Section(Group.FIGURES, Action.SEE_CAMPAIGNS, "office_campaigns", _("Campaigns")),
    Section(Group.FIGURES, Action.SEE_NATION, "office_nation", _("The country"), Level.NATION),
    Section(Group.MONEY, Action.SEE_PAYMENTS, "office_payments", _("Payments")),
    Section(Group.MONEY, Action.SEE_CASES, "office_refunds", _("Refunds")),
    Section(Group.MONEY, Action.SEE_CLOSINGS, "office_closing", _("Closing")),
    Section(Group.MONEY, Action.SEE_SETTLEMENT, "office_settlement", _("Settlement")),
    Section(Group.MONEY, Action.SEE_SETTLEMENT, "office_channels", _("Other channels")),
    Section(Group.BILLS, Action.SEE_BILLS, "office_bills", _("Files of bills")),
    Section(Group.BILLS, Action.SEE_INSTALMENTS, "office_instalments", _("Instalments")),
    Section(Group.BILLS, Action.KEEP_ROUNDS, "office_rounds", _("Rounds of the crew")),
    Section(Group.CUSTOMERS, Action.SEE_CASES, "office_cases", _("Cases")),
    Section(Group.CUSTOMERS, Action.SEE_CASES, "office_notices", _("Messages")),
    Section(Group.CUSTOMERS, Action.SEE_REMINDERS, "office_reminders", _("Reminders")),
    Section(Group.CUSTOMERS, Action.STOP_REMINDERS, "office_reminder_stop", _("No more reminders")),
    Section(Group.COMPANY, Action.SEE_COMPANY, "office_company", _("The company")),
    Section(Group.COMPANY, Action.SEE_TEXTS, "office_texts", _("Texts for payers")),
    Section(Group.COMPANY, Action.MANAGE_READERS, "office_readers", _("Card readers")),
    Section(Group.COMPANY, Action.SEE_KEYS, "office_keys", _("Other systems")),
    Section(Group.COMPANY, Action.ADD_COMPANY, "office_add_company", _("Add a company"), Level.NATION),
    Section(Group.WATCH, Action.SEE_STAFF, "staff_people", _("People who work here")),
    Section(Group.WATCH, Action.SEE_HEALTH, "office_health", _("Health")),
    Section(Group.WATCH, Action.SEE_AUDIT, "office_audit", _("What was done")),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a section."""

    address: str
    title: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The sections that somebody may enter, in groups of which none is empty."""

    groups: Sequence[tuple[str, Sequence[Way]]]

    @property
    def here(self) -> str:
        """The title of the section of this page; empty on a page of none."""
        return next((way.title for _title, ways in self.groups for way in ways if way.is_here), "")


def menu(*, language: str, path: str, may: Callable[[Action, Level], bool]) -> Menu:
    """The sections that somebody may enter. `path` is where he is."""
    allowed = [section for section in SECTIONS if may(section.action, section.at)]
    addresses = {section: reverse(section.url_name, args=[language]) for section in allowed}
    here = max((address for address in addresses.values() if path.startswith(address)), key=len, default="")

    def ways(group: Group) -> list[Way]:
        return [
            Way(address, gettext(section.title), address == here)
            for section, address in addresses.items()
            if section.group is group
        ]

    return Menu([(gettext(group), found) for group in Group if (found := ways(group))])
