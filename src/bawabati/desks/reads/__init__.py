"""Questions about desks."""

from bawabati.desks.reads.closings import (
    day_report_of,
    find_closing,
    find_closing_of_id,
    find_z_of_session,
    is_day_closed,
    list_closings,
    list_z_of_day,
    report_of,
)
from bawabati.desks.reads.sessions import (
    find_agency,
    find_desk,
    find_open_session,
    find_open_session_of_desk,
    find_session,
    get_session,
    list_open_sessions,
    list_sessions_of_day,
)
from bawabati.desks.reads.slips import (
    find_block,
    find_block_in_use,
    find_bridge_of_desk,
    find_slip,
    list_blocks_not_returned,
    list_blocks_of_bridge,
    list_slips_of_session,
    next_number_of,
)

__all__ = [
    "day_report_of",
    "find_agency",
    "find_block",
    "find_block_in_use",
    "find_bridge_of_desk",
    "find_closing",
    "find_closing_of_id",
    "find_desk",
    "find_open_session",
    "find_open_session_of_desk",
    "find_session",
    "find_slip",
    "find_z_of_session",
    "get_session",
    "is_day_closed",
    "list_blocks_not_returned",
    "list_blocks_of_bridge",
    "list_closings",
    "list_open_sessions",
    "list_sessions_of_day",
    "list_slips_of_session",
    "list_z_of_day",
    "next_number_of",
    "report_of",
]
