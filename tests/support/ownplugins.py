"""The plugins of this repository that have tests of their own, as an author elsewhere writes them.

Their rulebooks need no deck and no row of a register: their tests are in their folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from docpages import ROOT


def _plugins() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "plugins").glob("*/pyproject.toml")):
        if (path.parent / "tests").is_dir():
            project = tomllib.loads(path.read_text("utf-8"))["project"]
            for name in project["entry-points"]["putright"]:
                yield name, path.parent


#: The folder of each such plugin, by the plugin's name.
TESTED_BY_THEMSELVES = dict(_plugins())


def is_tested_here(rulebook: str) -> bool:
    """Whether the tests in ``tests/`` have to show every rule of a rulebook."""
    return rulebook.partition(".")[0] not in TESTED_BY_THEMSELVES
