"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "compare_channel_file: compared",
        "compare_channel_file: reservation told",
        "go_on_with_reservation: gone on",
        "hear_channel: heard",
        "hear_channel: kept for later",
        "keep_channel: changed",
        "keep_channel: entered",
        "release_reservation: released",
        "reserve_bills: reserved",
        "resolve_reservation: confirmed",
        "resolve_reservation: proposed",
        "settle_channel_difference: confirmed",
        "settle_channel_difference: proposed",
        "take_in_channel_file: kept",
        "watch_channel_files: missing",
        "ask_instalments: asked",
        "accept_offer: agreed",
        "take_back_wish: taken back",
        "approve_instalments: agreed",
        "offer_instalments: offered",
        "refuse_instalments: refused",
        "end_agreement: ended",
        "mind_instalments: followed",
        "change_debt_rules: changed",
    }
)
