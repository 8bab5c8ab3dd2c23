"""A tree over the entries of a block, and a chain of blocks."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bawabati.audit.rules import (
    NOTHING_BEFORE,
    Block,
    Entry,
    follows,
    hash_of_block,
    hash_of_entry,
    path_to_root,
    root_by_path,
    root_of,
    text_of_entry,
)
from people import NOON

ENTRY = Entry(
    id=7,
    company_id=1,
    staff_id=3,
    action="ask_refund",
    target="refund:12",
    details={"amount_centimes": 150_000},
    request="",
    at=NOON,
)
FIRST = Block(number=1, previous=NOTHING_BEFORE, root=bytes(32), first_id=1, last_id=9, count=9, sealed_at=NOON)
leaves = st.lists(st.binary(min_size=1, max_size=8).map(str).map(hash_of_entry), min_size=1, max_size=40)


@given(leaves=leaves, data=st.data())
def test_the_path_of_every_entry_leads_to_the_root_of_its_block(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    assert root_by_path(leaves[at], path_to_root(leaves, at)) == root_of(leaves)


@given(leaves=leaves, data=st.data())
def test_another_entry_in_its_place_leads_elsewhere(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    other = hash_of_entry("something that nobody did")
    assert root_by_path(other, path_to_root(leaves, at)) != root_of(leaves)


@given(leaves=leaves, data=st.data())
def test_no_entry_can_be_left_out_or_told_twice(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    assert root_of([*leaves, leaves[at]]) != root_of(leaves)
    without = leaves[:at] + leaves[at + 1 :]
    assert not without or root_of(without) != root_of(leaves)


def test_two_nodes_are_not_an_entry() -> None:
    left, right = hash_of_entry("one"), hash_of_entry("two")
    assert root_of([left, right]) != hash_of_entry((left + right).decode("latin-1"))


def test_every_fact_of_an_entry_is_sealed() -> None:
    others = (
        replace(ENTRY, id=8),
        replace(ENTRY, company_id=None),
        replace(ENTRY, staff_id=4),
        replace(ENTRY, action="approve_refund"),
        replace(ENTRY, target="refund:13"),
        replace(ENTRY, details={"amount_centimes": 150_001}),
        replace(ENTRY, request="x"),
        replace(ENTRY, at=NOON + timedelta(microseconds=1)),
    )
    assert len({text_of_entry(entry) for entry in (ENTRY, *others)}) == 1 + len(others)


def test_the_order_of_details_does_not_matter() -> None:
    one, other = replace(ENTRY, details={"a": 1, "b": "ب"}), replace(ENTRY, details={"b": "ب", "a": 1})
    assert text_of_entry(one) == text_of_entry(other)


def test_a_block_follows_exactly_the_one_before_it() -> None:
    second = replace(FIRST, number=2, previous=hash_of_block(FIRST), first_id=10, last_id=20)
    assert follows(FIRST, None)
    assert follows(second, FIRST)
    assert not follows(second, None)
    assert not follows(replace(second, number=3), FIRST)
    assert not follows(replace(second, first_id=9), FIRST)
    assert not follows(replace(second, sealed_at=NOON - timedelta(seconds=1)), FIRST)
    assert not follows(second, replace(FIRST, count=8))
