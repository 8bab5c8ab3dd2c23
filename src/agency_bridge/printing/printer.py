"""An 80 mm receipt printer that speaks ESC/POS, reached over the agency's network.

Rule: receipt-as-raster (readers.md 5.4)
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

from agency_bridge.printing.drawn import drawn
from agency_bridge.printing.paper import Paper

_FRAGMENT_DOTS: Final = 256
_QR_SIZE: Final = 6
_LONGEST_QR: Final = 500
_NARROWEST: Final = 256
_WIDEST: Final = 832
DEFAULT_PORT: Final = 9100


class NotPrinted(Exception):  # noqa: N818 - it says what happened
    """The printer did not take the whole receipt; a part of it may be on paper."""


class Transport(Protocol):
    """Takes a receipt's bytes to a printer."""

    async def send(self, content: bytes) -> None:
        """Raises NotPrinted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A printer with an address of its own."""

    host: str
    port: int = DEFAULT_PORT
    connect_seconds: float = 5.0
    send_seconds: float = 20.0

    async def send(self, content: bytes) -> None:
        """Raises NotPrinted."""
        try:
            async with asyncio.timeout(self.connect_seconds):
                _, writer = await asyncio.open_connection(self.host, self.port)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise NotPrinted("the printer cannot be reached") from error
        try:
            async with asyncio.timeout(self.send_seconds):
                writer.write(content)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError) as error:
            raise NotPrinted("the printer did not take the whole receipt") from error
        finally:
            with contextlib.suppress(OSError):
                writer.close()


def as_bytes(paper: Paper, *, width: int) -> bytes:
    """What the printer is told: the picture, the QR code by its own means, the cut, the drawer's pulse.

    Raises:
        CannotDraw: this machine cannot shape Arabic.
        NotPrinted: the printer's library cannot be loaded.
    """
    printer = _composer()
    printer.hw("INIT")
    if paper.lines:
        dots = min(max(paper.width or width, _NARROWEST), _WIDEST)
        picture = drawn(paper.lines, width=dots)
        for top in range(0, picture.height, _FRAGMENT_DOTS):
            piece = picture.crop((0, top, picture.width, min(top + _FRAGMENT_DOTS, picture.height)))
            printer.image(piece, impl="bitImageRaster", center=False)
    if paper.qr:
        printer.set(align="center")
        printer.qr(paper.qr[:_LONGEST_QR], native=True, size=_QR_SIZE)
        printer.set(align="left")
    if paper.cut:
        printer.cut()
    if paper.drawer:
        printer.cashdraw(2)
    return bytes(printer.output)


def _composer() -> Any:  # noqa: ANN401 - the library brings no types
    """python-escpos, loaded with the first receipt: it writes a file as it loads, and without room no sale may stop."""
    try:
        from escpos.printer import Dummy  # type: ignore[import-untyped]  # noqa: PLC0415
    except OSError as error:
        raise NotPrinted("there is no room on the disk to print") from error
    return Dummy()
