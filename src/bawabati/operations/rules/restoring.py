"""How long files of backups are kept, what a restored installation may do, and when a date comes near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from bawabati.errors import CannotDo

MONTHS_KEPT: Final = 13
"""The first backup of each of the last months is kept, whatever its age in days."""
CHECK_HOLDS_FOR: Final = timedelta(hours=1)
"""How long a check of a restored installation says how things are."""
SOON: Final = timedelta(days=45)
"""From when on the end of a contract, an authorisation or a certificate is spoken of."""

BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, as order numbers have it."""


class PaperKind(StrEnum):
    """What a company holds that ends on a day."""

    GATEWAY_CONTRACT = "gateway_contract"
    """With the bank and the gateway: without it no card is taken."""
    GATEWAY_PASSWORD = "gateway_password"  # noqa: S105 - a kind of paper
    """Of the merchant account; the gateway refuses it when it is too old."""
    DATA_DECLARATION = "data_declaration"
    """To the authority for personal data."""
    SUPPLIER_REGISTRATION = "supplier_registration"
    """Of the company as an electronic supplier."""


class Closeness(StrEnum):
    """How near an end is."""

    FAR = "far"
    SOON = "soon"
    OVER = "over"


def closeness_of(ends_on: date, *, today: date) -> Closeness:
    """How near a last day is. The last day itself still counts."""
    if ends_on < today:
        return Closeness.OVER
    return Closeness.SOON if ends_on - today <= SOON else Closeness.FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of a backup in its folder."""

    name: str
    made_at: datetime


def to_remove(files: Iterable[Kept], *, days: int, now: datetime) -> list[Kept]:
    """The files that are too old to be kept, oldest first. The newest is never among them.

    Kept are those of the last `days`, and of each of the last thirteen months the first.
    Rule: backups-kept (behaviour.md 6, "Restore from a backup")
    """
    ordered = sorted(files, key=lambda file: (file.made_at, file.name))
    first_of_month: dict[tuple[int, int], Kept] = {}
    for file in ordered:
        first_of_month.setdefault((file.made_at.year, file.made_at.month), file)
    this_month = now.year * 12 + now.month
    monthly = {
        file.name for (year, month), file in first_of_month.items() if this_month - (year * 12 + month) < MONTHS_KEPT
    }
    return [file for file in ordered[:-1] if now - file.made_at > timedelta(days=days) and file.name not in monthly]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check of a restored installation has found."""

    recovered: int
    """Payments that were posted because the gateway holds their money."""
    left_for_people: int
    """What became cases."""
    unanswered: int
    """Attempts of which the gateway said nothing: asked again before the doors open."""
    unknown_orders: int
    """Orders of the journal of which this database knew nothing, and that were taken in."""
    differences: int
    """Of the books, after all that."""

    def to_json(self) -> dict[str, int]:
        """As it is stored."""
        return {
            "recovered": self.recovered,
            "left_for_people": self.left_for_people,
            "unanswered": self.unanswered,
            "unknown_orders": self.unknown_orders,
            "differences": self.differences,
        }


class NotInQuarantine(CannotDo):
    """There is nothing to check or to leave."""

    code: ClassVar[str] = "not_in_quarantine"
    sentence: ClassVar[str] = "This installation is not in quarantine."


class NotCheckedYet(CannotDo):
    """The check was never made, or so long ago that more may have happened."""

    code: ClassVar[str] = "not_checked_yet"
    sentence: ClassVar[str] = "Compare with the gateway first: nobody has done so in the last hour."


class GatewaySilent(CannotDo):
    """Money may still be unknown to us."""

    code: ClassVar[str] = "gateway_silent"
    sentence: ClassVar[str] = "The gateway gave no answer about %(count)s payments. Compare again when it answers."


def series_mark_of(restored_at: datetime) -> str:
    """What the names of receipt series end with after a restoration, e.g. -R3F0K2: its minute, in base 32.

    Payers hold receipts of which a restored database knows nothing. Their numbers are never given again, however many
    they are, because the old series gets no more of them. Rule: receipt-numbers-after-restore (behaviour.md 2)
    """
    minutes = int((restored_at - BEGINNING).total_seconds()) // 60
    signs = [ALPHABET[minutes >> shift & 31] for shift in (20, 15, 10, 5, 0)]
    return "-R" + "".join(signs)


def check_may_leave(*, checked_at: datetime | None, unanswered: int, in_spite: bool, now: datetime) -> None:
    """Whether the doors may open. `in_spite`: a person takes it upon himself although some answers are missing.

    Rule: quarantine (behaviour.md 6, "Restore from a backup")

    Raises:
        NotCheckedYet, GatewaySilent.
    """
    if checked_at is None or now - checked_at > CHECK_HOLDS_FOR:
        raise NotCheckedYet
    if unanswered and not in_spite:
        raise GatewaySilent(count=unanswered)
