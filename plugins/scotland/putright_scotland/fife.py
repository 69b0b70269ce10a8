"""Fife Council: complaints about its services.

Its page names no local holidays, so none are given here.
"""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The procedure, as the council's page tells it."""
    return [Path(__file__).with_name("fife-corporate.yaml")]
