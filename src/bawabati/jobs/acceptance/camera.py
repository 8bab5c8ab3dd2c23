"""Screenshots as evidence, numbered as the report refers to them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from bawabati.jobs.acceptance.lines import Picture
from bawabati.jobs.acceptance.said import Said

FOLDER = "pictures"
_PAINTED_OVER = "#pan_visible, #iPAN, #iCVC, #passwordEdit, #pwdInputMasked, #pwdInputVisible"


class Camera:
    """Takes pictures into the report's folder. Card numbers and passwords in their fields are painted over."""

    def __init__(self, folder: Path, *, first_number: int) -> None:
        self._folder = folder
        self._next = first_number
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, caption: Said) -> Picture:
        """The whole page, as long as it is."""
        picture = self._new(caption)
        page.screenshot(
            path=self._folder / picture.file,
            full_page=True,
            animations="disabled",
            mask=[page.locator(_PAINTED_OVER)],
            mask_color="#d5e0e4",
        )
        return picture

    def keep(self, content: bytes, caption: Said) -> Picture:
        """A picture that the portal made."""
        picture = self._new(caption)
        (self._folder / picture.file).write_bytes(content)
        return picture

    def _new(self, caption: Said) -> Picture:
        number = self._next
        self._next += 1
        return Picture(number=number, file=f"{FOLDER}/{number:03}.png", caption=caption)
