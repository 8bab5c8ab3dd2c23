"""The morning page of the board, as often as somebody asks."""

from datetime import datetime

from bawabati.companies.models import Company
from bawabati.flows.steps.morning_paper import morning_document
from bawabati.workdays import accounting_day


def print_morning_page(*, company: Company, language: str, now: datetime) -> bytes:
    """PDF, for whoever may see the board: the caller has asked. It tells of the day before `now`."""
    return morning_document(company=company, language=language, today=accounting_day(now), now=now)
