"""Each hand of a run works in a folder of its own."""

import os
from pathlib import Path

from django.conf import settings


def test_what_a_hand_writes_no_other_hand_finds() -> None:
    assert settings.STATIC_ROOT.parent == Path(os.environ["BAWABATI_STATE"])
