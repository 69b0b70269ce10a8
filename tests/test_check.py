"""``putright check``: every mistake at once, what may not be meant, and dates that are not as expected."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import putright
import pytest
from casefiles import council, run
from putright import fields
from putright.api.checks import check, expected
from putright.checking.warnings import cannot_follow
from putright.mistakes import Mistake
from putright.plugins import load

TODAY = dt.date(2026, 11, 29)
HOST = load([])
ALL = load()

BASE = """\
rulebook: testshire.corporate
title: Complaints
authority: Testshire Council
edition: April 2026
in_force: {from: 2026-04-01}
source: {document: Complaints policy}
governed_by: [lgsco]
days_off: next_working_day
owner: Complaints team
clauses:
  - id: "1"
    heading: Acknowledging
    topic: stage 1
    text: We acknowledge a complaint in 5 working days.
    rules:
      - rule: acknowledge-stage1
        kind: deadline
        from: received
        to: stage1_acknowledged
        within: 5 working days
  - id: "2"
    heading: Responding
    topic: stage 1
    text: We respond in 10 working days.
    rules:
      - rule: respond-stage1
        kind: deadline
        from: stage1_acknowledged
        to: stage1_responded
        within: 10 working days
      - rule: response-stage1-contents
        kind: contents
        holds: [decision, reasons]
        if: {outcome: [upheld]}
"""
NEVER = "can never arise: "
#: What is changed, into what, the line, and what the warning says.
WARNINGS = [
    ("governed_by: [lgsco]", "governed_by: [lgsc]", 7, "'governed_by' names 'lgsc', and no national rulebook"),
    ("governed_by: [lgsco]", "governed_by: [lgsc]", 7, "did you mean 'lgsco'?"),
    ("{from: 2026-04-01}", "{from: 2026-04-01, to: 2026-10-31}", 5, "ended on 2026-10-31, and no edition follows it"),
    ("owner:", "ends: 2026-10-31\nowner:", 9, "edition 'April 2026' ended on 2026-10-31"),
    ("owner:", "for_flag: cse\nnot_for_flag: cse\nowner:", 10, "are the same, so no case is judged"),
    ("    topic: stage 1\n    text: We ack", "    text: x\n    note: We ack", 0, ""),
    ('id: "2"', 'id: "1."', 21, "clauses '1' and '1.' have one address in the handbook"),
    ("owner: Complaints team", 'owner: "TO WRITE: the team"', 9, "'owner' is still what new-council wrote"),
    # rules that can never arise
    ("if: {outcome: [upheld]}", "if: {late_request: true}", 31, NEVER + "'late_request' needs a rule request-stage1"),
    ("if: {outcome: [upheld]}", "if: {beyond_cap: true}", 31, NEVER + "'beyond_cap' needs a rule extend-stage1 with"),
    ("if: {outcome: [upheld]}", "if: {out_of_time: true}", 31, NEVER + "'out_of_time' needs a rule complain-in-time"),
    ("if: {outcome: [upheld]}", "if: {time_up: respond-stage2}", 31, NEVER + "'time_up' needs a rule respond-stage2"),
    (
        "within: 5 working days",
        "within: 5 working days\n        if: {on_hold: true}",
        16,
        "for the letters of a stage only",
    ),
    (
        "within: 5 working days",
        "within: 5 working days\n        if: {outcome: [upheld]}",
        16,
        "for the letters of a stage",
    ),
    (
        "if: {outcome: [upheld]}",
        "if: {outcome: [upheld]}\n        unless: {outcome: [upheld, not_upheld]}",
        31,
        NEVER + "'unless' holds wherever 'if' does",
    ),
    ("owner:", "not_for_flag: cse\nowner:", 0, ""),
    ("if: {outcome: [upheld]}", "if: {time_up: respond-stage1}", 0, ""),
    ("if: {outcome: [upheld]}", "if: {flag: fraud}\n        unless: {flag: fraud, on_hold: true}", 0, ""),
    # steps
    (
        "from: received",
        "from: stage1_responded",
        16,
        "counts from the stage 1 response ('stage1_responded') to the stage 1",
    ),
    ("from: received", "from: stage1_acknowledged", 16, "which is the same"),
    (
        "to: stage1_acknowledged",
        "to: stage2_acknowledged",
        16,
        "is a rule of stage 1, but 'stage2_acknowledged' is a step",
    ),
    (
        "from: received\n        to: stage1_acknowledged",
        "from: stage1_acknowledged\n        to: received",
        16,
        "cannot come",
    ),
]


def write(folder: Path, text: str, name: str = "book.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


UNKNOWN_FLAGS = [
    ("owner:", "for_flag: landlrod\nowner:", 9, "unknown flag 'landlrod'; did you mean 'landlord'?"),
    ("if: {outcome: [upheld]}", "if: {flag: Fraud}", 34, "unknown flag 'Fraud'; did you mean 'fraud'?"),
    ("if: {outcome: [upheld]}", "if: {any_flag: [fraud, x]}", 34, "unknown flag 'x'; known: straight_to_stage2, cse"),
]


@pytest.mark.parametrize(("good", "bad", "line", "message"), UNKNOWN_FLAGS)
def test_a_flag_that_nobody_has_is_a_mistake(tmp_path: Path, good: str, bad: str, line: int, message: str) -> None:
    path = write(tmp_path, BASE.replace(good, bad, 1))
    (problem,) = check(HOST, path, today=TODAY).mistakes
    assert problem.line == line and message in str(problem)


@pytest.mark.parametrize(("good", "bad", "line", "message"), WARNINGS)
def test_a_warning_says_where_and_what(tmp_path: Path, good: str, bad: str, line: int, message: str) -> None:
    """Line 0: nothing is wrong with it."""
    assert good in BASE
    path = write(tmp_path, BASE.replace(good, bad, 1))
    checked = check(HOST, path, today=TODAY)
    assert not checked.mistakes
    found = [(problem.line, problem.sentence) for problem in checked.warnings if problem.file == path]
    if line:
        assert [said for at, said in found if at == line and message in said], found
    else:
        assert not found


def test_flags_that_leave_every_case_out(tmp_path: Path) -> None:
    for book, rule in (("not_for_flag: cse", "if: {flag: cse}"), ("for_flag: cse", "unless: {any_flag: [cse, fraud]}")):
        text = BASE.replace("owner:", f"{book}\nowner:", 1).replace("if: {outcome: [upheld]}", rule)
        (warning,) = check(HOST, write(tmp_path, text), today=TODAY).warnings
        assert NEVER in warning.message and warning.rule == "response-stage1-contents"


def test_a_clause_that_only_the_page_of_all_clauses_shows(tmp_path: Path) -> None:
    text = BASE.replace('  - id: "2"', '  - id: "1a"\n    heading: Purpose\n    text: We want to help.\n  - id: "2"', 1)
    (warning,) = check(HOST, write(tmp_path, text), today=TODAY).warnings
    assert warning.message.startswith("only the page of all clauses shows this one") and warning.clause == "1a"
    assert not check(
        HOST, write(tmp_path, text.replace("    text: We want", "    topic: scope\n    text: We want"))
    ).warnings


def test_an_edition_that_has_ended_is_none_where_another_follows(tmp_path: Path) -> None:
    old = BASE.replace("{from: 2026-04-01}", "{to: 2026-03-31}").replace("edition: April 2026", "edition: old")
    files = [write(tmp_path, old, "old.yaml"), write(tmp_path, BASE, "new.yaml")]
    assert not check(HOST, *files, today=TODAY).problems
    assert len(check(HOST, files[0], today=TODAY).warnings) == 1


def test_editions_with_one_page(tmp_path: Path) -> None:
    old = BASE.replace("{from: 2026-04-01}", "{to: 2026-03-31}").replace("edition: April 2026", "edition: april, 2026")
    checked = check(HOST, write(tmp_path, old, "old.yaml"), write(tmp_path, BASE, "new.yaml"), today=TODAY)
    assert [problem.message.endswith("one page in the handbook") for problem in checked.warnings] == [True, True]


@pytest.mark.parametrize("name", ["national", *ALL.councils])
def test_what_putright_brings_has_nothing_to_be_warned_of(name: str) -> None:
    """On the day on which it was written: a council's end, and its closure days, are known later."""
    checked = check(ALL, name, today=dt.date(2026, 11, 29))
    assert checked.problems == () and checked.rulebooks


def test_no_rule_of_ours_counts_backwards_and_some_pairs_do() -> None:
    assert cannot_follow("stage2_requested", "stage1_acknowledged")
    assert not cannot_follow("stage1_responded", "stage2_requested")
    assert not cannot_follow("remedy_offered", "remedy_completed")
    assert all(cannot_follow(event, before) for event, before in fields.ORDERED)


# --- expected dates -------------------------------------------------------------------------------


def test_expected_dates(tmp_path: Path) -> None:
    right = "expect:\n  - {received: 2026-12-18, acknowledge-stage1: 2026-12-29}\n"
    path = write(tmp_path, BASE + right)
    checked = check(HOST, path, today=TODAY)
    assert not checked.problems and checked.expected == 1
    wrong = write(tmp_path, BASE + right.replace("2026-12-29", "2027-01-04"))
    (problem,) = check(HOST, wrong, today=TODAY).mistakes
    assert (problem.file, problem.line, problem.column) == (wrong, 36, 28)
    assert problem.message == (
        "acknowledge-stage1 should be due on Mon 2027-01-04, but is due on Tue 2026-12-29: 5 working days from receipt"
        "; skipping Christmas Day 25 Dec, Boxing Day (substitute day) 28 Dec, 4 weekend days"
    )


EXPECTED = [
    ("{received: 2026-12-18, respond-stage2: 2026-12-29}", "the rulebook has no such rule"),
    (
        "{matter_known: 2026-12-18, received: 2026-12-18, respond-stage1: 2026-12-29}",
        "is due on Wed 2027-01-06: 10 working days from",
    ),
    ("{stage1_responded: 2026-12-18, acknowledge-stage1: 2026-12-29}", "no such date follows in this edition"),
    ("{received: 2026-12-18, response-stage1-contents: 2026-12-29}", "it has no due date"),
    (
        "{received: 2026-03-02, acknowledge-stage1: 2026-03-09}",
        "cannot be compared: 2026-03-02 is before the first edition",
    ),
    ("{received: 2026-12-18}", "give the due date of at least one rule, for example 'acknowledge-stage1: 2027-01-04'"),
    ("{acknowledge-stage1: 2026-12-18}", "give at least one date of the case, for example 'received'"),
    ("{received: 12/18/2026, acknowledge-stage1: 2026-12-29}", "'received' must be a date between 1900 and 2199"),
    ("{received: 2026-12-18, acknowlege-stage1: 2026-12-29}", "(did you mean 'acknowledge-stage1'?)"),
    ("{received: 2026-12-18, flags: {a: b}, acknowledge-stage1: 2026-12-29}", "'flags' must be a list of flags"),
    ("2026-12-18", "an expectation is keys and values"),
]


@pytest.mark.parametrize(("case", "message"), EXPECTED)
def test_an_expectation_that_is_not_met_or_cannot_be_read(tmp_path: Path, case: str, message: str) -> None:
    path = write(tmp_path, f"{BASE}expect:\n  - {case}\n")
    (problem,) = check(HOST, path, today=TODAY).mistakes
    assert message in problem.message and (problem.file, problem.line) == (path, 36)


def test_the_expected_dates_of_a_national_rulebook_and_of_flags(tmp_path: Path) -> None:
    text = BASE.replace("rulebook: testshire.corporate", "rulebook: testcode").replace("governed_by: [lgsco]\n", "")
    text = text.replace("within: 5 working days", "within: 5 working days\n        unless: {flag: fraud}")
    text += "expect:\n  - {received: 2026-12-18, acknowledge-stage1: 2026-12-29}\n"
    assert not check(HOST, write(tmp_path, text), today=TODAY).problems
    flagged = text.replace("{received: 2026-12-18,", "{received: 2026-12-18, flags: [fraud],")
    assert "no such date follows" in check(HOST, write(tmp_path, flagged), today=TODAY).mistakes[0].message


def test_closure_days_of_the_plugin_count_for_its_files_and_have_a_horizon(tmp_path: Path) -> None:
    text = BASE + "expect:\n  - {received: 2026-12-18, acknowledge-stage1: 2026-12-30}\n"
    with council(tmp_path, "testshire", [text], closure_days={dt.date(2026, 12, 24): "Christmas closure"}):
        host = putright.load(["testshire"])
        assert not check(host, "testshire", today=dt.date(2025, 11, 29)).problems
        (warning,) = check(host, "testshire", today=TODAY).warnings
        assert "putright_closure_days names no day of 2027; its last is 2026-12-24" in warning.message
        assert not check(host, tmp_path / "putright_testshire" / "book0.yaml", today=dt.date(2025, 11, 29)).problems
        (case,) = expected(host, "testshire")
        case.check()
        assert case.name == "book0.yaml:36: received 2026-12-18"


# --- the command ----------------------------------------------------------------------------------


def test_every_mistake_of_every_file_of_a_plugin(tmp_path: Path) -> None:
    """A file that cannot be read does not hide what is wrong with the plugin's other files."""
    first = BASE.replace("within: 5 working days", "within: five")
    second = BASE.replace("testshire.corporate", "testshire.housing").replace("topic: stage 1", "topic: stage one", 1)
    third = BASE.replace("testshire.corporate", "testshire.adults").replace(
        "topic: stage 1", "topic: stage 1\n    answers: [lgsco 6.99]", 1
    )
    third += "expect:\n  - {received: 2026-12-18, acknowledge-stage1: 2026-12-28}\n"
    with council(tmp_path, "testshire", [first, second, third]):
        result = run("check", "testshire")
        assert result.code == 1 and not result.err
        *lines, counts = result.out.splitlines()
        for number, part in enumerate(("'within': expected", "'topic': must be one of", "no paragraph 6.99")):
            assert any(f"book{number}.yaml:" in line and ": mistake: " in line and part in line for line in lines), part
        assert any("should be due on Mon 2026-12-28" in line for line in lines)
        assert counts == "testshire checked: 1 rulebook, 1 expected case, 4 mistakes, 0 warnings."


def test_exit_codes_and_json(tmp_path: Path) -> None:
    good, warned = write(tmp_path, BASE, "good.yaml"), write(tmp_path, BASE.replace("[lgsco]", "[lgsc]"), "warned.yaml")
    wrong = write(tmp_path, BASE.replace("5 working days\n", "5 days\n"), "wrong.yaml")
    assert [run("check", path).code for path in (good, warned, wrong)] == [0, 0, 1]
    assert [run("check", path, "--strict").code for path in (good, warned, wrong)] == [0, 1, 1]
    (found,) = json.loads(run("check", wrong, "--format", "json").out)
    assert list(found) == [
        *("severity", "plugin", "file", "line", "column", "clause", "rule", "message", "suggestion"),
    ]
    assert (found["file"], found["line"], found["clause"], found["rule"]) == (str(wrong), 20, "1", "acknowledge-stage1")
    assert found["suggestion"] == "did you mean '5 working days' or '5 calendar days'?"
    assert json.loads(run("check", good, "--format", "json").out) == []
    for name in ("nowhere", str(tmp_path / "none.yaml")):
        result = run("check", name)
        assert result.code == 2 and len(result.err.splitlines()) == 1


def test_files_know_of_each_other(tmp_path: Path) -> None:
    code = BASE.replace("rulebook: testshire.corporate", "rulebook: testcode").replace("governed_by: [lgsco]\n", "")
    own = BASE.replace("[lgsco]", "[testcode]").replace(
        "topic: stage 1", "topic: stage 1\n    answers: [testcode 2]", 1
    )
    paths = write(tmp_path, own, "own.yaml"), write(tmp_path, code, "code.yaml")
    assert not check(HOST, *paths, today=TODAY).problems
    assert len(check(HOST, paths[0], today=TODAY).problems) == 2


def test_a_hook_that_is_not_marked(tmp_path: Path) -> None:
    with council(tmp_path, "testshire", [BASE]):
        init = tmp_path / "putright_testshire" / "__init__.py"
        text = init.read_text("utf-8").replace("@hookimpl\ndef putright_words", "def putright_words")
        init.write_text(text, "utf-8")
        result = run("check", "testshire")
    assert "plugin testshire: warning: putright_words is not marked with @hookimpl" in result.out


def test_from_python_and_in_a_notebook(tmp_path: Path) -> None:
    checked = putright.check(HOST, write(tmp_path, BASE.replace("[lgsco]", "[lgsc]")))
    assert "did you mean 'lgsco'?" in checked.shown().text and len(checked.warnings) == 1
    with pytest.raises(Mistake, match="no plugin is named 'nowhere'"):
        putright.check(HOST, "nowhere")
