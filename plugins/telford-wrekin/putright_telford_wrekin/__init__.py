"""Telford & Wrekin Council: corporate complaints, and children's complaints about exploitation.

The policy counts in working days and names no closure days, so none are given here.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """One rulebook for each procedure of the policy of April 2024."""
    folder = Path(__file__).parent
    return [folder / name for name in ("corporate.yaml", "children.yaml")]
