"""What cases, and what happens to them, are called on the pages of the office. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.cases.rules import CaseStepKind, ClosedAs

KINDS: Final[dict[str, str]] = {
    "surplus": _("Too much was paid"),
    "refund": _("A refund waits"),
    "credit_overdrawn": _("More went back than the customer had"),
    "mismatch": _("The gateway speaks of another sum or order"),
    "taken_back": _("The gateway has taken money back"),
    "odd_answer": _("The gateway says neither paid nor not paid"),
    "access_denied": _("The gateway refuses our credentials"),
    "paid_after_end": _("Money came after the end"),
    "not_paid_at_gateway": _("The gateway does not know of money that we posted"),
    "registered_late": _("The gateway opened the order too late"),
    "sale_approved_after_end": _("The reader says paid after the end"),
    "sale_mismatch": _("The reader answers with another sale"),
    "sale_review": _("Nobody knows what became of a sale"),
    "sale_unknown": _("A sale is not cleared up yet"),
    "sale_handed_over": _("A session was closed over an unclear sale"),
    "channel_pending": _("A channel does not know whether it was paid"),
    "channel_mismatch": _("A channel says paid of another sum"),
    "channel_paid_after_end": _("A channel says paid after the end"),
    "channel_cancelled_paid": _("A channel takes back what was paid"),
    "channel_unknown": _("A channel says paid of nothing that we know"),
    "channel_difference": _("A channel's file says otherwise than our books"),
    "channel_owes": _("A channel has not handed over what it took"),
    "channel_silent": _("A channel says nothing of what it has reserved"),
    "channel_file_again": _("A channel brings a file again that it had replaced"),
    "channel_file_missing": _("A channel has brought no file of a day"),
    "closing_difference": _("A day was closed over a difference"),
    "reader_totals_differ": _("The reader's totals differ from ours"),
    "block_not_returned": _("Receipt numbers were not given back"),
    "offline_unknown_bill": _("Paid offline: no such bill"),
    "offline_amount_differs": _("Paid offline: another amount"),
    "offline_after_closing": _("Came in after the session was closed"),
    "webhook_silent": _("An address takes no events"),
    "webhook_given_up": _("An address does not take some events"),
    "offline_number_twice": _("One receipt number, two payments"),
}
STEPS: Final[dict[str, str]] = {
    CaseStepKind.OPENED: _("Opened"),
    CaseStepKind.LEARNT: _("More is known"),
    CaseStepKind.COMMENTED: _("Comment"),
    CaseStepKind.HANDED_OVER: _("Handed over"),
    CaseStepKind.PROMISE_MOVED: _("Another day promised"),
    CaseStepKind.CLOSED: _("Closed"),
}
ENDINGS: Final[dict[str, str]] = {
    ClosedAs.SETTLED_WITH_CUSTOMER: _("settled with the customer"),
    ClosedAs.GIVEN_BACK: _("the money went back"),
    ClosedAs.KEPT_AS_CREDIT: _("kept as credit"),
    ClosedAs.CONFIRMED_BY_BANK: _("the bank confirms our books"),
    ClosedAs.OUR_MISTAKE: _("our mistake, put right"),
    ClosedAs.NOTHING_TO_DO: _("nothing had to be done"),
    ClosedAs.OTHER: _("another reason"),
    ClosedAs.BY_ITSELF: _("by itself: what it was about has ended"),
}
LEARNT: Final[dict[str, str]] = {
    "payer_chose": _("the payer chose"),
    "why": _("why it waits"),
    "held_centimes": _("the gateway holds"),
    "customer": _("customer"),
    "payment": _("payment"),
    "said_otherwise": _("sums that were said"),
}
VALUES: Final[dict[str, str]] = {
    "card": _("back to the card"),
    "credit": _("credit for the next bill"),
    "waits_for_approval": _("waits for another person's approval"),
    "gateway_holds_another_sum": _("the gateway holds another sum than our books say"),
    "unchanged": _("two readings show nothing of it, three times"),
    "not_readable": _("the gateway's answer cannot be read"),
}
