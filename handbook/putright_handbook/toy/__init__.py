"""Toytown: a council made up to show how one is added."""

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """Its one rulebook."""
    return [Path(__file__).with_name("corporate.yaml")]
