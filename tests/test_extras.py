"""An audit alone needs few packages and no council; what else a command needs, its extra brings.

All of it is tried where nothing but putright and what it depends on is installed.
"""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import basevenv
import fromwheels
import pytest
from basevenv import BaseVenv
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from putright import cli, extras
from putright.auditing.ombudsman import DECISIONS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> BaseVenv:
    return basevenv.make(tmp_path_factory.mktemp("base") / "venv", "putright")


# --- an audit alone -------------------------------------------------------------------------------


def test_an_audit_alone_needs_fewer_than_45_packages(base: BaseVenv) -> None:
    assert "putright" in base.distributions
    assert len(base.distributions) < 45
    assert not [name for name in base.distributions if name.startswith(("sphinx", "jupyter", "scipy", "putright-"))]


def test_no_library_of_an_extra_is_there(base: BaseVenv) -> None:
    """So that what follows tries what it says it does."""
    libraries = [module for each in extras.LIBRARIES.values() for module in each]
    assert base.modules("putright", "polars", *libraries, "jupyter_book", "putright_coventry") == ["putright", "polars"]


def test_no_council_is_there(base: BaseVenv) -> None:
    done = base.run("plugins")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        "national",
        "handbook",
    ]


def test_the_real_decisions_are_audited_without_any_council(base: BaseVenv, tmp_path: Path) -> None:
    done = base.run(
        *("audit", DECISIONS, "--as-at", "2026-09-30", "--summary", "summary.json", "--output", "findings.xlsx"),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads((tmp_path / "summary.json").read_text("utf-8"))["reconciliation"]
    assert counts["rows_read"] == len(DECISIONS.read_text("utf-8").splitlines())
    assert counts["rows_read"] == counts["audited"] + counts["rejected"] and counts["audited"] > 40
    assert (tmp_path / "findings.xlsx").stat().st_size > 0


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_findings_of_every_kind_are_those_of_a_full_installation(base: BaseVenv, kind: str, tmp_path: Path) -> None:
    words = ["audit", str(DECISIONS), "--as-at", "2026-09-30", "--output"]
    assert cli.main(["--only-plugins", "national", *words, str(tmp_path / f"full.{kind}")]) == 0
    done = base.run(*words, f"base.{kind}", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"base.{kind}").read_bytes() == (tmp_path / f"full.{kind}").read_bytes()


def test_rules_and_what_the_ombudsman_counted_need_no_council(base: BaseVenv) -> None:
    for words, said in ((("rules",), "acknowledge-stage1"), (("ombudsman",), "statements compared")):
        done = base.run(*words)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout


def test_what_needs_a_council_says_that_none_is_installed(base: BaseVenv, tmp_path: Path) -> None:
    done = base.run("audit", DECISIONS, "--council", "coventry", folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "putright: unknown council 'coventry'; known: none, since no council's plugin is installed.\n",
    )


# --- what an extra brings -------------------------------------------------------------------------

#: A command, what its sentence says needs the library, the library and the extra.
MISSING = [
    ("annual {cases} --council coventry --year 2025-26 --output annual", "annual", "python-docx", "paper"),
    ("audit {cases} --output pack/", "audit with a folder for --output", "python-docx", "paper"),
    ("audit {cases} --publish --output public/", "audit with a folder for --output", "python-docx", "paper"),
    ("verify coventry --document policy.docx", "verify with a Word document", "python-docx", "paper"),
    ("notebooks --council coventry --output training", "notebooks", "nbformat", "training"),
    ("desk", "desk", "starlette", "desk"),
    ("handbook --output site", "handbook", "sphinx", "handbook"),
    ("handbook --output site --in-browser files", "handbook --in-browser", "jupyterlite-core", "browser"),
]


@pytest.mark.parametrize(("words", "what", "library", "extra"), MISSING)
def test_a_command_says_which_extra_to_install(
    base: BaseVenv, words: str, what: str, library: str, extra: str, tmp_path: Path
) -> None:
    done = base.run(*words.format(cases=DECISIONS).split(), folder=tmp_path)
    sentence = f"putright: putright {what} needs {library}: install putright[{extra}].\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
    assert not list(tmp_path.iterdir())


#: A module for other programs, the library that it needs first, and the extra.
MISSING_FOR_MODULES = [("putright.arrow", "pyarrow", "arrow"), ("putright.spark", "pyspark", "spark")]


@pytest.mark.parametrize(("module", "library", "extra"), MISSING_FOR_MODULES)
def test_a_module_says_which_extra_to_install(base: BaseVenv, module: str, library: str, extra: str) -> None:
    done = base.script(
        "from putright.mistakes import Mistake\n"
        f"try:\n    import {module}\nexcept Mistake as mistake:\n    print(mistake)\n"
    )
    sentence = f"{module} needs {library}: install putright[{extra}].\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, sentence, "")


@pytest.mark.slow
def test_the_extra_for_arrow_is_enough(tmp_path: Path) -> None:
    script = (
        "import datetime as dt, pyarrow as pa\n"
        "from putright import arrow\n"
        "cases = pa.table({'reference': ['A'], 'received': ['2026-01-05']})\n"
        "print(sum(batch.num_rows for batch in arrow.findings(cases, as_at=dt.date(2026, 9, 30))))"
    )
    done = basevenv.make(tmp_path / "venv", "putright[arrow]").script(script)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_each_extra_has_a_command_or_a_module_that_names_it() -> None:
    assert {extra for *_, extra in (*MISSING, *MISSING_FOR_MODULES)} == set(extras.LIBRARIES)


@pytest.mark.parametrize("extra", extras.LIBRARIES)
def test_the_sentences_name_what_the_extras_install(extra: str) -> None:
    needs = [Requirement(text) for text in PROJECT["optional-dependencies"][extra]]
    installed = {canonicalize_name(need.name) for need in needs} - {"putright"}
    # Jupyter Book is a program: `check_tools` looks for it, and only hand-outs need it.
    assert installed - {"jupyter-book"} == set(extras.LIBRARIES[extra].values())
    included = {name for need in needs if need.name == "putright" for name in need.extras}
    assert included == ({extras.INCLUDES[extra]} if extra in extras.INCLUDES else set())


#: A command, the distributions that it is said to need, and a file that it writes.
ENOUGH = [
    ("audit {cases} --as-at 2026-09-30 --output pack/", ["putright[paper]"], "pack/committee-paper.pdf"),
    ("audit {cases} --as-at 2026-09-30 --publish --output pack/", ["putright[paper]"], "pack/figures.json"),
    (
        "notebooks --council coventry --notebook 1-day-zero --output training",
        ["putright[training]", "putright-coventry"],
        "training/1-day-zero.ipynb",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "wanted", "made"), ENOUGH)
def test_an_extra_is_enough(words: str, wanted: list[str], made: str, tmp_path: Path) -> None:
    place = tmp_path / "work"
    place.mkdir()
    done = basevenv.make(tmp_path / "venv", *wanted).run(*words.format(cases=DECISIONS).split(), folder=place)
    assert done.returncode == 0, done.stderr
    assert (place / made).stat().st_size > 0


@pytest.mark.slow
def test_the_extra_for_the_handbook_is_enough() -> None:
    """Beside it the environment has councils only, of other names than those that are distributed."""
    env, work = fromwheels.made()
    assert env.distributions >= {"putright", "sphinx"}
    assert env.modules("jupyterlite_core", "starlette", "pyspark", "putright_runnymede") == []
    assert (work / "site" / "index.html").stat().st_size > 0


# --- another council ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_copy_of_a_council_is_a_council_of_its_own(tmp_path: Path) -> None:
    """Copied, renamed and built, its wheel has all that the audit reads."""
    folder = tmp_path / "newtown"
    shutil.copytree(
        ROOT / "plugins" / "coventry", folder, ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__")
    )
    (folder / "putright_coventry").rename(folder / "putright_newtown")
    for path in (folder / "pyproject.toml", *folder.rglob("*.yaml")):
        text = path.read_text("utf-8")
        path.write_text(text.replace("coventry", "newtown"), encoding="utf-8")
    wheel = basevenv.wheel(folder, tmp_path / "wheels")
    assert wheel.name.startswith("putright_newtown-")
    bare = basevenv.make(tmp_path / "venv", "putright")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(bare.packages)
    own = ("--council", "newtown")
    done = bare.run("sample", *own, "--cases", "20", "--output", "cases.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    done = bare.run("audit", "cases.csv", *own, "--as-at", "2026-09-30", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "newtown.corporate" in done.stdout


def test_an_import_that_fails_later_says_it_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(options: object) -> int:
        raise ModuleNotFoundError("No module named 'scipy.linalg'", name="scipy.linalg")

    monkeypatch.setattr("putright.casework.handcheck.read_sheet", run)
    assert cli.main(["handcheck", "--read", "sheet.xlsx"]) == 2
    assert capsys.readouterr().err == "putright: this command needs scipy: install putright[paper].\n"
