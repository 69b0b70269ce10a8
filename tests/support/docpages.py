"""The pages in docs/: their headings, blocks and tables, and how their examples are run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from casefiles import Result, run

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))

#: A file that an example needs stands in a block after this comment, which no reader sees. After the second the block
#: stands in place of a text of that file.
_FILE = re.compile(r"<!-- file: (\S+) -->")
_REPLACE = re.compile(r"<!-- replace: (\S+): (.+) -->")
#: The exit code of a command is 0, unless it is followed by this.
_ENDS = re.compile(r"# ends with (\d)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, its text, the line it begins on, and the file it is to be written to.

    With ``replaces`` it stands in place of that text of the file.
    """

    page: Path
    language: str
    text: str
    line: int
    file: str | None = None
    replaces: str | None = None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Section:
    """A heading of a page and what stands under it, up to the next heading of any level."""

    level: int
    title: str
    text: str
    line: int

    @property
    def number(self) -> str | None:
        """``4.8`` of ``4.8 An acknowledgement with no date``; None where the heading has none."""
        match = re.match(r"(\d+(?:\.\d+)*)\.? ", self.title)
        return match[1] if match else None


def text_of(name: str) -> str:
    """The text of a page, by its name below docs/."""
    return (DOCS / name).read_text("utf-8")


def sections(name: str) -> list[Section]:
    """Every heading of a page with its text; what looks like a heading inside a block is not one."""
    found: list[tuple[int, str, int]] = []
    lines = text_of(name).splitlines()
    fenced = {
        number for block in blocks(DOCS / name) for number in range(block.line, block.line + block.text.count("\n") + 1)
    }
    for number, line in enumerate(lines):
        if number + 1 not in fenced and (match := re.match(r"(#+) (.+)", line)):
            found.append((len(match[1]), match[2], number))
    ends = [number for _, _, number in found[1:]] + [len(lines)]
    return [
        Section(level, title, "\n".join(lines[number + 1 : end]), number + 1)
        for (level, title, number), end in zip(found, ends, strict=True)
    ]


def titles(page: Path) -> list[str]:
    """Every heading of a page, in or out of docs/."""
    prose = re.sub(r"^(`{3,}).*?^\1", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", prose, re.MULTILINE)


def anchor(title: str) -> str:
    """A heading's anchor, as GitHub and MyST make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def section(name: str, title: str) -> Section:
    """The one section of a page with this title, or with this number."""
    found = [each for each in sections(name) if title in (each.title, each.number)]
    assert len(found) == 1, f"docs/{name} has {len(found)} sections {title!r}"
    return found[0]


def blocks(page: Path) -> Iterator[Block]:
    """Every fenced block of a page, in order."""
    lines = page.read_text("utf-8").splitlines()
    fence, language, start, file, replaces = "", "", 0, None, None
    for number, line in enumerate(lines, 1):
        if not fence and (opened := re.match(r"(`{3,})([^`]*)$", line)):
            fence, language, start = opened[1], opened[2].strip(), number
        elif fence and line.rstrip() == fence:
            yield Block(page, language, "\n".join(lines[start : number - 1]) + "\n", start, file, replaces)
            fence, file, replaces = "", None, None
        elif not fence and (match := _FILE.fullmatch(line.strip())):
            file = match[1]
        elif not fence and (match := _REPLACE.fullmatch(line.strip())):
            file, replaces = match.groups()


def table(text: str, *headings: str) -> list[list[str]]:
    """The rows of every table in a text that begins with these headings, cell by cell."""
    rows: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if cells[: len(headings)] == list(headings):
            inside = True
        elif inside and not re.fullmatch(r"[-| :]+", line):
            rows.append(cells)
    return rows


def words(text: str) -> list[str]:
    """Everything in a text that is set as code."""
    return re.findall(r"`([^`]+)`", text)


def links(page: Path) -> Iterator[str]:
    """Where the links of a page lead, as written."""
    prose = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from _LINK.findall(prose)


# --- examples -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """A command of a ``console`` block, the lines that the page shows of what it says, and its exit code."""

    words: list[str]
    shown: list[str]
    line: int
    code: int = 0

    def check(self, result: Result) -> None:
        """Every line that the page shows is there, in its order; ``...`` stands for any lines."""
        said = [line.rstrip() for line in result.said.splitlines()]
        place = 0
        for line in self.shown:
            if line.strip() == "...":
                continue
            rest = said[place:]
            assert line.rstrip() in rest, f"line {self.line}: {line!r} is not among:\n" + "\n".join(rest[:40])
            place += rest.index(line.rstrip()) + 1


def commands(block: Block) -> list[Command]:
    """The commands of a ``console`` block; a line that ends with a backslash goes on in the next."""
    found: list[Command] = []
    lines = re.sub(r"\\\n\s*", "", block.text).splitlines()
    for number, line in enumerate(lines, block.line + 1):
        if line.startswith("$ "):
            ends = _ENDS.search(line)
            found.append(Command(shlex.split(line[2:], comments=True), [], number, int(ends[1]) if ends else 0))
        elif line.strip():
            found[-1].shown.append(line)
    return found


def run_page(
    page: Path,
    folder: Path,
    skip: Collection[str] = (),
    programs: Mapping[str, Callable[..., None]] | None = None,
) -> int:
    """Write the files of a page and run its commands in ``folder``, in order; returns how many were run.

    Each has to end with its code and to say what the page shows. Commands in ``skip`` are not run, nor other programs
    than putright, unless ``programs`` has a function for them.
    """
    left_out = {tuple(shlex.split(line)) for line in skip}
    others = programs or {}
    count = 0
    for block in blocks(page):
        if block.file:
            _write(block, folder / block.file)
        if block.language != "console":
            continue
        for command in commands(block):
            program, *arguments = command.words
            if program in others:
                others[program](*arguments)
            elif program == "putright" and tuple(command.words) not in left_out:
                result = run(*arguments)
                place = f"{block.place}: {command.words}"
                assert result.code == command.code, f"{place}: {result.code}: {result.said}"
                command.check(result)
            else:
                continue
            count += 1
    return count


def _write(block: Block, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if block.replaces is None:
        path.write_text(block.text, "utf-8")
        return
    text = path.read_text("utf-8")
    assert text.count(block.replaces) == 1, f"{block.place}: {block.replaces!r} is not once in {path.name}"
    path.write_text(text.replace(block.replaces, block.text.strip()), "utf-8")
