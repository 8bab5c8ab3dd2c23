"""Files that commands and services write into one folder.

An administrator runs a command as root, the service runs as an account of its own: what root has made in the
service's folder would be shut to it from then on, a lock or a journal among them.
"""

from __future__ import annotations

import os
from pathlib import Path


def open_as_its_folder(path: Path, flags: int) -> int:
    """Opens a file, made for its owner alone when it is not there: by root, for the folder's owner.

    Never through a link, which the folder's owner could have laid. Raises OSError.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:
            folder, made = path.parent.stat(), os.fstat(descriptor)
            if made.st_uid == 0 and made.st_nlink == 1:
                os.fchown(descriptor, folder.st_uid, folder.st_gid)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
