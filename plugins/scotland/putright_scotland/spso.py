"""The model complaints handling procedure of the Scottish Public Services Ombudsman (SPSO): a national rulebook."""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The procedure for councils, as far as public bodies' own pages tell it."""
    return [Path(__file__).with_name("spso.yaml")]
