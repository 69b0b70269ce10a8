"""Check that the files a run reads do not change while it reads them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from putright.mistakes import Mistake
from putright.writing import receipts


class ChangedError(Mistake):
    """A file was changed while it was read; the text names it."""


class Originals:
    """The files of a run; ``check`` at its end sees whether any was changed meanwhile."""

    def __init__(self, paths: Iterable[Path], *, certified: bool = False) -> None:
        """``certified`` takes their digests now, and compares them again at the end."""
        self._states = {path: _state(path) for path in paths}
        if certified:
            _ = self.digests

    @cached_property
    def digests(self) -> dict[Path, str]:
        """The SHA-256 of each that is a file; a pipe can be read but once."""
        return {path: receipts.digest(path) for path, state in self._states.items() if state}

    def check(self) -> None:
        """Raise a ChangedError where a file is not as it was."""
        digests = self.__dict__.get("digests", {})
        for path, state in self._states.items():
            if _state(path) != state or (path in digests and receipts.digest(path) != digests[path]):
                raise ChangedError(f"{path} was changed while it was read: run it again when nobody writes to it.")


def _state(path: Path) -> tuple[int, ...] | None:
    """Size, time and inode. None if it is not a file or does not exist, which the reader then reports."""
    try:
        found = path.stat()
        return (found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev) if path.is_file() else None
    except OSError:
        return None
