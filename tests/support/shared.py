"""What is slow to make and never changes: made once for all tests and processes."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name with what ``make`` writes there, by whichever process asks first."""
    shared = Path(os.environ["PUTRIGHT_TESTS_SHARED"])
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second waits until it is there
        if not folder.is_dir():
            try:
                make(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)  # nobody takes half of it for the whole
                raise
    return folder
