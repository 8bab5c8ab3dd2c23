"""What goes onto a receipt, before anything is drawn."""

from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 400
LONGEST_LINE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it is read; a long one is folded. `align` is left, centre or right; `size` is 1 or 2."""

    text: str
    align: str = "left"
    bold: bool = False
    size: int = 1
    direction: str = "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A receipt: its lines, then a QR code with `qr` in it. `width` in dots; 0 leaves it to the printer's setting."""

    lines: tuple[Line, ...]
    qr: str = ""
    cut: bool = True
    drawer: bool = False
    width: int = 0
