"""The page for a cut line in a real browser: by keyboard alone, without scripts, narrow and wide, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bridge.cashier import CODE
from bridge.running import bridge_in
from bridge.test_desk import BLOCK
from browser.walking import barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bridge.scene import Scene


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280)])
def test_cash_is_taken_by_keyboard_alone(
    scene: Scene, new_page: Callable[..., Page], language: str, width: int
) -> None:
    scene.side.blocks = [BLOCK]
    with bridge_in(scene.folder) as bridge:
        scene.side.wait_for(lambda: scene.side.polls)
        scene.side.down = True
        scene.side.wait_for(lambda: "does not answer" in bridge.said())
        page = new_page(width=width, language=language)
        page.goto(f"http://127.0.0.1:{scene.desk_port}/?language={language}")
        problems = barriers(page)
        page.keyboard.type(CODE)
        page.keyboard.press("Enter")
        page.wait_for_selector("#payment_number")
        problems += barriers(page)
        page.keyboard.type("31040000000000000017")
        page.keyboard.press("Tab")
        page.keyboard.type("1430,50")
        page.keyboard.press("Enter")
        page.wait_for_selector("dl")
        problems += barriers(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/confirm")
        problems += barriers(page)
        assert "2026-C1B-0000101" in page.content()
        page.keyboard.press("Enter")
        page.wait_for_selector("#payment_number")
        assert overflow(page) == 0
    assert problems == []
