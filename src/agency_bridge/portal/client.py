"""The line to the portal: outwards only, JSON over HTTPS, and values instead of exceptions."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from agency_bridge import VERSION
from agency_bridge.portal.address import checked_address
from agency_bridge.settings import NotUsable, Settings

_API: Final = "/api/bridge/v1/"
_LARGEST: Final = 4 * 1024 * 1024
_UNAUTHORISED: Final = 401
_NOT_UNDERSTOOD: Final = 422
_OUR_FAULT: Final = frozenset({_UNAUTHORISED, _NOT_UNDERSTOOD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The portal did it. `row` is its answer, {} when it said nothing more."""

    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The portal understood and says no: `code` is its own word for it."""

    status: int
    code: str = ""
    sentence: str = ""

    @property
    def unauthorised(self) -> bool:
        return self.status == _UNAUTHORISED


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """No answer, or one of a portal in trouble: ask again later. `why` is for the log."""

    why: str


Answer = Told | Refused | NoAnswer


class Portal:
    """Every call may be repeated. `bearer` is "" only for the enrolment.

    Raises:
        BadAddress, NotUsable: the address or the certificate file.
    """

    def __init__(self, *, address: str, bearer: str, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            base_url=checked_address(address) + _API,
            verify=_certificates(settings.portal_ca_file),
            timeout=httpx.Timeout(settings.portal_read_seconds, connect=settings.portal_connect_seconds),
            limits=httpx.Limits(max_connections=10, max_keepalive_connections=4),
            headers={"User-Agent": f"bawabati-bridge/{VERSION}"} | ({"Authorization": bearer} if bearer else {}),
            trust_env=False,
            follow_redirects=False,
        )

    async def enrol(self, *, code: str, key: str) -> Answer:
        return await self._call("POST", "enrolment", {"code": code, "key": key, "software": VERSION})

    async def orders(self) -> Answer:
        """Waits at the portal until there is something to do, or its time is over."""
        wait = self._settings.portal_wait_seconds
        return await self._call("GET", f"orders?wait={wait:g}", more_seconds=wait)

    async def taken(self, order: int) -> Answer:
        return await self._call("POST", f"orders/{order}/taken", {})

    async def progress(self, order: int, step: str) -> None:
        """Best effort: nothing is kept and nothing repeated."""
        await self._call("POST", f"orders/{order}/progress", {"step": step})

    async def result(self, order: int, result: Mapping[str, Any]) -> Answer:
        return await self._call("POST", f"orders/{order}/result", result)

    async def contact(self, state: Mapping[str, Any]) -> Answer:
        return await self._call("POST", "contact", state)

    async def offline_receipt(self, row: Mapping[str, Any]) -> Answer:
        return await self._call("POST", "offline-receipts", row)

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, more_seconds: float = 0.0
    ) -> Answer:
        seconds = self._settings.portal_read_seconds + more_seconds
        try:
            async with asyncio.timeout(seconds + self._settings.portal_connect_seconds):
                response = await self._client.request(
                    method,
                    path,
                    json=body,
                    timeout=httpx.Timeout(seconds, connect=self._settings.portal_connect_seconds),
                )
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return NoAnswer(why=type(error).__name__)
        return _read(response)


def _read(response: httpx.Response) -> Answer:
    """A refusal has a code. One without comes from something in between, such as an agency's proxy: no answer."""
    try:
        row = response.json() if response.content and len(response.content) <= _LARGEST else {}
    except (ValueError, RecursionError):
        row = None
    if response.is_success:
        return Told(row=row) if isinstance(row, dict) else NoAnswer(why="unreadable")
    told = row if isinstance(row, dict) else {}
    if response.status_code in _OUR_FAULT or (response.is_client_error and told.get("code")):
        return Refused(
            status=response.status_code,
            code=str(told.get("code") or "")[:60],
            sentence=str(told.get("sentence") or "")[:300],
        )
    return NoAnswer(why=f"http_{response.status_code}")


def _certificates(file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file or None)
    except (OSError, ssl.SSLError) as error:
        raise NotUsable(f"portal_ca_file cannot be used: {error}") from error
