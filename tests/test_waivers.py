"""Waivers: shown next to a verdict, changing nothing; what is not applied is listed with the reason."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from casefiles import audit_whole, case, run, write
from putright.casework import waivers
from putright.casework.waivers import WaiverError, read_waivers

COLUMNS = ["waiver", "waiver_by", "waiver_expires"]
#: Acknowledged late under both rulebooks (LATE), answered in time, open, and rejected.
CASES = [
    case(reference="LATE", council="coventry", received="2026-03-02", stage1_acknowledged="2026-03-30"),
    case(reference="GOOD", council="coventry", received="2026-03-02", stage1_acknowledged="2026-03-03"),
    case(reference="OPEN", council="coventry", received="2026-06-29"),
    case(reference="BAD", council="coventry", received="yesterday"),
    case(
        **{"reference": "AIM", "council": "coventry", "received": "2026-03-02", "informal_referred": "2026-03-02"},
        informal_resolved="2026-03-30",
    ),
]


def waiver(text: str = "", /, **more: str) -> dict[str, str]:
    given = {
        "case": "LATE",
        "rule": "acknowledge-stage1",
        "reason": "letter lost in a flood",
        "who": "Head of Service",
        "expires": "2026-12-31",
    }
    return given | dict(pair.split("=", 1) for pair in text.split()) | more


def waiver_file(folder: Path, *given: dict[str, str]) -> Path:
    path = folder / "waivers.yaml"
    # JSON is YAML: one waiver on a line of its own.
    path.write_text("waivers:\n" + "".join(f"- {json.dumps(each)}\n" for each in given), "utf-8")
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(tmp_path / "cases.jsonl", CASES)


def accepted(findings: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(f["reference"], f["rulebook"], f["verdict"]) for f in findings if f["waiver"]}


# --- next to the verdict ---------------------------------------------------------------------------

BOTH = {("LATE", "coventry.corporate", "breach"), ("LATE", "lgsco", "breach")}
#: what the waiver says, the findings it is shown next to, or its state and a part of why
APPLIED: list[tuple[dict[str, str], set[tuple[str, str, str]], str | None, str]] = [
    (waiver(), BOTH, None, ""),
    (waiver("rulebook=lgsco"), {("LATE", "lgsco", "breach")}, None, ""),
    (waiver("case=AIM rule=resolve-informally"), {("AIM", "coventry.corporate", "judgement")}, None, ""),
    (waiver("expires=2026-06-30"), BOTH, None, ""),
    (waiver("expires=2026-06-29"), set(), "expired", "expired on 2026-06-29; the finding is still there"),
    (waiver("case=GOOD expires=2026-06-29"), set(), "expired", "expired on 2026-06-29"),
    (waiver("case=GOOD"), set(), "not_called_for", "met under coventry.corporate, met under lgsco"),
    (waiver("case=OPEN"), set(), "not_called_for", "running"),
    (waiver("case=NONE"), set(), "unmatched", "no case of this reference was audited"),
    (waiver("case=late"), set(), "unmatched", "no case of this reference was audited"),
    (waiver("case=BAD"), set(), "unmatched", "the row of this case was rejected"),
    (waiver("case=GOOD rule=refusal-contents"), set(), "unmatched", "no finding of this rule"),
    (waiver("rule=respond-stage3"), set(), "unmatched", "no finding of this rule"),
    (waiver("rulebook=housing"), set(), "unmatched", "no finding of this rule under housing"),
]


@pytest.mark.parametrize(("given", "expected", "state", "why"), APPLIED)
@pytest.mark.parametrize("every", [(), ("--all",)])
def test_what_a_waiver_is_shown_next_to(
    cases: Path,
    given: dict[str, str],
    expected: set[tuple[str, str, str]],
    state: str | None,
    why: str,
    every: tuple[str, ...],
) -> None:
    path = waiver_file(cases.parent, given)
    audited = audit_whole(cases, "--waivers", path, *every)
    assert accepted(audited.findings) == expected
    told = audited.summary["waivers"]
    assert (told["given"], told["applied"], told["findings_accepted"]) == (1, int(bool(expected)), len(expected))
    if state is None:
        assert told["not_applied"] == []
        return
    (left,) = told["not_applied"]
    assert left["state"] == state
    assert why in left["why"]
    said = " ".join(audited.result.err.split())
    assert f"{path.name}:2" in said.replace(" ", "")
    assert why in said


def test_a_waiver_gives_its_reason_role_and_end(cases: Path) -> None:
    audited = audit_whole(cases, "--waivers", waiver_file(cases.parent, waiver("rulebook=lgsco")))
    finding = audited.one("acknowledge-stage1", "lgsco", "LATE")
    assert [finding[name] for name in COLUMNS] == ["letter lost in a flood", "Head of Service", "2026-12-31"]
    assert audited.one("acknowledge-stage1", "coventry.corporate", "LATE")["waiver"] is None


def test_a_waiver_changes_no_count(cases: Path) -> None:
    """The same findings in the same order, the same figures, the same exit code."""
    plain = audit_whole(cases, "--strict")
    waived = audit_whole(
        cases, "--strict", "--waivers", waiver_file(cases.parent, waiver(), waiver("case=AIM rule=resolve-informally"))
    )
    assert [{k: v for k, v in f.items() if k not in COLUMNS} for f in waived.findings] == plain.findings
    assert {k: v for k, v in waived.summary.items() if k != "waivers"} == plain.summary
    assert waived.result.code == plain.result.code == 1
    assert not set(COLUMNS) & set(plain.findings[0])
    rules = {(each["rulebook"], each["rule"]): each for each in waived.summary["waivers"]["accepted"]}
    assert {key: (each["breaches"], each["accepted_breaches"]) for key, each in rules.items()} == {
        ("coventry.corporate", "acknowledge-stage1"): (2, 1),  # AIM was never acknowledged either
        ("lgsco", "acknowledge-stage1"): (2, 1),
        ("coventry.corporate", "resolve-informally"): (0, 0),
    }
    assert rules["coventry.corporate", "resolve-informally"]["accepted_judgement"] == 1


def test_the_same_in_every_format(cases: Path) -> None:
    path = waiver_file(cases.parent, waiver())
    found = {}
    for form in ("csv", "xlsx", "parquet"):
        output = cases.parent / f"findings.{form}"
        done = run("audit", cases, "--as-at", "2026-06-30", "--waivers", path, "--output", output)
        assert done.code == 0, done.err
        if form == "csv":
            with output.open(encoding="utf-8", newline="") as file:
                rows = [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(file)]
        elif form == "xlsx":
            sheet = openpyxl.load_workbook(output)["findings"]
            names, *values = sheet.iter_rows(values_only=True)
            places = [names.index(name) for name in COLUMNS]
            rows = [tuple(row[p] for p in places) for row in values]
            rows = [(a or "", b or "", str(c.date()) if c else "") for a, b, c in rows]  # type: ignore[union-attr]
        else:
            frame = pl.read_parquet(output)
            rows = [tuple("" if v is None else str(v) for v in row) for row in frame.select(COLUMNS).iter_rows()]
        found[form] = rows
    assert found["csv"] == found["xlsx"] == found["parquet"]
    assert sum(row[0] != "" for row in found["csv"]) == 2


def test_the_terminal_counts_apart(cases: Path) -> None:
    path = waiver_file(cases.parent, waiver(), waiver("case=GOOD", who="Jane Smith"))
    done = run("audit", cases, "--as-at", "2026-06-30", "--waivers", path)
    assert done.code == 0, done.err
    assert "2 given, 1 applied, 2 findings accepted" in done.out
    assert re.search(r"lgsco +acknowledge stage +2 +1 ", done.out)
    assert "looks like a person's name" in " ".join(done.out.split())  # a long path folds the line
    assert "Jane" not in done.out


def test_a_case_older_than_the_edition_is_counted_apart(tmp_path: Path) -> None:
    cases = write(
        tmp_path / "c.jsonl", [case(reference="LATE", received="2020-03-02", stage1_acknowledged="2020-04-30")]
    )
    audited = audit_whole(cases, "--waivers", waiver_file(tmp_path, waiver()))
    assert "before_edition" in audited.one("acknowledge-stage1", "lgsco")["marks"]
    (rule,) = audited.summary["waivers"]["accepted"]
    assert (rule["breaches"], rule["accepted_breaches"], rule["accepted_before_edition"]) == (0, 0, 1)


def test_batches_make_no_difference() -> None:
    """The ledger told batch by batch says the same as told at once."""
    findings = pl.DataFrame(
        {
            "reference": ["A", "A", "B"],
            "rulebook": ["x", "y", "x"],
            "rule": ["triage"] * 3,
            "verdict": ["breach", "met", "judgement"],
            "marks": [[], [], ["before_edition"]],
        },
        schema_overrides={"marks": pl.List(pl.String)},
    )
    results = []
    for cuts in ([findings], [findings[:1], findings[1:]], [findings[:2], findings[2:]]):
        given = [waivers.ReadWaiver(waivers.Waiver(**waiver(f"case={name} rule=triage")), 1) for name in "AB"]
        ledger = waivers.Waivers(given, given[0].waiver.expires)
        nobody = pl.Series([], dtype=pl.String)
        shown = pl.concat([ledger.mark(cut, cut["reference"].unique(), nobody) for cut in cuts])
        table = dict.fromkeys(("late", "lacking", "not recorded", "for judgement"), 0)
        rules = [{"rulebook": book, "rule": "triage", "table": table} for book in "xy"]
        results.append((shown.rows(), ledger.figures(rules)))
    assert results[0] == results[1] == results[2]
    assert [row[5] is not None for row in results[0][0]] == [True, False, True]


# --- the file -------------------------------------------------------------------------------------

ENTRY = "  - {case: A1, rule: triage, reason: r, who: Manager, expires: 2026-12-31}\n"
#: the file, then what its mistake must say
MISTAKES = [
    ("- case: A1\n", ["1:1", "a list under 'waivers:'"]),
    ("waivers: []\n", ["1:1", "'waivers'", "at least one"]),
    ("waivers: [\n", ["not YAML"]),
    ("waivers:\n" + ENTRY.replace("triage", "triaje"), ["2:16", "'triaje' is not a rule", "did you mean 'triage'"]),
    ("waivers:\n" + ENTRY.replace("triage", "zzz"), ["2:16", "'putright rules' lists them"]),
    (
        "waivers:\n" + ENTRY.replace("expires: 2026-12-31", "expires: 12/31/2026"),
        ["2:", "not a date we can read"],
    ),
    ("waivers:\n" + ENTRY.replace("2026-12-31", "2026-02-30"), ["2:", "'2026-02-30' is not a date"]),
    ("waivers:\n" + ENTRY.replace("2026-12-31", "20261231"), ["2:", "is not a date"]),
    ("waivers:\n" + ENTRY.replace("reason: r, ", ""), ["2:", "'reason'", "must be given"]),
    ("waivers:\n" + ENTRY.replace("reason: r", "reason: ' '"), ["2:", "'reason'", "is blank"]),
    ("waivers:\n" + ENTRY.replace("who: Manager", "who: "), ["2:", "'who'", "is blank"]),
    ("waivers:\n" + ENTRY.replace("case:", "cases:"), ["2:", "'cases': is not a known key; did you mean 'case'?"]),
    ("waivers:\n" + ENTRY + ENTRY, ["3:", "waived on line 2 already"]),
    ("waivers:\n" + ENTRY + ENTRY.replace("reason", "rulebook: lgsco, reason"), ["3:", "waived on line 2 already"]),
    ("waivers:\n" + ENTRY.replace("who", "who: a, who"), ["2:", "'who' appears twice"]),
]


@pytest.mark.parametrize(("text", "parts"), MISTAKES)
def test_a_mistake_says_where(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(WaiverError) as caught:
        read_waivers(path)
    assert all(part in str(caught.value) for part in [str(path), *parts]), str(caught.value)


def test_every_mistake_at_once(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text("waivers:\n" + ENTRY.replace("triage", "x") + ENTRY.replace("2026-12-31", "soon"), "utf-8")
    with pytest.raises(WaiverError) as caught:
        read_waivers(path)
    assert len(str(caught.value).splitlines()) == 2


def test_two_rulebooks_may_each_have_a_waiver(tmp_path: Path) -> None:
    entries = [ENTRY.replace("reason", f"rulebook: {book}, reason") for book in ("lgsco", "coventry.corporate")]
    path = tmp_path / "waivers.yaml"
    path.write_text("waivers:\n" + "".join(entries), "utf-8")
    assert [given.line for given in read_waivers(path)] == [2, 3]


def test_the_command_says_it_in_a_sentence(cases: Path) -> None:
    missing = run("audit", cases, "--waivers", cases.parent / "none.yaml")
    assert missing.code == 2
    assert "cannot be read" in missing.err
    path = waiver_file(cases.parent, waiver())
    over = run("audit", cases, "--waivers", path, "--summary", path)
    assert over.code == 2
    assert "the file of waivers itself" in over.err


def test_the_example_of_the_page_can_be_used(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "using.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n( *waivers:.*?)```", page, re.DOTALL)
    path = tmp_path / "waivers.yaml"
    path.write_text(example, "utf-8")
    assert read_waivers(path)
