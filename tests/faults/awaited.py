"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "let_in_machine: seen",
        "begin_call: in hand",
        "keep_answer: kept",
        "forget_call: let go",
        "number_what_happened: numbered",
        "forget_old_answers: gone",
        "make_key: opens",
        "end_key: opens nothing",
        "ask_instalments: asked",
        "accept_offer: agreed",
        "take_back_wish: taken back",
        "approve_instalments: agreed",
        "offer_instalments: offered",
        "refuse_instalments: refused",
        "end_agreement: ended",
        "mind_instalments: followed",
    }
)
