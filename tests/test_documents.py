"""What the documents say is done: the README's commands, and every example of docs/using.md, run for real."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
import yaml
from putright import cli, fields

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
USING = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ putright (.+)$", USING, re.MULTILINE)


def test_the_first_screen_has_the_two_commands() -> None:
    first_screen = README.splitlines()[:20]
    commands = [line for line in first_screen if line.startswith("python3 -m venv")]
    assert [command.rsplit(" ", 1)[-1] for command in commands] == ["audit", "tests"]


def test_ci_runs_the_readme_s_commands() -> None:
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["tests"]
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]


#: Runs commands one after the other; ends with the first that fails, or that says nothing.
RUN_ALL = """
import contextlib, io, json, sys
import loadedonce
from putright import cli
loadedonce.begin()
for words in json.loads(sys.argv[1]):
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = cli.main(words)
    if code or not said.buffer.getvalue():
        sys.exit(f"{words}: {code}: {said.buffer.getvalue().decode()}")
"""


def offline(words: list[str], folder: Path) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run a program with no network but this machine's own; and what it, or a child of it, asked of another.

    Where the system lets it, in a network of its own, in which there is no other machine.
    """
    asked = folder / "asked.txt"
    asked.touch()
    tests = ROOT / "tests"
    places = [str(tests / "offline"), str(tests / "support"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places), "PUTRIGHT_TESTS_ASKED": str(asked)}
    alone = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    can = shutil.which("unshare") and subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    done = subprocess.run(
        [*(alone if can else []), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done, asked.read_text("utf-8").splitlines()


@pytest.mark.slow
def test_every_example_runs_and_asks_no_other_machine(tmp_path: Path) -> None:
    policy = docx.Document()
    policy.add_paragraph("13.6 We acknowledge within five working days.")
    policy.save(str(tmp_path / "policy.docx"))
    assert len(EXAMPLES) >= 9
    commands = [shlex.split(example) for example in EXAMPLES]
    done, asked = offline([sys.executable, "-c", RUN_ALL, json.dumps(commands)], tmp_path)
    assert done.returncode == 0, done.stderr
    assert asked == []
    assert (tmp_path / "findings.xlsx").stat().st_size > 0


def test_whoever_asks_another_machine_is_found_out(tmp_path: Path) -> None:
    """By name or by number, and a child of a child as well."""
    ask = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    name = "import socket; socket.getaddrinfo('registry.example', 443)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ask!r}])"
    for script in (ask, name, child):
        _, asked = offline([sys.executable, "-c", script], tmp_path)
        assert len(asked) >= 1, script
        (tmp_path / "asked.txt").unlink()


def test_help_needs_nothing_heavy() -> None:
    """Help comes at once because nothing slow is imported for it."""
    script = (
        "import sys\nfrom putright import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'pydantic', 'rich', 'holidays', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "audit" in done.stdout


def test_the_readme_is_one_screen() -> None:
    """What it is, for whom, the two commands and a picture; then links."""
    assert len(README.splitlines()) <= 60
    assert (ROOT / "docs" / "putright.svg").is_file()


def test_the_examples_name_the_commands_there_are() -> None:
    parser = cli._parser()
    named = set(re.findall(r"putright ([\w-]+)", "\n".join(EXAMPLES))) | {e.split()[0] for e in EXAMPLES}
    commands = next(action.choices for action in parser._actions if action.choices and "audit" in action.choices)
    assert set(commands) <= named | {"plugins", "desk"}  # the desk goes on until it is stopped: it has tests of its own


def test_every_rule_has_words_and_every_field_a_meaning() -> None:
    assert all(fields.RULES.values())
    assert all(field.meaning for field in fields.FIELDS.values())


def test_versions_only_in_the_constraints() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9a-z.]+", line), line
