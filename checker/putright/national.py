"""The national rulebooks, offered through the same hook as any council's."""

from __future__ import annotations

from pathlib import Path

from putright.hookspecs import hookimpl


@hookimpl
def putright_rulebooks() -> list[Path]:
    """The two Codes and the three sets of Regulations."""
    return sorted(Path(__file__).with_name("rulebook_files").glob("*.yaml"))


@hookimpl
def putright_notebooks() -> list[Path]:
    """The training notebooks that are for everyone."""
    return sorted((Path(__file__).parent / "training" / "pages").glob("*.md"))
