"""The receipt of a folder: the files that putright wrote there, with the digest of each.

putright replaces or removes only files that a receipt names and that have not changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from putright.text.plaintext import json_file
from putright.writing import staging
from putright.writing.staging import WriteError

NAME = "receipt.json"
_SOFTWARE = "putright "


@dataclass(frozen=True)
class Receipt:
    """The files that putright wrote into a folder."""

    folder: Path
    kind: str | None
    """The kind of folder, for example 'a committee pack'; None if an older putright did not record it."""
    files: Mapping[str, str]
    """The SHA-256 of each file by its name in the folder, parts of a name parted by ``/``."""

    def fits(self, name: str) -> bool:
        """Whether a file is unchanged since putright wrote it; one that does not exist is not."""
        path = self.folder / name
        return not path.exists() or (path.is_file() and digest(path) == self.files[name])

    def changed(self) -> list[str]:
        """The files that are not as putright wrote them."""
        return [name for name in self.files if not self.fits(name)]


def read(folder: Path) -> Receipt | None:
    """The receipt of a folder; None if it has none that putright can have written.

    A change of its files that was killed half way is undone first.
    """
    staging.sweep(folder)
    try:
        data = json.loads((folder / NAME).read_bytes())
        if not str(data["software"]).startswith(_SOFTWARE):
            return None
        files = {str(each["file"]): str(each["sha256"]) for each in data["outputs"]}
        kind = data.get("kind")
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
        return None
    return Receipt(folder, None if kind is None else str(kind), files)


def certified(
    files: Mapping[str, bytes | Path], about: Mapping[str, Any], former: Receipt | None = None
) -> dict[str, bytes | Path]:
    """The files with their receipt; see ``receipt``."""
    return {**files, NAME: receipt(files, about, former)}


def receipt(files: Mapping[str, bytes | Path], about: Mapping[str, Any], former: Receipt | None = None) -> bytes:
    """The receipt of files, with the facts in ``about``; files of ``former`` that are still there stay in it."""
    kept = {name: digest for name, digest in former.files.items() if former.fits(name)} if former else {}
    digests = kept | {name: _digest_of(content) for name, content in files.items()}
    outputs = [{"file": name, "sha256": digests[name]} for name in sorted(digests)]
    return json_file({**about, "outputs": outputs})


def replace(folder: Path, made: Mapping[str, bytes | Path], private: Collection[str] = ()) -> None:
    """Write files into a folder, their receipt among them, all or none; WriteError where they cannot be written.

    What putright wrote there before and the receipt does not name any more goes, unless it has been changed; what
    else is there stays, and so do files that are written already as they are to be. ``private`` are those that
    name cases.
    """
    for name in made:
        if (folder / name).is_dir():
            raise WriteError(f"{folder / name} cannot be written: a folder of that name is in the way.")
    receipt = made[NAME]
    assert isinstance(receipt, bytes)
    named = {each["file"]: each["sha256"] for each in json.loads(receipt)["outputs"]}
    before = read(folder)
    same, gone = set(), []
    for name in before.files if before else ():
        if before and (folder / name).exists() and before.fits(name):
            if name not in named:
                gone.append(name)
            elif named[name] == before.files[name]:
                same.add(name)
    written = {name: content for name, content in made.items() if name not in same}
    staging.change(folder, staging.Change(written, gone, private, last=NAME))


def _digest_of(content: bytes | Path) -> str:
    return digest(content) if isinstance(content, Path) else hashlib.sha256(content).hexdigest()


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
