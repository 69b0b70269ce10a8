"""A paper as a tagged PDF (PDF/UA-1), set by Typst from a template of ours; the same paper gives the same bytes."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from putright.documents.charts import svg
from putright.documents.paper import MANY, Block, Chart, Paper, Section, Table, spell
from putright.mistakes import Mistake

_TEMPLATE = Path(__file__).with_name("templates") / "paper.typ"
#: A chart's width in pixels: at 96 to the inch, what the template gives it on paper.
_CHART = 491
_PICTURE = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'


#: Maximum number of distinct characters missing from the fonts.
_LETTERS = 200
_NO_LETTER = re.compile(r'the text `?"(.+?)"`? could not be displayed')


class PdfError(Mistake):
    """The PDF cannot be made; the text says why."""


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF file."""
    return tagged(_TEMPLATE.read_bytes(), {"paper": _data(paper)})


def tagged(template: bytes, data: dict[str, Any]) -> bytes:
    """A tagged PDF from a Typst template, which reads each value of ``data`` as JSON from the input of its name."""
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in data.items()}
    return _compile(template, inputs, format="pdf", pdf_standards=["ua-1"])


def png(chart: Chart, table: Table) -> bytes:
    """A chart as a picture, for documents that take no SVG."""
    return _compile(_PICTURE.encode(), {"svg": svg(chart, table, _CHART)}, format="png", ppi=192.0)


def _compile(template: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    import typst

    for _ in range(_LETTERS):
        try:
            # Only these fonts, whatever the machine has: another font would be another document.
            made = typst.compile(
                template, font_paths=[_fonts()], ignore_system_fonts=True, sys_inputs=inputs, **options
            )
        except typst.TypstError as error:  # a tagged PDF must not have a character without a glyph
            lacking = _NO_LETTER.search(str(error))
            if lacking is None:
                raise
            inputs = {
                name: text.replace(_as_json(lacking[1]), "\N{REPLACEMENT CHARACTER}") for name, text in inputs.items()
            }
        else:
            assert isinstance(made, bytes)
            return made
    raise PdfError("The PDF's fonts lack too many of the letters: write the names of services in Latin letters.")


def _as_json(text: str) -> str:
    """Characters as they are escaped in the inputs."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return json.dumps(plain, ensure_ascii=False)[1:-1]


@cache
def _fonts() -> str:
    found = find_spec("font_source_sans_pro")
    assert found is not None and found.origin is not None
    return str(Path(found.origin).parent / "files")


def _data(paper: Paper) -> dict[str, Any]:
    tables = paper.tables()
    return {
        "title": paper.title,
        "facts": paper.facts,
        "sections": [_section(section, tables) for section in paper.sections],
    }


def _section(section: Section, tables: dict[str, Table]) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "level": section.level,
        "appendix": section.appendix,
        "blocks": [_block(block, tables, section.appendix) for block in section.blocks],
    }


def _block(block: Block, tables: dict[str, Table], wide: bool) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Table):
        return kind | {
            "title": block.title,
            "columns": [{"heading": column.heading, "figures": column.figures} for column in block.columns],
            "small": len(block.columns) > MANY,
            "widths": block.widths(wide=wide),
            "rows": [[spell(cell) for cell in row] for row in block.rows],
            "note": block.note,
        }
    if isinstance(block, Chart):
        return kind | {"svg": svg(block, tables[block.table], _CHART), "alternative": block.alternative}
    return kind | {"text": block.text}
