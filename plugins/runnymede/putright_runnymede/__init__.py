"""Runnymede Borough Council: corporate complaints.

The report names no closure days, so none are given here. Complaints of the council's tenants follow a
policy of their own that was not read.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The policy of July 2024, as the report to committee tells it."""
    return [Path(__file__).parent / "corporate.yaml"]
