"""Questions about the books."""

from collections.abc import Sequence

from bawabati.ledger.models import Transfer


def list_transfers_about(*, company_id: int, references: Sequence[str]) -> list[Transfer]:
    """What these have moved, with both accounts, in the order of the books."""
    about = Transfer.objects.filter(company_id=company_id, reference__in=references)
    return list(about.select_related("debit", "credit").order_by("id"))
