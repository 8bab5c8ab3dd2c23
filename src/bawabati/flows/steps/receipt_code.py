"""What the QR code of a receipt holds: an address that says whether the receipt is genuine."""

from typing import Final

from bawabati.companies.models import Company
from bawabati.companies.reads import host_of
from bawabati.links import check_address
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import find_signature_of
from bawabati.receipts.rules import Facts, Proof, text_of, write_code

SIGNS: Final = "receipt"
"""The purpose of the company's key that signs receipts."""


def signed_text(company: Company, facts: Facts) -> str:
    """What the company's signature stands under."""
    return text_of(
        company_code=company.code,
        number=facts.number,
        amount_centimes=facts.handed_over_centimes,
        paid_at=facts.paid_at_moment,
    )


def code_address(receipt: Receipt) -> str:
    """The address in the QR code of a receipt, in capital letters; empty of one that is not signed."""
    signed = find_signature_of(receipt.id)
    if signed is None:
        return ""
    facts = Facts.from_json(receipt.facts)
    proof = Proof(
        key_name=signed.key_name,
        number=facts.number,
        amount_centimes=facts.handed_over_centimes,
        paid_at=facts.paid_at_moment,
    )
    code = write_code(proof, signature=bytes(signed.signature))
    return check_address(code, host_name=host_of(receipt.company_id))
