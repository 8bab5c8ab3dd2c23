"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
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
