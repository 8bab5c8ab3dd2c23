"""Where an operator keeps a password for us: a file, or a variable of the environment.

Never the command line, which everybody on the machine can see, nor a file that is passed around.
"""

import os
from pathlib import Path


class NoPassword(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """There is none to be read. The message says why, in words that follow a name."""


def read_password(*, file: Path | None = None, variable: str = "") -> str:
    """The password, without the line's end. Raises NoPassword."""
    if file is not None:
        try:
            password = file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "is not text"
            raise NoPassword(f"cannot be read: {file}: {why}") from error
    else:
        password = os.environ.get(variable, "")
    if not password:
        raise NoPassword(f"is empty: {file}" if file else f"names a variable that is not set: {variable}")
    return password
