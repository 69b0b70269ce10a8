"""What a council's plugin begins from."""

from __future__ import annotations

import datetime as dt
import os

from putright import calendars
from putright.kit import folder as folders
from putright.kit.folder import NewCouncil
from putright.plugins import Host
from putright.rulebooks.schema import SCHEMA

__all__ = ["SCHEMA", "NewCouncil", "new_council"]


def new_council(
    host: Host,
    council: str,
    *,
    name: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    nation: str = "england",
    governed_by: str | None = None,
    procedure: str | None = None,
    today: dt.date | None = None,
) -> NewCouncil:
    """Writes a folder with a plugin for a council, which can be installed and tested as it is.

    Its rulebook has the steps and times of the national rulebook that governs it, with marks where the council's own
    text belongs. Raises a Mistake where the folder is there already, or a name cannot be used.
    """
    return folders.write(
        host,
        council,
        name=name,
        folder=folder,
        nation=nation,
        governed_by=governed_by,
        procedure=procedure,
        today=today or calendars.today(),
    )
