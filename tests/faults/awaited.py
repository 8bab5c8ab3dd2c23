"""Side effects of flows whose scenario is still being written. Empty whenever a day ends."""

AWAITED: frozenset[str] = frozenset(
    {
        "close_agency_day: signed",
        "close_session: counted, and closed",
        "open_session: opened",
    }
)
