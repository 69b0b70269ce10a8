"""A set of each council of training notebooks, run in one kernel, once for all tests and processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ownplugins import is_tested_here
from putright.training import handouts, notebooks
from putright.training.lessons import host
from shared import made_once

COMMITTED = Path(__file__).parents[2] / "notebooks"
#: The others have tests of their own, and test_councils.py runs the notebooks of councils of every kind.
COUNCILS = [council for council in host().councils if is_tested_here(council)]
AS_AT, SEED = notebooks.AS_AT, notebooks.SEED


@cache
def sets() -> Path:
    """A folder with a folder for each council."""
    return made_once("notebooks", _make)


def _make(folder: Path) -> None:
    made: dict[str, dict[str, Any]] = {}
    for council in COUNCILS:
        made[council] = {f"{source.name}.ipynb": source.notebook for source in notebooks.sources(host(), council)}
        for notebook in made[council].values():
            notebooks.set_to(notebook, {"council": council, "as_at": AS_AT, "seed": SEED})
    notebooks.run((name, notebook) for own in made.values() for name, notebook in own.items())
    for council, own in made.items():
        notebooks.write(notebooks.files(own, handouts.project(list(own))), folder / council)


def tagged(notebook: Any, *tags: str) -> list[Any]:
    """The cells with one of these tags."""
    return [cell for cell in notebook.cells if set(tags) & set(cell.metadata.get("tags", ()))]


def text_of(cell: Any, kind: str = "text/plain") -> str:
    """What a cell shows."""
    return "".join(output["data"][kind] for output in cell.outputs if "data" in output)
