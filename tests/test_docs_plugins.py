"""docs/plugins.md: a heading for each hook with its signature, and a whole plugin that works as it is."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import casefiles
import docpages
import pytest
from putright import hookspecs, plugins
from putright.command import Command

PAGE = "plugins.md"
HOOKS = [name for name in vars(hookspecs) if name.startswith("putright_")]


def _signature(thing: Any) -> str:
    """A signature as the page writes it: annotations as they stand in the code."""
    return re.sub(r"'([^']*)'", r"\1", str(inspect.signature(thing)))


def test_a_heading_for_each_hook_and_none_besides() -> None:
    headings = [section.title for section in docpages.sections(PAGE) if section.level == 3]
    assert headings == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_its_signature_and_says_when_what_and_what_can_go_wrong(hook: str) -> None:
    text = docpages.section(PAGE, hook).text
    assert text.strip().startswith(f"```python\ndef {hook}{_signature(getattr(hookspecs, hook))}\n```")
    for label in ("**When it is called:**", "**What it returns:**", "**Errors:**"):
        assert label in text, label


def test_a_command_is_made_as_the_page_says() -> None:
    wanted = "Command" + _signature(Command).removesuffix(" -> None")
    assert wanted in docpages.section(PAGE, "putright_commands").text


def test_the_page_names_the_group_of_entry_points_and_the_variable() -> None:
    text = docpages.text_of(PAGE)
    assert f"group `{hookspecs.PROJECT}`" in text
    assert f"`{hookspecs.ALLOW_LIST}=" in text


# --- the plugin -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def newtown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The page's plugin in a folder, found by its entry point as if pip had installed it."""
    folder = tmp_path_factory.mktemp("newtown")
    for block in docpages.blocks(docpages.DOCS / PAGE):
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
    source = folder / "newtown"
    project = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))
    (name, module), *_ = project["project"]["entry-points"]["putright"].items()
    (package,) = project["tool"]["setuptools"]["packages"]
    shipped = {
        path
        for glob in project["tool"]["setuptools"]["package-data"][package]
        for path in (source / package).glob(glob)
    }
    assert {path for path in (source / package).iterdir() if path.suffix != ".py"} == shipped
    info = source / f"{module}-{project['project']['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['project']['name']}\nVersion: {project['project']['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    (info / "entry_points.txt").write_text(f"[putright]\n{name} = {module}\n", "utf-8")
    sys.path.insert(0, str(source))
    importlib.invalidate_caches()
    casefiles.COUNCILS.append(name)
    try:
        yield folder
    finally:
        casefiles.COUNCILS.remove(name)
        sys.path.remove(str(source))
        sys.modules.pop(module, None)


def test_the_plugin_works_as_the_page_says(newtown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(newtown)
    assert docpages.run_page(docpages.DOCS / PAGE, newtown) == 6
    lines = (newtown / "findings.jsonl").read_text("utf-8").splitlines()
    findings = {(each["rulebook"], each["rule"]): each for each in map(json.loads, lines)}
    late = findings["newtown.corporate", "acknowledge-stage1"]
    assert (late["verdict"], late["due"], late["days_over"]) == ("breach", "2026-06-08", 1)
    letter = findings["newtown.corporate", "response-stage1-contents"]
    assert (letter["verdict"], letter["missing"]) == ("breach", ["mediation"])


def test_the_plugin_s_own_tests_pass_and_fail_where_they_should(newtown: Path, tmp_path: Path) -> None:
    """By the fixtures that pytest finds: each expected case is a test, and one that is wrong fails with the reason."""
    done = _pytest(newtown / "newtown", newtown / "newtown")
    assert done.returncode == 0 and "5 passed" in done.stdout, done.stdout
    wrong = shutil.copytree(newtown / "newtown", tmp_path / "newtown")
    book = wrong / "putright_newtown" / "corporate.yaml"
    book.write_text(book.read_text("utf-8").replace("acknowledge-stage1: 2026-12-31", "acknowledge-stage1: 2026-12-29"))
    done = _pytest(wrong, wrong)
    assert done.returncode == 1 and "2 failed, 3 passed" in done.stdout, done.stdout
    assert "acknowledge-stage1 should be due on Tue 2026-12-29, but is due on Thu 2026-12-31: 5 working" in done.stdout


def _pytest(folder: Path, plugin: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, where only this plugin is installed; the entry point is named as if it were found."""
    path = os.pathsep.join([str(plugin), *(place for place in sys.path if place and "newtown" not in place)])
    environment = {**os.environ, "PYTHONPATH": path, "PUTRIGHT_PLUGINS": "newtown"}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "putright.testing", "-p", "no:cacheprovider"]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_a_hook_does_what_the_whole_plugin_does(newtown: Path, hook: str) -> None:
    """Each hook's own example is loaded by itself, as a plugin with this one hook (and its words, if it needs them)."""
    blocks = [block for block in docpages.blocks(docpages.DOCS / PAGE) if block.language == "python" and not block.file]
    example = next(block.text for block in blocks if f"@hookimpl\ndef {hook}(" in block.text)
    whole = newtown / "newtown" / "putright_newtown" / "__init__.py"
    module: dict[str, Any] = {"__file__": str(whole), "__name__": "example"}
    exec(compile(example, hook, "exec"), module)
    hooks = ModuleType("example")
    vars(hooks).update((name, thing) for name, thing in module.items() if name.startswith("putright_"))
    if hook == "putright_rulebooks":
        words: dict[str, Any] = {"__file__": str(whole), "__name__": "whole"}
        exec(whole.read_text("utf-8"), words)
        vars(hooks)["putright_words"] = words["putright_words"]
    national = importlib.import_module("putright.national")
    host = plugins.build([("national", national, "1"), ("newtown", hooks, "1")])
    plugin = next(plugin for plugin in host.plugins if plugin.name == "newtown")
    assert hook in plugin.hooks
    given = getattr(hooks, hook)()
    installed = importlib.import_module("putright_newtown")
    expected = getattr(installed, hook)()
    if hook == "putright_commands":
        assert [command.name for command in given] == [command.name for command in expected]
        assert given[0].run(SimpleNamespace(shout=True)) == 0
    else:
        assert given == expected
