"""What a run leaves beside its reports, so that one line can be repeated and the others stay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from bawabati.jobs.acceptance.camera import FOLDER
from bawabati.jobs.acceptance.lines import Chapter, Picture, Result
from bawabati.jobs.acceptance.run import Line
from bawabati.jobs.acceptance.said import Said

FILE: Final = "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """One line as it stands in the report. Words and source are English for the catalogues."""

    id: str
    chapter: Chapter
    title: str
    words: str
    source: str
    result: Result
    said: tuple[Said, ...]
    pictures: tuple[Picture, ...]
    at: datetime

    @classmethod
    def of(cls, line: Line) -> Self:
        """What is kept of a line."""
        requirement = line.requirement
        return cls(
            id=requirement.id,
            chapter=requirement.chapter,
            title=requirement.title,
            words=requirement.words,
            source=requirement.source,
            result=line.finding.result,
            said=line.finding.said,
            pictures=line.finding.pictures,
            at=line.at,
        )

    def to_json(self) -> dict[str, object]:
        """As it is written."""
        return asdict(self) | {
            "said": [said.to_json() for said in self.said],
            "pictures": [asdict(picture) | {"caption": picture.caption.to_json()} for picture in self.pictures],
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """As it was written."""
        return cls(
            **{
                **row,
                "chapter": Chapter(row["chapter"]),
                "result": Result(row["result"]),
                "said": tuple(Said.from_json(said) for said in row["said"]),
                "pictures": tuple(
                    Picture(**{**picture, "caption": Said.from_json(picture["caption"])}) for picture in row["pictures"]
                ),
                "at": datetime.fromisoformat(row["at"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose portal was looked at, where, and with what."""

    company_code: str
    company_names: dict[str, str]
    legal_form: str
    portal: str
    gateway: str
    is_rehearsal: bool
    """The sandbox played the acquirer."""
    version: str
    browser: str


class NotOurs(Exception):  # noqa: N818 - an answer, as `CannotDo` is
    """The folder holds a report that cannot be gone on with. The message says why."""


def read_kept(folder: Path, *, about: About) -> list[KeptLine]:
    """The lines of the report in `folder`; empty when there is none. Raises NotOurs."""
    path = folder / FILE
    if not path.exists():
        return []
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        before = About(**whole["about"])
        lines = [KeptLine.from_json(row) for row in whole["lines"]]
    except (ValueError, TypeError, KeyError) as error:
        raise NotOurs(f"{path} is no report of this command: choose another folder.") from error
    if (before.company_code, before.portal, before.gateway) != (about.company_code, about.portal, about.gateway):
        raise NotOurs(f"{path} is about another company, portal or gateway: choose another folder.")
    return lines


def merged(before: Iterable[KeptLine], now: Iterable[KeptLine], *, order: Iterable[str]) -> list[KeptLine]:
    """Lines of now in place of those of before, in the list's order; what is no longer in the list goes."""
    by_id = {line.id: line for line in (*before, *now)}
    return [by_id[name] for name in order if name in by_id]


def keep(folder: Path, *, about: About, lines: Iterable[KeptLine]) -> None:
    """Writes them, and removes pictures that no line refers to any more."""
    rows = [line.to_json() for line in lines]
    whole = {"about": asdict(about), "lines": rows}
    (folder / FILE).write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    used = {Path(str(picture["file"])).name for row in rows for picture in row["pictures"]}  # type: ignore[attr-defined]
    for path in (folder / FOLDER).glob("[0-9]*.png"):
        if path.name not in used:
            path.unlink()
