"""``putright-training``: the training notebooks, to read here or to take away."""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from putright_handbook import training, writing
from putright_handbook.writing import Content, bullets, link, para


class Training(writing.Directive):
    """A list of the notebooks in this handbook."""

    def run(self) -> list[nodes.Node]:
        found = sorted(name for name in self.env.found_docs if name.startswith(f"{training.FOLDER}/"))
        if not found:
            return [
                para("The notebooks were left out of this handbook; 'putright notebooks' writes a council's own set.")
            ]
        lines: list[Content] = [
            [link(_title(Path(self.env.doc2path(name))), name), " (", self._download(name), ")"] for name in found
        ]
        said = (
            f"They are set to {self.site.authority(training.council(self.site))}, and show what came of running them."
        )
        return [para(said), bullets(lines), _toctree(self.docname, found)]

    def _download(self, name: str) -> addnodes.download_reference:
        words = f"the notebook itself: {name.rpartition('/')[2]}.ipynb"
        return addnodes.download_reference(
            "", "", nodes.inline("", words), reftarget=f"/{name}.ipynb", refdoc=self.docname, refexplicit=True
        )


def _title(path: Path) -> str:
    """What the notebook calls itself."""
    title: str = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("title", path.stem)
    return title


def _toctree(docname: str, found: list[str]) -> nodes.compound:
    """A table of contents that does not show: it tells Sphinx where the notebooks belong."""
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


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-training", Training)
