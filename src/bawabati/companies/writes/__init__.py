"""Companies, and what they set for themselves; inside the transaction of the flow that calls."""

from bawabati.companies.writes.agencies import AgencyFacts, ReaderFacts, add_agency, describe_agency
from bawabati.companies.writes.companies import CompanyFacts, CompanySettings, add_company, describe_company
from bawabati.companies.writes.gateway_accounts import GatewayAccess, set_gateway_account
from bawabati.companies.writes.marks import put_mark, remove_mark
from bawabati.companies.writes.texts import publish_text

__all__ = [
    "AgencyFacts",
    "CompanyFacts",
    "CompanySettings",
    "GatewayAccess",
    "ReaderFacts",
    "add_agency",
    "add_company",
    "describe_agency",
    "describe_company",
    "publish_text",
    "put_mark",
    "remove_mark",
    "set_gateway_account",
]
