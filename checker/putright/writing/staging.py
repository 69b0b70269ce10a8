"""Write files and folders whole or not at all, in private temporary files.

What is not whole yet is next to its place under a name of its own, and only its owner may read it. A
program that is killed leaves it there, and the next one takes it away: it is surely putright's, since its name
says so, and surely of no more use, since a running program would hold it locked.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from putright.mistakes import Mistake

try:
    import fcntl
except ImportError:  # Windows, and Python in a browser
    fcntl = None  # type: ignore[assignment]

#: The prefix of unfinished files, and of folders in the system's temporary folder.
BESIDE, _TEMPORARY = ".putright-", "putright-"
#: Their endings: of a file that is to take another's name, and of one that is locked while a folder is in use.
_PART, _LOCK = ".part", ".lock"
#: The files to be written, in the folder that they wait in from when the first is moved until the last is.
_JOURNAL = "journal.json"


class WriteError(Mistake):
    """Something cannot be written; the text is one plain sentence."""


# --- one file -------------------------------------------------------------------------------------


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file that gets its name when it is complete, and is removed if it is not.

    ``private``: it names cases, so only its owner may read it.
    """
    try:
        is_folder, is_device = path.is_dir(), path.exists() and not path.is_file()
    except OSError as error:  # a folder that one may not look into
        raise unwritable(path, error) from None
    if is_folder:
        raise WriteError(f"{path} is a folder: name a file.")
    if is_device:  # a device or a pipe has no name to take
        with _said_of(path), path.open("wb") as device:
            yield device
        return
    sweep(path.parent)
    with _said_of(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=BESIDE, suffix=_PART)
        try:
            with os.fdopen(handle, "wb") as file:
                _lock(file)
                yield file
            _open_to(Path(name), private=private)
            os.replace(name, path)  # noqa: PTH105
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def put(path: Path, content: bytes) -> None:
    """Write one file."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Turn an error of the file system into a sentence about this path."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path | str, error: OSError) -> WriteError:
    """The message if the system refuses to write."""
    hint = " Is it open in another program?" if os.name == "nt" and isinstance(error, PermissionError) else ""
    return WriteError(f"{path} cannot be written: {error.strerror or error}.{hint}")


def _open_to(path: Path, *, private: bool) -> None:
    path.chmod(0o600 if private else 0o666 & ~_umask())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


# --- a private folder -----------------------------------------------------------------------------


@contextmanager
def temporary_folder(beside: Path | None = None) -> Iterator[Path]:
    """A folder that only its owner may look into, gone at the end: in the system's own place, or in ``beside``."""
    parent, prefix = (beside, BESIDE) if beside else (Path(tempfile.gettempdir()), _TEMPORARY)
    sweep(parent, prefix)
    with _said_of(parent):
        handle, lock = tempfile.mkstemp(dir=parent, prefix=prefix, suffix=_LOCK)
        os.close(handle)
        folder = Path(lock).with_suffix("").resolve()
    with held(folder) as free:
        assert free, "nobody else can know its name"
        with _said_of(parent):
            folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            if not (
                folder / _JOURNAL
            ).exists():  # or it has files that could not be restored, which the next run will try
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a folder, there or not, so that no other program takes it for one that was left behind.

    False where another program holds it.
    """
    path = folder.with_suffix(_LOCK)
    with _said_of(folder):
        lock = path.open("ab")
    with lock:
        free = _lock(lock)
        try:
            yield free
        finally:
            if free and not folder.exists():
                with suppress(OSError):  # Windows cannot delete it while it is open: the next run does
                    path.unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> bool:
    """Hold a file until it is closed; False where another program holds it.

    Windows has no such lock and needs none, as it lets nobody delete a file that is open; some shares have none.
    """
    if not hasattr(fcntl, "flock"):
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def sweep(parent: Path, prefix: str = BESIDE) -> None:
    """Take away what a killed program left in a folder; half a change of a folder's files is undone first."""
    try:
        found = [path for path in parent.iterdir() if path.name.startswith(prefix) and _own(path)]
    except OSError:
        return
    for path in found:
        if path.suffix in (_LOCK, _PART):
            with suppress(OSError), path.open("ab") as file:
                if _lock(file):
                    _take_away(path)


def _take_away(path: Path) -> None:
    """A file that was to take another's name, or a lock and the folder that it was for."""
    folder = path.with_suffix("")
    if path.suffix == _LOCK and folder.is_dir() and not folder.is_symlink():
        _undo(folder)
        shutil.rmtree(folder)
    path.unlink()


def _own(path: Path) -> bool:
    """Whether it is this user's own file and not a link: others may write into the system's temporary folder too."""
    try:
        own = not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
        return own and path.is_file() and not path.is_symlink()
    except OSError:
        return False


# --- the files of a folder ------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A change to a folder: the files to write and the files to remove."""

    written: Mapping[str, bytes | Path]
    """Content by name; a path is of a file that is moved or copied there."""
    removed: Collection[str] = ()
    private: Collection[str] = ()
    """Those that name cases."""
    last: str | None = None
    """The file that marks the rest as complete: it is removed first and written last."""


def change(folder: Path, made: Change) -> None:
    """Make a change completely or not at all; every other file of the folder is left alone.

    A folder that is not there yet appears with all its files at once. In one that is, the old files are put
    aside, the new ones put in their places, and the old ones put back if any of that fails.
    """
    sweep(folder.absolute().parent)
    there = folder.is_dir()
    parent = folder if there else folder.absolute().parent
    with _said_of(folder):
        parent.mkdir(parents=True, exist_ok=True)
    with _said_of(folder), _alone_in(folder), temporary_folder(parent) as place:
        new = place / "new"
        new.mkdir()
        for name, content in made.written.items():
            _put(content, new / name, private=name in made.private)
        if not there:
            new.chmod(0o777 & ~_umask())
            os.replace(new, folder)  # noqa: PTH105
            return
        _exchange(folder, place, made)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """See that no other program changes the folder's files at the same time."""
    if not folder.is_dir():
        yield
        return
    with held(folder / f"{BESIDE}change") as free:
        if not free:
            raise WriteError(f"{folder} cannot be written: another run of putright is writing there. Wait for its end.")
        yield


def _put(content: bytes | Path, path: Path, *, private: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copy2(content, path)
        return
    path.write_bytes(content)
    _open_to(path, private=private)


def _exchange(folder: Path, place: Path, made: Change) -> None:
    """Move old files out and new files in; the file that marks them as complete goes out first and in last."""
    names = sorted(made.written, key=lambda name: name == made.last)
    leaving = sorted({*made.written, *made.removed}, key=lambda name: name != made.last)
    (place / _JOURNAL).write_text(json.dumps(names), "utf-8")
    try:
        for name in leaving:
            if (folder / name).exists():
                _move(folder / name, place / "old" / name)
        for name in names:
            _move(place / "new" / name, folder / name)
        (place / _JOURNAL).unlink()
    except BaseException:
        _undo(place)
        raise
    _drop_empty(folder, made.removed)


def _undo(place: Path) -> None:
    """Restore a folder's files after a change that was interrupted."""
    try:
        names = json.loads((place / _JOURNAL).read_text("utf-8"))
    except FileNotFoundError:
        return
    folder = place.parent
    for name in names:
        if not (place / "new" / name).exists():  # so it was already moved into place
            (folder / name).unlink(missing_ok=True)
    old = place / "old"
    for path in sorted(old.rglob("*")) if old.is_dir() else ():
        if path.is_file():
            _move(path, folder / path.relative_to(old))
    (place / _JOURNAL).unlink()


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)  # noqa: PTH105


def _drop_empty(folder: Path, removed: Collection[str]) -> None:
    """Remove folders that are empty now that these files are gone."""
    for name in removed:
        for parent in (folder / name).parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()
