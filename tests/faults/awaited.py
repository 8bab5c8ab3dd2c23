"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "let_in_machine: seen",
        "begin_call: in hand",
        "keep_answer: kept",
        "forget_call: let go",
        "add_endpoint: is told",
        "renew_secret: signs",
        "end_endpoint: told no more",
        "open_endpoint: is told again",
        "send_again: on their way",
        "send_delivery_again: on its way",
        "lay_out_events: on their way",
        "take_endpoint: leased",
        "give_endpoint_back: free",
        "deliver_next_event: send",
        "deliver_next_event: answer kept",
        "forget_old_deliveries: gone",
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
