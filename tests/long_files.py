"""Files that take a minute and more: at the end of a run each would keep one hand busy and the others waiting."""

BEGIN_WITH = (
    "faults/test_every_boundary.py",
    "faults/test_killed_processes.py",
    "faults/test_killed_database.py",
    "faults/test_planted_bugs.py",
    "faults/test_real.py",
    "faults/test_real_channels.py",
    "demo/test_past_weeks.py",
    "api/test_fuzz.py",
    "web/test_strangers.py",
    "web/test_strangers_everywhere.py",
)
