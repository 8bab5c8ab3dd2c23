"""The acquirer's acceptance list as rows: what each line asks for, in our own words, and what looks at it.

satim.md 12.2 to 12.7. A line's id is for ever: reports refer to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance.checks import accepted, before_paying, money_back, refused, transactions
from bawabati.jobs.acceptance.deck import Card, Scenario
from bawabati.jobs.acceptance.lines import Chapter, Finding, Requirement
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage

CHAPTERS: Final = {
    Chapter.BEFORE_PAYING: _("The page before paying"),
    Chapter.ACCEPTED: _("The return page of an accepted payment"),
    Chapter.REFUSED: _("The return page of a refused payment"),
    Chapter.TRANSACTIONS: _("Transactions"),
    Chapter.MONEY_BACK: _("Money given back"),
}

_OF_THE_PAGE: Final = _("Acceptance list, payment page")
_OF_THE_RETURN: Final = _("Acceptance list, return page")
_OF_TRANSACTIONS: Final = _("Acceptance list, transactions")
_OF_CORRECTIONS: Final = _("Corrections asked for at a certification, September 2026")

_LANGUAGE_TITLES: Final = {
    "ar": _("One language throughout: Arabic"),
    "fr": _("One language throughout: French"),
    "en": _("One language throughout: English"),
}
_CARDS: Final = {
    Scenario.ACCEPTED: (
        _("Valid card"),
        _("A valid card with its right password pays, and the payer sees the receipt."),
    ),
    Scenario.BLOCKED: (_("Card blocked for the moment"), _("The payment is refused and the payer told why.")),
    Scenario.LOST: (_("Card reported lost"), _("The payment is refused and the payer told why.")),
    Scenario.STOLEN: (_("Card reported stolen"), _("The payment is refused and the payer told why.")),
    Scenario.WRONG_EXPIRY: (_("Wrong expiry date typed"), _("The payment is refused and the payer told why.")),
    Scenario.UNKNOWN_CARD: (_("Card unknown to its bank"), _("The payment is refused and the payer told why.")),
    Scenario.CARD_CEILING: (_("Card ceiling exceeded"), _("The payment is refused and the payer told why.")),
    Scenario.BALANCE: (_("Not enough money in the account"), _("The payment is refused and the payer told why.")),
    Scenario.WRONG_CVV2: (_("Wrong CVV2 typed"), _("The payment is refused and the payer told why.")),
    Scenario.WRONG_PASSWORD: (
        _("Wrong password typed"),
        _("A wrong password pays nothing; whoever then gives up is told that nothing was paid."),
    ),
    Scenario.THREE_WRONG_PASSWORDS: (
        _("Three wrong passwords"),
        _("After three wrong passwords the card is refused and the payer told why."),
    ),
    Scenario.NOT_AUTHORISED: (
        _("Card not authorised to pay online"),
        _("The payment is refused and the payer told why."),
    ),
    Scenario.INACTIVE: (_("Online payment not activated"), _("The payment is refused and the payer told why.")),
    Scenario.TERMINAL_CEILING: (_("Terminal ceiling exceeded"), _("The payment is refused and the payer told why.")),
    Scenario.EXPIRED: (_("Expired card"), _("The payment is refused and the payer told why.")),
}


def the_list(deck: tuple[Card, ...]) -> list[Requirement]:
    """Every line, in the order of the report; each card of the deck is one."""
    return [
        *_before_paying(),
        *_accepted(),
        *_refused(),
        *_transactions(deck),
        *_money_back(),
    ]


def _before_paying() -> list[Requirement]:
    def row(
        id_: str, title: str, words: str, check: Callable[[Stage], Finding], source: str = _OF_THE_PAGE
    ) -> Requirement:
        return Requirement(
            id=f"page-{id_}", chapter=Chapter.BEFORE_PAYING, title=title, words=words, source=source, check=check
        )

    return [
        row("tls", _("Valid TLS"), _("The site has a certificate that every browser trusts."), before_paying.tls),
        row(
            "amount",
            _("Final amount"),
            _("The final amount stands out from the text around it, with its currency."),
            before_paying.amount,
        ),
        row(
            "terms",
            _("Terms and their acceptance"),
            _(
                "The general terms of online payment and the terms of sale can be read, and are accepted by hand right "
                "before paying."
            ),
            before_paying.terms,
        ),
        row(
            "captcha",
            _("Captcha"),
            _("A captcha stands on the page that holds the button that pays."),
            before_paying.captcha,
        ),
        row(
            "mark",
            _("CIB and Edahabia mark"),
            _("The combined mark of CIB and Edahabia is on the button that pays."),
            before_paying.mark,
        ),
        row(
            "button",
            _("What the button says"),
            _("The button says that it pays, and how much."),
            before_paying.button,
            _OF_CORRECTIONS,
        ),
        row(
            "window",
            _("A window of its own"),
            _("The acquirer's page opens in an independent browser context: at the top of the window, in no frame."),
            before_paying.window,
        ),
        row(
            "help",
            _("The number 3020"),
            _("The card holders' toll-free number is on the page."),
            before_paying.help_number,
        ),
        *(
            row(
                f"language-{language}",
                _LANGUAGE_TITLES[language],
                _("Summary, way to the bank, result, receipt and errors speak the language that the payer chose."),
                partial(before_paying.one_language, language=language),
            )
            for language in sorted(LANGUAGES)
        ),
    ]


def _accepted() -> list[Requirement]:
    def row(
        id_: str, title: str, words: str, check: Callable[[Stage], Finding], source: str = _OF_THE_RETURN
    ) -> Requirement:
        return Requirement(
            id=f"accepted-page-{id_}", chapter=Chapter.ACCEPTED, title=title, words=words, source=source, check=check
        )

    return [
        row(
            "message",
            _("The acquirer's message"),
            _("The page shows the gateway's message (respCode_desc)."),
            accepted.message,
        ),
        row(
            "transaction",
            _("Transaction identifier"),
            _("The page shows the gateway's identifier of the transaction (orderId)."),
            accepted.transaction,
        ),
        row("order", _("Order number"), _("The page shows the order number (orderNumber)."), accepted.order_number),
        row(
            "approval",
            _("Authorisation code"),
            _("The page shows the authorisation code (approvalCode)."),
            accepted.approval_code,
        ),
        row("moment", _("Date and time"), _("The page shows date and time of the transaction."), accepted.moment),
        row("amount", _("Amount paid"), _("The page shows the amount with centimes and currency."), accepted.amount),
        row("method", _("Payment method"), _("The page names the payment method: CIB / Edahabia."), accepted.method),
        row(
            "help", _("The number 3020"), _("The card holders' toll-free number is on the page."), accepted.help_number
        ),
        row("print", _("Printing"), _("The payer can print the receipt."), accepted.printing),
        row("pdf", _("PDF download"), _("The payer can download the receipt as PDF."), accepted.pdf),
        row(
            "email",
            _("Sending by e-mail"),
            _("The payer can have the PDF sent to an address of their choice."),
            accepted.email,
        ),
        row(
            "label",
            _("Labels without the acquirer's name"),
            _("The label is “Transaction identifier”, without the acquirer's name."),
            accepted.label,
            _OF_CORRECTIONS,
        ),
        row(
            "merchant",
            _("Name of the merchant"),
            _("The receipt carries the merchant's name or logo."),
            accepted.merchant,
            _OF_CORRECTIONS,
        ),
        row(
            "status",
            _("Status of the transaction"),
            _("The receipt states the status of the transaction."),
            accepted.status,
            _OF_CORRECTIONS,
        ),
    ]


def _refused() -> list[Requirement]:
    def row(
        id_: str, title: str, words: str, check: Callable[[Stage], Finding], source: str = _OF_THE_RETURN
    ) -> Requirement:
        return Requirement(
            id=f"refused-page-{id_}", chapter=Chapter.REFUSED, title=title, words=words, source=source, check=check
        )

    return [
        row(
            "reason",
            _("Reason of the refusal"),
            _("The page says why the payment was refused, with the gateway's message (respCode_desc)."),
            refused.reason,
        ),
        row(
            "fallback",
            _("Reason where the gateway gives no message"),
            _(
                "Without respCode_desc the page falls back to actionCodeDescription, or to a sentence of its own where "
                "that text is not in the payer's language."
            ),
            refused.fallback,
        ),
        row("amount", _("Amount not paid"), _("The page shows the amount with its currency."), refused.amount),
        row("help", _("The number 3020"), _("The card holders' toll-free number is on the page."), refused.help_number),
        row(
            "identifiers",
            _("No identifiers"),
            _("The page shows neither the order number nor the transaction identifier."),
            refused.no_identifiers,
            _OF_CORRECTIONS,
        ),
        row("not-paid", _("Never called paid"), _("A refused payment is not marked as paid."), refused.not_paid),
    ]


def _transactions(deck: tuple[Card, ...]) -> list[Requirement]:
    def row(id_: str, title: str, words: str, check: Callable[[Stage], Finding]) -> Requirement:
        return Requirement(
            id=id_, chapter=Chapter.TRANSACTIONS, title=title, words=words, source=_OF_TRANSACTIONS, check=check
        )

    return [
        row(
            "connectivity",
            _("Connection to the acquirer's server"),
            _("The merchant's server reaches the acquirer's server."),
            transactions.connectivity,
        ),
        *(row(f"card-{card.id}", *_CARDS[card.scenario], partial(transactions.card_of, card=card)) for card in deck),
        row(
            "cancel",
            _("Payment cancelled by the payer"),
            _("Whoever cancels on the acquirer's page is told that nothing was paid."),
            transactions.cancelling,
        ),
    ]


def _money_back() -> list[Requirement]:
    def row(id_: str, title: str, words: str, check: Callable[[Stage], Finding]) -> Requirement:
        return Requirement(
            id=id_, chapter=Chapter.MONEY_BACK, title=title, words=words, source=_OF_TRANSACTIONS, check=check
        )

    return [
        row(
            "refund-whole",
            _("Refund of a whole payment"),
            _("The merchant gives a payment back; the payer sees it."),
            money_back.whole,
        ),
        row(
            "refund-part",
            _("Refund of a part"),
            _("The merchant gives a part of a payment back; the payer sees it."),
            money_back.part,
        ),
        row(
            "platform-cancel",
            _("Payment cancelled on the acquirer's platform"),
            _("A payment that was cancelled on the acquirer's platform is known to the merchant."),
            money_back.cancelled_on_the_platform,
        ),
    ]
