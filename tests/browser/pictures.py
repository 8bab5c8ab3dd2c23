"""Pictures for the guides: made by the tests that walk the pages, kept when `PICTURES` names a folder.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_audit.py` renews those of one test.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

MOST_BYTES = 75_000


def keep_picture(page: Page, name: str, *, whole: bool = True) -> None:
    """The whole page as people see it, or its beginning, in few colours, as `name`.png. Small, kept or not."""
    expect(page.locator("h1").first).to_be_visible()
    drawn = BytesIO()
    Image.open(BytesIO(page.screenshot(full_page=whole))).quantize(32).save(drawn, "PNG", optimize=True)
    assert drawn.tell() <= MOST_BYTES, name
    if folder := os.environ.get("PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(drawn.getvalue())
