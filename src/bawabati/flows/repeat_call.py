"""A call with an `Idempotency-Key` may come twice: it is worked on once, and answered twice the same.

What is worked on stands in a row of its own before the work begins, and the answer is kept after it: whoever dies in
between is followed, a minute later, by the same call, so what a call does has to be safe to repeat by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import ApiKey
from bawabati.people.reads import find_call
from bawabati.people.rules import CallInHand, OtherCall


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was answered the first time: `body` is JSON, byte for byte."""

    status: int
    body: str


def begin_call(*, key: ApiKey, idempotency_key: str, request_sha256: str, now: datetime) -> KeptAnswer | None:
    """None: the caller works on it now. Else what was answered before. Safe to race: one works.

    Rule: api-repeats (failures.md 3.4)

    Raises:
        OtherCall: the key came before with another request.
        CallInHand: somebody works on it at this moment.
    """
    with written_together("begin_call: in hand"):
        is_ours = writes.begin_call(key=key, idempotency_key=idempotency_key, request_sha256=request_sha256, now=now)
    if is_ours:
        return None
    known = find_call(key_id=key.id, idempotency_key=idempotency_key)
    if known is not None and known.request_sha256 != request_sha256:
        raise OtherCall
    if known is None or known.status is None:  # it came to nothing between the two questions, or is being worked on
        raise CallInHand
    return KeptAnswer(status=known.status, body=known.body)


def keep_answer(*, key: ApiKey, idempotency_key: str, status: int, body: str) -> None:
    """Kept for whoever asks again. Safe to repeat: the first answer stays."""
    with written_together("keep_answer: kept"):
        writes.keep_answer(key=key, idempotency_key=idempotency_key, status=status, body=body)


def forget_call(*, key: ApiKey, idempotency_key: str) -> None:
    """Nothing came of it but a fault of ours: the same call may be tried again at once. Safe to repeat."""
    with written_together("forget_call: let go"):
        writes.forget_call(key=key, idempotency_key=idempotency_key)


def forget_old_answers(*, now: datetime) -> int:
    """Takes away answers that nobody asks for any more; how many. Safe to repeat.

    Rule: api-repeats (failures.md 3.4)
    """
    with written_together("forget_old_answers: gone"):
        return writes.forget_old_calls(now)
