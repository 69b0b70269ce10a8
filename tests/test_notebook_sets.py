"""The training notebooks as sets: every council's run and compared with what is stored, here and as in a browser."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import putright_coventry
import pytest
from notebooksets import AS_AT, COMMITTED, COUNCILS, sets, tagged, text_of
from putright.training import LESSONS, notebooks
from putright.training.lessons import host
from putright_handbook import inbrowser
from putright_handbook.site import Site


def nbval(*places: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run notebooks and compare what comes out with what is stored; nothing but nbval is loaded with pytest."""
    loaded = ("-p", "nbval.plugin", "-p", "no:cacheprovider")  # one process: others of the tests use the cores
    command = [sys.executable, "-m", "pytest", *loaded, "--nbval", "-q"]
    command += ["--nbval-sanitize-with", str(COMMITTED / "sanitise.cfg")]
    return subprocess.run(
        [*command, "-c", os.devnull, *map(str, places)],
        cwd=places[0] if places[0].is_dir() else places[0].parent,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


#: Forgets what a notebook left behind, and putright with its plugins: what is next imports them as in its own kernel.
FRESH = """
import sys
from putright.writing import processes

processes.tune()  # as putright tunes the kernels that it starts
for name in [name for name in sys.modules if name.startswith("putright")]:
    del sys.modules[name]
%reset -f
"""


@pytest.mark.slow
def test_the_committed_set_runs_as_stored(tmp_path: Path) -> None:
    """One notebook after another, so that they need one kernel, not eight."""
    whole = nbformat.v4.new_notebook()
    for path in sorted(COMMITTED.glob("*.ipynb")):
        whole.cells += [nbformat.v4.new_code_cell(FRESH), *nbformat.read(path, 4).cells]
    for number, cell in enumerate(whole.cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(whole, tmp_path / "whole.ipynb")
    done = nbval(tmp_path / "whole.ipynb")
    assert done.returncode == 0, done.stdout[-6000:]
    cells = sum(cell.cell_type == "code" for cell in whole.cells)
    assert cells > 8 * len(LESSONS)
    assert f"{cells} passed" in done.stdout


def sanitised(text: str) -> str:
    """Without the one thing that may change: the version of the software."""
    return re.sub(r"putright \d+\.\d+\.\d+", "putright VERSION", text)


@pytest.mark.slow
def test_the_committed_set_is_what_the_command_writes() -> None:
    made = {path.name: path.read_text(encoding="utf-8") for path in (sets() / "coventry").iterdir()}
    assert json.loads(made.pop("receipt.json"))["kind"] == "training notebooks"
    assert len([name for name in made if name.endswith(".ipynb")]) == 8
    for name, text in made.items():
        stored = (COMMITTED / name).read_text(encoding="utf-8")
        assert sanitised(text) == sanitised(stored), f"{name}: nox -s notebooks writes it again"


@pytest.mark.slow
def test_councils_differ_in_the_parameter_and_the_outputs_only() -> None:
    """So a trainer changes one word and runs everything: that is another council's notebook."""
    for path in sorted((sets() / "coventry").glob("*.ipynb")):
        ours = nbformat.read(path, 4)
        for council in COUNCILS:
            theirs = nbformat.read(sets() / council / path.name, 4)
            notebooks.set_to(theirs, {"council": "coventry"})
            assert [cell.source for cell in theirs.cells] == [cell.source for cell in ours.cells]


def test_nothing_of_the_machine_or_the_day_is_stored() -> None:
    for path in COMMITTED.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/tmp/|/home/|/root/|0x[0-9a-f]{6,}|site-packages|Traceback", text), path.name
        metadata = json.loads(text)["metadata"]
        assert set(metadata) == {"kernelspec", "language_info", "title", "lesson", "in_browser"}
        assert metadata["language_info"] == {"name": "python"}


def test_every_notebook_says_who_it_is_for_and_leaves_the_trainer_s_notes_to_the_guide() -> None:
    found = sorted(COMMITTED.glob("*.ipynb"))
    assert len(found) == len(LESSONS)
    for path in found:
        cells = nbformat.read(path, 4).cells
        for said in ("**Who it is for:**", "**How long:**", "**Afterwards you will be able to:**"):
            assert said in cells[0].source
        assert not any("Trainer" in cell.source for cell in cells)
        assert sum("parameters" in cell.metadata.get("tags", ()) for cell in cells) == 1


def test_running_a_notebook_gives_no_answer_away() -> None:
    for path in COMMITTED.glob("*.ipynb"):
        hiding = tagged(nbformat.read(path, 4), "answer", "later")
        assert len(hiding) >= 5
        assert all(text_of(cell, "text/html").startswith("<details><summary>") for cell in hiding), path.name


#: Run as a browser would: without what has no build for it, and with the answers of the audit written down.
IN_BROWSER = """
import ast, json, sys
from pathlib import Path

answers, *paths = map(Path, sys.argv[1:])
sys.modules["numpy"] = sys.modules["polars"] = None
from putright.training import TrainingError, asking, open_lesson

asking.IN_BROWSER, asking.ANSWERS = True, answers
for path in paths:
    names = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            *before, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(before, []), "cell", "exec"), names)
            if not isinstance(last, ast.Expr):
                exec(compile(ast.Module([last], []), "cell", "exec"), names)
                continue
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            [output] = cell["outputs"]
            if "lesson.your_case()" in "".join(cell["source"]):
                assert "the audit does not run in a browser. To try one, open the notebook in JupyterLab" in shown.text
                continue
            assert shown.text == "".join(output["data"]["text/plain"]), (path, cell["source"])
    print(path)
lesson = open_lesson("day-zero", "coventry", "2026-09-30", 7)
book, ruling = lesson.ruling("acknowledge-stage1")
deck = open_lesson("spot-the-breach", "coventry", "2026-09-30", 8)
for refused in (
    lambda: lesson.run("putright plugins"),
    lambda: lesson.due(book, ruling.name, {"received": "x"}),
    lambda: deck.ask("case-1"),
):
    try:
        refused()
    except TrainingError as error:
        print(error)
"""


@pytest.mark.slow
def test_what_runs_in_a_browser_says_there_what_it_says_here(tmp_path: Path) -> None:
    found = [path for path in sorted(sets().rglob("*.ipynb")) if nbformat.read(path, 4).metadata["in_browser"]]
    assert len(found) == len(LESSONS) * len(COUNCILS)
    answers = tmp_path / "answers.json"
    written = inbrowser.answers(Site(host(), dt.date.fromisoformat(AS_AT), training=True))
    answers.write_text(json.dumps(written), encoding="utf-8")
    command = [sys.executable, "-c", IN_BROWSER, str(answers), *map(str, found)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    *ran, commands, audit, deck = done.stdout.splitlines()
    assert ran == [str(path) for path in found]
    where = "open the notebook in JupyterLab on a computer with putright installed."
    assert commands == f"Commands do not run in a browser: {where}"
    assert audit == deck
    assert audit.startswith("This needs the audit, which does not run in a browser. What it says was prepared for")
    assert audit.endswith(where)


def test_every_picture_has_its_words() -> None:
    pictures = 0
    for path in COMMITTED.glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            for output in cell.get("outputs", ()):
                html, text = output["data"].get("text/html", ""), output["data"].get("text/plain", "")
                found = re.findall(
                    r'<svg[^>]* role="img".*?<title>(.+?)</title><desc>(.+?)</desc>.*?</svg>', html, re.S
                )
                assert len(found) == html.count("<svg") == html.count("In words") == text.count("(Picture) ")
                pictures += len(found)
    assert pictures >= 15


@pytest.mark.slow
def test_a_changed_figure_in_a_rulebook_fails(tmp_path: Path) -> None:
    shutil.copytree(Path(putright_coventry.__file__).parent, tmp_path / "putright_coventry")
    book = tmp_path / "putright_coventry" / "stages.yaml"
    rule = r"(rule: acknowledge-stage1\n(?:.*\n){1,6}?\s+within: )5 working days"
    changed, times = re.subn(rule, r"\g<1>6 working days", book.read_text(encoding="utf-8"))
    assert times == 1
    book.write_text(changed, encoding="utf-8")
    first = COMMITTED / "1-day-zero.ipynb"
    paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = nbval(first, PYTHONPATH=paths)
    assert done.returncode == 1, done.stdout
    assert re.search(r"[3-9] failed", done.stdout), done.stdout[-3000:]
