"""Questions about work items."""

from collections.abc import Iterator, Sequence

from bawabati.cases.models import Case
from bawabati.cases.rules import NoSuchCase


def list_open_cases(*, company_id: int | None) -> Iterator[Case]:
    """Open work items of a company (None: of all), the earliest promise first, in constant memory."""
    cases = Case.objects.filter(state="open").select_related("company", "owner")
    if company_id is not None:
        cases = cases.filter(company_id=company_id)
    return cases.order_by("promised_on", "id").iterator()


def list_cases_about(*, company_id: int, references: Sequence[str]) -> list[Case]:
    """Every work item about one of these, oldest first, closed ones too."""
    about = Case.objects.filter(company_id=company_id, reference__in=references)
    return list(about.select_related("owner").order_by("id"))


def get_case_to_close(case_id: int) -> Case:
    """The work item, with its company. Raises NoSuchCase."""
    case = Case.objects.select_related("company").filter(id=case_id).first()
    if case is None:
        raise NoSuchCase
    return case


def find_case(*, company_id: int, kind: str, reference: str) -> Case | None:
    """The newest case about `reference`, open or closed."""
    return Case.objects.filter(company_id=company_id, kind=kind, reference=reference).order_by("-id").first()
