"""Django's PostgreSQL, and every connection held to the scope of whoever asks. Named by `ENGINE` in the settings.

Decision: docs/decisions/0032-row-level-security.md
"""
