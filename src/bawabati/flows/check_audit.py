"""Is the audit log as it was written: nothing changed, removed, added or put in another order?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bawabati.audit.models import AuditBlock
from bawabati.audit.reads import iterate_blocks, list_entries_between, oldest_unsealed_at, signed_facts
from bawabati.audit.rules import (
    SEALED_WITHIN_SECONDS,
    Block,
    Broken,
    follows,
    hash_of_block,
    hash_of_entry,
    leaves_in,
    root_of,
    text_of_block,
    text_of_entry,
)
from bawabati.companies.reads import find_public_key
from bawabati.flows.steps.side_effects import read_at_one_instant
from bawabati.signatures import is_signed


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; `block` is its number, none for entries that wait."""

    broken: Broken
    block: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found; `last` is the newest block, to be kept elsewhere."""

    blocks: int
    entries: int
    last: Block | None
    findings: tuple[Finding, ...]


def check_audit(*, now: datetime, kept: Mapping[int, bytes] | None = None) -> Checked:
    """Reads every block and entry once, in constant memory. Changes nothing.

    `kept` holds hashes of blocks, by number, that were kept elsewhere: whoever holds the key and the database could
    write both anew, and only these would tell. Rule: audit-sealed (failures.md 5.11)
    """
    found: list[Finding] = []
    before: Block | None = None
    blocks = entries = 0
    missing = dict(kept or {})
    with read_at_one_instant():
        for kept_block in iterate_blocks():
            block = signed_facts(kept_block)
            found += _findings(kept_block, block, before)
            expected = missing.pop(block.number, None)
            if expected is not None and expected != hash_of_block(block):
                found.append(Finding(Broken.OTHER_BLOCK, block.number, "it is not the block that was kept elsewhere"))
            before, blocks, entries = block, blocks + 1, entries + block.count
        found += [Finding(Broken.OTHER_BLOCK, number, "it was kept elsewhere and is gone") for number in missing]
        found += _waiting(now)
    return Checked(blocks, entries, before, tuple(found))


def _findings(kept: AuditBlock, block: Block, before: Block | None) -> Iterator[Finding]:
    if not follows(block, before) or bytes(kept.hash) != hash_of_block(block):
        yield Finding(Broken.CHAIN, block.number, "it does not follow the block before it")
    public_key = find_public_key(kept.key_name)
    if public_key is None or not is_signed(text_of_block(block), bytes(kept.signature), public_key=public_key):
        yield Finding(Broken.SIGNATURE, block.number, f"it is not signed by the key {kept.key_name}")
    # From behind the block before, so that an entry which was pushed in between two blocks is seen too.
    entries = list_entries_between(before.last_id + 1 if before else 0, block.last_id)
    leaves = [hash_of_entry(text_of_entry(entry)) for entry in entries]
    if len(leaves) != block.count:
        yield Finding(Broken.ENTRIES, block.number, f"it sealed {block.count} entries and there are {len(leaves)}")
    elif root_of(leaves) != block.root or leaves != leaves_in(bytes(kept.leaves)):
        yield Finding(Broken.ENTRIES, block.number, "an entry is not as it was sealed")


def _waiting(now: datetime) -> Iterator[Finding]:
    since = oldest_unsealed_at()
    if since is not None and now - since > timedelta(seconds=SEALED_WITHIN_SECONDS):
        yield Finding(Broken.UNSEALED, None, f"entries wait for their seal since {since.isoformat(timespec='seconds')}")
