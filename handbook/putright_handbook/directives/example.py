"""``putright-hooks``: what a plugin can give, from the hooks themselves; ``putright-toy``: a council, added and run."""

from __future__ import annotations

import datetime as dt
import importlib.util
import inspect

from docutils import nodes
from putright import hookspecs, national
from putright.api import clauses
from putright.api.dates import due
from putright.api.hosts import build
from sphinx.application import Sphinx

from putright_handbook import writing
from putright_handbook.page import PACKAGE
from putright_handbook.writing import para, section

_TOY = PACKAGE / "toy"


class Hooks(writing.Directive):
    """Each hook: its signature and its documentation."""

    def run(self) -> list[nodes.Node]:
        return [
            section(
                f"hook-{name}",
                [nodes.literal("", name)],
                nodes.literal_block("", f"def {name}{inspect.signature(hook)}", language="python"),
                *(para(" ".join(part.split())) for part in (inspect.getdoc(hook) or "").split("\n\n")),
            )
            for name, hook in vars(hookspecs).items()
            if name.startswith("putright_")
        ]


class Toy(writing.Directive):
    """The files of a toy council, and what putright makes of them: run when the page is made."""

    def run(self) -> list[nodes.Node]:
        host = build([("national", national, "0"), ("toytown", _module(), "0")])
        dates = due(host, "toytown", received=dt.date(2026, 12, 18))
        rules = clauses.catalogue(host, "toytown")
        listed = [
            f"{each['clause']:4} {each['rule']:20} {each['terms']}"
            for each in rules
            if each["rulebook"] == "toytown.corporate"
        ]
        return [
            para(["The package, ", nodes.literal("", "toytown/__init__.py"), ":"]),
            _file("__init__.py", "python"),
            para(["Its rulebook, ", nodes.literal("", "toytown/corporate.yaml"), ":"]),
            _file("corporate.yaml", "yaml"),
            para(["Its rules, as ", nodes.literal("", "putright rules --council toytown"), " lists them:"]),
            nodes.literal_block("", "\n".join(listed), language="none"),
            para(
                [
                    "And its dates, as ",
                    nodes.literal("", "putright due --council toytown --received 2026-12-18"),
                    " gives them:",
                ]
            ),
            nodes.literal_block("", "\n".join(dates.lines()), language="none"),
        ]


def _file(name: str, language: str) -> nodes.literal_block:
    return nodes.literal_block("", (_TOY / name).read_text(encoding="utf-8").rstrip(), language=language)


def _module() -> object:
    spec = importlib.util.spec_from_file_location("putright_handbook_toytown", _TOY / "__init__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setup(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("putright-hooks", Hooks)
    app.add_directive("putright-toy", Toy)
