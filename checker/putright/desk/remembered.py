"""Mappings kept from one day to the next, where an officer asked for that: headings and words, nothing of a case."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from putright.api.hosts import Host
from putright.api.samples import mapping_columns
from putright.mistakes import Mistake
from putright.writing.staging import whole_file

#: Set, it is the folder that they are kept in.
FOLDER = "PUTRIGHT_MAPPINGS"


@dataclass(frozen=True)
class Remembered:
    """One mapping that was kept."""

    path: Path

    @property
    def name(self) -> str:
        """What it was kept as."""
        return self.path.stem


def folder() -> Path:
    """The folder that they are kept in."""
    chosen = os.environ.get(FOLDER)
    return Path(chosen) if chosen else platformdirs.user_data_path("putright", appauthor=False) / "mappings"


def keep(mapping: Path, name: str) -> Remembered:
    """Keep a mapping under a name, in place of one that has it. Raises a Mistake where that cannot be done."""
    plain = re.sub(r"[^\w .-]+", " ", name).strip(" .")[:60]
    if not plain:
        raise Mistake("Give the columns a name to keep them by, for example Jadu export.", field="name")
    into = folder()
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"{into} cannot be made: {error.strerror or error}.", field="name") from None
    path = into / f"{plain}.yaml"
    with whole_file(path, private=True) as file:
        file.write(mapping.read_bytes())
    return Remembered(path)


def fitting(columns: Collection[str], host: Host) -> list[Remembered]:
    """Those whose columns a file has, by name."""
    there = set(columns)
    return [Remembered(path) for path in sorted(folder().glob("*.yaml")) if _reads(path, host) <= there]


def _reads(path: Path, host: Host) -> set[str]:
    """The columns that a mapping reads; one that cannot be read any more fits nothing."""
    try:
        return set(mapping_columns(path, host))
    except Mistake:
        return {""}
