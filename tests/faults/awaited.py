"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "cancel_sale: cancelled or asked for",
        "close_agency_day: signed",
        "close_session: counted, and closed",
        "enrol_bridge: code made",
        "enrol_bridge: enrolled",
        "find_at_desk: look-up written down",
        "go_on_with_sale: gone on",
        "hear_contact: kept",
        "keep_fleet: desk kept",
        "keep_fleet: reader kept",
        "note_progress: step kept",
        "open_session: opened",
        "print_at_desk: print written down",
        "resolve_sale: confirmed",
        "resolve_sale: proposed",
        "release_sale: released",
        "reverse_sale: asked",
        "take_card: sale written",
        "take_order: taken",
        "take_result: result kept",
        "type_approval: refusal typed",
        "type_approval: typed",
        "set_aside_block: numbers set aside",
        "take_cash: settled",
        "take_cheque: settled",
        "take_in_offline_receipt: taken in",
        "void_block: voided",
    }
)
