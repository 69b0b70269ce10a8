"""Stoke-on-Trent City Council: corporate complaints.

The policy names no closure days, so none are given here. Social care complaints follow statutory
procedures that were not read.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The policy issued on 1 April 2024."""
    return [Path(__file__).parent / "corporate.yaml"]
