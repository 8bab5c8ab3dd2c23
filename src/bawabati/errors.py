"""The two families of errors.

`CannotDo` is an ordinary answer: the person asked for something that is not possible now. It has a code and a sentence
(a plain English message identifier, translated by the doors), and it never wakes anybody.

`Broken` is a surprise: something that we believed can never happen has happened. It is logged with identifiers, and it
wakes a person.

Each error is declared beside the function that raises it.
"""

from typing import ClassVar


class CannotDo(Exception):  # noqa: N818 - "cannot do" is the name of the family, and reads as one
    """An expected refusal. Subclasses give `code` (stable, for machines) and `sentence` (English, for the catalogues).

    Named values go into `details` and fill the sentence's `%(name)s` places after translation.
    """

    code: ClassVar[str] = "cannot_do"
    sentence: ClassVar[str] = "This cannot be done."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence % details if details else self.sentence)


class Broken(Exception):  # noqa: N818 - the name of the family
    """A surprise that a person has to look at. `identifiers` go to the log; they never hold a person's data."""

    def __init__(self, message: str, **identifiers: object) -> None:
        self.identifiers = identifiers
        super().__init__(message)
