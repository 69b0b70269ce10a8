"""The training notebooks that run in the reader's browser: JupyterLite, with a Python that comes with the site.

Nothing is fetched while it is built, nor while it is read.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from putright.training import asking, notebooks
from putright.training.notebooks import BROWSER, Source

from putright_handbook import browserfiles, training, wheels
from putright_handbook.page import HandbookError
from putright_handbook.site import Site

#: Their folder in the site.
FOLDER = "lite"
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: Every cell is on the page, and not only what can be seen of it: a screen reader and the search of a browser read all.
_SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
_HINT = (
    "This copy runs in your browser, with a Python that came with the page. Choose *Run*, *Run All Cells*; the first "
    "time takes about a minute. If it takes longer, go back to the page you came from and open *If a notebook is "
    "slow*. What you type stays in this browser and is sent nowhere.\n\n"
    "**What is prepared.** No audit runs in a browser. What this notebook shows of one was worked out by the checker "
    "when this handbook was built: made-up cases, findings, due dates, figures and what a command prints. It is for "
    "the date (`as_at`) and the number (`seed`) in the first cell. Days, rulebooks, self-assessments and what is said "
    "of your answers are worked out here as you go."
)


def address(name: str) -> str:
    """Where a notebook opens, from the site's first page."""
    return f"{FOLDER}/notebooks/index.html?path={name}.ipynb"


def made(site: Site, work: Path) -> Path | None:
    """The folder to publish, if the site has one; built unless a kept one fits."""
    if site.browser is None:
        return None
    folder = work / f"{FOLDER}-{site.digest[:16]}"
    if not folder.is_dir():
        _make(site, site.browser, folder)
    for old in work.glob(f"{FOLDER}-*"):
        if old != folder:
            shutil.rmtree(old)
    return folder


def _make(site: Site, fetched: Path, folder: Path) -> None:
    browserfiles.check(fetched)
    with tempfile.TemporaryDirectory(prefix="putright-", dir=folder.parent) as name:
        place = Path(name)
        (place / "contents").mkdir()
        for source in _sources(site, training.council(site)):
            text = _contents(source, training.council(site))
            (place / "contents" / f"{source.name}.ipynb").write_text(text, encoding="utf-8")
        settings = {f"{_KERNEL}:kernel": {"disablePyPIFallback": True}}
        configuration = {"appName": "Training notebooks", "litePluginSettings": settings}
        (place / "overrides.json").write_text(json.dumps(_SETTINGS), encoding="utf-8")
        whole = {"jupyter-lite-schema-version": 0, "jupyter-config-data": configuration}
        (place / "jupyter-lite.json").write_text(json.dumps(whole), encoding="utf-8")
        wheels.write(site.host, answers(site), fetched, place / "static" / "pyodide")
        _build(place, place / "out")
        (place / "out").rename(folder)


def _sources(site: Site, council: str) -> Iterator[Source]:
    """A council's notebooks that run in a browser."""
    return (source for source in notebooks.sources(site.host, council) if source.notebook.metadata.get(BROWSER))


def _contents(source: Source, council: str) -> str:
    """A notebook for the browser: not run yet, with instructions on how to run it."""
    import nbformat
    from nbformat import v4

    notebook = source.notebook
    notebooks.set_to(notebook, {"council": council})
    notebook.cells.insert(1, v4.new_markdown_cell(_HINT, id="in-your-browser"))
    notebook.metadata["kernelspec"] = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    return str(nbformat.writes(notebook))


def answers(site: Site) -> dict[str, Any]:
    """The audit results that the notebooks use, for every council."""
    written: dict[str, Any] = {}
    token = asking.WRITTEN.set(written)
    try:
        for council in site.host.councils:
            for source in _sources(site, council):
                _run(source, council)
    finally:
        asking.WRITTEN.reset(token)
    return written


def _run(source: Source, council: str) -> None:
    notebooks.set_to(source.notebook, {"council": council})
    names: dict[str, Any] = {}
    for cell in source.notebook.cells:
        if cell.cell_type == "code":
            try:
                exec(compile(cell.source, str(source.path), "exec"), names)
            except Exception as error:  # a notebook of a plugin may fail in any way
                raise HandbookError(f"{source.path}: a cell fails for {council}: {error}") from None


def _build(place: Path, output: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(place), "--output-dir", str(output)]
    command += ["--contents", str(place / "contents"), "--apps", "notebooks", "--no-libarchive", "--no-sourcemaps"]
    done = subprocess.run([*command, "--no-unused-shared-packages"], cwd=place, capture_output=True, text=True)
    if done.returncode or not (output / "notebooks" / "index.html").is_file():
        said = (done.stderr or done.stdout).strip()
        raise HandbookError(f"JupyterLite cannot be built; install putright[browser]. It said:\n{said}")
