"""Changes of bills: what payments settle, and what the billing system says."""

from bawabati.bills.writes.merge import (
    LineResult,
    Lowered,
    StageCounts,
    count_stage,
    find_matches,
    hold_imports,
    list_results,
    merge_lines,
    refuse_conflicts,
    write_batch,
)
from bawabati.bills.writes.numbers import mint_numbers
from bawabati.bills.writes.settle import lock_bills, lock_replacing, reopen_bill, settle_bill
from bawabati.bills.writes.stage import recall_texts, stage_lines

__all__ = [
    "LineResult",
    "Lowered",
    "StageCounts",
    "count_stage",
    "find_matches",
    "hold_imports",
    "list_results",
    "lock_bills",
    "lock_replacing",
    "merge_lines",
    "mint_numbers",
    "recall_texts",
    "refuse_conflicts",
    "reopen_bill",
    "settle_bill",
    "stage_lines",
    "write_batch",
]
