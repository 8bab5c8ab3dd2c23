"""What document makers do for us: receipts and papers of a desk, the same bytes for the same facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bawabati.adapters.documents.certificates import Certificate
from bawabati.adapters.documents.morning import MorningPage
from bawabati.adapters.documents.papers import Paper, Roll
from bawabati.adapters.documents.posters import Poster
from bawabati.money.amount import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The company as the receipt names it, in the receipt's language."""

    name: str
    legal_form: str
    address: str
    phone: str
    nif: str
    nis: str
    rc: str
    ai: str
    logo_svg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One bill of the payment."""

    payment_number: str
    bill_number: str
    customer_number: str
    holder_initials: str
    period: str
    amount: Money
    surplus: Money
    """The part of `amount` that was more than was due, and stayed the customer's; zero in the ordinary case."""
    moved: Money = ZERO
    """The part of `amount` that went to the bill `moved_to` (its payment number), which replaces this one."""
    moved_to: str = ""
    left: Money = ZERO
    """What remained due of the bill after this payment; zero in the ordinary case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """Everything that a receipt shows. Stored when it is issued and never computed again.

    Times carry their zone; they are shown in Africa/Algiers. `language` is "ar", "fr" or "en".
    """

    language: str
    number: str
    issuer: Issuer
    status: str
    """Translated, e.g. "Payment accepted"."""
    gateway_message: str
    transaction_id: str
    order_number: str
    approval_code: str
    masked_card: str
    paid_at: datetime
    payment_method: str
    lines: tuple[ReceiptLine, ...]
    amount: Money
    amount_in_words: str
    check_url: str
    """What its QR code holds: the address that says whether it is genuine."""
    check_site: str
    """The short address where the code can be checked otherwise, for people."""
    help_number: str
    """The toll-free number for cardholders, 3020; empty where no card was used."""
    duplicata: bool = False
    agency_name: str = ""
    """Where it was paid; this and all that follows is empty for a payment online."""
    desk_code: str = ""
    cashier_name: str = ""
    stamp_duty: Money = ZERO
    """Paid on top of `amount`, for the State."""
    terminal_id: str = ""
    merchant_id: str = ""
    cheque_number: str = ""
    tendered: Money = ZERO
    """Cash that was handed over; zero where none was."""


class DocumentMaker(Protocol):
    """Makes documents from facts. Safe to share between threads, safe to repeat."""

    def receipt_pdf(self, facts: ReceiptFacts) -> bytes:
        """The receipt, one A4 page, PDF with embedded fonts."""

    def receipt_png(self, facts: ReceiptFacts) -> bytes:
        """The same page as a picture."""

    def paper_pdf(self, paper: Paper) -> bytes:
        """An X, a Z, a signed day as A4 pages, PDF with embedded fonts."""

    def certificate_pdf(self, certificate: Certificate) -> bytes:
        """The certificate of a closed day of a company as A4 pages, PDF with embedded fonts."""

    def morning_pdf(self, page: MorningPage) -> bytes:
        """The morning page of the board, one A4 page, PDF with embedded fonts."""

    def poster_pdf(self, poster: Poster) -> bytes:
        """A poster, or a sheet of cards, one page, PDF with embedded fonts."""


class RollMaker(Protocol):
    """Makes rolls of 80 mm from facts. Safe to share between threads, safe to repeat."""

    def receipt(self, facts: ReceiptFacts) -> Roll:
        """The receipt, line by line, with its QR code."""

    def paper(self, paper: Paper) -> Roll:
        """Any other paper of a desk, line by line."""
