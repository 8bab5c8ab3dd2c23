"""Questions about work items."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Count

from bawabati.cases.models import Case, CaseStep
from bawabati.cases.rules import CaseState, NoSuchCase
from bawabati.keyset import At, Page, page_of


def list_open_cases(*, company_id: int | None) -> Iterator[Case]:
    """Open work items of a company (None: of all), the earliest promise first, in constant memory."""
    cases = Case.objects.filter(state=CaseState.OPEN).select_related("company", "owner")
    if company_id is not None:
        cases = cases.filter(company_id=company_id)
    return cases.order_by("promised_on", "id").iterator()


def list_cases_about(*, company_id: int, references: Sequence[str]) -> list[Case]:
    """Every work item about one of these, oldest first, closed ones too."""
    about = Case.objects.filter(company_id=company_id, reference__in=references)
    return list(about.select_related("owner").order_by("id"))


def get_case_of_id(case_id: int) -> Case:
    """The work item, with its company. Raises NoSuchCase."""
    case = Case.objects.select_related("company").filter(id=case_id).first()
    if case is None:
        raise NoSuchCase
    return case


def find_case(*, company_id: int, kind: str, reference: str) -> Case | None:
    """The newest case about `reference`, open or closed."""
    return Case.objects.filter(company_id=company_id, kind=kind, reference=reference).order_by("-id").first()


def has_open_case(*, company_id: int, kind: str, reference: str) -> bool:
    """Whether somebody has `reference` to do."""
    return Case.objects.filter(company_id=company_id, kind=kind, reference=reference, state=CaseState.OPEN).exists()


def list_cases(
    *,
    company_id: int,
    owner_id: int | None = None,
    kind: str = "",
    overdue_on: date | None = None,
    is_open: bool = True,
    at: At,
) -> Page[Case]:
    """Open cases with the earliest promise first, or closed ones with the latest end first, with their owners.

    `overdue_on`: only those whose promised day is before it.
    """
    cases = Case.objects.filter(company_id=company_id, state=CaseState.OPEN if is_open else CaseState.CLOSED)
    cases = cases if owner_id is None else cases.filter(owner_id=owner_id)
    cases = cases.filter(kind=kind) if kind else cases
    cases = cases if overdue_on is None else cases.filter(promised_on__lt=overdue_on)
    order = ["promised_on", "id"] if is_open else ["-closed_at", "-id"]
    return page_of(cases.select_related("owner"), order=order, at=at)


def find_case_of_company(*, company_id: int, case_id: int) -> Case | None:
    """The work item of that company, with its owner."""
    return Case.objects.select_related("owner").filter(company_id=company_id, id=case_id).first()


def list_steps(case_id: int) -> list[CaseStep]:
    """What happened to a case and who did it, in the order in which it happened."""
    return list(CaseStep.objects.filter(case_id=case_id).select_related("by").order_by("sequence"))


def list_kinds(company_id: int) -> list[str]:
    """The kinds of the cases that are open."""
    kinds = Case.objects.filter(company_id=company_id, state=CaseState.OPEN).values_list("kind", flat=True)
    return list(kinds.distinct().order_by("kind"))


def list_owners(company_id: int) -> list[tuple[int, str]]:
    """(number, name) of everybody who owns an open case, by name."""
    owned = Case.objects.filter(company_id=company_id, state=CaseState.OPEN)
    return list(owned.values_list("owner_id", "owner__name").distinct().order_by("owner__name"))


def count_open_cases(*, company_id: int, today: date, owner_id: int | None = None) -> tuple[int, int]:
    """(open, of these overdue), of everybody or of one owner."""
    cases = Case.objects.filter(company_id=company_id, state=CaseState.OPEN)
    if owner_id is not None:
        cases = cases.filter(owner_id=owner_id)
    return cases.count(), cases.filter(promised_on__lt=today).count()


def list_overdue_of(*, owner_id: int, company_id: int, today: date) -> list[Case]:
    """The overdue cases of one owner in a company, the oldest promise first."""
    overdue = Case.objects.filter(owner_id=owner_id, company_id=company_id, state=CaseState.OPEN, promised_on__lt=today)
    return list(overdue.order_by("promised_on", "id"))


def list_owners_in_arrears(*, today: date) -> list[tuple[int, int, int]]:
    """(owner, company, how many) wherever somebody has overdue cases; the system's own account too."""
    overdue = Case.objects.filter(state=CaseState.OPEN, promised_on__lt=today)
    counted = overdue.values_list("owner_id", "company_id").annotate(count=Count("id"))
    return list(counted.order_by("company_id", "owner_id"))
