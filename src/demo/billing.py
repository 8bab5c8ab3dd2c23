"""The company's billing system of the demonstration: a key, and webhooks that the sandbox takes and shows."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from demo.children import Children

SYSTEM = "oran"
KEY_FILE = "billing-key.txt"
_BAWABATI = ("-m", "bawabati.config.commands")
_ANSWER_SECONDS = 10


def connect_billing(children: Children, *, state: Path, sandbox_url: str) -> None:
    """Its key lies in the state folder; its secret is known to the sandbox until that ends. Safe to repeat."""
    url = f"{sandbox_url}/billing/{SYSTEM}/webhooks"
    asked = ("demo-billing", url, str(state / KEY_FILE))
    told = json.loads(children.run("demo-billing", *_BAWABATI, *asked).splitlines()[-1])
    if told["secret"] is not None:
        request = urllib.request.Request(  # noqa: S310 - http, to our own sandbox
            f"{sandbox_url}/control/billing/{SYSTEM}",
            data=json.dumps({"secrets": [told["secret"]]}).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_ANSWER_SECONDS).close()
