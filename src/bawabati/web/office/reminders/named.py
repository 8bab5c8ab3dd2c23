"""What stages and reasons are called on pages. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from bawabati.notices.rules import Means
from bawabati.reminders.rules import Stage, Why

STAGE_NAMES: Final[dict[str, str]] = {
    Stage.BEFORE_DUE: _("Before the due day"),
    Stage.AT_DUE: _("On the due day"),
    Stage.BEFORE_CUT_OFF: _("Before the cut-off"),
}
MEANS_NAMES: Final[dict[str, str]] = {Means.EMAIL: _("E-mail"), Means.SMS: _("SMS")}
WHY_NAMES: Final[dict[str, str]] = {
    Why.PAID: _("paid meanwhile"),
    Why.GONE: _("the bill was taken back"),
    Why.AGREED: _("paid by instalments"),
    Why.BEING_CHECKED: _("a payment is being checked"),
    Why.OPTED_OUT: _("no reminders are wanted there"),
    Why.ERASED: _("its address has been erased"),
    Why.SWITCHED_OFF: _("reminders were switched off"),
    Why.TOO_LATE: _("it would have come too late"),
}
