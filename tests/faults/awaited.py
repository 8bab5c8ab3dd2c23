"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "comment_case: kept",
        "forget_address: erased",
        "forget_old_addresses: erased",
        "forget_phone: erased",
        "hand_over_case: handed over",
        "leave_phone: left",
        "note_phone: noted",
        "promise_case: promised",
        "remind_owners: written",
        "send_again: asked",
        "receive_bill_file: waits",
        "begin_import: in hand",
        "note_import_progress: noted",
        "refuse_import: said why",
        "forget_bill_files: forgotten",
    }
)
