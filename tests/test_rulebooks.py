"""Rulebooks: every mistake is reported with its place; what is written is what the registers say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from ownplugins import is_tested_here
from putright import plugins
from putright.rulebooks import Ruling
from putright.rulebooks.limits import Limit
from putright.rulebooks.reading import RulebookError, read_rulebook
from putright.rulebooks.rules import Contents, Extension, Notice, Rule, Timed

HOST = plugins.load()
#: The rulebooks that the registers have: a plugin with tests of its own shows its limits and letters there.
REGISTERED = {name: editions for name, editions in HOST.editions.items() if is_tested_here(name)}
REGISTER = Path(__file__).parent / "register"
GOOD = """\
rulebook: testshire.corporate
title: Testshire complaints
authority: Testshire
edition: first
in_force: {from: 2025-01-01}
source: {document: Made up for tests}
owner: Complaints team
clauses:
  - id: "6.10"
    heading: Acknowledging
    text: Five days.
    rules:
      - rule: acknowledge-stage1
        kind: deadline
        from: received
        to: stage1_acknowledged
        within: 5 working days
      - rule: respond-stage1
        kind: deadline
        from: stage1_acknowledged
        to: stage1_responded
        within: 10 working days
  - id: "6.11"
    heading: More time
    text: Ten more.
    rules:
      - rule: extend-stage1
        kind: extension
        extends: respond-stage1
        by: 10 working days
        cap: soft
        beyond_cap: [reason]
      - rule: extension-stage1-contents
        kind: contents
        holds: [reason, new_date]
"""

#: what is changed, into what, the line and column, and a part of the message
MISTAKES = [
    ("within: 5 working days", "within: 5 workin days", "17:9", "clause 6.10: 'within': expected a number from 1"),
    ("within: 5 working days", "within: 0 working days", "17:9", "expected a number"),
    ("kind: deadline", "kind: dedline", "13:9", "'kind' must be one of deadline, aim, window"),
    ("to: stage1_acknowledged", "to: stage1_aknowledged", "16:9", "did you mean 'stage1_acknowledged'?"),
    ("- rule: acknowledge-stage1", "- rule: acknowledge-stage", "13:9", "did you mean 'acknowledge-stage"),
    ("heading: Acknowledging", "headin: Acknowledging", "10:5", "'headin': is not a known key"),
    ("    text: Five days.\n", "", "9:5", "'text': is missing"),
    ("from: 2025-01-01", "from: 2025-02-30", "5:12", "'from': "),
    ("edition: first\n", "", "1:1", "'edition': is missing"),
    ("by: 10 working days", "by: as agreed", "27:9", "'by' is 'as agreed' and 'cap' is 'soft', which do not fit"),
    ("extends: respond-stage1", "extends: acknowledge-stage1", "27:9", "not a response at stage 1"),
    ("extends: respond-stage1", "extends: respond-stage2", "27:9", "not a time limit of this rulebook"),
    ("by: 10 working days", "by: 2 months", "27:9", "is in months, but respond-stage1 is in working days"),
    (
        "holds: [reason, new_date]",
        "holds: [raeson]",
        "35:9",
        "'raeson' is not a word for letter contents; did you",
    ),
    ('id: "6.11"', 'id: "6.10"', "23:5", "clause 6.10: this 'id' appears twice, first on line 9"),
    ("- rule: respond-stage1", "- rule: acknowledge-stage1", "13:9", "appears twice, in clauses 6.10 and 6.10"),
    (
        "    heading: More time\n",
        "    heading: More time\n    heading: Again\n",
        "25:5",
        "'heading' appears twice here",
    ),
    ("clauses:\n", "clauses:\n\t- id", "9:1", "not YAML"),
    ("kind: contents", "kind: independence", "35:9", "'holds': is not a known key"),
]


def write(folder: Path, text: str) -> Path:
    path = folder / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("good", "bad", "place", "message"), MISTAKES)
def test_a_mistake_is_reported_with_its_place(tmp_path: Path, good: str, bad: str, place: str, message: str) -> None:
    assert good in GOOD
    path = write(tmp_path, GOOD.replace(good, bad, 1))
    with pytest.raises(RulebookError) as caught:
        read_rulebook(path)
    assert f"{path}:{place}: " in str(caught.value)
    assert message in str(caught.value)


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("5 working days", "five").replace("10 working days", "ten"))
    with pytest.raises(RulebookError) as caught:
        read_rulebook(path)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "- a list", "42"])
def test_no_rulebook_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulebookError, match="expected a rulebook"):
        read_rulebook(write(tmp_path, text))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="cannot be read"):
        read_rulebook(tmp_path / "none.yaml")


def test_clause_numbers_stay_text(tmp_path: Path) -> None:
    book = read_rulebook(write(tmp_path, GOOD.replace('"6.10"', "6.10")))
    assert book.rulings()["acknowledge-stage1"].clause == "6.10"


def test_included_clauses_come_first_and_their_mistakes_name_their_own_file(tmp_path: Path) -> None:
    shared = tmp_path / "shared.yaml"
    shared.write_text('clauses:\n  - id: "1"\n    heading: First\n    text: Shared.\n', encoding="utf-8")
    path = write(tmp_path, GOOD.replace("clauses:", "include: [shared.yaml]\nclauses:"))
    assert [clause.id for clause in read_rulebook(path).clauses] == ["1", "6.10", "6.11"]
    shared.write_text('clauses:\n  - id: "1"\n    heading: First\n', encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        read_rulebook(path)
    assert f"{shared}:2:5: clause 1: 'text': is missing" in str(caught.value)


def test_a_mistake_after_an_include_keeps_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text('clauses:\n  - id: "1"\n    heading: A\n    text: B\n', encoding="utf-8")
    text = GOOD.replace("clauses:", "include: [shared.yaml]\nclauses:").replace("kind: deadline", "kind: dedline", 1)
    with pytest.raises(RulebookError, match=r"book\.yaml:14:9: clause 6\.10"):
        read_rulebook(write(tmp_path, text))


# --- the registers --------------------------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    with (REGISTER / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["rulebook"] in HOST.editions]


def ruling(row: dict[str, str], name: str | None = None) -> Ruling:
    (book,) = HOST.editions[row["rulebook"]]
    return book.rulings()[name or row["rule"]]


def identity(row: dict[str, str]) -> str:
    return f"{row['rulebook']} {row['rule']}"


@pytest.mark.parametrize("row", rows("timescales.csv"), ids=identity)
def test_a_time_limit_is_the_register_s(row: dict[str, str]) -> None:
    found = ruling(row)
    rule = found.rule
    assert (found.kind, found.clause) == (row["kind"], row["clause"])
    names = {"from": rule.start, "to": rule.step} if found.kind != "notice" else {"from": rule.step, "to": rule.start}  # type: ignore[attr-defined]
    assert (names["from"], names["to"]) == (row["from"], row["to"])
    assert str(rule.within) == row["within"]  # type: ignore[attr-defined]
    assert (getattr(rule, "or_start", None) or "") == row["alt_from"]
    if row["extend_by"]:
        extension = next(
            r
            for r in HOST.editions[row["rulebook"]][0].rulings().values()
            if isinstance(r.rule, Extension) and r.rule.extends == row["rule"]
        )
        assert isinstance(extension.rule, Extension)
        assert (str(extension.rule.by), extension.rule.cap) == (row["extend_by"], row["cap"])
        assert extension.clause == row["extension_notice"]


@pytest.mark.parametrize("row", [row for row in rows("timescales.csv") if row["kind"] != "window"], ids=identity)
def test_a_limit_is_as_firm_as_the_register_says(row: dict[str, str]) -> None:
    """Late is a breach unless the register softens it; what passes a soft cap is judged by its own rule."""
    rule = ruling(row).rule
    assert isinstance(rule, Timed | Notice)
    late = rule.late_verdict if isinstance(rule, Timed) else rule.late
    if row["kind"] != "aim" and row["cap"] != "soft":
        assert late == (row["on_breach_of_cap"] or "breach")


@pytest.mark.parametrize("row", rows("timescales.csv"), ids=identity)
def test_a_second_limit_is_in_the_register_s_note(row: dict[str, str]) -> None:
    """The register's columns have one limit; a second reading of it, or one for a case's first stage, is in words."""
    rule = ruling(row).rule
    for limit in (getattr(rule, "or_within", None), getattr(rule, "within_if_first", None)):
        assert limit is None or re.search(rf"\b{limit.count}\b", row["note"]), f"{limit} is not in the note"


def test_no_time_limit_is_missing_from_the_register() -> None:
    listed = {(row["rulebook"], row["rule"]) for row in rows("timescales.csv")}
    written = {
        (name, ruling.name)
        for name, (book,) in REGISTERED.items()
        for ruling in book.rulings().values()
        if (isinstance(ruling.rule, Timed) and ruling.rule.within) or ruling.kind == "notice"
    }
    assert written == listed


def test_no_extension_is_missing_from_the_register() -> None:
    listed = {(row["rulebook"], row["rule"]) for row in rows("timescales.csv") if row["extend_by"]}
    written = {
        (name, ruling.rule.extends)
        for name, (book,) in REGISTERED.items()
        for ruling in book.rulings().values()
        if isinstance(ruling.rule, Extension)
    }
    assert written == listed


#: Letter words that the rulebooks have and the register has not, with the reason.
MORE = {
    # words that do as well as the register's: an appeal, the Ombudsman, the reasons for a decision, a definition
    ("brighton-hove.corporate", "response-stage1-contents", "7 (replying)"): {"alternatives"},
    ("brighton-hove.corporate", "response-stage2-contents", "7 (stage 2)"): {"reasons"},
    ("brighton-hove.corporate", "refusal-contents", "App B"): {"ombudsman"},
    ("brighton-hove.corporate", "refusal-stage2-contents", "7 (stage 2)"): {"ombudsman"},
    ("stoke-on-trent.corporate", "acknowledgement-stage1-contents", "Stage 1"): {"complaint_definition"},
    ("stoke-on-trent.corporate", "acknowledgement-stage2-contents", "Stage 2"): {"complaint_definition"},
    ("housing", "extension-stage2-contents", "6.15"): {"new_date"},  # read since: reference/housing-ombudsman-code.md
    # words that do as well as the register's: the complaint definition is the understanding and the outcomes sought
    **{("housing", f"acknowledgement-stage{n}-contents", "5.6"): {"complaint_definition"} for n in (1, 2)},
    # an apology is a remedy, and so is what is still to be done
    **{
        (code, f"response-stage{n}-contents", "7.1/7.3"): {"apology", "outstanding_actions"}
        for code in ("lgsco", "housing")
        for n in (1, 2)
    },
}
#: Register rows about letters for which a record has no words or no rule name.
LETTERS = [row for row in rows("contents.csv") if row["elements"]]


@pytest.mark.parametrize("row", LETTERS, ids=lambda row: f"{identity(row)} {row['clause']} {row['condition']}")
def test_a_letter_holds_what_the_register_says(row: dict[str, str]) -> None:
    found = ruling(row) if row["rule"].endswith("contents") else None
    if found is None:
        assert row["rule"] == "report-panel", "the panel's report has no letter in the record"
        return
    held = _words(found, row["clause"])
    more = MORE.get((row["rulebook"], row["rule"], row["clause"]), set())
    assert set(row["elements"].split(";")) <= held
    listed = {
        word
        for other in LETTERS
        if (other["rulebook"], other["rule"], other["clause"]) == (row["rulebook"], row["rule"], row["clause"])
        for word in other["elements"].split(";")
    }
    assert held == listed | more


def _words(found: Ruling, clause: str) -> set[str]:
    words: set[str] = set()
    for part in found.parts:
        if part.clause == clause:
            assert isinstance(part.rule, Contents)
            words |= set(part.rule.words)
    return words


def test_no_letter_is_missing_from_the_register() -> None:
    listed = {(row["rulebook"], row["rule"], row["clause"]) for row in LETTERS}
    written = {
        (name, ruling.name, part.clause)
        for name, (book,) in REGISTERED.items()
        for ruling in book.rulings().values()
        if ruling.kind == "contents"
        for part in ruling.parts
    }
    assert written <= listed


@pytest.mark.parametrize("row", [r for r in LETTERS if r["condition"]], ids=lambda r: f"{identity(r)} {r['clause']}")
def test_a_conditional_letter_word_has_its_condition(row: dict[str, str]) -> None:
    wanted = set(row["elements"].split(";"))
    rules: list[Rule] = [part.rule for part in ruling(row).parts if part.clause == row["clause"]]
    if row["rulebook"] == "coventry.adults":
        return  # 23.6: the condition is that there is an extension notice at all
    for word in wanted:
        shares = [rule for rule in rules if isinstance(rule, Contents) and word in rule.words]
        # Where no record shows the condition, a letter without the word is at least left to a person.
        assert any(share.when or share.lacking == "judgement" for share in shares), f"{word} is asked for always"


def test_answers_name_paragraphs_that_exist() -> None:
    clauses = [(f"{name} {clause.id}", clause) for name, (book,) in HOST.editions.items() for clause in book.clauses]
    known = {name for name, _ in clauses} | {
        f"{name} {point.id}" for name, clause in clauses for point in clause.points
    }
    for (book,) in HOST.editions.values():
        for clause in book.clauses:
            for rule in clause.rules:
                assert set(rule.answers) <= known, clause.id


def test_limits_read_as_they_are_written() -> None:
    assert [str(Limit(n, u)) for n, u in [(1, "working days"), (12, "months"), (6, "months inclusive")]] == [  # type: ignore[arg-type]
        "1 working day",
        "12 months",
        "6 months inclusive",
    ]
