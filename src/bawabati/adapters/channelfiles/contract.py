"""What a reader of channels' daily files does for us: a file whole, with its own totals, or why it is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple, Protocol

from bawabati.errors import CannotDo


class ChannelFileNotReadable(CannotDo):
    """A day's account is taken whole or not at all. `lines` names each line that cannot be read, and its column."""

    code: ClassVar[str] = "channel_file_not_readable"
    sentence: ClassVar[str] = "The file was not taken. Lines that cannot be read, and their column: %(lines)s."


class ChannelFileColumnsWrong(CannotDo):
    """The first line does not name the columns."""

    code: ClassVar[str] = "channel_file_columns_wrong"
    sentence: ClassVar[str] = "The file was not taken. Its first line has to be: %(columns)s."


class ChannelFileCutOff(CannotDo):
    """The line of totals is missing, or lines stand behind it."""

    code: ClassVar[str] = "channel_file_cut_off"
    sentence: ClassVar[str] = "The file was not taken. Its last line has to give its totals: %(total)s."


class ChannelFileTotalsDiffer(CannotDo):
    """The file does not hold what it says that it holds."""

    code: ClassVar[str] = "channel_file_totals_differ"
    sentence: ClassVar[str] = (
        "The file was not taken. It says %(said_count)s paid lines of %(said)s in all and holds %(count)s of %(held)s."
    )


class DayLine(NamedTuple):
    """One bill, as the channel says."""

    line: int
    reference: str
    payment_number: str
    amount_centimes: int
    word: str
    """paid, cancelled or pending."""
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDay:
    """A file whose totals are right."""

    day: date
    lines: tuple[DayLine, ...]


class ChannelFileReader(Protocol):
    """Reads one format."""

    def read(self, content: bytes) -> ChannelDay:
        """The whole day.

        Raises:
            ChannelFileColumnsWrong, ChannelFileNotReadable, ChannelFileCutOff, ChannelFileTotalsDiffer.
        """
