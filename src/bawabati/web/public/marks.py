"""The card schemes' marks on the button that pays. Files that the company was licensed to show; none is shipped."""

from base64 import b64encode

from bawabati.companies.models import Company
from bawabati.companies.reads import find_mark


def mark_of(company: Company) -> str:
    """The mark as an address that needs no request of its own; empty where neutral text stands until there is one."""
    mark = find_mark(company_id=company.id, kind="cib_edahabia")
    return f"data:{mark.content_type};base64,{b64encode(bytes(mark.content)).decode()}" if mark else ""
