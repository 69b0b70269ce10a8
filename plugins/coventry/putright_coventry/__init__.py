"""Coventry City Council: corporate, children's and adults' complaints.

The policy counts in 'council working days' but names no closure days, so none are given here.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """One rulebook for each procedure of the policy of March 2025."""
    folder = Path(__file__).parent
    return [folder / name for name in ("corporate.yaml", "children.yaml", "adults.yaml")]
