"""A paper as a MyST page, and from that page a Word document by Jupyter Book.

The page can be shown in the handbook as it is. Jupyter Book makes the document from it offline with a
template of ours; ``wordlooks`` then gives it its looks, and makes the same paper the same bytes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from putright.committee.paper import Block, Chart, Gap, Paper, Section, Table, spell
from putright.jupyterbook import build_word
from putright.mistakes import Mistake

PAGE = "committee-paper.md"
WORD = "committee-paper.docx"
CHARTS = "charts"
TO_SUPPLY = "To be supplied:"
_TEMPLATE = Path(__file__).with_name("templates") / "word"
_SETTINGS = f"""version: 1
project:
  exports:
    - format: docx
      template: template
      output: {WORD}
      articles: [{PAGE}]
"""
_NODE = (18, 20, 22)


class WordError(Mistake):
    """The Word document cannot be made; the text says what is missing."""


def check_tools() -> None:
    """WordError where Jupyter Book or the Node.js it runs on is not there."""
    if find_spec("jupyter_book") is None:
        raise WordError(
            "The committee paper in Word is made by Jupyter Book, which is not installed: pip install jupyter-book. "
            "Nothing was written."
        )
    node = shutil.which("node")
    said = subprocess.run([node, "-v"], capture_output=True, text=True, check=False).stdout if node else ""
    major = re.match(r"v(\d+)\.", said)
    if not major or not (int(major[1]) in _NODE or int(major[1]) > max(_NODE)):
        found = f"version {said.strip()} is" if major else "none is"
        raise WordError(
            f"The committee paper in Word is made by Jupyter Book, which needs Node.js 18, 20 or 22 and later; {found} "
            "installed. Nothing was written."
        )


# --- the page -------------------------------------------------------------------------------------


def chart_name(chart: Chart) -> str:
    """A chart's picture, beside the page."""
    return f"{CHARTS}/{chart.table}.png"


def page(paper: Paper) -> str:
    """The paper as a MyST page; charts are pictures beside it, at ``chart_name``."""
    parts = ["---", f"title: {_quoted(paper.title)}", "---", ""]
    for name, value in paper.facts:
        parts += [f"**{escaped(name)}:** {escaped(value)}", ""]
    for section in paper.sections:
        parts += _section(section)
    return "\n".join(parts)


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * section.level} {escaped(section.heading)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Chart):
        yield f"![{escaped(block.alternative)}]({chart_name(block)})"
        yield ""
        yield f"*{escaped(block.alternative)}*"
    elif isinstance(block, Gap):
        yield f"**{TO_SUPPLY}** {escaped(block.text)}"
    else:
        yield escaped(block.text)


def _table(table: Table) -> Iterator[str]:
    yield f"~~~{{table}} {escaped(table.title)}"
    yield _row([column.heading for column in table.columns])
    yield "|".join(["", *("--:" if column.figures else ":--" for column in table.columns), ""])
    for row in table.rows:
        yield _row([spell(cell) for cell in row])
    yield "~~~"
    if table.note:
        yield ""
        yield f"*{escaped(table.note)}*"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|$~@^&#])")
#: What would begin a list, a rule or a comment at the start of a line.
_BEGINS = re.compile(r"^(?:(?=[-+=:%])|(\d{1,9})(?=[.)](?:\s|$)))")


def escaped(text: str) -> str:
    """Text as MyST that shows just this text, on one line."""
    return _BEGINS.sub(lambda found: f"{found[1] or ''}\\", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _quoted(text: str) -> str:
    """Text as a YAML scalar in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- the document ---------------------------------------------------------------------------------


def build(files: Mapping[str, bytes]) -> bytes:
    """The Word document that Jupyter Book makes of the page and its charts, as it makes it.

    ``files`` are by name, the page under PAGE.

    Raises WordError where it makes none, or one that does not open: its exit code says nothing.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(_TEMPLATE, place / "template")
        for file, content in files.items():
            (place / file).parent.mkdir(exist_ok=True)
            (place / file).write_bytes(content)
        (place / "myst.yml").write_text(_SETTINGS, "utf-8")
        said = build_word(place)
        made = place / WORD
        if not made.is_file():
            raise WordError(f"Jupyter Book made no Word document: {said}")
        return made.read_bytes()
