"""What the worker does: jobs that flows have deferred, and what time brings in, by room.

Every task may run twice, late or never finish; each calls one flow that is safe to repeat.
"""

from bawabati.jobs.tasks import checks, files, letters, payments, worker

__all__ = ["checks", "files", "letters", "payments", "worker"]
