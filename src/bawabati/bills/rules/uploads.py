"""A file of bills that somebody brings over the pages: how far it has come, and what may become of a line."""

from enum import StrEnum
from typing import ClassVar, Final

from bawabati.errors import CannotDo


class UploadState(StrEnum):
    """Where a file stands between the person who brought it and the bills."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """Nothing of it was imported; the row says why."""


UPLOAD_IS_OPEN: Final = frozenset({UploadState.WAITING, UploadState.RUNNING})

UPLOAD_STEPS: Final[dict[str, list[str]]] = {
    UploadState.WAITING: [UploadState.RUNNING, UploadState.DONE, UploadState.REFUSED],
    UploadState.RUNNING: [UploadState.DONE, UploadState.REFUSED],
}
"""State → states that may follow; the database holds the same table."""

LINE_OUTCOMES: Final = frozenset({"created", "changed", "unchanged", "bad"})

MOST_TRIES: Final = 5
"""A worker that dies so often over one file would die for ever."""


class FileIsGone(CannotDo):
    """The folder of uploads no longer holds it."""

    code: ClassVar[str] = "bill_file_gone"
    sentence: ClassVar[str] = "The file is no longer on the server. Choose it again."


class ImportBroke(CannotDo):
    """A fault of ours, which is in our log."""

    code: ClassVar[str] = "import_broke"
    sentence: ClassVar[str] = (
        "Something went wrong on our side, and nothing was imported. It is in the log; try again, or bring the file "
        "in with the command."
    )
