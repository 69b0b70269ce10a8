"""``putright new-council``: a folder that works before a word is changed, and says what is still to be written."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import basevenv
import casefiles
import pytest
import yaml
from casefiles import run
from putright import national
from putright.api.checks import check
from putright.api.kit import SCHEMA, new_council
from putright.hookspecs import hookimpl
from putright.kit.naming import names
from putright.mistakes import Mistake
from putright.plugins import build, load
from putright.rulebooks.reading import read_rulebook

HOST = load([])
TODAY = dt.date(2026, 11, 29)
FULL = "Milton Keynes City Council"

NAMES = [
    (FULL, "milton-keynes"),
    ("London Borough of Hackney", "hackney"),
    ("The Royal Borough of Kensington and Chelsea", "kensington-and-chelsea"),
    ("City of York Council", "york"),
    ("City of London Corporation", "london"),
    ("Isle of Wight Council", "isle-of-wight"),
    ("St Helens Borough Council", "st-helens"),
    ("King's Lynn and West Norfolk Borough Council", "kings-lynn-and-west-norfolk"),
    ("Telford & Wrekin Council", "telford-wrekin"),
    ("Dumfries and Galloway Council", "dumfries-and-galloway"),
    ("Cyngor Sir Ynys Môn", "cyngor-sir-ynys-mon"),
    ("Norfolk County Council", "norfolk"),
    ("  newtown  ", "newtown"),
]


@pytest.mark.parametrize(("full", "short"), NAMES)
def test_a_council_s_name_in_case_records(full: str, short: str) -> None:
    made = names(full, None, ())
    assert made.plugin == short and made.distribution == f"putright-{short}"
    assert made.package.isidentifier()


REFUSED = [
    (["", "--folder", "x"], "write the council's name as people know it"),
    (["Bad\x07name"], "write the council's name as people know it"),
    (["委員會"], "no plugin's name can be made of"),
    ([FULL, "--name", "Milton"], "the name 'Milton' cannot be a plugin's: give --name in small letters"),
    (["Coventry City Council"], "there is a plugin or national rulebook 'coventry' already"),
    (["LGSCO"], "there is a plugin or national rulebook 'lgsco' already"),
    ([FULL, "--governed-by", "lgsc"], "no national rulebook is named 'lgsc'; did you mean 'lgsco'? known: "),
    ([FULL, "--nation", "scotland"], "say with --governed-by which national rulebook judges a council in scotland"),
    ([FULL, "--nation", "scotlnd"], "no calendar is named 'scotlnd'; did you mean 'scotland'?"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("new-council", *arguments)
    assert result.code == 2 and message in result.err and len(result.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_nothing_is_replaced(tmp_path: Path) -> None:
    made = new_council(HOST, FULL, folder=tmp_path / "mk", today=TODAY)
    before = made.rulebook.read_text("utf-8")
    with pytest.raises(Mistake, match="is there already, and nothing is replaced"):
        new_council(HOST, FULL, folder=tmp_path / "mk", today=TODAY)
    assert made.rulebook.read_text("utf-8") == before
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Mistake, match="is there already"):
        new_council(HOST, FULL, folder=tmp_path / "file", today=TODAY)
    (tmp_path / "empty").mkdir()
    assert new_council(HOST, FULL, folder=tmp_path / "empty", today=TODAY).files == made.files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "mk"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of Milton Keynes, found by its entry point as if pip had installed it."""
    folder = tmp_path_factory.mktemp("kit") / "putright-milton-keynes"
    new_council(HOST, FULL, folder=folder)
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"putright_milton_keynes-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    ((name, module),) = project["entry-points"]["putright"].items()
    (info / "entry_points.txt").write_text(f"[putright]\n{name} = {module}\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    casefiles.COUNCILS.append(name)
    try:
        yield folder
    finally:
        casefiles.COUNCILS.remove(name)
        sys.path.remove(str(folder))
        sys.modules.pop(module, None)


def test_the_check_lists_every_text_that_is_to_be_written_and_no_mistake(installed: Path) -> None:
    result = run("check", "milton-keynes", "--format", "json")
    found = json.loads(result.out)
    assert result.code == 0 and {each["severity"] for each in found} == {"warning"}
    book = installed / "putright_milton_keynes" / "corporate.yaml"
    lines = [number for number, line in enumerate(book.read_text("utf-8").splitlines(), 1) if "TO WRITE" in line]
    named = {each["line"] for each in found}
    # A text below '>-' is on the line after its key, and the head of the file speaks of the marks.
    assert {line for line in lines if line > 6} == {number if number in lines else number + 1 for number in named}
    assert run("check", "milton-keynes", "--strict").code == 1


def test_its_rulebook_is_as_the_code_and_its_expected_dates_run_over_christmas(installed: Path) -> None:
    path = installed / "putright_milton_keynes" / "corporate.yaml"
    book = read_rulebook(path)
    (code,) = HOST.editions["lgsco"]
    assert book.governed_by == ["lgsco"]
    for name, ruling in book.rulings().items():
        theirs = code.rulings()[name]
        assert ruling.kind == theirs.kind
        assert getattr(ruling.rule, "within", None) == getattr(theirs.rule, "within", None)
    assert {"acknowledge-stage1", "respond-stage1", "acknowledge-stage2", "respond-stage2"} <= {
        rule for case in book.expect for rule in case.dates
    }
    assert all(case.events["received"].month == 12 for case in book.expect)


def test_an_editor_is_led_to_a_schema_that_takes_the_rulebook(installed: Path) -> None:
    from jsonschema import Draft202012Validator

    path = installed / "putright_milton_keynes" / "corporate.yaml"
    first = path.read_text("utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    schema = json.loads((path.parent / match[1]).read_text("utf-8"))
    assert schema == json.loads(SCHEMA.read_text("utf-8"))
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert not list(Draft202012Validator(schema).iter_errors(data))
    data["expect"] = [{"Received": "2026-12-18"}]
    assert list(Draft202012Validator(schema).iter_errors(data))


def test_its_own_tests_pass(installed: Path) -> None:
    path = os.pathsep.join(place for place in sys.path if place)
    environment = {**os.environ, "PYTHONPATH": path, "PUTRIGHT_PLUGINS": "milton-keynes"}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "putright.testing", "-p", "no:cacheprovider"]
    done = subprocess.run(words, cwd=installed, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "6 passed" in done.stdout, done.stdout


#: Commands on the council before a word is changed, in this order.
COMMANDS = [
    "plugins",
    "check milton-keynes",
    "sample --council milton-keynes --cases 40 --output cases.csv",
    "audit cases.csv --council milton-keynes --output findings.jsonl",
    "explain cases.csv SYNTHETIC-0001 --council milton-keynes",
    "due --council milton-keynes --received 2026-12-18",
    "watch cases.csv --council milton-keynes",
    "rules --council milton-keynes",
    "assess milton-keynes",
    "compare milton-keynes",
    "verify milton-keynes --document policy.txt",
]


def test_commands_run_on_it_before_a_word_is_changed(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.txt").write_text("Stage 1\nWe acknowledge a complaint within 5 working days.\n")
    for line in COMMANDS:
        result = run(*line.split())
        assert result.code == 0, f"{line}: {result.said}"
    assert "milton-keynes.corporate" in (tmp_path / "findings.jsonl").read_text("utf-8")


def test_what_runs_on_each_change_is_yaml_and_checks_this_council(installed: Path) -> None:
    jobs = yaml.safe_load((installed / ".github" / "workflows" / "check.yml").read_text("utf-8"))["jobs"]
    steps = [step["run"] for step in jobs["check"]["steps"] if "run" in step]
    assert steps[-2:] == ["putright --strict-plugins check --strict milton-keynes", "pytest"]


OTHERS = [
    ({"governed_by": "housing"}, "housing", "england"),
    ({"governed_by": "adults-2009"}, "adults", "england"),
    ({"governed_by": "children-2006"}, "children", "england"),
    ({"governed_by": "none", "nation": "scotland"}, "corporate", "scotland"),
    ({"governed_by": "none", "nation": "wales", "procedure": "housing"}, "housing", "england"),
]


@pytest.mark.parametrize(("options", "procedure", "calendar"), OTHERS)
def test_other_codes_procedures_and_nations(
    tmp_path: Path, options: dict[str, str], procedure: str, calendar: str
) -> None:
    made = new_council(HOST, 'St "Odd" Council', folder=tmp_path / "odd", today=TODAY, **options)  # type: ignore[arg-type]
    assert made.rulebook.name == f"{procedure}.yaml"
    checked = check(HOST, made.rulebook, today=TODAY)
    assert not checked.mistakes and checked.expected
    book = read_rulebook(made.rulebook)
    assert (book.authority, book.calendar or "england") == ('St "Odd" Council', calendar)
    tomllib.loads((tmp_path / "odd" / "pyproject.toml").read_text("utf-8"))
    for path in (tmp_path / "odd").rglob("*.py"):
        compile(path.read_text("utf-8"), path.name, "exec")


def test_a_code_with_a_limit_from_before_receipt_that_counts_from_day_1(tmp_path: Path) -> None:
    """The limit's starting event comes before receipt in the expected case, and the first day is the Code's."""
    code = tmp_path / "code.yaml"
    code.write_text(
        "rulebook: elsewhere\ntitle: A code\nauthority: An Ombudsman elsewhere\nedition: first\nstart_is_day: 1\n"
        "source: {document: Made up for tests}\nowner: An Ombudsman elsewhere\nclauses:\n"
        '  - {id: "1", heading: Going on, text: Within 6 months., strength: must, shown_by: [policy], rules: [\n'
        "      {rule: request-stage2, kind: window, from: matter_known, to: stage2_requested, within: 6 months},\n"
        "      {rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days}]}\n"
    )
    plugin = ModuleType("elsewhere")
    plugin.putright_rulebooks = hookimpl(lambda: [code])  # type: ignore[attr-defined]
    host = build([("national", national, "1"), ("elsewhere", plugin, "1")])
    made = new_council(host, FULL, folder=tmp_path / "mk", governed_by="elsewhere", today=TODAY)
    book = read_rulebook(made.rulebook)
    assert book.start_is_day == 1
    dates = {rule: (case.events, due) for case in book.expect for rule, due in case.dates.items()}
    received = dt.date(2026, 12, 18)
    assert dates["respond-stage1"] == ({"received": received}, dt.date(2026, 12, 24))
    known = {"received": received, "matter_known": dt.date(2026, 12, 15)}
    assert dates["request-stage2"] == (known, dt.date(2027, 6, 15))


@pytest.mark.slow
def test_it_installs_from_wheels_next_to_putright_without_a_source_tree(tmp_path: Path) -> None:
    """A fresh environment has the two wheels, what putright depends on, and pytest."""
    clean = basevenv.make(tmp_path / "venv", "putright", "pytest", without_putright=True)
    basevenv.install(clean, basevenv.putright_wheel())
    done = clean.run("new-council", FULL, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "putright-milton-keynes"
    (tmp_path / "tests").mkdir()
    shutil.copytree(folder / "tests", tmp_path / "tests", dirs_exist_ok=True)
    shutil.copy(folder / "pyproject.toml", tmp_path)
    basevenv.install(clean, basevenv.wheel(folder, tmp_path / "wheels"))
    shutil.rmtree(folder)
    (tmp_path / "policy.txt").write_text("Stage 1\nWe acknowledge a complaint within 5 working days.\n")
    clean.run_all(COMMANDS, tmp_path)
    done = clean.run("schema", "--where", folder=tmp_path)
    assert Path(done.stdout.strip()).is_file() and str(clean.packages) in done.stdout
    # pytest finds the fixtures by the entry point.
    tests = [str(clean.python), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(tests, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "6 passed" in done.stdout, done.stdout


def test_the_schema_is_shown_written_and_found(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    assert json.loads(run("schema").out)["title"] == "Rulebook"
    assert run("schema", "--where").out.strip() == str(SCHEMA)
    assert run("schema", "--output", path).code == 0
    assert path.read_bytes() == SCHEMA.read_bytes()
    assert run("schema", "--output", path).code == 0, "a former schema may be written again"
    path.write_text("{}")
    assert run("schema", "--output", path).code == 2
    assert run("schema", "--output", path, "--overwrite").code == 0


CODE = """\
rulebook: hillcode
title: Model procedure
authority: Ombudsman of the Hills
standing: statutory code
edition: first
source: {document: Made up for tests}
calendar: scotland
start_is_day: 1
owner: Ombudsman of the Hills
clauses:
  - id: "3.1"
    heading: Stage 1
    text: Five days.
    rules:
      - {rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days}
  - id: "3.2"
    heading: Stage 2
    text: Two months, or six of knowing.
    rules:
      - {rule: request-stage2, kind: window, from: stage1_responded, to: stage2_requested, within: 2 months,
         or_if_later: {from: matter_known, within: 6 months}}
"""


def test_a_code_that_a_plugin_brings_with_its_own_way_of_counting(tmp_path: Path) -> None:
    path = tmp_path / "code.yaml"
    path.write_text(CODE, "utf-8")
    plugin = type("Hillcode", (), {"putright_rulebooks": staticmethod(hookimpl(lambda: [path]))})
    host = build([("national", national, "1"), ("hillcode", plugin, "1")])
    made = new_council(host, "Hillton Council", folder=tmp_path / "hillton", governed_by="hillcode", today=TODAY)
    assert not check(host, made.rulebook, today=TODAY).mistakes
    book = read_rulebook(made.rulebook)
    (code,) = host.editions["hillcode"]
    assert (book.governed_by, book.start_is_day, host.calendar_name(book)) == (["hillcode"], 1, "scotland")
    first = book.expect[0]
    # 18 December is day 1; Christmas Day comes after day 5.
    assert (first.events["received"], first.dates["respond-stage1"]) == (dt.date(2026, 12, 18), dt.date(2026, 12, 24))
    assert book.rulings()["request-stage2"].rule.events == code.rulings()["request-stage2"].rule.events
