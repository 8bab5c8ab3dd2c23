"""The company's billing system of the demonstration: a key, and webhooks that the sandbox takes and shows."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from demo.steps import Told

SYSTEM = "oran"
KEY_FILE = "billing-key.txt"
_ANSWER_SECONDS = 10


def billing_step(*, state: Path, url: str) -> list[str]:
    """The command that connects it to the sandbox at `url`; its key lies in the state folder. Safe to repeat."""
    return ["demo-billing", f"{url}/billing/{SYSTEM}/webhooks", str(state / KEY_FILE)]


def share_secret(told: Told, *, url: str) -> None:
    """A new secret of the webhooks is told to the sandbox, which knows it until it ends."""
    secret = told.answer("secret")["secret"]
    if secret is not None:
        request = urllib.request.Request(  # noqa: S310 - http, to our own sandbox
            f"{url}/control/billing/{SYSTEM}",
            data=json.dumps({"secrets": [secret]}).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_ANSWER_SECONDS).close()
