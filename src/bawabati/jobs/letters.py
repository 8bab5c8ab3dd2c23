"""The words of the messages that leave, in their reader's language."""

from django.utils import translation
from django.utils.translation import gettext

from bawabati.flows.send_notice import Letter
from bawabati.money.amount import Money
from bawabati.money.dates import display_moment
from bawabati.money.display import with_currency
from bawabati.receipts.rules import Facts


def receipt_letter(facts: Facts) -> Letter:
    """What goes with a receipt."""
    with translation.override(facts.language):
        values = {
            "company": facts.company_name,
            "number": facts.number,
            "amount": with_currency(Money(facts.amount_centimes), facts.language),
            "bills": ", ".join(line.payment_number for line in facts.lines),
            "moment": display_moment(facts.paid_at_moment),
            "phone": facts.company_phone,
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
