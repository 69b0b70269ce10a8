"""Run Jupyter Book to make Word hand-outs of our own notebooks, offline and with a time limit.

It looks up addresses that it finds in a text, so nothing from case records is given to it, and every connection to
another machine is refused. Its exit code does not show whether it worked, so the caller checks for the document.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from putright.mistakes import Mistake
from putright.writing import processes

#: The oldest Node.js that Jupyter Book runs on.
NODE = 20
_SECONDS = 300
#: A script that Node.js loads before anything else: it lets no connection out.
_REFUSE = Path(__file__).with_name("refuse-connections.cjs")


class JupyterBookError(Mistake):
    """Jupyter Book cannot be run; the text says what is missing."""


def check_tools() -> None:
    """JupyterBookError if Jupyter Book, or the Node.js it runs on, is not installed."""
    if find_spec("jupyter_book") is None:
        raise JupyterBookError(
            "Hand-outs are made by Jupyter Book, which is not installed: install putright[training]. Nothing was made."
        )
    node = shutil.which("node")
    said = subprocess.run([node, "-v"], capture_output=True, text=True, check=False).stdout if node else ""
    major = re.match(r"v(\d+)\.", said)
    if not major or int(major[1]) < NODE:
        found = f"version {said.strip()} is" if major else "none is"
        raise JupyterBookError(
            f"Hand-outs are made by Jupyter Book, which needs Node.js {NODE} or later; {found} installed. "
            "Nothing was made."
        )


def build_word(folder: Path) -> str:
    """Make the Word exports that a folder's ``myst.yml`` names; returns the last line of output."""
    command = [sys.executable, "-m", "jupyter_book", "build", "--docx"]
    try:
        said = processes.run(command, folder, _environment(), _SECONDS)
    except subprocess.TimeoutExpired:
        return f"it was not ready after {_SECONDS} seconds."
    lines = said.decode("utf-8", "replace").splitlines()
    return " ".join(" ".join(lines[-6:]).split()) or f"it said nothing. Is Node.js {NODE} or later installed?"


def _environment() -> dict[str, str]:
    options = f'{os.environ.get("NODE_OPTIONS", "")} --require "{_REFUSE.as_posix()}"'.strip()
    return os.environ | {"JB_ALLOW_NODEENV": "no", "NO_COLOR": "1", "NODE_OPTIONS": options}
