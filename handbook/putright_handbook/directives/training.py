"""``putright-training``: the training notebooks, to read here, to run in the browser or to take away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from putright.training.notebooks import BROWSER
from sphinx import addnodes
from sphinx.application import Sphinx

from putright_handbook import inbrowser, site, training, writing
from putright_handbook.writing import Content, bullets, link, outside, para, section

_RUN = "Run it in your browser"
_HOW = (
    "Python comes with the page: the first time it takes about a minute, and up to 40 MB are loaded. What you type "
    "stays in your browser. No audit runs there: what the notebook shows of one was prepared when this handbook was "
    "built. The rest is worked out in front of you."
)
_DESKTOP = "This notebook does not run in a browser: it needs "
#: The page on what to do when a notebook is slow.
_SLOW = "If a notebook is slow"


class Training(writing.Directive):
    """A list of the notebooks in this handbook."""

    def run(self) -> list[nodes.Node]:
        found = sorted(name for name in self.env.found_docs if name.startswith(f"{training.FOLDER}/"))
        if not found:
            return [
                para("The notebooks were left out of this handbook; 'putright notebooks' writes a council's own set.")
            ]
        said = (
            f"They are set to {self.site.authority(training.council(self.site))}, and show what came of running them."
        )
        lines = [self._line(name) for name in found]
        return [para(said), bullets(lines), _toctree(self.docname, found), *self._ways()]

    def _line(self, name: str) -> list[Content]:
        about = _metadata(Path(self.env.doc2path(name)))
        title = str(about.get("title", name))
        line: list[Content] = [link(title, name), " (", self._download(name)]
        if self.site.browser and about.get(BROWSER):
            line += ["; ", outside(f"run {title} in your browser", inbrowser.address(name.rpartition("/")[2]))]
        return [*line, ")"]

    def _download(self, name: str) -> addnodes.download_reference:
        words = f"the notebook itself: {name.rpartition('/')[2]}.ipynb"
        return addnodes.download_reference(
            "", "", nodes.inline("", words), reftarget=f"/{name}.ipynb", refdoc=self.docname, refexplicit=True
        )

    def _ways(self) -> list[nodes.Node]:
        """Where a notebook can be run, if some can in the browser."""
        if not self.site.browser:
            return []
        browser = (
            "Choose Run, then Run All Cells. Answer each question below its text and choose Check. "
            "Opened as files from a disk, this handbook cannot run anything: browsers want a web address for that. "
            "The page you are shown then is JupyterLite; the accessibility statement says what is known of it."
        )
        desktop = (
            "With putright installed, 'putright notebooks --council NAME --output DIR' writes a council's own set, and "
            "'nox -s train' opens a copy of the set that comes with it in JupyterLab. Every notebook runs there."
        )
        return [
            section("in-your-browser", "In your browser", para(_HOW), para(browser), _slow()),
            section("on-the-desktop", "On the desktop", para(desktop)),
        ]


def _slow() -> nodes.paragraph:
    return para([link(_SLOW, site.SLOW), " says what to do when it takes longer."])


def _metadata(path: Path) -> dict[str, Any]:
    """The facts of a notebook."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    return found


def _toctree(docname: str, found: list[str]) -> nodes.compound:
    """A hidden table of contents, from which Sphinx knows where the notebooks belong."""
    toctree = addnodes.toctree(
        parent=docname,
        entries=[(None, name) for name in found],
        includefiles=found,
        maxdepth=1,
        glob=False,
        hidden=True,
        includehidden=False,
        numbered=0,
        titlesonly=True,
        caption=None,
        rawentries=[],
    )
    return nodes.compound("", toctree, classes=["toctree-wrapper"])


def _offer(app: Sphinx, doctree: nodes.document) -> None:
    """On a notebook's page, under its title: run it in the browser, or what it needs."""
    folder, _, name = app.env.docname.partition("/")
    if folder != training.FOLDER or not site.current(app.srcdir).browser:
        return
    if _metadata(Path(app.env.doc2path(app.env.docname))).get(BROWSER):
        run = outside(_RUN, f"../{inbrowser.address(name)}")
        run["classes"].append("pr-button")
        offer = [para(run), para(_HOW), _slow()]
    else:
        offer = [para([_DESKTOP, link("the desktop", "training", "on-the-desktop"), "."], "pr-note")]
    for title in list(doctree.findall(nodes.title))[:1]:
        title.parent[1:1] = offer


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-training", Training)
    app.connect("doctree-read", _offer)
