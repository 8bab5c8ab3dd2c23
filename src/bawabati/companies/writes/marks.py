"""The card schemes' mark that a company was licensed to show."""

from datetime import datetime

from bawabati.companies.models import Mark
from bawabati.companies.rules import CARD_MARK


def put_mark(*, company_id: int, content: bytes, content_type: str, licence: str, now: datetime) -> Mark:
    """The mark from now on, in place of an earlier one. `content` has passed `check_mark`. Safe to repeat."""
    columns = {"content": content, "content_type": content_type, "licence": licence, "uploaded_at": now}
    mark, _ = Mark.objects.update_or_create(company_id=company_id, kind=CARD_MARK, defaults=columns)
    return mark


def remove_mark(*, company_id: int) -> bool:
    """Back to neutral text; whether there was a mark. Safe to repeat."""
    return Mark.objects.filter(company_id=company_id, kind=CARD_MARK).delete()[0] > 0
