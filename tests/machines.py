"""Machines of a company in the tests: a billing system with its key, over HTTP.

billing = Machine.of(company, "bills:write", "bills:read")
billing.post("bills", {...}, once="batch-7")
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from people import OMAR

if TYPE_CHECKING:
    from bawabati.companies.models import Company
    from bawabati.people.models import ApiKey

Answer = Any
"""Of Django's test client: an HttpResponse with `json()`."""
CALLS = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Machine:
    """Somebody who comes in with a key."""

    text: str
    key: ApiKey
    client: Client = field(default_factory=Client)

    @classmethod
    def of(cls, company: Company, *scopes: str, name: str = "GESTAB", channel: str = "") -> Machine:
        from bawabati.flows.keep_keys import make_key  # noqa: PLC0415 - settings first

        made = make_key(
            company_id=company.id, name=name, scopes=scopes, channel_name=channel, login=OMAR, now=timezone.now()
        )
        return cls(made.text, made.key)

    def get(self, call: str, **query: object) -> Answer:
        return self.client.get(CALLS + call, query, headers=self.headers())

    def post(self, call: str, body: object, *, once: str = "") -> Answer:
        return self.send(call, json.dumps(body).encode(), "application/json", once=once)

    def send(self, call: str, body: bytes, content_type: str, *, once: str = "") -> Answer:
        headers = self.headers() | ({"Idempotency-Key": once} if once else {})
        return self.client.post(CALLS + call, body, content_type=content_type, headers=headers)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"}
