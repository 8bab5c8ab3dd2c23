"""Every message to a gateway and what came back, written with what it changed: no statement more for a payment.

What is kept is named by the adapter; the whole answer, without secrets, is sealed.
Rule: messages-kept (failures.md 5.13)
Decision: docs/decisions/0031-every-message-is-kept.md
"""

import json
from base64 import b64encode
from datetime import datetime
from typing import Any
from zlib import compress

from django.db import connection
from psycopg.types.json import Jsonb

from bawabati.adapters.gateways.contract import Exchange, Said
from bawabati.payments.models import Exchange as Kept
from bawabati.payments.models import Payment
from bawabati.payments.rules.messages import purpose_of_body
from bawabati.sealed import seal_bytes

EXCHANGED = """
INSERT INTO payments_exchange
    (company_id, payment_id, verb, at, milliseconds, outcome, http_status, asked, answered, body)
SELECT %(company_id)s, %(id)s, told.verb, %(at)s, told.milliseconds, told.outcome, told.http_status, told.asked,
    told.answered, decode(told.body, 'base64')
FROM jsonb_to_recordset(%(exchanges)s::jsonb) AS told (
    verb text, milliseconds integer, outcome text, http_status smallint, asked jsonb, answered jsonb, body text
)
"""
"""Needs company_id, id (of the payment), at, and `exchanges`: what `exchanged` gives."""
CALLBACK = "callback"


def exchanged(company_id: int, said: Said) -> Jsonb:
    """The messages behind an answer, as `EXCHANGED` takes them; often none."""
    return Jsonb([_row(company_id, exchange) for exchange in said.exchanges])


def note_exchanges(payment: Payment, *, said: Said, now: datetime) -> None:
    """Keeps the messages of an answer that moves nothing."""
    if said.exchanges:
        values: dict[str, Any] = {"company_id": payment.company_id, "id": payment.id, "at": now}
        values["exchanges"] = exchanged(payment.company_id, said)
        with connection.cursor() as cursor:
            cursor.execute(EXCHANGED, values)


def note_callback(payment: Payment, *, reference: str, outcome: str, now: datetime) -> None:
    """Keeps that the gateway's server told us to look. Nothing else of its words is believed, nor kept."""
    Kept.objects.create(
        company_id=payment.company_id,
        payment=payment,
        verb=CALLBACK,
        at=now,
        milliseconds=0,
        outcome=outcome,
        asked={},
        answered={"reference": reference},
    )


def _row(company_id: int, exchange: Exchange) -> dict[str, object]:
    return {
        "verb": exchange.verb,
        "milliseconds": exchange.milliseconds,
        "outcome": exchange.outcome[:60],
        "http_status": exchange.http_status,
        "asked": exchange.asked,
        "answered": exchange.answered,
        "body": _sealed(company_id, exchange) if exchange.body else None,
    }


def _sealed(company_id: int, exchange: Exchange) -> str:
    text = json.dumps(exchange.body, ensure_ascii=False, separators=(",", ":")).encode()
    return b64encode(seal_bytes(compress(text, 1), purpose=purpose_of_body(company_id))).decode()
