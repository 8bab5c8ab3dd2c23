"""How entries are sealed: a hash for each, a tree over a block of them, and a chain of signed blocks.

Rule: audit-sealed (failures.md 5.11)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

ENTRIES_OF_A_BLOCK = 10_000
"""At most; what is left over goes into the next."""
HASH_BYTES = 32
NOTHING_BEFORE = bytes(HASH_BYTES)
"""What the first block holds in place of the hash of the one before it."""
SEALED_WITHIN_SECONDS = 60
"""An entry that stands unsealed for longer is worth a word: the worker does not run, or somebody holds it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act, as it is sealed."""

    id: int
    company_id: int | None
    staff_id: int
    action: str
    target: str
    details: Mapping[str, object]
    request: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of entries, as it is signed. Hashes have 32 bytes."""

    number: int
    previous: bytes
    root: bytes
    first_id: int
    last_id: int
    count: int
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step from an entry to the root of its block: the hash beside it, and on which side that stands."""

    beside: bytes
    is_left: bool


class Broken(StrEnum):
    """What a check of the audit log may find."""

    CHAIN = "chain"
    """A block does not follow the one before it."""
    SIGNATURE = "signature"
    """A block was not signed by the key that it names, or the key is not known."""
    ENTRIES = "entries"
    """Entries of a block were changed, removed or added."""
    UNSEALED = "unsealed"
    """Entries wait for their seal for too long."""
    OTHER_BLOCK = "other_block"
    """A block is not the one whose hash was kept elsewhere."""


def text_of_entry(entry: Entry) -> str:
    """What of an entry is hashed: the same text for the same row, wherever it is read."""
    facts = {
        "id": entry.id,
        "company": entry.company_id,
        "staff": entry.staff_id,
        "action": entry.action,
        "target": entry.target,
        "details": entry.details,
        "request": entry.request,
        "at": _moment(entry.at),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of_entry(text: str) -> bytes:
    """The leaf of the tree; a leaf never looks like a node (RFC 6962, 2.1)."""
    return sha256(b"\0" + text.encode()).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves`, at least one; a leaf left over goes up as it is."""
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def path_to_root(leaves: Sequence[bytes], at: int) -> list[Step]:
    """What has to be known beside leaf number `at` to come to the root, from the leaf up."""
    level, path = list(leaves), []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            path.append(Step(level[beside], is_left=beside < at))
        level, at = _level_above(level), at // 2
    return path


def root_by_path(leaf: bytes, path: Sequence[Step]) -> bytes:
    """The root to which the path leads: the block's own, if the entry is in the block."""
    for step in path:
        leaf = _node(step.beside, leaf) if step.is_left else _node(leaf, step.beside)
    return leaf


def text_of_block(block: Block) -> str:
    """What of a block is signed and hashed."""
    return "|".join(
        (
            "BA1",
            str(block.number),
            block.previous.hex(),
            block.root.hex(),
            str(block.first_id),
            str(block.last_id),
            str(block.count),
            _moment(block.sealed_at),
        )
    )


def hash_of_block(block: Block) -> bytes:
    """What the next block holds, and what is kept elsewhere."""
    return sha256(text_of_block(block).encode()).digest()


def leaves_in(kept: bytes) -> list[bytes]:
    """The hashes of a block's entries, as they are kept: one behind the other."""
    return [kept[at : at + HASH_BYTES] for at in range(0, len(kept), HASH_BYTES)]


def follows(block: Block, before: Block | None) -> bool:
    """Whether `block` comes right after `before` (None: is the first)."""
    if before is None:
        return block.number == 1 and block.previous == NOTHING_BEFORE
    return (
        block.number == before.number + 1
        and block.previous == hash_of_block(before)
        and block.first_id > before.last_id
        and block.sealed_at >= before.sealed_at
    )


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    above = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return above + list(level[len(above) * 2 :])


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
