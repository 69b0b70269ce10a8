"""The training notebooks in the handbook: run by putright itself, in one kernel, and kept while nothing changes.

Sphinx's own cache of notebooks does not see a change in a rulebook or in imported code; the name of the
folder here is a hash of both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from putright_handbook.site import Site

#: Their folder in the source tree.
FOLDER = "notebooks"


def council(site: Site) -> str:
    """The council that they are set to: the one with the most procedures, so that each has something to show."""
    return max(sorted(site.host.councils), key=lambda name: len(site.of(name)))


def made(site: Site, work: Path) -> dict[Path, Path]:
    """The notebooks with their outputs: where each goes in the source tree, and where it is."""
    if not site.training:
        return {}
    folder = work / f"notebooks-{site.digest[:16]}"
    if not folder.is_dir():
        _make(site, folder)
    for old in work.glob("notebooks-*"):
        if old != folder:
            shutil.rmtree(old)
    return {Path(FOLDER) / path.name: path for path in sorted(folder.glob("*.ipynb"))}


def _make(site: Site, folder: Path) -> None:
    import nbformat
    from putright.training import notebooks

    found = notebooks.make(site.host, council(site))
    new = folder.with_name(f".{folder.name}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name, notebook in found.items():
        (new / name).write_text(nbformat.writes(notebook), encoding="utf-8")
    new.rename(folder)
