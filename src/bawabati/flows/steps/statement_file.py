"""A file of an acquirer or a bank, opened by its profile: its lines, and what it announces of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import file_digest
from pathlib import Path

from bawabati.adapters import registry
from bawabati.adapters.statements.contract import BadEntry, Entry, Layout, LineKind, Source, StatementFile
from bawabati.companies.rules import looks_like_a_card_number
from bawabati.settlement.models import StatementProfile
from bawabati.settlement.rules import TOLD_OF_THE_FILE, key_of, layout_of, remittance_of, wants_total
from bawabati.settlement.writes import StagedEntry

_CARD = "looks_like_a_card_number"


@dataclass(slots=True, kw_only=True)
class OpenStatement:
    """Sums are of what `lines` has given so far. `announced` is the sender's own total, or its balances."""

    layout: Layout
    file: StatementFile
    announced: dict[str, int] = field(default_factory=dict)
    last_day: date | None = None

    def lines(self) -> Iterator[StagedEntry | BadEntry]:
        """Every line that tells of money, good or bad; once, in constant memory.

        The text of a line that may hold a card number is not kept. Rule: no-card-numbers (invariant I16)
        """
        source = self.layout.source
        seen: Counter[tuple[object, ...]] = Counter()
        for entry in self.file.lines:
            if isinstance(entry, BadEntry):
                yield _kept(entry)
            elif entry.kind in TOLD_OF_THE_FILE:
                self._heed(entry)
            elif source is Source.ACQUIRER:
                yield StagedEntry(entry, key_of(entry, source=source), remittance_of(entry))
            else:
                yield StagedEntry(_without_card(entry), key_of(entry, source=source, again=_again(entry, seen)), "")

    @property
    def is_cut_off(self) -> bool:
        """After all lines: whether the last one, which the profile knows, has not come."""
        last = "closing" if self.layout.source is Source.BANK else "net"
        return wants_total(self.layout) and last not in self.announced

    def _heed(self, entry: Entry) -> None:
        if entry.kind is LineKind.TOTAL:
            self.announced = {"gross": entry.gross, "fee": entry.fee, "vat": entry.vat, "net": entry.net}
            if entry.sales is not None:
                self.announced["count"] = entry.sales
        elif entry.balance is not None:
            if entry.kind is LineKind.CLOSING:
                self.announced["closing"] = entry.balance
            else:
                self.announced.setdefault("opening", entry.balance)


def open_statement(path: Path, profile: StatementProfile) -> OpenStatement:
    """Raises CannotDo where the file as a whole cannot be read, OSError where it cannot be opened."""
    layout = layout_of(profile.layout)
    return OpenStatement(layout=layout, file=registry.statement_reader(layout.format).open(path, layout))


def digest_of(path: Path) -> str:
    """What names the content of a file. Raises OSError."""
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _again(entry: Entry, seen: Counter[tuple[object, ...]]) -> int:
    """How many equal lines came before, where no balance tells them apart."""
    if entry.balance is not None:
        return 0
    same = (entry.happened_on, entry.value_on, entry.reference, entry.label, entry.net)
    seen[same] += 1
    return seen[same] - 1


def _without_card(entry: Entry) -> Entry:
    if looks_like_a_card_number(entry.label):
        entry = entry._replace(label="")
    return entry._replace(reference="") if looks_like_a_card_number(entry.reference) else entry


def _kept(line: BadEntry) -> BadEntry:
    if looks_like_a_card_number(line.text):
        return line._replace(text="", detail=_CARD)
    return line._replace(text=line.text.replace("\0", ""))
