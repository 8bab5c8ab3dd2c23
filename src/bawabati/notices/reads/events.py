"""Questions about what billing systems are told."""

from collections.abc import Iterable

from bawabati.notices.models import Event
from bawabati.notices.rules import EventKind


def has_unnumbered_events(company_id: int) -> bool:
    """Whether something was written that has no number yet."""
    return Event.objects.filter(company_id=company_id, sequence=None).exists()


def list_events_after(*, company_id: int, sequence: int, kinds: Iterable[EventKind] = (), at_most: int) -> list[Event]:
    """Numbered events after that number, in their order; of these kinds alone, if any are named."""
    events = Event.objects.filter(company_id=company_id, sequence__gt=sequence)
    wanted = [kind.value for kind in kinds]
    return list((events.filter(kind__in=wanted) if wanted else events).order_by("sequence")[:at_most])


def last_sequence(company_id: int) -> int:
    """The number of the newest event that has one; 0 when none has."""
    newest = Event.objects.filter(company_id=company_id, sequence__isnull=False).order_by("-sequence")
    return newest.values_list("sequence", flat=True).first() or 0
