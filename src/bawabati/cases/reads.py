"""Questions about work items."""

from bawabati.cases.models import Case


def find_case(*, company_id: int, kind: str, reference: str) -> Case | None:
    """The newest case about `reference`, open or closed."""
    return Case.objects.filter(company_id=company_id, kind=kind, reference=reference).order_by("-id").first()
