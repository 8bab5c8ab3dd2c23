"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "keep_statement_profile: profile kept",
        "keep_statement_profile: fees written",
    }
)
