"""What the documents say is done: the README's commands, and every example in it, run for real."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from putright import cli, fields

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ putright (.+)$", README, re.MULTILINE)


def test_the_first_screen_has_the_two_commands() -> None:
    first_screen = README.splitlines()[:20]
    commands = [line for line in first_screen if line.startswith("python3 -m venv")]
    assert [command.rsplit(" ", 1)[-1] for command in commands] == ["audit", "tests"]


def test_ci_runs_the_readme_s_commands() -> None:
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    policy = docx.Document()
    policy.add_paragraph("13.6 We acknowledge within five working days.")
    policy.save("policy.docx")
    assert len(EXAMPLES) >= 9
    for example in EXAMPLES:
        assert cli.main(shlex.split(example)) == 0, example
        shown = capsys.readouterr()
        assert shown.out or shown.err, example
    assert (tmp_path / "findings.xlsx").stat().st_size > 0


def test_help_needs_nothing_heavy() -> None:
    """Help comes at once because nothing slow is imported for it."""
    script = (
        "import sys\nfrom putright import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'pydantic', 'rich', 'holidays', 'pluggy', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "audit" in done.stdout


def test_the_readme_names_the_commands_there_are() -> None:
    parser = cli._parser()
    named = set(re.findall(r"putright (\w+)", "\n".join(EXAMPLES) or README)) | {e.split()[0] for e in EXAMPLES}
    commands = next(action.choices for action in parser._actions if action.choices and "audit" in action.choices)
    assert set(commands) <= named | {"plugins"}


def test_every_rule_has_words_and_every_field_a_meaning() -> None:
    assert all(fields.RULES.values())
    assert all(field.meaning for field in fields.FIELDS.values())


def test_versions_only_in_the_constraints() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9a-z.]+", line), line
