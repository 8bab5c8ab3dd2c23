"""When the gateway is asked. All in seconds; the settings give the values, and a demo shortens them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from bawabati.payments.rules.states import State

HOURLY = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When we ask about an attempt. Rule: ask-schedule (behaviour.md 2)

    Raises:
        ValueError: a value is no positive whole number, or a list of them is empty; the message names it.
    """

    first_asks: tuple[int, ...] = (30, 60)
    """After the payer has left for the gateway: one wait after the other, then `ask_every`."""
    ask_every: int = 90
    grace_after_page: int = 15 * 60
    """Until this long after the page's end we ask often, and then comes the first late check."""
    late_checks: tuple[int, ...] = (60 * 60, 6 * 60 * 60, 24 * 60 * 60)
    """The checks after the first, each counted from the answer before."""
    in_doubt_asks: tuple[tuple[int, int], ...] = ((2 * 3600, 300), (24 * 3600, 1800))
    """(while the page has been over for less than, ask every); after all of them, hourly."""
    register_ages: tuple[int, ...] = (30, 60, 120, 300)
    """Ages at which an attempt whose registration gave no answer is asked about by number; then every last one."""
    registration_lasts: int = 30
    """How long a registration may be under way. Nobody asks about an attempt before that."""
    never_registered_age: int = 5 * 60
    never_registered_apart: int = 60

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not _is_usable(value):
                raise ValueError(f"{field.name} has to be positive whole seconds, not {value!r}")

    def watch_ends_at(self, page_ends_at: datetime) -> datetime:
        """Until when somebody may be paying, or money may be waiting for our acknowledgement."""
        return page_ends_at + timedelta(seconds=self.grace_after_page)

    def next_ask_at(self, *, state: State, page_ends_at: datetime, asked_count: int, now: datetime) -> datetime:
        """Often until the watch ends; then by how long we have been in doubt."""
        watch_ends_at = self.watch_ends_at(page_ends_at)
        if now < watch_ends_at:
            wait = self.first_asks[asked_count] if asked_count < len(self.first_asks) else self.ask_every
            return min(now + timedelta(seconds=wait), watch_ends_at)
        if state is State.WATCHED:
            return now + timedelta(seconds=self.ask_every)
        age = (now - page_ends_at).total_seconds()
        every = next((every for younger_than, every in self.in_doubt_asks if age < younger_than), HOURLY)
        return now + timedelta(seconds=every)

    def next_register_ask_at(self, *, opened_at: datetime, now: datetime) -> datetime:
        """The next of the ages, counted from the opening."""
        ages = (opened_at + timedelta(seconds=age) for age in self.register_ages)
        return next((at for at in ages if at > now), now + timedelta(seconds=self.register_ages[-1]))

    def first_ask_at(self, *, registered_at: datetime) -> datetime:
        """When the sweeper first asks about an order whose payer has left for the gateway."""
        return registered_at + timedelta(seconds=self.first_asks[0])


def _is_usable(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(_is_usable(item) for item in value)
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
