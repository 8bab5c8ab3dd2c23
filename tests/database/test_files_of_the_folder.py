"""Commands are run by root, services by an account of their own, and both write into one folder."""

import os
from pathlib import Path

import pytest

from bawabati.flows.steps.files_of_the_folder import open_as_its_folder

SOMEBODY = 10_001


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "of the service"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, SOMEBODY, SOMEBODY)
    return folder


def test_what_an_administrator_makes_is_open_to_the_service(folder: Path) -> None:
    os.close(open_as_its_folder(folder / "lock", os.O_RDWR))
    made = (folder / "lock").stat()
    assert (made.st_uid, made.st_gid) == (folder.stat().st_uid, folder.stat().st_gid)
    assert made.st_mode & 0o777 == 0o600


def test_what_is_there_is_written_on(folder: Path) -> None:
    for word in (b"one ", b"two"):
        descriptor = open_as_its_folder(folder / "journal", os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, word)
        os.close(descriptor)
    assert (folder / "journal").read_bytes() == b"one two"


def test_a_link_that_somebody_laid_there_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("somebody's")
    (folder / "lock").symlink_to(elsewhere)
    with pytest.raises(OSError, match="lock"):
        open_as_its_folder(folder / "lock", os.O_RDWR)
    (folder / "lock").unlink()
    os.link(elsewhere, folder / "lock")
    before = elsewhere.stat().st_uid
    os.close(open_as_its_folder(folder / "lock", os.O_RDWR))
    assert elsewhere.stat().st_uid == before
