"""The words of SMS, short enough for three parts in each language.

Amounts stand without their groups: in a message from right to left a space between digits would let them change places,
and many telephones draw a box for the marks that prevent it.
"""

from django.utils.translation import gettext, gettext_noop

from bawabati.errors import Broken
from bawabati.flows.send_notice import RECEIPT, Letter, Told
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.money.display import NO_BREAK_SPACE

CURRENCY = {"ar": "دج", "fr": "DA", "en": "DA"}
NEWS = {
    RECEIPT: gettext_noop("%(company)s: your payment of %(amount)s was accepted. Receipt: %(address)s"),
    "refund_requested": gettext_noop(
        "%(company)s: it was asked to give back %(refunded)s to you. A person decides; you will be told. %(address)s"
    ),
    "refund_approved": gettext_noop("%(company)s: %(refunded)s go back to the card that paid. %(address)s"),
    "refund_manual": gettext_noop(
        "%(company)s: giving back %(refunded)s takes longer; a person sees to it by %(promised)s. %(address)s"
    ),
    "refund_done": gettext_noop("%(company)s: %(refunded)s have been given back to your card. %(address)s"),
    "refund_done_otherwise": gettext_noop(
        "%(company)s: %(refunded)s have been given back in another way than to the card. %(address)s"
    ),
    "refund_refused": gettext_noop("%(company)s: it was decided not to give back %(refunded)s. %(address)s"),
    "reversal_done": gettext_noop("%(company)s: %(refunded)s of your payment were taken back. %(address)s"),
}


def short_message(told: Told) -> Letter:
    """The SMS that tells it, in the language that is active."""
    if told.kind not in NEWS:
        raise Broken("no SMS is written for this kind of message", kind=told.kind)
    values = {
        "company": told.company,
        "amount": _amount(Money(told.facts.amount_centimes), told.language),
        "refunded": _amount(told.refunded, told.language) if told.refunded else "",
        "promised": display_day(told.promised_on) if told.promised_on else "",
        "address": told.address,
    }
    return Letter(subject="", text=gettext(NEWS[told.kind]) % values)


def _amount(money: Money, language: str) -> str:
    dinars, centimes = divmod(money.centimes, 100)
    mark = "." if language == "en" else ","
    return f"{dinars}{mark}{centimes:02}{NO_BREAK_SPACE}{CURRENCY[language]}"
