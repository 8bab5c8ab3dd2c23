"""A receipt as a document, from the facts that were stored with it, and from nothing else."""

from typing import Final, Literal

from bawabati.adapters import registry
from bawabati.adapters.documents.contract import Issuer, ReceiptFacts, ReceiptLine
from bawabati.companies.reads import host_of
from bawabati.flows.steps.receipt_code import code_address
from bawabati.links import check_site
from bawabati.money.amount import Money
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import HELP_NUMBER, FactLine, Facts

PRINTED: Final = "receipt_printed"
"""What happened to a sale when its original came to paper; whatever is printed afterwards is a duplicata."""
Form = Literal["pdf", "png"]


def make_document(receipt: Receipt, *, form: Form, is_duplicata: bool = False) -> bytes:
    """The receipt as PDF or picture: the same bytes each time. A duplicata says so."""
    maker = registry.document_maker()
    facts = document_facts(receipt, is_duplicata=is_duplicata)
    return maker.receipt_pdf(facts) if form == "pdf" else maker.receipt_png(facts)


def document_facts(receipt: Receipt, *, is_duplicata: bool) -> ReceiptFacts:
    """What a document shows of a receipt, on a page or on paper of 80 mm."""
    facts = Facts.from_json(receipt.facts)
    return ReceiptFacts(
        language=facts.language,
        number=facts.number,
        issuer=Issuer(
            name=facts.company_name,
            legal_form=facts.legal_form,
            address=facts.company_address,
            phone=facts.company_phone,
            nif=facts.nif,
            nis=facts.nis,
            rc=facts.rc,
            ai=facts.ai,
        ),
        status=facts.status,
        gateway_message=facts.gateway_message,
        transaction_id=facts.transaction_id,
        order_number=facts.order_number,
        approval_code=facts.approval_code,
        masked_card=facts.masked_card,
        paid_at=facts.paid_at_moment,
        payment_method=facts.payment_method,
        lines=tuple(_document_line(line) for line in facts.lines),
        amount=Money(facts.amount_centimes),
        amount_in_words=facts.amount_in_words,
        check_url=code_address(receipt),
        check_site=check_site(host_name=host_of(receipt.company_id)),
        help_number=HELP_NUMBER if facts.is_by_card else "",
        duplicata=is_duplicata,
        agency_name=facts.agency_name,
        desk_code=facts.desk_code,
        cashier_name=facts.cashier_name,
        stamp_duty=Money(facts.stamp_duty_centimes),
        terminal_id=facts.terminal_id,
        merchant_id=facts.merchant_id,
        cheque_number=facts.cheque_number,
        tendered=Money(facts.tendered_centimes),
    )


def _document_line(line: FactLine) -> ReceiptLine:
    return ReceiptLine(
        payment_number=line.payment_number,
        bill_number=line.bill_number,
        customer_number=line.customer_number,
        holder_initials=line.holder_initials,
        period=line.period,
        amount=Money(line.amount_centimes),
        surplus=Money(line.surplus_centimes - line.moved_centimes),
        moved=Money(line.moved_centimes),
        moved_to=line.moved_to,
        left=Money(line.left_centimes),
    )
