"""Where this machine's Chromium is; `make` and the browser tests both ask here."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

WHAT_HELPS = (
    "The browser tests need Chromium and found none. Install it (Debian: `apt-get install chromium`; elsewhere: "
    "`.venv/bin/playwright install chromium`), or set CHROMIUM to the path of one."
)


class NoChromium(Exception):  # noqa: N818 - it says what is wrong
    pass


def find_chromium() -> str:
    """The path of a Chromium. Raises NoChromium with the sentence that helps."""
    named = os.environ.get("CHROMIUM", "")
    if named and not Path(named).exists():
        raise NoChromium(f"CHROMIUM names {named}, and nothing is there.")
    installed = (shutil.which(name) for name in NAMES)
    path = named or next(filter(None, installed), "") or _of_playwright()
    if not path:
        raise NoChromium(WHAT_HELPS)
    return path


def _of_playwright() -> str:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next((str(path) for path in sorted(folder.glob("chromium-*/chrome-linux*/chrome"))), "")


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find_chromium()}\n")
    except NoChromium as error:
        sys.exit(str(error))
