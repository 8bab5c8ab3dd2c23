"""A large file goes to the disk of a real portal piece by piece: its memory does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from django.conf import settings

from bawabati.bills.models import BillUpload
from bawabati.people.models import Staff
from bill_files import HEAD
from people import OMAR, add_company
from staff import session_key_of

if TYPE_CHECKING:
    from programs import Program

MEGABYTE = 1024 * 1024
LARGE = 100 * MEGABYTE
EDGE = "a-line-between-parts"


def body(token: str) -> Iterator[bytes]:
    """A form as a browser sends it, a megabyte at a time."""
    yield f'--{EDGE}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode()
    yield f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n{HEAD}\n'.encode()
    for _ in range(LARGE // MEGABYTE):
        yield b"x" * (MEGABYTE - 1) + b"\n"
    yield f"\r\n--{EDGE}--\r\n".encode()


def memory_of(program: Program) -> int:
    """The most that the program and its children have held at once, bytes."""
    assert Path("/proc/self/status").exists(), "memory is read from /proc, which this machine has not: run it on Linux"
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children")
    pids = [program.process.pid, *map(int, children.read_text().split())] if children.exists() else []
    peaks = [re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return sum(int(peak[1]) * 1024 for peak in peaks if peak)


def test_the_memory_of_the_portal_does_not_grow_with_the_file(portal: Program) -> None:
    add_company()
    with httpx.Client(
        base_url=str(portal.url),
        cookies={settings.SESSION_COOKIE_NAME: session_key_of(Staff.objects.get(login=OMAR))},
        timeout=60,
    ) as client:
        page = client.get("/fr/office/bills/bring/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        before = memory_of(portal)
        answer = client.post(
            "/fr/office/bills/bring/",
            content=body(token[1]),
            headers={
                "Content-Type": f"multipart/form-data; boundary={EDGE}",
                "Content-Length": str(sum(map(len, body(token[1])))),
            },
        )
        assert answer.status_code == 303, answer.text[:2000]
        assert BillUpload.objects.get().size_bytes > LARGE
        grown = memory_of(portal) - before
        assert grown < LARGE // 3, f"{grown / MEGABYTE:.0f} MB more for {LARGE // MEGABYTE} MB"
