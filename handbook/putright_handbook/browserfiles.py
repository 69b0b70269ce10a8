"""Fetch Python for the browser from the package indexes, once, and check the files.

``python -m putright_handbook.browserfiles FOLDER`` fetches them, with pip and npm by package name. Building needs no
connection after that, and everything else that a browser needs is taken from what is installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from putright_handbook.page import HandbookError

#: As jupyterlite-pyodide-kernel of constraints.txt expects it.
PYODIDE = "pyodide-314.0.6.tgz"
PYTHON, PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
#: Every file with its hash.
FILES = {
    PYODIDE: "d78ac549b28a2a58600cd06f44e017024151775f8c6b2d73fab1475400d38ea2",
    "pydantic_core-2.50.4-cp314-cp314-pyemscripten_2026_0_wasm32.whl": (
        "e6da138a1ecc1341c8b788a5ee822670b03788e1f5decf7af9d461de6e508b8e"
    ),
    "micropip-0.11.1-py3-none-any.whl": "768de165adb8e66906039d8fec4127a57f522dfdf8e6fbff877a4616941ecfd3",
}
_COMMAND = "python -m putright_handbook.browserfiles"


def fetch(folder: Path) -> None:
    """Fetch what is not in the folder yet. HandbookError if that fails, or gives something else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (folder / name).is_file():
            continue
        package, version = name.removesuffix(".tgz").split("-")[:2]
        try:
            subprocess.run(_command(name, package, version, folder), check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise HandbookError(f"{error.filename} is needed to fetch {name}, and is not installed.") from None
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout).strip()
            raise HandbookError(f"{name} cannot be fetched: {said}") from None
    check(folder)


def _command(name: str, package: str, version: str, folder: Path) -> list[str]:
    if name == PYODIDE:
        return ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    target = ["--platform", PLATFORM, "--python-version", PYTHON, "--implementation", "cp"]
    return [*pip, *target, "--dest", str(folder), f"{package}=={version}"]


def check(folder: Path) -> None:
    """HandbookError unless every file is there and is what it was."""
    for name, wanted in FILES.items():
        path = folder / name
        if not path.is_file():
            raise HandbookError(f"{path} is not there: fetch it with '{_COMMAND} {folder}'.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise HandbookError(
                f"{path} is not the file it should be: delete it and fetch it with '{_COMMAND} {folder}'."
            )


def main() -> int:
    """The command."""
    if len(sys.argv) != 2:
        print(f"How to use it: {_COMMAND} FOLDER", file=sys.stderr)
        return 2
    try:
        fetch(Path(sys.argv[1]))
    except HandbookError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
