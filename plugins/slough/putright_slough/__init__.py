"""Slough Borough Council: corporate complaints.

The pages that were read name no closure days, so none are given here.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The policy, as far as the council's self-assessment of 2025 quotes it."""
    return [Path(__file__).with_name("corporate.yaml")]
