"""Brighton & Hove City Council: corporate complaints.

The procedure names no closure days, so none are given here. Adults' and children's social care follow
statutory procedures that were not read.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The corporate complaints procedure, which carries no date."""
    return [Path(__file__).parent / "corporate.yaml"]
