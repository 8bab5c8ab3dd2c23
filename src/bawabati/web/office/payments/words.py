"""What payments, refunds and messages to the outside are called on pages of the office. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.payments.rules import State
from bawabati.payments.rules.ways import Way

STATES: Final[dict[str, str]] = {
    State.PAID: _("paid"),
    State.OPENED: _("being opened at the gateway"),
    State.AT_GATEWAY: _("at the gateway"),
    State.IN_DOUBT: _("being checked"),
    State.WATCHED: _("not paid, still watched"),
    State.FAILED: _("not opened"),
    State.DECLINED: _("refused"),
    State.EXPIRED: _("time is over"),
}
WAYS: Final[dict[str, str]] = {
    Way.WEB: _("online"),
    Way.CARD: _("card at a desk"),
    Way.CASH: _("cash"),
    Way.CHEQUE: _("cheque"),
    Way.CHANNEL: _("another channel"),
}
EVENTS: Final[dict[str, str]] = {
    "opened": _("Started; the bills are reserved"),
    "registered": _("The gateway has opened the order"),
    "refused_by_gateway": _("The gateway refused to open the order"),
    "never_sent": _("The order was never sent to the gateway"),
    "found_late": _("The gateway knows the order after all"),
    "never_registered": _("The gateway does not know the order"),
    "confirmed": _("Paid: the gateway has confirmed it"),
    "recovered": _("Money found after the end: posted here"),
    "received": _("Received"),
    "declined": _("Refused"),
    "cancelled": _("Cancelled by the payer"),
    "page_over": _("The time of the bank's page is over"),
    "silent": _("No answer from the gateway: in doubt"),
    "declined_for_good": _("Refused for good"),
    "expired": _("Ended without payment"),
    "hold_released": _("The bills were released by a person"),
    "mismatch": _("The gateway speaks of another amount, number or currency"),
    "paid_after_end": _("The gateway says paid after the end"),
    "registered_late": _("The gateway opened the order too late"),
    "access_denied": _("The gateway refuses our credentials"),
}
REFUND_STEPS: Final[dict[str, str]] = {
    "requested": _("Refund asked for"),
    "approved": _("Refund approved"),
    "refused": _("Refund not approved"),
    "claimed": _("Refund about to be sent"),
    "recorded": _("Money that had gone back was written down"),
    "differs": _("Refund stopped: the gateway holds another sum than our books say"),
    "answered_done": _("The gateway has given the money back"),
    "found_done": _("Two readings show: the money has gone back"),
    "not_sent": _("The refund was not sent"),
    "found_not_done": _("Two readings show: the money has not gone back"),
    "given_up": _("The refund is left to a person"),
    "refused_by_gateway": _("The gateway refuses the refund"),
    "done_by_hand": _("A person has found that the money has gone back"),
    "given_otherwise": _("Given back in another way"),
}
VERBS: Final[dict[str, str]] = {
    "register": _("Message to the gateway: open the order"),
    "ask": _("Question to the gateway: what happened?"),
    "ask_by_number": _("Question to the gateway, by our number"),
    "refund": _("Message to the gateway: give money back"),
    "callback": _("Message from the gateway: look at the order"),
}
OUTCOMES: Final[dict[str, str]] = {
    "registered": _("opened"),
    "found": _("found"),
    "paid": _("paid"),
    "waiting": _("nobody has paid yet"),
    "refused declined": _("refused"),
    "refused cancelled": _("cancelled by the payer"),
    "refused authentication_failed": _("the code was not confirmed"),
    "refused page_timed_out": _("time is over"),
    "refused reversed": _("given back"),
    "refunded": _("given back"),
    "notdone unknown_order": _("the gateway does not know it"),
    "notdone no_connection": _("no connection: nothing was sent"),
    "unknown no_connection": _("no connection: nothing was sent"),
    "unknown timed_out": _("no answer in time"),
    "unknown connection_lost": _("the connection was lost"),
    "unknown server_error": _("the gateway was unwell"),
    "unknown unreadable": _("the answer cannot be read"),
    "unknown access_denied": _("our credentials were refused"),
    "asked_soon": _("we asked the gateway soon after"),
    "ended": _("it had ended: nothing was left to ask"),
}
"""What a message was answered with, or what became of one that we were sent."""
ORDERS: Final[dict[str, str]] = {
    "pay": _("To the reader: take the payment"),
    "abort": _("To the reader: cancel"),
    "ask": _("Question to the reader: what happened?"),
    "reverse": _("To the reader: reverse"),
    "diagnose": _("Question to the reader: are you well?"),
    "print": _("To the printer: print"),
    "totals": _("Question to the reader: your totals"),
}
NOTICES: Final[dict[str, str]] = {
    "receipt": _("Message to the payer: the receipt"),
    "refund_requested": _("Message to the payer: a refund is asked for"),
    "refund_approved": _("Message to the payer: the refund is approved"),
    "refund_manual": _("Message to the payer: a person sees to the refund"),
    "refund_done": _("Message to the payer: the money went back"),
    "refund_done_otherwise": _("Message to the payer: the money went back in another way"),
    "reversal_done": _("Message to the payer: the money was taken back"),
    "refund_refused": _("Message to the payer: no refund"),
    "instalments_asked": _("Message to the payer: instalments are asked for"),
    "instalments_approved": _("Message to the payer: instalments are agreed"),
    "instalments_accepted": _("Message to the payer: the offer is accepted"),
    "instalments_offered": _("Message to the payer: other instalments are offered"),
    "instalments_refused": _("Message to the payer: no instalments"),
    "instalments_lapsed": _("Message to the payer: the agreement has lapsed"),
    "instalments_missed": _("Message to the payer: an instalment is late"),
    "instalments_broken": _("Message to the payer: the agreement is broken"),
    "instalments_all_paid": _("Message to the payer: all instalments are paid"),
    "instalments_bills_gone": _("Message to the payer: the bills were taken back"),
    "instalments_ended": _("Message to the payer: the agreement has ended"),
}
NOTICE_STATES: Final[dict[str, str]] = {
    "waiting": _("waiting to leave"),
    "sent": _("sent"),
    "rejected": _("rejected by the mail server"),
    "given_up": _("given up"),
    "called_off": _("called off: no longer true"),
}


def words(table: dict[str, str], key: str) -> str:
    """In the language of the page; what has no words as it is written down."""
    return gettext(table[key]) if key in table else key
