"""The browser that plays the payer: a Chromium of this machine, without windows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_PHONE = {"width": 390, "height": 844}


class NoBrowser(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """No Chromium was found. The message says what helps."""


@contextmanager
def open_browser(path: str = "") -> Iterator[Browser]:
    """Chromium from `path`, or from this system. Raises NoBrowser."""
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    named = path or next(filter(None, map(shutil.which, _NAMES)), "")
    _check(named)
    with sync_playwright() as playwright:
        found = named or playwright.chromium.executable_path
        _check(found)
        browser = playwright.chromium.launch(executable_path=found, args=[*_QUIET, *as_root])
        try:
            yield browser
        finally:
            browser.close()


def _check(path: str) -> None:
    if path and not Path(path).exists():
        raise NoBrowser(
            f"There is no Chromium at {path}. Install one (Debian: apt-get install chromium; elsewhere: "
            "playwright install chromium), or name it with --browser."
        )


def new_payer(browser: Browser, *, language: str) -> BrowserContext:
    """Somebody new with a phone in Algeria: nothing kept from before. Counts calls to print in `window.timesPrinted`.

    A certificate that does not hold is let through: its own line of the list says so, and the others go on.
    """
    context = browser.new_context(
        viewport={"width": _PHONE["width"], "height": _PHONE["height"]},
        locale=f"{language}-DZ",
        timezone_id="Africa/Algiers",
        color_scheme="light",
        ignore_https_errors=True,
    )
    context.add_init_script("window.timesPrinted = 0; window.print = () => { window.timesPrinted += 1; };")
    return context
