"""The audit log of a company as a file that can be checked by whoever holds nothing but the file and a public key.

A JSON object a line: `key` (a public key), `block` (as it is signed), `entry` (and its path to the root of its block).
What other companies did stands in the same blocks, and only as hashes. Format: docs/reference/audit-file.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bawabati.audit.rules.seals import (
    Block,
    Entry,
    Step,
    hash_of_entry,
    path_to_root,
    root_by_path,
    text_of_block,
    text_of_entry,
)
from bawabati.signatures import is_signed, name_of_key


@dataclass(frozen=True, slots=True)
class FileChecked:
    """What a file holds, and what of it is not genuine, each with its line."""

    entries: int
    keys: tuple[str, ...]
    """Names of the keys that signed its blocks: whoever checks compares them with what the company has published."""
    findings: tuple[tuple[int, str], ...]


def line_of_key(public_key: bytes) -> str:
    """A public key that signed blocks of this file."""
    return _line({"kind": "key", "name": name_of_key(public_key), "public_key": public_key.hex()})


def line_of_block(block: Block, *, key_name: str, signature: bytes) -> str:
    """A block, with all that was signed."""
    return _line(
        {
            "kind": "block",
            "number": block.number,
            "previous": block.previous.hex(),
            "root": block.root.hex(),
            "first_id": block.first_id,
            "last_id": block.last_id,
            "count": block.count,
            "sealed_at": block.sealed_at.isoformat(),
            "key": key_name,
            "signature": signature.hex(),
        }
    )


def line_of_entry(entry: Entry, *, block_number: int, leaves: Sequence[bytes]) -> str:
    """An entry, and how it leads to the root of its block."""
    path = path_to_root(leaves, leaves.index(hash_of_entry(text_of_entry(entry))))
    return _line(
        {
            "kind": "entry",
            "block": block_number,
            "path": [("L" if step.is_left else "R") + step.beside.hex() for step in path],
            "entry": json.loads(text_of_entry(entry)),
        }
    )


def check_file(lines: Iterable[str]) -> FileChecked:
    """Reads a file once; memory holds its keys and the roots of its blocks. Bad lines are findings, never errors."""
    reading = _Reading({}, {}, set())
    findings: list[tuple[int, str]] = []
    entries = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            entries += row["kind"] == "entry"
            findings += [(number, words) for words in reading.findings(row)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            findings.append((number, "it cannot be read"))
    return FileChecked(entries, tuple(sorted(reading.used)), tuple(findings))


@dataclass(slots=True)
class _Reading:
    keys: dict[str, bytes]
    roots: dict[int, bytes]
    used: set[str]

    def findings(self, row: Mapping[str, Any]) -> Iterator[str]:
        match row["kind"]:
            case "key":
                self._keep_key(row)
            case "block":
                yield from self._of_block(row)
            case "entry":
                yield from self._of_entry(row)
            case _:
                yield "it is of no known kind"

    def _keep_key(self, row: Mapping[str, Any]) -> None:
        public_key = bytes.fromhex(row["public_key"])
        self.keys[name_of_key(public_key)] = public_key

    def _of_block(self, row: Mapping[str, Any]) -> Iterator[str]:
        block = Block(
            number=int(row["number"]),
            previous=bytes.fromhex(row["previous"]),
            root=bytes.fromhex(row["root"]),
            first_id=int(row["first_id"]),
            last_id=int(row["last_id"]),
            count=int(row["count"]),
            sealed_at=datetime.fromisoformat(row["sealed_at"]),
        )
        key = self.keys.get(row["key"])
        if key is None or not is_signed(text_of_block(block), bytes.fromhex(row["signature"]), public_key=key):
            yield f"block {block.number} is not signed by the key {row['key']}"
            return
        self.used.add(row["key"])
        self.roots[block.number] = block.root

    def _of_entry(self, row: Mapping[str, Any]) -> Iterator[str]:
        text = json.dumps(row["entry"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path = [Step(bytes.fromhex(step[1:]), is_left=step[0] == "L") for step in row["path"]]
        if self.roots.get(row["block"]) != root_by_path(hash_of_entry(text), path):
            yield f"entry {row['entry']['id']} is not in block {row['block']} as it was sealed"


def _line(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n"
