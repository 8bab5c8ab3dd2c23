"""When the gateway is asked: the rules' schedule with this installation's values."""

from functools import cache

from django.conf import settings

from bawabati.payments.rules import Schedule


@cache
def schedule() -> Schedule:
    """The schedule of this installation. Raises TypeError for a value that the schedule does not know."""
    return Schedule(**{name: _frozen(value) for name, value in settings.ASK_SCHEDULE.items()})  # type: ignore[arg-type]  # JSON


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
