"""The words of the messages that leave, in their reader's language."""

from collections.abc import Mapping
from datetime import date

from django.utils import translation
from django.utils.translation import get_language_bidi, gettext, gettext_noop

from bawabati.errors import Broken
from bawabati.flows.send_notice import (
    RECEIPT,
    Instalments,
    Invited,
    Letter,
    Morning,
    Overdue,
    Tidings,
    Told,
    Unusual,
)
from bawabati.jobs.letters_of_instalments import instalments_message
from bawabati.jobs.short_messages import short_message
from bawabati.money.amount import Money
from bawabati.money.dates import display_day, display_moment
from bawabati.money.display import isolated, with_currency
from bawabati.notices.rules import Means
from bawabati.receipts.rules import Facts

REFUND_NEWS = {
    "refund_requested": gettext_noop(
        "It was asked to give back %(refunded)s of your payment. A person of the company decides; you will be told."
    ),
    "refund_approved": gettext_noop("The company agrees: %(refunded)s of your payment go back to the card that paid."),
    "refund_manual": gettext_noop(
        "Giving back %(refunded)s of your payment takes longer than usual: it could not be done by machine, and a "
        "person of the company sees to it by %(promised)s at the latest."
    ),
    "refund_done": gettext_noop(
        "%(refunded)s of your payment have been given back. Your bank shows it within a few days."
    ),
    "refund_done_otherwise": gettext_noop(
        "%(refunded)s of your payment have been given back in another way than to the card."
    ),
    "reversal_done": gettext_noop("Your bank, or the payment service, has taken back %(refunded)s of your payment."),
    "refund_refused": gettext_noop("It was decided not to give back %(refunded)s of your payment."),
}
DUE_AGAIN = gettext_noop("What it had paid is due again: %(due_again)s.")
MAKES_DUE_AGAIN = frozenset({"refund_done", "refund_done_otherwise", "reversal_done"})
TOO_MUCH = gettext_noop(
    "When your payment arrived, less was due than you paid: %(kept)s were too much. They are yours."
)
CHOOSE = gettext_noop(
    "You may say on the page of your receipt what becomes of it: credit for your next bill, or back to your card. "
    "The company settles it with you by %(day)s at the latest."
)


def letter(told: Tidings) -> Letter:
    """The letter that tells it."""
    if isinstance(told, Invited):
        with translation.override(told.language):
            return _invitation(told)
    if isinstance(told, Unusual):
        with translation.override(told.language):
            return _unusual(told)
    if isinstance(told, Overdue):
        with translation.override(told.language):
            return _overdue(told)
    if isinstance(told, Morning):
        with translation.override(told.language):
            return _morning(told)
    if isinstance(told, Instalments):
        with translation.override(told.language):
            return instalments_message(told)
    if told.means is Means.SMS:
        with translation.override(told.language):
            return short_message(told)
    with translation.override(told.facts.language):
        if told.kind == RECEIPT:
            return _receipt_letter(told.facts, told.choose_by)
        if told.kind not in REFUND_NEWS or told.refunded is None:
            raise Broken("no letter is written for this kind of message", kind=told.kind)
        return _refund_letter(told, told.refunded)


def _invitation(told: Invited) -> Letter:
    values = {
        "name": told.name,
        "address": told.address,
        "moment": _kept_together(display_moment(told.expires_at)),
    }
    return _letter(
        values,
        gettext("Your account at Bawabati"),
        gettext("Hello %(name)s,"),
        gettext("You are invited to work with Bawabati. Choose your password here:"),
        "%(address)s",
        gettext("The link opens once, until %(moment)s. Nobody will ever ask you for your password."),
    )


def _unusual(told: Unusual) -> Letter:
    return _letter(
        {"name": told.name, "address": told.address, "moment": _kept_together(display_moment(told.at))},
        gettext("A sign-in from another browser"),
        gettext("Hello %(name)s,"),
        gettext("Your account was opened on %(moment)s in a browser that we have not seen you use before."),
        gettext("Was it you? Then there is nothing to do. If not, sign out everywhere here and tell an administrator:"),
        "%(address)s",
    )


def _overdue(told: Overdue) -> Letter:
    """Numbers and days alone: a mailbox is no place for what a case knows of a person."""
    lines = [
        gettext("File %(number)s, promised by %(day)s") % {"number": number, "day": _kept_together(display_day(day))}
        for number, day in told.oldest
    ]
    values = {"name": told.name, "address": told.address, "count": str(told.count), "lines": "\n".join(lines)}
    return _letter(
        values,
        gettext("Your overdue cases: %(count)s"),
        gettext("Hello %(name)s,"),
        gettext("Their promised day has passed: settle them, promise another day, or hand them over."),
        *(["%(lines)s"] if lines else []),
        "%(address)s",
    )


def _morning(told: Morning) -> Letter:
    """The subject alone says what came: most mornings nobody needs to open it."""
    figures = told.figures
    values = {
        "name": told.name,
        "company": told.company,
        "address": told.address,
        "day": _kept_together(display_day(figures.day)),
        "payers": str(figures.payers),
        "first": str(figures.first_payers),
        "amount": with_currency(Money(figures.centimes), told.language),
    }
    return _letter(
        values,
        gettext("%(day)s: %(payers)s payers, %(amount)s"),
        gettext("Hello %(name)s,"),
        gettext("%(company)s on %(day)s: payers: %(payers)s, of them new: %(first)s, amount: %(amount)s."),
        gettext("The page is attached to this message. The board with all its pictures:"),
        "%(address)s",
        gettext("You have chosen to get this page each morning; on the board you choose otherwise."),
    )


def _receipt_letter(facts: Facts, choose_by: date | None) -> Letter:
    left = sum(line.left_centimes for line in facts.lines)
    return _letter(
        _values(facts)
        | {
            "left": with_currency(Money(left), facts.language),
            "kept": with_currency(Money(facts.kept_centimes), facts.language),
            "day": _kept_together(display_day(choose_by)) if choose_by else "",
        },
        gettext("Payment receipt %(number)s - %(company)s"),
        gettext("Hello,"),
        gettext("Your payment of %(amount)s to %(company)s was accepted on %(moment)s."),
        gettext("Bill: %(bills)s") if len(facts.lines) == 1 else gettext("Bills: %(bills)s"),
        *([gettext("This was a part payment: %(left)s remained due.")] if left else []),
        *([gettext(TOO_MUCH)] if facts.kept_centimes else []),
        *([gettext(CHOOSE)] if facts.kept_centimes and choose_by else []),
        gettext("Your receipt is attached to this message. Its number is %(number)s."),
        gettext("A question? Call %(company)s: %(phone)s. For your card: 3020."),
    )


def _refund_letter(told: Told, refunded: Money) -> Letter:
    facts = told.facts
    more = {
        "refunded": with_currency(refunded, facts.language),
        "promised": _kept_together(display_day(told.promised_on)) if told.promised_on else "",
        "due_again": ", ".join(_kept_together(number) for number in told.due_again),
    }
    return _letter(
        _values(facts) | more,
        gettext("Refund of payment %(number)s - %(company)s"),
        gettext("Hello,"),
        gettext("Your payment of %(amount)s to %(company)s was accepted on %(moment)s."),
        gettext(REFUND_NEWS[told.kind]),
        *([gettext(DUE_AGAIN)] if told.due_again and told.kind in MAKES_DUE_AGAIN else []),
        gettext("The receipt's number is %(number)s."),
        gettext("A question? Call %(company)s: %(phone)s. For your card: 3020."),
    )


def _letter(values: Mapping[str, str], subject: str, *paragraphs: str) -> Letter:
    text = "\n\n".join(paragraph % values for paragraph in paragraphs)
    return Letter(subject=subject % values, text=f"{text}\n")


def _values(facts: Facts) -> dict[str, str]:
    return {
        "company": facts.company_name,
        "number": _kept_together(facts.number),
        "amount": with_currency(Money(facts.amount_centimes), facts.language),
        "bills": ", ".join(_kept_together(line.payment_number) for line in facts.lines),
        "moment": _kept_together(display_moment(facts.paid_at_moment)),
        "phone": _kept_together(facts.company_phone),
    }


def _kept_together(value: str) -> str:
    """Between Arabic words a reference, a date or a telephone would change the order of its groups."""
    return isolated(value) if get_language_bidi() else value
