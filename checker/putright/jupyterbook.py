"""Running Jupyter Book for a Word document: offline, with a limit, and what it said.

Its exit code tells nothing, so the caller looks whether there is a document.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SECONDS = 300


def build_word(folder: Path) -> str:
    """Make the Word exports that a folder's ``myst.yml`` names; returns what was said last, on one line."""
    environment = os.environ | {"JB_ALLOW_NODEENV": "no", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "jupyter_book", "build", "--docx"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it was not ready after {_SECONDS} seconds."
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()
    return " ".join(" ".join(lines[-6:]).split()) or "it said nothing. Is Node.js 20 or later installed?"
