"""What days, differences and lines of files are called on pages. English, for the catalogues."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bawabati.reports.rules import NamedDifference, OpenDifference
from bawabati.settlement.rules import DifferenceKind

WAYS: Final[dict[str, str]] = {
    "web": _("Card, online"),
    "card": _("Card, in agencies"),
    "cash": _("Cash, in agencies"),
    "cheque": _("Cheques, in agencies"),
    "channel": _("Other channels"),
    "bank": _("Given back by the bank"),
}
OURS: Final[dict[str, str]] = {
    "books_differ": _("Payments and books differ: %(about)s"),
    "agency_not_signed": _("Agency %(about)s has not signed its day"),
    "files_differ": _("The acquirer's files do not say what we say"),
    "bank_differs": _("The bank has not credited what was remitted"),
}
ITEMS: Final[dict[str, str]] = {
    DifferenceKind.MISSING_AT_BANK: _("Payments in no file of the acquirer"),
    DifferenceKind.NOT_OURS: _("A line without a payment of ours"),
    DifferenceKind.AMOUNT_DIFFERS: _("The amount of a line differs"),
    DifferenceKind.FEE_DIFFERS: _("The commission differs"),
    DifferenceKind.VAT_DIFFERS: _("The VAT on the commission differs"),
    DifferenceKind.NET_DIFFERS: _("The net of a line differs"),
    DifferenceKind.REPEATED_LINE: _("A repeated line"),
    DifferenceKind.PAID_BUT_NOT_POSTED_HERE: _("Paid, and not posted here"),
    DifferenceKind.REFUND_NOT_SEEN: _("A refund that no file shows"),
    DifferenceKind.REFUND_NOT_OURS: _("A refund that is not ours"),
    DifferenceKind.CHARGEBACK: _("A chargeback"),
    DifferenceKind.REMITTANCE_NOT_CREDITED: _("A remittance that the bank has not credited"),
    DifferenceKind.CREDIT_WITHOUT_REMITTANCE: _("A credit without a remittance"),
    DifferenceKind.CREDIT_DIFFERS: _("A credit of another sum"),
    DifferenceKind.MISSING_FILE: _("No file of the acquirer for this day"),
    DifferenceKind.FILE_TOTAL_DIFFERS: _("The total of a file differs"),
    DifferenceKind.LATE_LINE: _("Lines that came late"),
    DifferenceKind.UNREADABLE_LINE: _("A line that cannot be read"),
}


def way_word(way: str) -> str:
    """A way of paying, as a page calls it."""
    return gettext(WAYS.get(way, way))


def difference_word(difference: OpenDifference | NamedDifference) -> str:
    """A difference, as a page calls it."""
    if difference.kind in OURS:
        about = way_word(difference.about) if difference.kind == "books_differ" else difference.about
        return gettext(OURS[difference.kind]) % {"about": about}
    return gettext(ITEMS.get(DifferenceKind(difference.about), difference.about))
