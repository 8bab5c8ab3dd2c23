"""What is said of refunds on pages of the office. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.flows.close_refund import HowClosed
from bawabati.payments.rules import RefundKind, RefundReason, RefundState

REASONS: Final[dict[str, str]] = {
    RefundReason.BILL_DUE_AGAIN: _("The bill becomes due again"),
    RefundReason.CREDIT: _("The customer's credit goes back to the card"),
    RefundReason.GOODWILL: _("A gesture: the bill stays paid"),
}
KINDS: Final[dict[str, str]] = {
    RefundKind.REFUND: _("We give back"),
    RefundKind.REVERSAL: _("Taken back by others"),
}
STATES: Final[dict[str, str]] = {
    RefundState.REQUESTED: _("waits for approval"),
    RefundState.APPROVED: _("approved, about to be sent"),
    RefundState.REFUNDING: _("sent, being checked"),
    RefundState.MANUAL: _("left to a person"),
    RefundState.DONE: _("given back"),
    RefundState.REFUSED: _("not given back"),
}
HOW: Final[dict[str, str]] = {
    HowClosed.DONE: _("The gateway shows it: the money went back to the card"),
    HowClosed.OTHERWISE: _("The money went back in another way, such as a bank transfer"),
    HowClosed.REFUSED: _("Nothing goes back"),
}
WHY_IT_WAITS: Final[dict[str, str]] = {
    "unchanged": _("Sent, and two readings show nothing of it."),
    "gateway_holds_another_sum": _(
        "The gateway holds another sum than our books say: somebody may have given money back elsewhere."
    ),
    "not_readable": _("The gateway's answer cannot be read; it is asked again."),
}
