"""The words of the messages that leave, in their reader's language."""

from django.utils import translation
from django.utils.translation import get_language_bidi, gettext

from bawabati.flows.send_notice import Letter
from bawabati.money.amount import Money
from bawabati.money.dates import display_moment
from bawabati.money.display import isolated, with_currency
from bawabati.receipts.rules import Facts


def receipt_letter(facts: Facts) -> Letter:
    """What goes with a receipt."""
    with translation.override(facts.language):
        values = {
            "company": facts.company_name,
            "number": _kept_together(facts.number),
            "amount": with_currency(Money(facts.amount_centimes), facts.language),
            "bills": ", ".join(_kept_together(line.payment_number) for line in facts.lines),
            "moment": _kept_together(display_moment(facts.paid_at_moment)),
            "phone": _kept_together(facts.company_phone),
        }
        return Letter(
            subject=gettext("Payment receipt %(number)s - %(company)s") % values,
            text="\n\n".join(
                paragraph % values
                for paragraph in (
                    gettext("Hello,"),
                    gettext("Your payment of %(amount)s to %(company)s was accepted on %(moment)s."),
                    gettext("Bill: %(bills)s"),
                    gettext("Your receipt is attached to this message. Its number is %(number)s."),
                    gettext("A question? Call %(company)s: %(phone)s. For your card: 3020."),
                )
            )
            + "\n",
        )


def _kept_together(value: str) -> str:
    """Between Arabic words a reference, a date or a telephone would change the order of its groups."""
    return isolated(value) if get_language_bidi() else value
