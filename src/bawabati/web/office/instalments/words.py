"""What agreements, and what happens to them, are called on the pages of the office. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.bills.rules import AgreementEvent, AgreementState, LookupFactor

STATES: Final[dict[str, str]] = {
    AgreementState.ASKED: _("waits for an answer"),
    AgreementState.OFFERED: _("offered, waits for the payer"),
    AgreementState.AGREED: _("agreed, first instalment awaited"),
    AgreementState.RUNNING: _("being paid"),
    AgreementState.LATE: _("late"),
    AgreementState.DONE: _("all paid"),
    AgreementState.REFUSED: _("refused"),
    AgreementState.TAKEN_BACK: _("taken back by the payer"),
    AgreementState.LAPSED: _("lapsed"),
    AgreementState.BROKEN: _("broken"),
    AgreementState.ENDED: _("ended early"),
    AgreementState.CANCELLED: _("bills taken back"),
}
EVENTS: Final[dict[str, str]] = {
    AgreementEvent.ASKED: _("Asked for"),
    AgreementEvent.APPROVED: _("Approved"),
    AgreementEvent.OFFERED: _("Something else offered"),
    AgreementEvent.ACCEPTED: _("Offer accepted by the payer"),
    AgreementEvent.REFUSED: _("Refused"),
    AgreementEvent.TAKEN_BACK: _("Taken back by the payer"),
    AgreementEvent.LAPSED: _("Lapsed"),
    AgreementEvent.FIRST_PAID: _("First instalment paid"),
    AgreementEvent.MISSED: _("An instalment was missed"),
    AgreementEvent.CAUGHT_UP: _("Caught up"),
    AgreementEvent.BROKEN: _("Broken: an instalment stayed unpaid"),
    AgreementEvent.ALL_PAID: _("Everything paid"),
    AgreementEvent.ENDED: _("Ended early"),
    AgreementEvent.BILLS_GONE: _("All its bills were taken back by the billing system"),
}
FACTORS: Final[dict[str, str]] = {
    LookupFactor.NONE: _("nothing: bills are found by their payment number alone"),
    LookupFactor.OLDER_NUMBER: _("the payment number of any older bill (strong)"),
    LookupFactor.BILL_AMOUNT: _("the amount of one of the latest bills (where few bills have the same)"),
    LookupFactor.NAME_LETTERS: _("the first letters of the name (weak: a captcha each time)"),
}
