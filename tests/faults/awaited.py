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
        "back_up: file written",
        "back_up: noted",
        "fill_database: copied in",
        "fill_database: compared",
        "fill_database: emptied",
        "shut_doors: shut",
        "note_restoration: noted",
        "take_in_lost_order: written again",
        "take_in_lost_order: the office is told",
        "hand_over_open_sales: handed over",
        "keep_check: kept",
        "leave_quarantine: left",
        "do_job_again: put back",
        "note_paper: noted",
        "keep_pulse: kept",
        "keep_failure: kept",
        "forget_old_words: forgotten",
    }
)
