"""The displays of a notebook: text, lists, tables and pictures, each as HTML and as plain text (Markdown).

The plain text is complete: screen readers without HTML, Word hand-outs and tests read it.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from putright.text.english import written_date

#: Colours of a card's border; words say the same, so nothing depends on colour.
_LEFT = 'style="text-align: left; vertical-align: top"'
_EDGES = {"question": "#1d70b8", "right": "#00703c", "hint": "#b8690c", "answer": "#4c2c92", "plain": "#505a5f"}


@dataclass(frozen=True)
class Display:
    """Something to look at in a notebook."""

    html: str
    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


class Showing:
    """What shows itself in a notebook, as HTML and as plain text."""

    def shown(self) -> Display:
        """How it shows itself."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self.shown().html

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        return self.shown()._repr_mimebundle_()


def say(text: str) -> Display:
    """A paragraph; ``**strong**`` and ```code``` are the only marks in it."""
    return Display(f"<p>{inline(text)}</p>", text)


def bullets(items: Iterable[str]) -> Display:
    """A list."""
    items = list(items)
    entries = "".join(f"<li>{inline(item)}</li>" for item in items)
    return Display(f"<ul>{entries}</ul>", "\n".join(f"- {item}" for item in items))


def passage(title: str, text: str) -> Display:
    """A clause's text under its title: paragraphs and lists, however its lines are broken."""
    blocks = re.split(r"\n\s*\n|\n(?=- )", text.strip())
    parts: list[Display] = [say(f"**{title}**")]
    items: list[str] = []
    for block in [*(" ".join(block.split()) for block in blocks), ""]:
        if block.startswith("- "):
            items.append(block.removeprefix("- "))
            continue
        if items:
            parts.append(bullets(items))
            items = []
        if block:
            parts.append(say(block))
    return together(*parts)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> Display:
    """A table; its first column names the row."""
    cells = [[cell(value) for value in row] for row in rows]
    head = "".join(f'<th scope="col" {_LEFT}>{inline(heading)}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row" {_LEFT}>{inline(first)}</th>'
        f"{''.join(f'<td {_LEFT}>{inline(each)}</td>' for each in rest)}</tr>"
        for first, *rest in cells
    )
    title = f"<caption>{inline(caption)}</caption>" if caption else ""
    lines = [_row(headings), _row("---" for _ in headings), *map(_row, cells)]
    html = f'<table style="text-align: left">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return Display(html, "\n".join(([f"**{caption}**", ""] if caption else []) + lines))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def picture(svg: str, words: str) -> Display:
    """An inline SVG, with the same in words beneath it, for people who would rather read."""
    html = f"<figure>{svg}<figcaption><details><summary>In words</summary>{inline(words)}</details></figcaption>"
    return Display(f"{html}</figure>", f"(Picture) {words}")


def printed(text: str) -> Display:
    """Text as a command prints it."""
    style = "font-family: monospace; font-size: 0.85em; white-space: pre; overflow-x: auto"
    return Display(f'<pre style="{style}">{escape(text)}</pre>', f"```\n{text}\n```")


def printed_parts(parts: Iterable[object]) -> Display:
    """What a command prints of something, without colours."""
    from rich.console import Console

    console = Console(width=120, color_system=None, highlight=False, file=StringIO(), force_jupyter=False)
    for part in parts:
        console.print(part)
    assert isinstance(console.file, StringIO)
    return printed(console.file.getvalue().rstrip())


def download(name: str, content: str, text: str) -> Display:
    """A link that saves a file which is part of the page; without HTML, only its text."""
    data = base64.b64encode(content.encode()).decode()
    link = f'<a download="{escape(name)}" href="data:application/octet-stream;base64,{data}">{inline(text)}</a>'
    return Display(f"<p>{link}</p>", text)


def together(*parts: Display) -> Display:
    """Several things one under another."""
    return Display("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))


def card(kind: str, title: str, *parts: Display) -> Display:
    """Content with a title and a border: a question, a hint, a confirmation, an answer."""
    inner = together(*parts)
    style = f"border-left: 5px solid {_EDGES[kind]}; padding: 0.2em 0 0.2em 1em; margin: 0.4em 0"
    html = f'<div class="putright-{kind}" style="{style}"><p><strong>{inline(title)}</strong></p>{inner.html}</div>'
    return Display(html, f"**{title}**\n\n{inner.text}")


def folded(kind: str, cover: str, title: str, *parts: Display) -> Display:
    """A card that is hidden until someone opens it, so that running a notebook does not show the answers."""
    inner = card(kind, title, *parts)
    return Display(f"<details><summary>{inline(cover)}</summary>{inner.html}</details>", inner.text)


def cell(value: object) -> str:
    """A value as a table shows it."""
    if value is None:
        return "–"  # noqa: RUF001
    if isinstance(value, dt.date):
        return day(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def day(date: dt.date) -> str:
    """A date in words, weekday and all, since that is what people get wrong: ``Monday 15 June 2026``."""
    return f"{date:%A} {written_date(date)}"


def inline(text: str) -> str:
    """Text as HTML; ``**strong**`` and ```code``` are the only marks."""
    text = escape(text, quote=False).replace("\n", "<br>")
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
