"""The words of messages about instalments, by e-mail and by SMS, in their reader's language."""

from django.utils.translation import gettext, gettext_noop

from bawabati.errors import Broken
from bawabati.flows.send_notice import Instalments, Letter
from bawabati.money.dates import display_day
from bawabati.money.display import isolated, with_currency
from bawabati.notices.rules import Means

NEWS = {
    "instalments_asked": gettext_noop("You have asked to pay in instalments. The company answers you."),
    "instalments_approved": gettext_noop("The company agrees to your instalments. Pay the first to begin."),
    "instalments_accepted": gettext_noop("Your agreement to pay in instalments is made. Pay the first to begin."),
    "instalments_offered": gettext_noop("The company offers you other instalments. Say whether you agree."),
    "instalments_refused": gettext_noop("The company does not agree to instalments."),
    "instalments_lapsed": gettext_noop("Nothing came of your instalments. What is left of the bills is due."),
    "instalments_missed": gettext_noop("An instalment is late. Pay it now, or the agreement ends."),
    "instalments_broken": gettext_noop("The agreement has ended: an instalment was not paid. The bills are due."),
    "instalments_all_paid": gettext_noop("All instalments are paid. Thank you."),
    "instalments_bills_gone": gettext_noop("The company has taken the bills back. Nothing of them is owed any more."),
    "instalments_ended": gettext_noop("The company has ended your instalments. What is left of the bills is due."),
}
NEXT = gettext_noop("Next: %(amount)s by %(day)s, payment number %(number)s.")


def instalments_message(told: Instalments) -> Letter:
    """The message that tells it, in the language that is active."""
    if told.kind not in NEWS:
        raise Broken("no letter is written for this kind of message", kind=told.kind)
    news, values = gettext(NEWS[told.kind]), _values(told)
    follows = gettext(NEXT) % values if told.next_number else ""
    if told.means is Means.SMS:
        text = " ".join(filter(None, [f"{told.company}: {news}", follows, told.address]))
        return Letter(subject="", text=text)
    said = f"{gettext('The company says:')} {told.because}" if told.because else ""
    paragraphs = [gettext("Hello,"), news, said, follows, gettext("How it stands, and what can be paid:"), told.address]
    subject = gettext("Your instalments - %(company)s") % values
    return Letter(subject=subject, text="\n\n".join(filter(None, paragraphs)) + "\n")


def _values(told: Instalments) -> dict[str, str]:
    return {
        "company": told.company,
        "amount": with_currency(told.next_amount, told.language) if told.next_amount else "",
        "day": display_day(told.next_on) if told.next_on else "",
        "number": isolated(told.next_number) if told.means is Means.EMAIL else told.next_number,
    }
