"""Training notebooks for a council: read from their sources, set to the council, run, and written.

A source is a page of Markdown with code cells (MyST), or a notebook. Both come through the hook
``putright_notebooks``, from this package as from any plugin.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from putright import __version__
from putright.api.hosts import Host
from putright.hookspecs import ALLOW_LIST, PROJECT
from putright.mistakes import Mistake
from putright.training.widget import VIEW
from putright.training.written import page_of
from putright.writing import claims, receipts
from putright.writing.staging import temporary_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

# As the handbook does: what reads notebooks would load for two seconds a grammar of web addresses that none is read by.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

#: The default date of a set, fixed so that the same set comes out whenever it is made.
AS_AT = "2026-09-30"
SEED = 7
#: The kind of folder in its receipt.
KIND = "training notebooks"
#: The mark of what is of use on a screen alone, and on no sheet of paper.
SCREEN = "screen"
#: The metadata of a notebook with the file of questions that it needs beside it: its name and its text.
QUESTIONS = "questions"
#: The metadata of a notebook that also runs in a browser, where the audit cannot run again.
BROWSER = "in_browser"
_SECONDS = 120
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


class NotebookError(Mistake):
    """A notebook cannot be read, run or written; the text is one plain sentence."""


@dataclass(frozen=True)
class Source:
    """A notebook before it is run: its source, its name, its cells."""

    path: Path
    notebook: NotebookNode

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def lesson(self) -> str | None:
        """What ``open_lesson`` opens for it; None for a notebook that has no lesson of a known name."""
        return str(self.path) if self.path.suffix == ".yaml" else self.notebook.metadata.get("lesson")


def sources(host: Host, council: str, also: Iterable[Path] = ()) -> list[Source]:
    """The notebooks of a council: those for everyone, its own, in the order the plugins name them, and others.

    Raises NotebookError for one that cannot be read, or two of one name.
    """
    found: dict[str, Source] = {}
    plugins = [plugin for plugin in host.plugins if not plugin.is_council or plugin.name == council]
    for path in (*(path for plugin in plugins for path in plugin.notebooks), *also):
        source = read_source(path)
        if source.name in found:
            raise NotebookError(f"{path}: {found[source.name].path} is a notebook of that name already: rename it.")
        found[source.name] = source
    return list(found.values())


# --- sources --------------------------------------------------------------------------------------


def read_source(path: Path) -> Source:
    """Read a page of Markdown, a file of questions or a notebook, by its ending."""
    import nbformat

    if path.suffix == ".yaml":
        source = Source(path, _from_page(path, page_of(path)))
        source.notebook.metadata[QUESTIONS] = {path.name: path.read_text(encoding="utf-8")}
        return source
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path}: the notebook cannot be read: {error}.") from None
    if path.suffix == ".md":
        return Source(path, _from_page(path, text))
    if path.suffix != ".ipynb":
        raise NotebookError(f"{path}: a notebook's source ends in .md, .yaml or .ipynb.")
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except (nbformat.ValidationError, nbformat.reader.NotJSONError, KeyError, AttributeError):
        raise NotebookError(f"{path}: this is not a notebook: open it in Jupyter and save it again.") from None
    if _parameters(notebook) is None:
        raise NotebookError(f"{path}: no cell is tagged 'parameters': tag the one that sets the council.")
    return Source(path, notebook)


_FRONT = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
#: How a cell asks for the lesson, so that cells can be run in any order.
_LESSON = "from putright.training import lesson\n\n"
#: A line of a page that marks the text around it, up to the next heading or cell, as of use on a screen alone.
_ON_SCREEN = "<!-- screen -->"
_ROOM = (
    "## The room\n\nFor the trainer: gather the files of all groups in the folder `answers` next to this notebook. "
    "Then run this cell. It counts how the groups did with each question. Nothing is sent anywhere."
)
_FENCE = re.compile(r"^```\{(code-cell|question)\}(.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _from_page(path: Path, text: str) -> NotebookNode:
    """A notebook from a page: its metadata and first cells from the top of the page, then the rest in order."""
    from nbformat import v4

    front = _FRONT.match(text)
    try:
        head = yaml.safe_load(front[1]) if front else None
    except yaml.YAMLError:
        head = None
    needed = {"title", "for", "minutes", "able", "lesson"}
    if front is None or not isinstance(head, dict) or set(head) - {BROWSER} != needed:
        raise NotebookError(f"{path}: a page begins, between two lines of ---, with {', '.join(sorted(needed))}.")
    cells = [*_opening(head), *_cells(text[front.end() :])]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    metadata = _METADATA | {"title": head["title"], "lesson": head["lesson"], BROWSER: bool(head.get(BROWSER))}
    notebook: NotebookNode = v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


#: Nothing of the machine that wrote it; any Python will do that has putright.
_METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def _opening(head: Mapping[str, Any]) -> Iterator[NotebookNode]:
    from nbformat import v4

    able = "\n".join(f"- {each}" for each in head["able"])
    yield v4.new_markdown_cell(
        f"# {head['title']}\n\n**Who it is for:** {head['for']}\n\n**How long:** about {head['minutes']} minutes.\n\n"
        f"**Afterwards you will be able to:**\n\n{able}"
    )
    yield v4.new_markdown_cell(
        "First choose *Run*, then *Run All Cells*. To practise with another council, change its name in the next cell "
        "and run everything again.\n\n"
        "Answer each question below its text and choose *Check*. Where there is nothing to click, type your answer in "
        "place of `None` and run that cell (Shift and Enter). The checker's answer is hidden below. Click the triangle "
        "once you have given yours.\n\n"
        "If you are a group, put its name between the quotation marks of `group`. Your answers are then kept in a file "
        "in the folder `answers`. They are not sent anywhere.",
        metadata={"tags": ["instructions"]},
    )
    yield v4.new_code_cell(
        f'council = "coventry"\nas_at = "{AS_AT}"\nseed = {SEED}\ngroup = ""', metadata={"tags": ["parameters"]}
    )
    yield v4.new_code_cell(
        "from putright.training import open_lesson\n\n"
        f'lesson = open_lesson("{head["lesson"]}", council, as_at, seed, group)\nlesson.setting()'
    )


def _cells(text: str) -> Iterator[NotebookNode]:
    """The cells of a page: code unchanged, a question with its answer, and the text between."""
    from nbformat import v4

    place = 0
    for match in _FENCE.finditer(text):
        yield from _words(text[place : match.start()])
        kind, argument, code = match[1], match[2].strip(), match[3].strip()
        if kind == "question":
            asked = f'{_LESSON}answer = None\nlesson.ask("{argument}", answer)'
            yield v4.new_code_cell(asked, metadata={"tags": ["question"]})
            yield v4.new_code_cell(f'{_LESSON}lesson.reveal("{argument}")', metadata={"tags": ["answer"]})
        else:
            kinds = {"lesson.score(": ["score"], "lesson.later(": ["later"]}
            tags = next((tags for call, tags in kinds.items() if call in code), [argument] if argument else None)
            whole = f"{_LESSON}{code}" if "lesson." in code else code
            yield v4.new_code_cell(whole, metadata={"tags": tags} if tags else {})
            if tags == ["score"]:
                yield v4.new_markdown_cell(_ROOM, metadata={"tags": ["trainer"]})
                yield v4.new_code_cell(f"{_LESSON}lesson.room()", metadata={"tags": ["trainer"]})
        place = match.end()
    yield from _words(text[place:])


def _words(text: str) -> Iterator[NotebookNode]:
    """A cell of Markdown for each heading, its lines joined as paragraphs are."""
    from nbformat import v4

    kinds = {"## Trainer's note": ["trainer"], "## How did we do?": ["score"], "## The score": ["score"]}
    for part in re.split(r"\n(?=## )", text.strip()):
        tags = kinds.get(part.strip().partition("\n")[0], [SCREEN] if _ON_SCREEN in part else [])
        if words := part.replace(_ON_SCREEN, "").strip():
            yield v4.new_markdown_cell(words, metadata={"tags": tags} if tags else {})


# --- a council's set ------------------------------------------------------------------------------


def _parameters(notebook: NotebookNode) -> NotebookNode | None:
    return next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())), None)


def set_to(notebook: NotebookNode, values: Mapping[str, object]) -> None:
    """Give the first cell these values and keep the rest of it."""
    cell = _parameters(notebook)
    assert cell is not None
    for name, value in values.items():
        cell.source = re.sub(rf"^{name} = .*$", f"{name} = {_literal(value)}", cell.source, flags=re.MULTILINE)


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


#: A kernel that runs notebooks for us is tuned as a command is.
_TUNED = "from putright.writing import processes\nprocesses.tune()\n%reset -f"


def run(notebooks: Iterable[tuple[str, NotebookNode]], plugins: Iterable[str] | None = None) -> None:
    """Run notebooks (name and notebook) one after another in one kernel, which is cleared before each.

    The kernel loads these plugins, or all that are installed. Raises NotebookError if a cell fails.
    """
    from jupyter_client.manager import KernelManager

    with temporary_folder() as folder:
        manager = KernelManager(kernel_name="python3")
        if os.name != "nt":  # sockets that other users of the machine cannot listen to; Windows has none
            manager.transport, manager.ip = "ipc", str(folder / "kernel")
        chosen = {} if plugins is None else {ALLOW_LIST: ",".join(plugins)}
        manager.start_kernel(cwd=folder, env={**os.environ, **chosen})
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=_SECONDS)
            _run("the kernel", _one_cell(_TUNED), manager, client)
            for name, notebook in notebooks:
                for needed, content in _beside(notebook).items():
                    (folder / needed).write_bytes(content)
                _run(name, notebook, manager, client)
                _run(name, _one_cell("%reset -f"), manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def _one_cell(code: str) -> NotebookNode:
    from nbformat import v4

    notebook: NotebookNode = v4.new_notebook(cells=[v4.new_code_cell(code)])
    return notebook


def _beside(notebook: NotebookNode) -> dict[str, bytes]:
    """The files that a notebook needs in its folder."""
    return {name: text.encode("utf-8") for name, text in notebook.metadata.get(QUESTIONS, {}).items()}


def _run(name: str, notebook: NotebookNode, manager: Any, client: Any) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    runner = NotebookClient(notebook, km=manager, timeout=_SECONDS, record_timing=False, store_widget_state=False)
    runner.kc = client
    try:
        runner.execute()
    except CellExecutionError as error:
        last = _COLOURS.sub("", str(error)).strip().splitlines()[-1]
        raise NotebookError(f"{name}: a cell of the notebook fails: {last}") from None
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number  # as if it had the kernel to itself
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
            output.get("data", {}).pop(VIEW, None)  # its id is another one each time


def make(
    host: Host,
    council: str,
    as_at: str = AS_AT,
    seed: int = SEED,
    only: str | None = None,
    also: Iterable[Path] = (),
) -> dict[str, NotebookNode]:
    """A council's notebooks (or ``only`` the one of this name) by their file names, run and with their outputs.

    ``also`` are sources that no plugin has.
    """
    made = {}
    found = sources(host, council, also)
    if only is not None and only not in (names := [source.name for source in found]):
        raise NotebookError(f"no notebook is named {only!r}; there are {', '.join(names)}.")
    for source in found:
        if only not in (None, source.name):
            continue
        set_to(source.notebook, {"council": council, "as_at": as_at, "seed": seed})
        made[f"{source.name}.ipynb"] = source.notebook
    installed = {point.name for point in entry_points(group=PROJECT)}
    run(made.items(), [plugin.name for plugin in host.plugins if plugin.name in installed])
    return made


def files(notebooks: Mapping[str, NotebookNode], project: str) -> dict[str, bytes]:
    """Notebooks and their ``myst.yml`` as the files that they are."""
    import nbformat

    written = {name: f"{nbformat.writes(notebook)}\n".encode() for name, notebook in notebooks.items()}
    for notebook in notebooks.values():
        written |= _beside(notebook)
    return written | {"myst.yml": project.encode("utf-8")}


def write(made: Mapping[str, bytes], folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write notebooks and hand-outs into a folder, all or none, and return their paths. Other files in it stay."""
    claims.check_folder("--output", folder, KIND, made, {}, overwrite=overwrite)
    about = {"software": f"putright {__version__}", "kind": KIND}
    receipts.replace(folder, receipts.certified(made, about, receipts.read(folder)))
    return [folder / name for name in made]
