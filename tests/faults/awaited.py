"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "keep_statement_profile: profile kept",
        "keep_statement_profile: fees written",
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
        "receive_bill_file: waits",
        "change_company: changed",
        "keep_agency: kept",
        "publish_texts: published",
        "begin_import: in hand",
        "note_import_progress: noted",
        "refuse_import: said why",
        "forget_bill_files: forgotten",
    }
)
