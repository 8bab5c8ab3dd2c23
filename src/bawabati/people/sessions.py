"""Django's sessions in rows of ours: whose they are can be listed, and a copy of the table opens none of them.

The cookie holds a random key; the row holds its digest. What the session remembers is sealed, because a second factor
that is being set up is among it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as RowsOfDjango
from django.utils import timezone

from bawabati.people.models import StaffSession
from bawabati.sealed import CannotOpen, seal, unseal

PURPOSE = "staff_session"
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
BROWSER = "browser"


def row_key(session_key: str) -> str:
    """Under which key a session's row stands."""
    return sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(RowsOfDjango):
    """What `settings.SESSION_ENGINE` asks for."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        """Our rows."""
        return StaffSession

    def encode(self, session_dict: Mapping[str, Any]) -> str:
        """Sealed."""
        return b64encode(seal(json.dumps(dict(session_dict)), purpose=PURPOSE)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What was sealed; nothing when we no longer have the key, so that one only has to sign in again."""
        try:
            opened: dict[str, Any] = json.loads(unseal(b64decode(session_data), purpose=PURPOSE))
        except CannotOpen:
            return {}
        return opened

    def load(self) -> dict[str, Any]:
        """What the session remembers; nothing when it is over."""
        key = self.session_key
        row = self.model.objects.filter(session_key=row_key(key)).first() if key else None
        if row is None or row.expire_date <= timezone.now():
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        """Whether there is such a row."""
        return self.model.objects.filter(session_key=row_key(session_key)).exists()

    def create_model_instance(self, data: Mapping[str, Any]) -> StaffSession:
        """The row."""
        staff_id = data.get(SESSION_KEY)
        return StaffSession(
            session_key=row_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # unknown to the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            staff_id=int(staff_id) if staff_id else None,
            signed_in_at=_moment(data.get(SIGNED_IN_AT)),
            seen_at=_moment(data.get(SEEN_AT)),
            browser=str(data.get(BROWSER, ""))[:200],
        )

    def delete(self, session_key: str | None = None) -> None:
        """Removes the row, if it is there."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=row_key(key)).delete()


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
