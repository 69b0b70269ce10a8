"""``putright-changes``: the list of changes that the software is released with."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from putright_handbook import writing
from putright_handbook.page import PACKAGE, HandbookError

_NAME = "CHANGELOG.md"


class Changes(writing.Directive):
    """The changes, under the page's own title."""

    def run(self) -> list[nodes.Node]:
        path = changelog()
        self.env.note_dependency(str(path))
        _, _, text = path.read_text(encoding="utf-8").partition("\n## ")
        return self.parse_text_to_nodes(f"## {text}", allow_section_headings=True)


def changelog() -> Path:
    """In the project's folder, or among the files that an installed package brought along."""
    own = PACKAGE.parent.parent / _NAME
    if own.is_file():
        return own
    brought = [Path(str(file.locate())) for file in metadata.files("putright") or [] if file.name == _NAME]
    if not brought:
        raise HandbookError(f"{_NAME} did not come with this installation; install putright again.")
    return brought[0]


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-changes", Changes)
