"""Keys of machines: made and shown once, and ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bawabati.audit.writes import record_act
from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import ApiKey
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import (
    KEY_BYTES,
    Action,
    KeyNameNeeded,
    NoSuchKey,
    check_networks,
    check_scopes,
    digest_of,
    write_key_text,
)
from bawabati.people.writes import end_key as end_locked_key
from bawabati.people.writes import lock_key, write_key

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A key that was just made. `text` is shown once and kept nowhere."""

    key: ApiKey
    text: str


def make_key(
    *,
    company_id: int,
    name: str,
    scopes: Sequence[str],
    channel_name: str = "",
    networks: Sequence[str] = (),
    login: str,
    now: datetime,
) -> MadeKey:
    """A machine may come in from now on. Not safe to repeat: each time another key.

    Raises:
        NotAllowed, KeyNameNeeded, ScopesWrong, ChannelNameNeeded, NetworksWrong, LooksLikeACardNumber.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    name, channel_name = _plain(name), _plain(channel_name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise KeyNameNeeded
    wanted = check_scopes(scopes, channel_name=channel_name)
    allowed = check_networks(networks)
    secret = secrets.token_urlsafe(KEY_BYTES)
    with written_together("make_key: opens"):
        key = write_key(
            company_id=company_id,
            name=name,
            scopes=wanted,
            channel_name=channel_name,
            networks=allowed,
            key_sha256=digest_of(secret),
            made_by=by,
            now=now,
        )
        record_act(
            staff_id=by.id,
            company_id=company_id,
            action="make_key",
            target=f"machine:{key.id}",
            details={"name": name, "scopes": wanted, "networks": allowed},
            now=now,
        )
    return MadeKey(key=key, text=write_key_text(key.id, secret))


def end_key(*, company_id: int, key_id: int, login: str, now: datetime) -> None:
    """It opens nothing from now on. Safe to repeat.

    Raises:
        NotAllowed, NoSuchKey.
    """
    by = get_staff_allowed(login=login, action=Action.KEEP_KEYS, company_id=company_id)
    with written_together("end_key: opens nothing"):
        key = lock_key(company_id=company_id, key_id=key_id)
        if key is None:
            raise NoSuchKey
        if key.ended_at is not None:
            return
        end_locked_key(key, by=by, now=now)
        record_act(
            staff_id=by.id,
            company_id=company_id,
            action="end_key",
            target=f"machine:{key.id}",
            details={"name": key.name},
            now=now,
        )


def _plain(typed: str) -> str:
    """One line without what cannot be seen. Raises LooksLikeACardNumber."""
    text = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if looks_like_a_card_number(text):
        raise LooksLikeACardNumber
    return text
