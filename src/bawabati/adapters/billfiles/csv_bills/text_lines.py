"""The lines of a text file whose encoding nobody has told us, in constant memory, none lost."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from bawabati.adapters.billfiles.contract import FileEmpty
from bawabati.errors import CannotDo

LONGEST_LINE_BYTES: Final = 64 * 1024
_BLOCK_BYTES: Final = 1024 * 1024
_KEPT_OF_A_LONG_LINE: Final = 2000
_BYTE_ORDER_MARKS_OF_OTHERS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class FileNotText(CannotDo):
    """A picture, an old spreadsheet, or text in two-byte characters."""

    code: ClassVar[str] = "bill_file_not_text"
    sentence: ClassVar[str] = "This is not a text file. Save the table as CSV in UTF-8 and try again."


@dataclass(frozen=True, slots=True)
class Oddity:
    """A line that is no readable text, and why."""

    text: str
    reason: str


class TextLines:
    """Iterates over (line number, text) from the line after the head; a line that is not text comes as an Oddity.

    The encoding is UTF-8 where the file says so or where most of what is beyond ASCII reads as UTF-8; else it is
    cp1256, the Arabic code page of Windows, in which every byte means something.

    Raises:
        FileEmpty: nothing is in it.
        FileNotText: its head is no text.
    """

    def __init__(self, path: Path) -> None:
        self.size_bytes = path.stat().st_size
        self.encoding = _encoding_of(path)
        self.bytes_read = 0
        self._path = path
        self._lines_before = 0
        with path.open("rb") as file:
            while (head := file.readline(LONGEST_LINE_BYTES)).isspace():
                self._lines_before += 1
            self._starts_at = file.tell()
        self.head = _head(head, self.encoding)

    def __iter__(self) -> Iterator[tuple[int, str | Oddity]]:
        number = self._lines_before + 1
        with self._path.open("rb") as file:
            file.seek(self._starts_at)
            for block in self._blocks(file):
                for line in _decoded(block, self.encoding):
                    number += 1
                    if line:
                        yield number, line
                self.bytes_read = file.tell()

    def _blocks(self, file: BinaryIO) -> Iterator[bytes]:
        """Whole lines, many at once, without the last line's end. What is too long for a line is cut, and marked."""
        rest = b""
        while block := file.read(_BLOCK_BYTES):
            whole, end, tail = block.rpartition(b"\n")
            if end:
                yield rest + whole
                rest = tail
            else:
                rest = (rest + tail)[: _BLOCK_BYTES + 1]  # one line that does not end: longer than any may be
        if rest:
            yield rest


def _decoded(block: bytes, encoding: str) -> Iterator[str | Oddity]:
    """The quick way for a block in which every line is in order; else each line for itself."""
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        yield from (_one(line, encoding) for line in block.split(b"\n"))
        return
    if "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    lines = text.split("\n")
    if _CONTROL.search(text.replace("\n", "")) or max(map(len, lines)) > LONGEST_LINE_BYTES // 4:
        yield from (_one(line, encoding) for line in block.split(b"\n"))
    else:
        yield from lines


def _one(line: bytes, encoding: str) -> str | Oddity:
    line = line.removesuffix(b"\r")
    if len(line) > LONGEST_LINE_BYTES:
        return Oddity(_shown(line[:_KEPT_OF_A_LONG_LINE], encoding) + "…", "line_too_long")
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return Oddity(_shown(line, encoding), "wrong_encoding")
    if _CONTROL.search(text):
        return Oddity(_shown(line, encoding), "forbidden_character")
    return text


def _shown(line: bytes, encoding: str) -> str:
    """What is no text, written so that it can be kept and seen."""
    text = line.decode(encoding, errors="backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _head(head: bytes, encoding: str) -> str:
    if not head:
        raise FileEmpty
    decoded = _one(head.removesuffix(b"\n"), encoding)
    if isinstance(decoded, Oddity) or len(head) == LONGEST_LINE_BYTES:
        raise FileNotText
    return decoded.removeprefix("\ufeff")


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if start.startswith(_BYTE_ORDER_MARKS_OF_OTHERS):
        raise FileNotText
    return "utf-8" if _reads_as_utf8(path) else "cp1256"


def _reads_as_utf8(path: Path) -> bool:
    """Whether lines beyond ASCII read as UTF-8 more often than not: one broken line does not turn a file."""
    reads = fails = 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            while line := file.readline(LONGEST_LINE_BYTES):
                if not line.isascii():
                    try:
                        line.decode("utf-8")
                        reads += 1
                    except UnicodeDecodeError:
                        fails += 1
    return reads >= fails
