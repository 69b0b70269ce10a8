"""Write what docs/ takes from the code: the rulebook reference and schema, options of commands, measures, Python names.

``nox -s docs`` runs it, and a test fails where what is committed is not what it writes.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import names
from putright import cli
from putright.rulebooks import reference
from putright.rulebooks.schema import SCHEMA, json_schema
from putright.statistics.measures import MEASURES

DOCS = Path(__file__).parent
_NAMES, _MODULES = (re.compile(rf"<!-- {what} -->\n.*?<!-- end -->", re.DOTALL) for what in ("names", "modules"))
_MEASURES = re.compile(r"<!-- measures -->\n.*?<!-- end -->", re.DOTALL)
_OPTIONS = re.compile(r"<!-- options: ([\w-]+) -->\n.*?<!-- end -->", re.DOTALL)


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    return next(
        dict(action.choices) for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)
    )


def options(command: str) -> str:
    """The tables of a command's arguments and options, between the comments that mark their place."""
    return "\n".join([f"<!-- options: {command} -->", *_table(parsers()[command]), "<!-- end -->"])


def measures() -> str:
    """The table of measures, between the comments that mark its place."""
    head = "| id | measure | counts | of | Code | placed by | note |\n|---|---|---|---|---|---|---|"
    rows = (
        f"| {m.id} | {m.name} | {m.counts} | {m.of} | {m.paragraph} | {m.placed} | {m.note or 'none'} |"
        for m in sorted(MEASURES.values(), key=lambda m: int(m.id[1:]))
    )
    return "\n".join(["<!-- measures -->", head, *rows, "<!-- end -->"])


def _table(parser: argparse.ArgumentParser) -> Iterator[str]:
    rows = [_row(action) for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    if rows:
        yield "| argument or option | meaning |\n|---|---|"
        yield from rows
    else:
        yield "It takes no options."


def _row(action: argparse.Action) -> str:
    value = str(action.metavar or ("" if action.nargs == 0 else action.dest.upper()))
    if action.choices:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if action.nargs == "+":
        value += "…"
    name = " ".join(filter(None, ["`, `".join(action.option_strings), value])) if action.option_strings else value
    parts = [str(action.help or ""), "required" if action.required and action.option_strings else ""]
    meaning = "; ".join(filter(None, parts)).replace("|", "\\|")
    return f"| `{name}` | {meaning} |"


def written() -> dict[Path, str]:
    """Every file that is made, or partly made, with its text."""
    commands, python, figures = DOCS / "commands.md", DOCS / "api.md", DOCS / "measures.md"
    of_python = _NAMES.sub(lambda _: names.names(), python.read_text("utf-8"))
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        DOCS / "rulebooks.md": reference.page(),
        DOCS / "rulebook.schema.json": schema,
        SCHEMA: schema,
        python: _MODULES.sub(lambda _: names.modules(), of_python),
        figures: _MEASURES.sub(lambda _: measures(), figures.read_text("utf-8")),
        commands: _OPTIONS.sub(lambda match: options(match[1]), commands.read_text("utf-8")),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, "utf-8")
