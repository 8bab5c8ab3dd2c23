"""Companies, and what they set for themselves; inside the transaction of the flow that calls."""

from bawabati.companies.writes.agencies import AgencyFacts, ReaderFacts, add_agency, describe_agency, write_agency
from bawabati.companies.writes.companies import (
    CompanyFacts,
    CompanySettings,
    add_company,
    begin_company,
    change_company,
    describe_company,
    lock_company,
)
from bawabati.companies.writes.desks import PlacedReader, write_desk, write_reader
from bawabati.companies.writes.gateway_accounts import GatewayAccess, set_gateway_account
from bawabati.companies.writes.holidays import put_holiday, remove_holiday
from bawabati.companies.writes.marks import put_mark, remove_mark
from bawabati.companies.writes.readers import (
    add_bridge,
    lock_bridge_of_code,
    lock_reader,
    note_bridge,
    note_reader,
    set_bridge_key,
)
from bawabati.companies.writes.signing_keys import Signature, retire_signing_key, sign_as
from bawabati.companies.writes.texts import lock_texts, publish_text

__all__ = [
    "AgencyFacts",
    "CompanyFacts",
    "CompanySettings",
    "GatewayAccess",
    "PlacedReader",
    "ReaderFacts",
    "Signature",
    "add_agency",
    "add_bridge",
    "add_company",
    "begin_company",
    "change_company",
    "describe_agency",
    "describe_company",
    "lock_bridge_of_code",
    "lock_company",
    "lock_reader",
    "lock_texts",
    "note_bridge",
    "note_reader",
    "publish_text",
    "put_holiday",
    "put_mark",
    "remove_holiday",
    "remove_mark",
    "retire_signing_key",
    "set_bridge_key",
    "set_gateway_account",
    "sign_as",
    "write_agency",
    "write_desk",
    "write_reader",
]
