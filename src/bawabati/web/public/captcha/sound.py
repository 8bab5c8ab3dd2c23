"""The digits as a sound: ours, shipped for each language, put one after the other."""

import wave
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

SOUNDS: Final = Path(__file__).with_name("sounds")
LANGUAGES: Final = frozenset({"ar", "fr", "en"})
RATE: Final = 16_000
PAUSE_SECONDS: Final = 0.6
_SILENCE: Final = b"\x80" * int(RATE * PAUSE_SECONDS)  # 8-bit samples are unsigned: silence lies in the middle


def spoken(digits: str, language: str) -> bytes:
    """A WAV file that says the digits in `language`, slowly: 16 kHz, 8 bits, mono. The same bytes each time."""
    wav = BytesIO()
    with wave.open(wav, "wb") as sound:
        sound.setparams((1, 1, RATE, 0, "NONE", "not compressed"))
        sound.writeframes(_SILENCE + b"".join(_frames(language, digit) + _SILENCE for digit in digits))
    return wav.getvalue()


@cache
def _frames(language: str, digit: str) -> bytes:
    with wave.open(str(SOUNDS / language / f"{digit}.wav"), "rb") as sound:
        return sound.readframes(sound.getnframes())
