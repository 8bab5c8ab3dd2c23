"""Changes of bills: what payments settle, and what the billing system says."""

from bawabati.bills.writes.agreements import (
    change_debt_rules,
    hold_customer,
    lock_agreement,
    lock_debt_rules,
    move_agreement,
    open_agreement,
)
from bawabati.bills.writes.contacts import (
    confirm_contact,
    erase_contacts,
    erase_old_contacts,
    write_wish,
)
from bawabati.bills.writes.merge import (
    LineResult,
    Lowered,
    StageCounts,
    count_stage,
    find_matches,
    hold_imports,
    keep_contacts,
    list_agreements_changed,
    list_results,
    merge_lines,
    refuse_conflicts,
    write_batch,
)
from bawabati.bills.writes.numbers import mint_numbers
from bawabati.bills.writes.settle import lock_bills, lock_replacing, reopen_bill, settle_bill
from bawabati.bills.writes.stage import recall_texts, stage_lines
from bawabati.bills.writes.tranches import begin_tranches, end_tranches, fit_tranches
from bawabati.bills.writes.uploads import (
    StoredFile,
    begin_upload,
    end_upload,
    forget_results,
    keep_results,
    lock_upload,
    note_progress,
    refuse_upload,
    write_upload,
)

__all__ = [
    "LineResult",
    "Lowered",
    "StageCounts",
    "StoredFile",
    "begin_tranches",
    "begin_upload",
    "change_debt_rules",
    "confirm_contact",
    "count_stage",
    "end_tranches",
    "end_upload",
    "erase_contacts",
    "erase_old_contacts",
    "find_matches",
    "fit_tranches",
    "forget_results",
    "hold_customer",
    "hold_imports",
    "keep_contacts",
    "keep_results",
    "list_agreements_changed",
    "list_results",
    "lock_agreement",
    "lock_bills",
    "lock_debt_rules",
    "lock_replacing",
    "lock_upload",
    "merge_lines",
    "mint_numbers",
    "move_agreement",
    "note_progress",
    "open_agreement",
    "recall_texts",
    "refuse_conflicts",
    "refuse_upload",
    "reopen_bill",
    "settle_bill",
    "stage_lines",
    "write_batch",
    "write_upload",
    "write_wish",
]
