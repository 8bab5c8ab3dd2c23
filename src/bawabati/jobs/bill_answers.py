"""What we say back about a file of bills: the bad lines, ready to be corrected, and the result of every line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from bawabati.bills.rules import RefusedLine, bad_lines_file
from bawabati.flows.import_bills import ImportReport, LineResult


def write_bad_lines(path: Path, *, report: ImportReport, lines: Iterable[RefusedLine], count: Counter[str]) -> None:
    """Each line as it came, behind it the reason: corrected, the file can be imported as it is.

    `count` is told how often each reason occurs.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(bad_lines_file(head=report.head, delimiter=report.delimiter, lines=_counted(lines, count)))


def _counted(lines: Iterable[RefusedLine], count: Counter[str]) -> Iterator[RefusedLine]:
    for line in lines:
        count[line.reason] += 1
        yield line


class ResultsFile:
    """What became of each line, one line for each. It takes its place only if the import holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(path.name + ".unfinished")

    def __enter__(self) -> Self:
        self._file = self._unfinished.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(("line_number", "outcome", "reason", "detail"))
        return self

    def write(self, result: LineResult) -> None:
        self._rows.writerow(result)

    def __exit__(self, failed: type[BaseException] | None, _error: object, _where: TracebackType | None) -> None:
        self._file.close()
        if failed is None:
            self._unfinished.replace(self._path)
        else:
            self._unfinished.unlink()
