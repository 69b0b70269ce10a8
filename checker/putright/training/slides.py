"""A notebook as slides: one page of HTML that needs nothing else, for the screen at the front of the room.

Each question is a slide, with what leads to it. Page Down goes to the next, and that is what a presenter's remote
sends. Answers stay folded until somebody opens them. Printed, each slide is a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from putright.training.handoutpages import NOT_SHOWN, is_asked, tags

if TYPE_CHECKING:
    from nbformat import NotebookNode

_STYLE = Path(__file__).with_name("slides.css")
#: How an answer is typed, which the room need not know; and what a question's answer is folded in.
_HOW = re.compile(r"<p>To type it: .*?</p>")
_ENDS = "<details>"


def page(notebook: NotebookNode) -> str:
    """The slides of a notebook that has been run."""
    title = escape(notebook.metadata["title"])
    slides = list(_slides(notebook))
    shown = "".join(
        f'<section tabindex="0" aria-label="Slide {number} of {len(slides)}">{slide}'
        f'<p class="number">{number} of {len(slides)}</p></section>\n'
        for number, slide in enumerate(slides, start=1)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{title}: slides</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n<main>\n{shown}</main>\n</body>\n</html>\n"
    )


def _slides(notebook: NotebookNode) -> Iterator[str]:
    """The slides as HTML: each question with its answer below, and what comes before it since the last one."""
    from markdown_it import MarkdownIt

    words, slide, number = MarkdownIt(), "", 0
    for cell in notebook.cells:
        marks = tags(cell)
        if marks & NOT_SHOWN:
            continue
        if slide and (cell.cell_type == "markdown" or ("question" in marks and _ENDS in slide)):
            yield slide
            slide = ""
        if cell.cell_type == "markdown":
            slide = words.render(cell.source)
        elif "question" in marks and is_asked(cell):
            number += 1
            slide += _HOW.sub("", _shown(cell)).replace("Question:", f"Question {number}:", 1)
        else:
            slide += _shown(cell)
    if slide:
        yield slide


def _shown(cell: NotebookNode) -> str:
    return "".join(str(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
