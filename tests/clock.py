"""Tries are counted by whole minutes of the clock, which goes on while a test makes them."""

import time


def wait_for_room(*, seconds: float = 20, window: float = 60) -> None:
    """Goes on where at least so many seconds are left of the window, so that all tries of a test are counted in one."""
    left = window - time.time() % window
    if left < seconds:
        time.sleep(left)
