"""Keys of the demonstration's machines, in files that only their owner may read."""

import os
from pathlib import Path


def keep_key(file: Path, text: str) -> None:
    """Writes a new file. Raises FileExistsError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(f"{text}\n")
