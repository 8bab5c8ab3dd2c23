"""Money given back. satim.md 12.7, 8"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bawabati.jobs.acceptance.lines import Finding, not_checked
from bawabati.jobs.acceptance.said import say
from bawabati.jobs.acceptance.stage import Stage


def cancelled_on_the_platform(stage: Stage) -> Finding:  # noqa: ARG001 - one shape for every check
    """The acquirer's own back office, which has no door for a program."""
    raise not_checked(
        say(
            _(
                "Done by hand on the acquirer's platform: cancel one of the payments above there, then run "
                "%(command)s, which names it, and keep what it printed with this report."
            ),
            command="bawabati check-books --gateway-days 1",
        )
    )
