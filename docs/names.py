"""The names of the door for Python, as docs/api.md has them: each with its signature and what its docstring says."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import putright
from putright import api

#: Public modules outside ``putright.api``.
OTHERS = ("putright.arrow", "putright.spark", "putright.rulebooks", "putright.calendars")
#: A longer call is in lines of its own, in characters.
_WIDTH = 100


def names() -> str:
    """A heading for each name of ``putright``, in the order of the alphabet."""
    parts = ["<!-- names -->"]
    for name in sorted(putright.__all__, key=str.lower):
        parts += [f"### {name}", *_described(name, getattr(putright, name))]
    return "\n\n".join([*parts, "<!-- end -->"])


def modules() -> str:
    """A part for each module of the door, with what each of its names is."""
    parts = ["<!-- modules -->"]
    found = [f"putright.api.{path.stem}" for path in sorted(Path(api.__path__[0]).glob("[a-z]*.py"))]
    for name in (*found, *OTHERS):
        module = import_module(name)
        rows = [_row(f"`{each}`", _about(module, each)) for each in module.__all__]
        parts += [f"### {name}", _first(module), "\n".join(["| name | what it is |", "|---|---|", *rows])]
    return "\n\n".join([*parts, "<!-- end -->"])


def _about(module: Any, name: str) -> str:
    """What a name of a module is: the first lines of its docstring, or for a value the comment over it."""
    thing = getattr(module, name)
    is_ours = str(getattr(thing, "__module__", "")).startswith("putright")
    if is_ours and (inspect.isclass(thing) or inspect.isfunction(inspect.unwrap(thing))):
        return _first(thing)
    source = inspect.getsource(module)
    if found := re.search(rf"((?:^#: .*\n)+)^(?:\w+, )*{name}\b.* = ", source, re.MULTILINE):
        return " ".join(_code(found[1].replace("#:", "")).split())
    body = ast.parse(source).body
    for node, note in pairwise(body):
        if ast.unparse(node).startswith(f"{name} = ") and isinstance(note, ast.Expr):
            return " ".join(_code(ast.literal_eval(note.value)).split())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and any(name in (a.asname, a.name) for a in node.names):
            own = next(a.name for a in node.names if name in (a.asname, a.name))
            return _about(import_module(node.module), own)
    return ""


def _described(name: str, thing: Any) -> Iterator[str]:
    is_class = inspect.isclass(thing)
    yield f"```python\n{'class ' * is_class}{_signature(name, thing)}\n```"
    yield from _paragraphs(thing)
    if is_class and (rows := list(_members(thing))):
        yield "\n".join(["| member | what it is |", "|---|---|", *rows])


def _members(thing: type) -> Iterator[str]:
    """The public fields, properties and methods of a class of ours, each once."""
    seen: set[str] = set()
    for owner in (each for each in thing.__mro__ if each.__module__.startswith("putright.")):
        notes = _notes(owner)
        for name, kind in inspect.get_annotations(owner).items():
            if not name.startswith("_") and name not in seen:
                seen.add(name)
                yield _row(f"`{name}: {kind}`", notes.get(name, ""))
        for name, member in vars(owner).items():
            if name.startswith("_") or name in seen:
                continue
            seen.add(name)
            inner = getattr(member, "func", getattr(member, "fget", getattr(member, "__func__", member)))
            if inspect.isfunction(inner):
                is_called = inspect.isfunction(member) or isinstance(member, classmethod)
                yield _row(f"`{_signature(name, inner, bound=True) if is_called else name}`", _first(inner))


def _notes(owner: type) -> dict[str, str]:
    """What the source says of the fields of a class: the text under each."""
    found: dict[str, str] = {}
    body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, note in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(note, ast.Expr):
            text = ast.literal_eval(note.value) if isinstance(note.value, ast.Constant) else ""
            found[field.target.id] = " ".join(_code(str(text)).split())
    return found


def _signature(name: str, thing: Any, *, bound: bool = False) -> str:
    """A call as its source has it, without what only Python needs."""
    if inspect.isclass(thing) and issubclass(thing, list | Exception):
        return f"{name}({thing.__mro__[1].__name__})" if issubclass(thing, list) else f"{name}(Exception)"
    signature = inspect.signature(thing)
    parts: list[str] = []
    starred = False
    for place, each in enumerate(signature.parameters.values()):
        if bound and place == 0:
            continue
        if each.kind is each.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        marks = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        kind = "" if each.annotation is each.empty else f": {each.annotation}"
        parts.append(f"{marks}{each.name}{kind}{_default(each)}")
    result = signature.return_annotation
    gives = "" if inspect.isclass(thing) or result is signature.empty else f" -> {result}"
    line = f"{name}({', '.join(parts)}){gives}"
    if bound or len(line) <= _WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){gives}"])


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return ""
    shown = repr(parameter.default)
    return f" = {'...' if shown.startswith('<') or len(shown) > 40 else shown}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _paragraphs(thing: Any) -> Iterator[str]:
    text = inspect.getdoc(thing) or ""
    yield from (" ".join(_code(part).split()) for part in text.split("\n\n") if part.strip())


def _first(thing: Any) -> str:
    return next(iter(_paragraphs(thing)), "")


def _code(text: str) -> str:
    return text.replace("``", "`")
