"""The training notebooks in the handbook: run by putright itself, in one kernel, and cached until something changes.

Sphinx's own cache of notebooks does not see a change in a rulebook or in imported code; the name of the
folder here is a hash of both. They are run while Sphinx reads the other pages.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from putright.writing import processes

from putright_handbook import site
from putright_handbook.site import Site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# Notebooks are checked by jsonschema, which loads for two seconds a grammar of web addresses that no notebook has
# limits; without it, it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

#: Their folder in the source tree, and the page that lists them.
FOLDER, LIST = "notebooks", "training"


@dataclass(frozen=True)
class Training:
    """The notebooks of a build, perhaps still running."""

    names: tuple[str, ...]
    folder: Path
    """Where they are when they have been run."""
    running: Future[None] | None

    def stage(self, source: Path) -> set[Path]:
        """Put them into the source tree, an empty one for each that is still running; their paths in it."""
        for name in self.names:
            place = source / FOLDER / name
            site.write_changed(place, b"" if self.running else (self.folder / name).read_bytes())
        return {Path(FOLDER) / name for name in self.names}

    def connect(self, app: Sphinx) -> None:
        """Have Sphinx read them last, and wait for them."""
        app.connect("env-before-read-docs", self._last)
        app.connect("source-read", self._read)

    def _last(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        docnames.sort(key=_is_training)

    def _read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        if not _is_training(docname) or self.running is None:
            return
        self.running.result()
        for name in self.names:
            site.write_changed(Path(app.srcdir) / FOLDER / name, (self.folder / name).read_bytes())
        if docname != LIST:
            content[0] = Path(app.env.doc2path(docname)).read_text(encoding="utf-8")


def _is_training(docname: str) -> bool:
    return docname == LIST or docname.startswith(f"{FOLDER}/")


def council(site: Site) -> str:
    """The council they are set to: the one with the most procedures, so that every notebook has content."""
    return max(sorted(site.host.councils), key=lambda name: len(site.of(name)))


@contextlib.contextmanager
def begun(site: Site, work: Path) -> Iterator[Training]:
    """The notebooks of a site: none, or those of the last build, or new ones, which begin to run."""
    folder = work / f"notebooks-{site.digest[:16]}"
    if not site.training:
        yield Training((), folder, None)
        return
    for old in work.glob("notebooks-*"):
        if old != folder:
            shutil.rmtree(old)
    if folder.is_dir():
        yield Training(tuple(sorted(path.name for path in folder.glob("*.ipynb"))), folder, None)
        return
    from putright.training import notebooks

    names = tuple(sorted(f"{source.name}.ipynb" for source in notebooks.sources(site.host, council(site))))
    # A build that fails waits for the notebooks first: what runs them would wait for ever for a kernel that was ended.
    with processes.ending_children(), ThreadPoolExecutor(1) as pool:
        yield Training(names, folder, pool.submit(_make, site, folder))


def _make(site: Site, folder: Path) -> None:
    import nbformat
    from jupyter_core.utils import ensure_event_loop
    from putright.training import notebooks

    try:
        found = notebooks.make(site.host, council(site))
    finally:
        ensure_event_loop().close()  # the event loop of the kernel client; nothing else closes it
    new = folder.with_name(f".{folder.name}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name, notebook in found.items():
        (new / name).write_text(nbformat.writes(notebook), encoding="utf-8")
    new.rename(folder)
