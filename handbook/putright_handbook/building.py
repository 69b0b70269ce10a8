"""Building the handbook: a source tree of hand-written and made pages, Sphinx over it, and all or nothing out.

Sphinx is imported only here, where it is needed.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from putright.mistakes import Mistake

from putright_handbook import inbrowser, site, training
from putright_handbook.site import PACKAGE, PAGES, HandbookError, Site
from putright_handbook.training import Training

#: A file that every handbook has, by which one is known.
MARK = "pages.json"


@dataclass(frozen=True)
class Built:
    """What a build made."""

    folder: Path
    pages: int
    seconds: float


def build(found: Site, output: Path, work: Path | None = None) -> Built:
    """Build the handbook into ``output``, wholly or not at all.

    ``work`` keeps what the next build can use again; without it everything is made anew. HandbookError lists
    every warning, since a warning is a broken link or a page that is not as it was meant.
    """
    began = time.monotonic()
    _check_output(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _folder(work, output) as folder, training.begun(found, folder) as notebooks:
        _stage(folder / "source", notebooks)
        _run(found, folder, notebooks)
        _add(inbrowser.made(found, folder), folder / "html" / inbrowser.FOLDER)
        pages = len(json.loads((folder / "html" / MARK).read_text(encoding="utf-8"))["pages"])
        _publish(folder / "html", output, keep=work is not None)
    return Built(output, pages, time.monotonic() - began)


def _check_output(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise HandbookError(f"--output {output}: that is a file; give a folder.")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise HandbookError(f"--output {output}: there is something else in that folder; give a new or an empty one.")


@contextlib.contextmanager
def _folder(work: Path | None, output: Path) -> Iterator[Path]:
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
        yield work.resolve()
        return
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as name:
        yield Path(name).resolve()


def _stage(source: Path, notebooks: Training) -> None:
    """The hand-written pages and the notebooks, copied where they changed; what is there no longer goes."""
    pages = {path.relative_to(PAGES): path for path in PAGES.rglob("*") if path.is_file()}
    for name, path in pages.items():
        site.write_changed(source / name, path.read_bytes())
    written = {*pages, *notebooks.stage(source)}
    made = {source / folder for folder in site.MADE}
    for path in source.iterdir():
        if path.is_file() and path.relative_to(source) not in written:
            path.unlink()
        elif path.is_dir() and path not in made:
            site.remove_others([path], {source / name for name in written})


def _add(made: Path | None, target: Path) -> None:
    """What is built beside the pages, in its place in the site; gone where it is no longer wanted."""
    if made is None:
        shutil.rmtree(target, ignore_errors=True)
        return
    _copy(made, target)


def _copy(source: Path, target: Path) -> None:
    """A folder's files, where they changed, and none that it does not have."""
    shutil.copytree(source, target, dirs_exist_ok=True, copy_function=_copy_changed)
    site.remove_others([target], {target / path.relative_to(source) for path in source.rglob("*")})


def _run(found: Site, folder: Path, notebooks: Training) -> None:
    try:
        import myst_parser  # noqa: F401
        import pydata_sphinx_theme  # noqa: F401
        from sphinx.application import Sphinx
        from sphinx.errors import SphinxError
        from sphinx.util.docutils import docutils_namespace, patch_docutils
    except ImportError as error:
        raise HandbookError(
            f"The handbook needs {error.name}, which is not installed: install putright with its needs."
        ) from None

    said = io.StringIO()
    given = site.GIVEN.set(found)
    try:
        with docutils_namespace(), patch_docutils(str(PACKAGE)), _less_collecting(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Sphinx's own extensions will have to change is no news here
            app: Any = Sphinx(
                srcdir=str(folder / "source"),
                confdir=str(PACKAGE),
                outdir=str(folder / "html"),
                doctreedir=str(folder / "doctrees"),
                buildername="html",
                status=None,
                warning=said,
                warningiserror=True,
                # Not in parallel: the engine's threads do not outlive a fork.
                parallel=1,
            )
            notebooks.connect(app)
            app.build()
    except SphinxError as error:
        if isinstance(cause := getattr(error, "orig_exc", None), Mistake):
            raise cause from None
        raise HandbookError(f"The handbook cannot be built: {_plain(str(error))}") from error
    finally:
        site.GIVEN.reset(given)
    if found_wrong := _plain(said.getvalue()):
        (folder / "doctrees" / "environment.pickle").unlink(missing_ok=True)  # so that the next build says it again
        raise HandbookError(f"The handbook cannot be built:\n{found_wrong}")


@contextlib.contextmanager
def _less_collecting() -> Iterator[None]:
    """Look for garbage less often: pages are trees of thousands of nodes, walked in vain as often as they grow."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _plain(text: str) -> str:
    """Without a terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def _publish(html: Path, output: Path, *, keep: bool) -> None:
    """Put the finished site in place of the one before it."""
    shutil.rmtree(html / ".buildinfo", ignore_errors=True)
    if keep:
        _copy(html, output)
        return
    old = output.with_name(f".{output.name}-old")
    if output.exists():
        output.rename(old)
    shutil.move(html, output)
    shutil.rmtree(old, ignore_errors=True)


def _copy_changed(source: str, target: str) -> str:
    one, other = Path(source).stat(), Path(target)
    if not other.exists() or (other.stat().st_size, int(other.stat().st_mtime)) != (one.st_size, int(one.st_mtime)):
        shutil.copy2(source, target)
    return target
