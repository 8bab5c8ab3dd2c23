"""Questions about statements, what of them we found, and what does not agree."""

from bawabati.settlement.reads.differences import (
    count_open_differences,
    find_difference,
    get_difference,
    list_differences,
    list_steps,
    open_differences,
)
from bawabati.settlement.reads.statements import (
    find_match_of_payment,
    find_profile,
    find_statement,
    get_profile,
    get_statement,
    list_fee_tables,
    list_lines,
    list_matches,
    list_profiles,
    list_remittances,
    list_statements,
    list_unmatched_statements,
    terms_of,
)
from bawabati.settlement.reads.three_way import Channel, ThreeWay, three_way

__all__ = [
    "Channel",
    "ThreeWay",
    "count_open_differences",
    "find_difference",
    "find_match_of_payment",
    "find_profile",
    "find_statement",
    "get_difference",
    "get_profile",
    "get_statement",
    "list_differences",
    "list_fee_tables",
    "list_lines",
    "list_matches",
    "list_profiles",
    "list_remittances",
    "list_statements",
    "list_steps",
    "list_unmatched_statements",
    "open_differences",
    "terms_of",
    "three_way",
]
