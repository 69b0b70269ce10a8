"""docs/api.md: the examples in it, and the names of the door for Python with their documentation."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import docpages
import putright
import pytest
from docpages import DOCS
from putright import api

MODULES = [f"putright.api.{path.stem}" for path in sorted(Path(api.__path__[0]).glob("[a-z]*.py"))]


def test_the_examples_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    run = 0
    page = DOCS / "api.md"
    generated = docpages.text_of("api.md").split("\n").index("## Names") + 1
    for block in docpages.blocks(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, "utf-8")
        if block.language == "python" and block.line < generated:
            exec(compile(ast.parse(block.text), block.place, "exec"), names)
            run += 1
    assert run >= 8


@pytest.mark.parametrize("module", [*MODULES, "putright.arrow", "putright.spark"])
def test_every_public_name_says_what_it_is(module: str) -> None:
    for name in import_module(module).__all__:
        thing = getattr(import_module(module), name)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)) or not thing.__module__.startswith("putright"):
            continue
        assert inspect.getdoc(thing), f"{module}.{name} has no docstring"
        if not inspect.isclass(thing):
            assert inspect.signature(thing).return_annotation is not inspect.Signature.empty
            continue
        for member, value in vars(thing).items():
            inner = getattr(value, "func", getattr(value, "fget", getattr(value, "__func__", value)))
            if inspect.isfunction(inner) and not member.startswith("_"):
                assert inspect.getdoc(inner), f"{module}.{name}.{member} has no docstring"


def test_what_can_be_wrong_is_said_of_every_function() -> None:
    """A function that takes a file, a council or a number says what it raises."""
    for name in putright.__all__:
        thing = getattr(putright, name)
        if inspect.isfunction(thing) and "path" in inspect.signature(thing).parameters:
            doc = inspect.getdoc(thing) or ""
            assert "Mistake" in doc or "Error" in doc or "those of" in doc, name
