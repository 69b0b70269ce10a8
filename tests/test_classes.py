"""One classification of a finding: the terminal's columns and the pack's, added up separately, are equal."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest
from casefiles import case
from casemaking import as_records, cases
from hypothesis import given, settings
from hypothesis import strategies as st
from putright import plugins
from putright.auditing import classes
from putright.auditing.audits import Audit, audit
from putright.auditing.classes import FindingClass, classify
from putright.auditing.summary import Tally
from putright.committee import listing
from putright.committee.findingsbook import CollectedFindings
from putright.engine.verdicts import Mark, Verdict
from putright.fields import RULES
from putright.plugins import Host
from putright.statistics import tables
from putright.statistics.counts import Counts
from putright.text.english import capital

AS_AT = dt.date(2026, 6, 30)
#: A day on which the Coventry procedure stops being in force, for these tests.
LAST_DAY = dt.date(2026, 5, 31)

#: verdict, marks, kind of rule, missing words: the class
SINGLE = [
    ("met", [], "deadline", [], "met"),
    ("breach", [], "deadline", [], "late"),
    ("breach", ["not_recorded"], "deadline", [], "not recorded"),
    ("breach", [], "contents", ["reason"], "lacking"),
    ("breach", [], "independence", [], "lacking"),
    ("breach", [], "extension", [], "late"),
    ("breach", ["before_edition"], "deadline", [], "before the edition"),
    ("met", ["before_edition", "provisional"], "deadline", [], "before the edition"),
    ("breach", ["after_edition", "not_recorded"], "deadline", [], "after the edition"),
    ("no_evidence", ["not_recorded"], "deadline", [], "no evidence"),
    ("no_evidence", [], "contents", [], "no evidence"),
    ("judgement", [], "aim", [], "for judgement"),
    ("judgement", [], "contents", ["reason"], "for judgement"),
    ("running", ["provisional"], "deadline", [], "running"),
    ("not_applicable", ["before_edition"], "deadline", [], "not applicable"),
]


@pytest.mark.parametrize(("verdict", "marks", "kind", "missing", "label"), SINGLE)
def test_one_finding(verdict: str, marks: list[str], kind: str, missing: list[str], label: str) -> None:
    finding = {"verdict": verdict, "marks": marks, "kind": kind, "missing": missing}
    assert classes.of_finding(finding).label == label
    lists = {"marks": pl.List(pl.String), "missing": pl.List(pl.String)}
    table = pl.DataFrame([finding], schema={"verdict": pl.String, "kind": pl.String, **lists})
    assert classes.of_table(table).to_list() == [label]


def test_arrays_and_single_findings_are_classed_alike() -> None:
    every = list(product(Verdict, range(2 * max(Mark)), ("deadline", "contents", "independence"), (False, True)))
    verdict, marks, kind, lacks = (np.array(values) for values in zip(*every, strict=True))
    together = classify(verdict, marks, kind, lacks)
    for found, (one, bits, of, lacking) in zip(together, every, strict=True):
        names = [str(mark.name).lower() for mark in Mark if mark & bits]
        single = {"verdict": one.name.lower(), "marks": names, "kind": of, "missing": ["reason"] * lacking}
        assert classes.of_finding(single) == found


# --- added up separately --------------------------------------------------------------------------


@cache
def host() -> Host:
    """Coventry, its procedure with a last day."""
    whole = plugins.load(["coventry"])
    ended = [
        replace(plugin, rulebooks=[_ended(book) for book in plugin.rulebooks]) if plugin.is_council else plugin
        for plugin in whole.plugins
    ]
    return Host(tuple(ended))


def _ended(book: Any) -> Any:
    return book.model_copy(update={"ends": LAST_DAY}) if book.rulebook == "coventry.corporate" else book


def audited(rows: list[dict[str, Any]]) -> Audit:
    numbered = [{"received": "2026-04-01", **each, "reference": f"R{number}"} for number, each in enumerate(rows)]
    return audit(as_records(numbered, host().councils, "coventry"), host(), AS_AT)


_Columns = dict[tuple[str, str, str], Counter[str]]


def by_the_terminal(found: Audit) -> _Columns:
    """Each rule's columns in the terminal's table."""
    tally = Tally(AS_AT)
    tally.add(found, as_records([{"received": AS_AT}]))
    return {(each["rulebook"], each["rule"], each["clause"]): Counter(each["table"]) for each in tally.rules()}


#: The pack's headings under the terminal's names.
HEADINGS = {"Not due yet": "running"}


def by_the_pack(found: Audit) -> _Columns:
    """Each rule's columns in the pack's tables, the procedures added up."""
    counts = Counts(AS_AT)
    counts.add(found)
    names = {step: name for name, step in ((name, capital(words)) for name, words in RULES.items())}
    added: _Columns = {}
    for table in tables.rule_tables(counts):
        headings = [column.heading for column in table.columns]
        for step, clause, *cells in table.rows:
            rule = names[re.sub(r" \((an aim|the person's own time limit)\)$", "", str(step))]
            shown = dict(zip(headings[2:], cells, strict=True))
            assert shown.pop("Due") == sum(
                shown[name] for name in ("Met", "Late", "Lacking", "Not recorded", "No evidence", "For judgement")
            )
            del shown["Percentage met"]
            named = {HEADINGS.get(name, name.lower()): count for name, count in shown.items()}
            added.setdefault((clause.rulebook, rule, str(clause)), Counter()).update(named)
    return added


def by_the_report(found: Audit) -> _Columns:
    """Each rule's findings in the report's list, its rows counted one by one."""
    findings = CollectedFindings()
    findings.add(found.findings)
    words = {word: name for name, word in (("running", "not due yet"), *((each, each) for each in _OTHERS))}
    added: _Columns = {}
    made = listing.make(findings, host(), found.books)
    clauses = {(row["rulebook"], row["rule"]): row["clause"] for row in found.findings.iter_rows(named=True)}
    for book, group in zip([name for name in found.books if _arose(found, name)], made.groups, strict=True):
        rules = [rule for rule in RULES if (book, rule) in clauses]
        for rule, listed in zip(rules, group.rules, strict=True):
            for row in listed.rows:
                parts = row.verdict.split(", ")
                outside = [part for part in parts if part.endswith("the edition")]
                word = outside[0] if outside else parts[-1] if parts[0] == "breach" else parts[0]
                added.setdefault((book, rule, clauses[book, rule]), Counter())[words[word]] += 1
    return added


_OTHERS = ("met", "late", "lacking", "not recorded", "no evidence", "for judgement")
_OTHERS += tuple(each.label for each in classes.OUTSIDE_EDITION)


def _arose(found: Audit, book: str) -> bool:
    return bool((found.findings["rulebook"] == book).any())


def some(columns: _Columns) -> dict[tuple[str, str, str], dict[str, int]]:
    """What there is any of."""
    return {key: {name: count for name, count in each.items() if count} for key, each in columns.items()}


SAME = "stage1_responded=2026-04-10 stage1_handler=Officer-1 stage2_requested=2026-04-13 stage2_responded=2026-04-20 "
#: Late, lacking, never sent, not entered, extended late, the same handler at both stages, older, newer.
CASES = [
    case("stage1_acknowledged=2026-04-10 stage1_responded=2026-04-24"),
    case("stage1_acknowledged=2026-04-13 stage1_responded=2026-05-20 stage1_response_contains=decision"),
    case(""),
    case("stage1_responded=2026-04-20"),
    case("closed=2026-05-01"),
    case("stage1_acknowledged=2026-04-01 stage1_extension_notified=2026-04-20 stage1_extended_to=2026-04-27"),
    case(SAME + "stage2_handler=Officer-1"),
    case(SAME + "stage2_handler=Officer-2"),
    case("received=2024-01-10"),
    case("received=2024-01-10 stage1_acknowledged=2024-01-11"),
    case("received=2026-06-01 stage1_acknowledged=2026-06-26"),
    case("received=2026-06-01"),
    case("flags=landlord"),
]


def test_the_terminal_the_pack_and_the_report_count_alike() -> None:
    found = audited(CASES)
    terminal = by_the_terminal(found)
    assert some(terminal) == some(by_the_pack(found)) == some(by_the_report(found))
    whole = sum(terminal.values(), Counter())
    assert all(whole[each.label] for each in FindingClass if each.label in (*_OTHERS, "running"))
    assert some(terminal)["lgsco", "independence-stage2", "6.13"] == {"lacking": 1, "met": 1}
    assert terminal["coventry.corporate", "acknowledge-stage1", "13.6"]["after the edition"] == 2


@settings(max_examples=20, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=12))
def test_any_cases_are_counted_alike(rows: list[dict[str, Any]]) -> None:
    records = as_records(rows, host().councils, "coventry")
    found = audit(records, host(), AS_AT)
    terminal = some(by_the_terminal(found))
    assert terminal == some(by_the_pack(found)) == some(by_the_report(found))


def test_findings_outside_the_edition_are_in_no_published_breach_count() -> None:
    found = audited([case("received=2024-01-10"), case("received=2026-06-01")])
    own = {key: each for key, each in by_the_pack(found).items() if key[0] == "coventry.corporate"}
    assert own
    for each in own.values():
        assert not any(each[name] for name in ("late", "lacking", "not recorded"))
    tally = Tally(AS_AT)
    tally.add(found, as_records([{"received": AS_AT}]))
    assert not [each for each in tally.worst() if each["rulebook"] == "coventry.corporate"]
