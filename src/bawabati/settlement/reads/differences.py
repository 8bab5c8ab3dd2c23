"""Questions about what does not agree."""

from datetime import date

from django.db.models import QuerySet

from bawabati.keyset import FIRST, At, Page, page_of
from bawabati.settlement.models import Difference, DifferenceStep
from bawabati.settlement.rules import DifferenceKind, DifferenceState, NoSuchDifference


def list_differences(
    *,
    company_id: int,
    state: str = "",
    kind: str = "",
    owner_id: int | None = None,
    day: date | None = None,
    still_open: bool = False,
    at: At = FIRST,
) -> Page[Difference]:
    """Items, the newest first, with owner and what they are about."""
    found = _with_all(Difference.objects.filter(company_id=company_id))
    if still_open:
        found = found.exclude(state=DifferenceState.ENDED)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if owner_id is not None:
        found = found.filter(owner_id=owner_id)
    if day is not None:
        found = found.filter(day=day)
    return page_of(found, order=["-id"], at=at)


def open_differences(*, company_id: int, day: date | None = None) -> list[Difference]:
    """Items of that day (None: of every day) that have not ended, with owner; oldest first."""
    found = _with_all(Difference.objects.filter(company_id=company_id)).exclude(state=DifferenceState.ENDED)
    if day is not None:
        found = found.filter(day=day)
    return list(found.order_by("day", "id"))


def count_open_differences(*, company_id: int) -> dict[DifferenceKind, int]:
    """How many of each kind have not ended; kinds without any are left out."""
    kinds = Difference.objects.filter(company_id=company_id).exclude(state=DifferenceState.ENDED)
    counts: dict[DifferenceKind, int] = {}
    for kind in kinds.values_list("kind", flat=True).iterator():
        counts[DifferenceKind(kind)] = counts.get(DifferenceKind(kind), 0) + 1
    return counts


def find_difference(*, company_id: int, kind: DifferenceKind, reference: str) -> Difference | None:
    """The one item of that kind about that thing."""
    return Difference.objects.filter(company_id=company_id, kind=kind, reference=reference).first()


def get_difference(*, company_id: int, difference_id: int) -> Difference:
    """The item with all that it is about. Raises NoSuchDifference, also for one of another company."""
    found = _with_all(Difference.objects.filter(company_id=company_id, id=difference_id)).first()
    if found is None:
        raise NoSuchDifference
    return found


def list_steps(*, company_id: int, difference_id: int) -> list[DifferenceStep]:
    """What happened to it, oldest first, with who did it."""
    steps = DifferenceStep.objects.filter(company_id=company_id, difference_id=difference_id)
    return list(steps.select_related("by").order_by("sequence"))


def _with_all(found: QuerySet[Difference]) -> QuerySet[Difference]:
    return found.select_related("owner", "line", "payment", "refund", "remittance", "statement", "proposed_by")
