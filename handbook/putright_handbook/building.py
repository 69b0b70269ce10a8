"""Build the handbook: collect hand-written and generated pages, run Sphinx, and write the site whole or not at all.

Sphinx is imported only here, where it is needed.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import re
import shutil
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from putright import __version__
from putright.mistakes import Mistake
from putright.writing import claims, processes, receipts, staging

from putright_handbook import inbrowser, site, training
from putright_handbook.page import PACKAGE, HandbookError
from putright_handbook.site import Site
from putright_handbook.training import Training

#: The kinds of folders in their receipts.
KIND, WORK = "a handbook", "what the next build of a handbook can use again"
_PAGES = "pages.json"
#: A page that Sphinx makes of itself.
_OF_SPHINX = ("genindex",)
#: Folders of a site that hold no pages.
_OTHERS = ("_static", "_images", inbrowser.FOLDER)
#: The subfolders of the work folder: during a build, and between builds.
_UNDER_WAY, _AT_REST = f"{staging.BESIDE}building", "build"


@dataclass(frozen=True)
class Built:
    """The result of a build."""

    folder: Path
    pages: int
    seconds: float


def build(found: Site, output: Path, work: Path | None = None, *, overwrite: bool = False) -> Built:
    """Build the handbook into ``output``, completely or not at all.

    ``work`` keeps files for the next build; without it everything is built again. HandbookError lists every warning,
    since a warning means a broken link or a faulty page. Only files that putright wrote and that are unchanged are
    replaced or removed, unless ``overwrite`` allows more.
    """
    began = time.monotonic()
    _check_output(output, overwrite=overwrite)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(work, output) as folder, training.begun(found, folder) as notebooks:
        _stage(folder / "source", found, notebooks)
        _run(found, folder, notebooks)
        _add(inbrowser.made(found, folder), folder / "html" / inbrowser.FOLDER)
        pages = len(json.loads((folder / "html" / _PAGES).read_text(encoding="utf-8"))["pages"])
        _publish(folder / "html", output, found, overwrite=overwrite)
    return Built(output, pages, time.monotonic() - began)


def _check_output(output: Path, *, overwrite: bool) -> None:
    """Check before the long build that no other files would be overwritten."""
    receipt = receipts.read(output)
    if receipt is None and output.is_dir() and any(output.iterdir()) and not overwrite:
        raise HandbookError(
            f"--output {output}: there is something in that folder, and no receipt says that putright wrote it: "
            "give a new or an empty one, or --overwrite to write over files of the same names."
        )
    claims.check_folder("--output", output, KIND, receipt.files if receipt else (), {}, overwrite=overwrite)


# --- where it is built ----------------------------------------------------------------------------


@contextlib.contextmanager
def _workplace(work: Path | None, output: Path) -> Iterator[Path]:
    """A folder to build in; files of the last build come from ``work``, and this build's are kept there.

    During a build everything is in a separate folder, which is deleted if the build is killed, so an unfinished build
    is never mistaken for a finished one.
    """
    if work is None:
        with staging.temporary_folder(output.parent) as folder:
            yield folder.resolve()
        return
    work = work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    _check_work(work)
    staging.sweep(work)
    folder, at_rest = work / _UNDER_WAY, work / _AT_REST
    with staging.held(folder) as free:
        if not free:
            raise HandbookError(f"--work {work}: another build uses that folder: wait for its end, or give another.")
        if at_rest.exists():
            at_rest.rename(folder)
        folder.mkdir(exist_ok=True)
        try:
            yield folder
        except HandbookError:  # what was made before it is of use
            _leave(folder, work)
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _leave(folder, work)


def _leave(folder: Path, work: Path) -> None:
    """Leave what was made to the next build; its receipt is there before it is."""
    files: dict[str, bytes | Path] = {f"{_AT_REST}/{name}": path for name, path in _files(folder)}
    about = {"software": f"putright {__version__}", "kind": WORK}
    staging.put(work / receipts.NAME, receipts.receipt(files, about))
    folder.rename(work / _AT_REST)


def _check_work(work: Path) -> None:
    """Refuse a folder that is not putright's, or has files that no build wrote."""
    receipt = receipts.read(work)
    if receipt is None or receipt.kind != WORK:
        there = sorted(path.name for path in work.iterdir() if not path.name.startswith(staging.BESIDE))
        if there:
            raise HandbookError(
                f"--work {work}: there is something in that folder ({there[0]}), and no receipt says that it is left "
                "of a build: give a new or an empty one."
            )
        return
    others = [f"{_AT_REST}/{name}" for name, _ in _files(work / _AT_REST)]
    others = [name for name in others if name not in receipt.files]
    if others := others or receipt.changed():
        raise HandbookError(
            f"--work {work}: {others[0]} is not as the last build left it, and a build would lose it: put it elsewhere "
            f"and delete {_AT_REST}, or give another folder."
        )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """A folder's files by their names in it, parts of a name parted by ``/``."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _stage(source: Path, found: Site, notebooks: Training) -> None:
    """Copy hand-written pages and notebooks that changed, and remove those that no longer exist."""
    pages = {Path(path.name): path for path in found.written}
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
    """Move files built in addition to the pages into the site, and remove those no longer wanted."""
    if made is None:
        shutil.rmtree(target, ignore_errors=True)
        return
    _copy(made, target)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder's changed files, and remove files that it does not have."""
    shutil.copytree(source, target, dirs_exist_ok=True, copy_function=_copy_changed)
    site.remove_others([target], {target / path.relative_to(source) for path in source.rglob("*")})


def _run(found: Site, folder: Path, notebooks: Training) -> None:
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from putright_handbook import madepages

    said = io.StringIO()
    given = site.GIVEN.set(found)
    try:
        with docutils_namespace(), patch_docutils(str(PACKAGE)), _less_collecting(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecation warnings of Sphinx's extensions are not ours to fix
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
            _drop_gone(app)
    except SphinxError as error:
        if isinstance(cause := getattr(error, "orig_exc", None), Mistake):
            raise cause from None
        raise HandbookError(f"The handbook cannot be built: {_plain(str(error))}") from error
    finally:
        site.GIVEN.reset(given)
    if found_wrong := _plain(said.getvalue()):
        for name in ("environment.pickle", madepages.KEPT):  # so that the next build reports it again
            (folder / "doctrees" / name).unlink(missing_ok=True)
        raise HandbookError(f"The handbook cannot be built:\n{found_wrong}")


def _drop_gone(app: Any) -> None:
    """Take away the pages, and the files next to them, of what is there no longer: Sphinx leaves them from before."""
    from putright_handbook import madepages

    html = Path(app.outdir)
    named = {f"{name}.html" for name in (*app.env.found_docs, *_OF_SPHINX)}
    named |= {f"_downloads/{name}" for _, name in app.env.dlfiles.values()}
    named |= madepages.files(app)
    for name, path in _files(html):
        folder = name.partition("/")[0] if "/" in name else ""
        if name not in named and folder not in _OTHERS and (folder or name.endswith(".html")):
            path.unlink()


@contextlib.contextmanager
def _less_collecting() -> Iterator[None]:
    """Look for garbage less often: pages are trees of thousands of nodes, walked in vain as often as they grow."""
    before = gc.get_threshold()
    gc.set_threshold(*processes.GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _plain(text: str) -> str:
    """Without a terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def _publish(html: Path, output: Path, found: Site, *, overwrite: bool) -> None:
    """Replace the previous site with the finished one."""
    files = {name: path for name, path in _files(html) if not name.startswith(".buildinfo")}
    about = {"software": f"putright {__version__}", "kind": KIND, "as_at": found.as_at.isoformat()}
    made = receipts.certified(files, about)
    claims.check_folder("--output", output, KIND, made, {}, overwrite=overwrite)
    receipts.replace(output, made)


def _copy_changed(source: str, target: str) -> str:
    one, other = Path(source).stat(), Path(target)
    if not other.exists() or (other.stat().st_size, int(other.stat().st_mtime)) != (one.st_size, int(one.st_mtime)):
        shutil.copy2(source, target)
    return target
