"""The certificate of a closed day, as often as somebody asks."""

from datetime import date

from bawabati.adapters import registry
from bawabati.flows.steps.closing_paper import certificate_of
from bawabati.reports.reads import find_closing
from bawabati.reports.rules import NoSuchClosedDay


def print_closing(*, company_id: int, day: date, language: str) -> bytes:
    """PDF, the same bytes each time, for whoever may see closings: the caller has asked. Raises NoSuchClosedDay."""
    closing = find_closing(company_id=company_id, day=day)
    if closing is None:
        raise NoSuchClosedDay
    return registry.document_maker().certificate_pdf(certificate_of(closing, language=language))
