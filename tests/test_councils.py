"""Every command on every council: two clauses or none with a rule, three stages, housing alone, another nation.

The councils are in ``tests/support/councils.py``. What a command says of them is tested where the command is; here it
has to run, and every lesson has to ask or to say why it does not.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import councils
import fromwheels
import handbooks
import pytest
from councils import COUNCILS, Council
from putright import cli
from putright.training import Lesson, asking, lessons, notebooks, open_lesson

AS_AT = "2026-11-30"
NAMES = [council.name for council in COUNCILS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every council, installed; the folder has the installable folder of each."""
    place = tmp_path_factory.mktemp("councils")
    with councils.installed([councils.write(council, place) for council in COUNCILS]):
        yield place


@pytest.fixture(scope="module", params=COUNCILS, ids=NAMES)
def council(request: pytest.FixtureRequest, folder: Path) -> Council:
    found: Council = request.param
    return found


@pytest.fixture(scope="module")
def cases(council: Council, folder: Path) -> Path:
    """A few made-up cases of the council."""
    path = folder / f"{council.name}.csv"
    wanted = ("--cases", "12", "--seed", "3", "--year-ending", AS_AT, "--output", path)
    run(council, "sample", "--council", council.name, *wanted)
    return path


def run(council: Council, *arguments: object) -> None:
    """A command with the council's plugins alone, which has to succeed."""
    only = ",".join(("handbook", *council.plugins))
    assert cli.main(["--only-plugins", only, *map(str, arguments)]) == 0


def test_every_case_is_audited(council: Council, cases: Path, tmp_path: Path) -> None:
    whose = ("--council", council.name, "--as-at", AS_AT)
    run(
        council, "audit", cases, *whose, "--output", tmp_path / "findings.jsonl", "--summary", tmp_path / "summary.json"
    )
    counts = json.loads((tmp_path / "summary.json").read_text("utf-8"))["reconciliation"]
    assert counts["rows_read"] == counts["audited"] == 12
    findings = [json.loads(line) for line in (tmp_path / "findings.jsonl").read_text("utf-8").splitlines()]
    judged = {finding["rulebook"] for finding in findings}
    assert any(name.startswith(f"{council.name}.") for name in judged) is council.has_rules
    if council.needs:
        assert {name for name in judged if "." not in name} == set(council.needs)
    with cases.open(encoding="utf-8", newline="") as file:
        reference = next(csv.DictReader(file))["reference"]
    run(council, "explain", cases, reference, *whose)
    run(council, "watch", cases, *whose)
    run(council, "changes", tmp_path / "findings.jsonl", tmp_path / "findings.jsonl")
    run(council, "handcheck", tmp_path / "findings.jsonl", "--cases", 3, "--output", tmp_path / "sheet.xlsx")


def test_the_commands_that_read_rulebooks(council: Council, folder: Path, tmp_path: Path) -> None:
    run(council, "rules", "--council", council.name)
    run(council, "due", "--council", council.name, "--received", "2026-12-18")
    run(council, "compare", council.name, "--output", tmp_path / "compared.xlsx")
    (tmp_path / "policy.md").write_text("1 We respond within 10 working days.\n", "utf-8")
    (tmp_path / "more.html").write_text("<p>2 We acknowledge within 5 working days.</p>", "utf-8")
    run(council, "verify", council.name, tmp_path / "policy.md", tmp_path / "more.html")
    run(council, "reviews", "--council", council.name, "--as-at", AS_AT)
    run(council, "plugins")


def test_a_policy_is_assessed_or_the_reason_why_not_is_one_sentence(
    council: Council, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if council.governed:
        run(council, "assess", council.name, "--output", tmp_path / "assessed.xlsx")
        run(council, "assess", council.name, "--form", "paragraphs")
        return
    assert cli.main(["--only-plugins", council.name, "assess", council.name]) == 2
    assert f"no national rulebook governs {council.name}.{council.procedure}" in capsys.readouterr().err


#: Papers take seconds: the pack of three stages, and of another nation.
PACKS = {"threestages", "fife"}
#: The year's report of no rule, of housing alone, of no national rulebook and of another nation: its forms.
REPORTS: dict[str, set[str]] = {
    "wordy": {"self-assessment-lgsco.xlsx"},
    "homeham": {"self-assessment-housing.xlsx"},
    "freehold": set(),
    "schoolham": set(),
    "fife": {"self-assessment-spso.xlsx"},
}


@pytest.mark.slow
def test_the_papers(council: Council, cases: Path, tmp_path: Path) -> None:
    whose = ("--council", council.name, "--as-at", AS_AT)
    if council.name in PACKS:
        run(council, "audit", cases, *whose, "--output", f"{tmp_path}/pack/")
        assert {path.suffix for path in (tmp_path / "pack").iterdir()} >= {".docx", ".pdf", ".html", ".json", ".xlsx"}
    if council.name in REPORTS:
        run(council, "annual", cases, *whose, "--year", "2025-26", "--output", f"{tmp_path}/annual/")
        made = {path.name for path in (tmp_path / "annual").iterdir()}
        assert made >= {"annual-report.docx", "annual-report.pdf", "figures.json"}
        assert {name for name in made if name.startswith("self-assessment")} == REPORTS[council.name]


# --- lessons --------------------------------------------------------------------------------------


@pytest.fixture
def loaded(folder: Path) -> Iterator[None]:
    """Lessons that know these councils."""
    lessons.host.cache_clear()
    yield
    lessons.host.cache_clear()


#: Lessons that audit a made-up year or the published decisions, and the councils that are unlike others there.
LONG = {"first-audit", "spot-the-breach", "before-committee", "what-the-ombudsman-counted"}
UNLIKE = {"wordy", "plainly", "careshire", "fife"}


@pytest.mark.usefixtures("loaded")
def test_a_lesson_asks_or_says_why_it_does_not(council: Council) -> None:
    """Its notebook runs as a kernel would run it; then every question is answered."""
    for source in notebooks.sources(lessons.host(), council.name):
        notebooks.set_to(source.notebook, {"council": council.name})
        code = [cell.source for cell in source.notebook.cells if cell.cell_type == "code"]
        if council.name not in UNLIKE and any(f'open_lesson("{name}"' in code[1] for name in LONG):
            continue
        names: dict[str, Any] = {}
        for cell in code:
            exec(cell, names)
        _check(names["lesson"])


def _check(lesson: Lesson) -> None:
    assert set(lesson.questions) | set(lesson.left_out) == set(lesson.makers())
    for question in lesson.questions.values():
        right, wrong = question.answers()
        assert question.reply(right).kind == "right"
        assert all(question.reply(answer).kind == "hint" for answer in wrong), question.id
    for missing, why in lesson.left_out.items():
        assert lesson.ask(missing).text == f"**Not for this council**\n\n{why}"
        assert why.endswith(".")
        assert lesson.reveal(missing).text == ""


#: Council, lesson, what there is no question about.
LEFT_OUT = [
    ("wordy", "spot-the-breach", [f"case-{number}" for number in range(1, 9)]),
    ("twofold", "our-policy-and-the-code", ["find-it"]),
    ("plainly", "our-policy-and-the-code", ["find-it", "longer"]),
    ("plainly", "day-zero", []),
    ("freehold", "stage-1-to-stage-2", ["acknowledgement-stage1"]),
    ("homeham", "day-zero", []),
    ("homeham", "first-audit", ["standing"]),
    ("fife", "day-zero", ["first-day-counts"]),
    ("fife", "childrens-and-adults", None),
    ("thurrock", "what-the-ombudsman-counted", ["our-own-rule"]),
]


@pytest.mark.parametrize(("name", "lesson", "missing"), LEFT_OUT)
@pytest.mark.usefixtures("loaded")
def test_what_is_left_out_of_a_lesson(name: str, lesson: str, missing: list[str] | None) -> None:
    """Written down by hand; None is the whole lesson."""
    opened = open_lesson(lesson, name, notebooks.AS_AT, notebooks.SEED)
    assert list(opened.left_out) == (list(opened.makers()) if missing is None else missing)
    assert isinstance(opened, Lesson)


@pytest.mark.usefixtures("loaded")
def test_what_is_left_out_is_left_out_in_a_browser_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There the audit cannot be asked again; that it has no answer was written down with its answers."""
    answers: dict[str, Any] = {}
    token = asking.WRITTEN.set(answers)
    here = open_lesson("what-the-ombudsman-counted", "thurrock", notebooks.AS_AT, notebooks.SEED).left_out
    asking.WRITTEN.reset(token)
    (tmp_path / "answers.json").write_text(json.dumps(answers), "utf-8")
    monkeypatch.setattr(asking, "IN_BROWSER", True)
    monkeypatch.setattr(asking, "ANSWERS", tmp_path / "answers.json")
    asking._answers.cache_clear()
    there = open_lesson("what-the-ombudsman-counted", "thurrock", notebooks.AS_AT, notebooks.SEED).left_out
    asking._answers.cache_clear()
    assert list(here) == ["our-own-rule"]
    assert there == here


# --- the handbook ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_handbook_of_many(folder: Path, tmp_path: Path) -> None:
    shown = [council for council in COUNCILS if council.name not in ("twofold", "careshire", "thurrock")]
    only = ",".join(["handbook", "spso", *(council.name for council in shown)])
    wanted = ("--without-notebooks", "--as-at", AS_AT, "--output", tmp_path / "site")
    with handbooks.without_documentation(tmp_path / "docs"):
        handbooks.run("--only-plugins", only, "handbook", *wanted)
    pages = {council.name: tmp_path / "site" / "councils" / council.name for council in shown}
    for council in shown:
        made = {path.stem for path in (pages[council.name] / council.procedure).glob("*.html")}
        assert made >= {"index", "due-dates", "procedure", "letters", "not-complaints", "code"}
    closed = handbooks.text(pages["shutford"] / "corporate" / "due-dates.html")
    assert "Dates by our own procedure leave out the days on which Shutford Borough Council is closed." in closed
    assert "5 working days, a day off counting as the next working day, the council's closure days left out" in closed
    assert "5 working days, a day off counting as the next working day, the council's closure days counted" in closed
    open_all_year = handbooks.text(pages["fiveways"] / "corporate" / "due-dates.html")
    assert "No closure days of Fiveways District Council are known" in open_all_year
    assert "closure days counted" not in open_all_year
    assert "(England)" not in handbooks.text(pages["fife"] / "index.html")
    at_a_glance = handbooks.text(pages["wordy"] / "corporate" / "index.html")
    assert "names no step that we could put a time to" in at_a_glance and "The flow" not in at_a_glance
    assert "day zero" not in handbooks.text(pages["plainly"] / "corporate" / "index.html").partition("The flow")[0]


# --- from wheels ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_councils_installed_from_wheels_without_the_source_tree() -> None:
    """As somebody else would have them: in an environment of their own, installed by pip, and no tree to look into."""
    env, work = fromwheels.made()
    assert env.script("import putright; print(putright.__file__)").stdout.startswith(str(env.packages))
    assert (work / "site" / "councils" / "fife" / "corporate" / "index.html").is_file()
    assert not (work / "site" / "councils" / "twofold").exists()
    assert all((work / "site" / "councils" / name / "index.html").is_file() for name in fromwheels.COUNCILS)
    assert (work / "site" / "notebooks" / "1-day-zero.html").is_file()
    assert "Not for this council" in (work / "training" / "4-stage-1-to-stage-2.ipynb").read_text("utf-8")
