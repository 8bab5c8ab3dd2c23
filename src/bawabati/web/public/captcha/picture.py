"""The digits as a picture of about half a kilobyte, which stands in the page itself."""

from base64 import b64encode
from io import BytesIO
from typing import Final

from captcha.image import ImageCaptcha
from PIL import Image, ImageOps

WIDTH: Final = 180
HEIGHT: Final = 72


class _Pen(ImageCaptcha):
    """Bent less than the library's own: people with weak eyes read it too, and the limits do the guarding."""

    word_space_probability = 1.0  # never a gap
    word_offset_dx = 0.1
    character_rotate = (-25, 25)
    character_warp_dx = (0.1, 0.2)
    character_warp_dy = (0.1, 0.2)


_PEN: Final = _Pen(width=WIDTH, height=HEIGHT, font_sizes=(44, 48, 52))


def picture_of(digits: str) -> str:
    """A PNG as a `data:` address, black on white, `WIDTH` × `HEIGHT`. Another one each time."""
    # Drawn white on black and turned over: the library takes a digit's brightness for its opacity.
    drawn = _PEN.generate_image(digits, bg_color=(0, 0, 0), fg_color=(255, 255, 255, 255))
    black_on_white = ImageOps.invert(drawn.convert("L")).convert("1", dither=Image.Dither.NONE)
    png = BytesIO()
    black_on_white.save(png, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"
