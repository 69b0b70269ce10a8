"""The pages of ``docs/``, for analysts and developers, as pages of the handbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from putright import __version__

from putright_handbook.page import OWNER, PACKAGE, HandbookError, Page

#: Where the pages are in the handbook; the index is the page of this name itself.
FOLDER = "developers"
TITLE = "For analysts and developers"
SCHEMA = "rulebook.schema.json"
_INDEX = "README.md"
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")
_FENCED = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)


def folder() -> Path:
    """``docs/`` in the project's folder, or as an installed package brought it."""
    own = PACKAGE.parent.parent / "docs"
    if (own / _INDEX).is_file():
        return own
    wanted = ("docs", SCHEMA)
    brought = [file.locate() for file in metadata.files("putright") or [] if file.parts[-2:] == wanted]
    if not brought:
        raise HandbookError("The documentation did not come with this installation; install putright again.")
    return Path(str(brought[0])).parent


def files() -> dict[str, str]:
    """The source of each page, and next to them the JSON Schema of a rulebook, to be downloaded."""
    made = {f"{page.docname}.md": _markdown(page, body) for page, body in _pages()}
    return made | {f"{FOLDER}/{SCHEMA}": (folder() / SCHEMA).read_text("utf-8")}


def _markdown(page: Page, body: str) -> str:
    # JSON is YAML, and quotes what YAML would take for something else.
    facts = {name: value for name, value in page.meta.items() if name != "title"}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    return "\n".join(["---", *lines, "---", "", f"# {page.title}", "", body, ""])


def _pages() -> Iterator[tuple[Page, str]]:
    """Each page and its text, with its links leading to pages of the handbook."""
    docs = folder()
    for path in sorted(docs.rglob("*.md")):
        place = path.relative_to(docs).as_posix()
        heading, _, body = path.read_text("utf-8").partition("\n")
        title = heading.removeprefix("# ").strip()
        is_index = place == _INDEX
        page = Page(
            docname=_docname(place),
            title=TITLE if is_index else title,
            content=(),
            owner=OWNER,
            source=f"docs/{place} of putright",
            edition=f"putright {__version__}",
            last_reviewed=None,
            review_due=None,
            short=TITLE if is_index else title,
            description=f"{title}: for analysts and developers",
        )
        yield page, _linked(body, place, docs)


def _docname(place: str) -> str:
    """Where a page of docs/ is in the handbook."""
    if place == _INDEX:
        return FOLDER
    return f"{FOLDER}/{place.removesuffix('.md').replace('/README', '/index')}"


def _linked(text: str, place: str, docs: Path) -> str:
    """A page's text with its links as the handbook has them; one to a file of the project alone is its words."""

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        there = (docs / place).parent.joinpath(target).resolve()
        if not there.is_relative_to(docs.resolve()):
            return words
        name = there.relative_to(docs.resolve()).as_posix()
        return f"[{words}](/{FOLDER}/{name})" if name == SCHEMA else f"[{words}](/{_docname(name)}.md{anchor})"

    parts: list[str] = []
    end = 0
    for block in _FENCED.finditer(text):
        parts += [_LINK.sub(link, text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, _LINK.sub(link, text[end:])])
