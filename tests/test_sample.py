"""The synthetic cases: valid, the same for the same seed, and every rule kept and broken somewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path
from types import ModuleType

import openpyxl
import polars as pl
import pytest
from putright import fields, national, plugins
from putright.auditing.audits import Audit, audit
from putright.fields import Type
from putright.hookspecs import hookimpl
from putright.plugins import Host
from putright.records.caserecords import Records, read_records
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Question, Rule, Timed
from putright.synthetic.sample import sample, write_sample
from putright.writing.staging import WriteError

YEAR_ENDING = dt.date(2026, 3, 31)
ENDINGS = ("csv", "jsonl", "xlsx", "parquet")


@pytest.fixture(scope="module")
def host() -> Host:
    return plugins.load(only=["coventry"])


def read(rows: list[dict[str, object]], host: Host, path: Path) -> Records:
    write_sample(rows, path)
    return read_records(path, host.vocabulary, None)


def audited(rows: list[dict[str, object]], host: Host, folder: Path) -> Audit:
    records = read(rows, host, folder / "cases.jsonl")
    assert records.rejected.to_dicts() == []
    assert records.left_out == ()
    assert dict(records.unknown_flags) == {}
    return audit(records, host, YEAR_ENDING)


def can_come_to(rule: Rule) -> list[set[str]]:
    """The verdicts of which a rule must come to one each, somewhere in the sample."""
    if isinstance(rule, Question):
        return [{"judgement"}]
    if isinstance(rule, Timed) and not (rule.within or rule.by):
        return [{"met"}, {"no_evidence"}]  # a step with no time for it is done or not recorded
    return [{"met"}, {"breach", "judgement"}]


def only_a_person_knows(ruling: Ruling) -> bool:
    """Whether no record can show that the rule arises, so that it never does."""
    return all(part.rule.when and part.rule.when.person for part in ruling.parts)


def not_both_ways(found: Audit, host: Host) -> list[str]:
    """Rules of the rulebooks used that were not both met and not met, as far as they can be."""
    verdicts: dict[tuple[str, str, str], set[str]] = {}
    for *key, verdict in found.findings.select("rulebook", "edition", "rule", "verdict").iter_rows():
        verdicts.setdefault(tuple(key), set()).add(verdict)
    return [
        f"{name} {book.edition} {rule}: none of {', '.join(sorted(wanted))}"
        for name, editions in found.books.items()
        for book in host.editions[name]
        if book.edition in editions
        for rule, ruling in book.rulings().items()
        if not only_a_person_knows(ruling)
        for wanted in can_come_to(ruling.rule)
        if not wanted & verdicts.get((name, book.edition, rule), set())
    ]


# --- Coventry -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3, 2026])
def test_every_rule_is_met_and_not_met(host: Host, tmp_path: Path, seed: int) -> None:
    found = audited(sample(host, "coventry", 600, seed, year_ending=YEAR_ENDING), host, tmp_path)
    assert found.reconciliation.audited == 600
    assert found.hidden_dates == 0
    assert found.without == {}
    assert set(found.books) == {
        *(f"coventry.{procedure}" for procedure in ("corporate", "children", "adults")),
        *("lgsco", "children-2006", "adults-2009"),  # Coventry's own policy is not under the Housing Ombudsman's Code
    }
    assert not_both_ways(found, host) == []


@pytest.mark.parametrize("council", ["telford-wrekin", "brighton-hove", "stoke-on-trent", "runnymede"])
def test_every_rule_of_every_council_is_met_and_not_met(council: str, tmp_path: Path) -> None:
    everyone = plugins.load()
    found = audited(sample(everyone, council, 600, 1, year_ending=YEAR_ENDING), everyone, tmp_path)
    assert not_both_ways(found, everyone) == []


def test_every_verdict_and_the_marks_of_real_records(host: Host, tmp_path: Path) -> None:
    findings = audited(sample(host, "coventry", 600, 1, year_ending=YEAR_ENDING), host, tmp_path).findings
    assert set(findings["verdict"]) == {"met", "breach", "running", "no_evidence", "judgement"}
    assert {"not_recorded", "start_not_recorded", "source_unclear"} <= set(findings["marks"].explode())


def test_most_steps_are_in_time(host: Host, tmp_path: Path) -> None:
    findings = audited(sample(host, "coventry", 600, 1, year_ending=YEAR_ENDING), host, tmp_path).findings
    shares = findings["verdict"].value_counts(normalize=True)
    share = dict(shares.iter_rows())
    assert share["met"] > 0.7
    assert share["breach"] > 0.03


def test_what_the_cases_hold(host: Host) -> None:
    rows = sample(host, "coventry", 600, 1, year_ending=YEAR_ENDING)
    procedures = Counter(row["procedure"] for row in rows)
    assert procedures["corporate"] > 400 > procedures["children"] > 0
    assert procedures["adults"] > 0
    flags = Counter(flag for row in rows for flag in row.get("flags", ()))  # type: ignore[attr-defined]
    assert flags["landlord"] > 20
    assert {row["procedure"] for row in rows if "cse" in row.get("flags", ())} == {"children"}  # type: ignore[operator]
    assert flags["straight_to_stage2"] > 0
    known = {name for row in rows for name in row}
    assert {"refused", "withdrawn", "closed", "informal_resolved", "stage2_request_refused"} <= known
    assert {"stage1_extension_notified", "remedy_offered", "proceedings_ended", "stage3_panel_met"} <= known
    assert "stage1_holds" not in known  # the policy has none
    assert any(row.get("representative") and "consent_received" not in row for row in rows)
    assert any(row.get("stage1_handler") == row.get("stage2_handler") for row in rows if "stage2_handler" in row)
    assert any("stage1_extended_to" in row and "stage1_extension_notified" not in row for row in rows)
    assert any(row.get("stage1_response_contains") == ["none"] for row in rows)
    assert any("stage1_responded" in row and "stage1_response_contains" not in row for row in rows)


def test_cases_are_plainly_synthetic_and_stand_as_at_the_years_end(host: Host) -> None:
    rows = sample(host, "coventry", 600, 1, year_ending=YEAR_ENDING)
    assert [row["reference"] for row in rows] == [f"SYNTHETIC-{number:04}" for number in range(1, 601)]
    received = [row["received"] for row in rows]
    assert received == sorted(received, key=str)
    assert dt.date(2025, 4, 1) <= received[0] and received[-1] <= YEAR_ENDING  # type: ignore[operator]
    for row in rows:
        for name in row:
            assert name in fields.FIELDS
            if fields.FIELDS[name].type is Type.DATE and fields.FIELDS[name].event:
                assert row[name] <= YEAR_ENDING  # type: ignore[operator]
            if name.endswith("_handler"):
                assert re.fullmatch(r"(Officer|Senior manager) \d\d", str(row[name]))


# --- the same again -------------------------------------------------------------------------------

_HASH = """
import datetime, hashlib, pathlib, sys
from putright import plugins
from putright.synthetic.sample import sample, write_sample
host = plugins.load(only=["coventry"])
rows = sample(host, "coventry", 150, 7, year_ending=datetime.date(2026, 3, 31))
for ending in sys.argv[2:]:
    path = pathlib.Path(sys.argv[1]) / f"again.{ending}"
    write_sample(rows, path)
    print(hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_the_same_seed_gives_the_same_bytes_in_another_process(host: Host, tmp_path: Path) -> None:
    rows = sample(host, "coventry", 150, 7, year_ending=YEAR_ENDING)
    hashes = []
    for ending in ENDINGS:
        write_sample(rows, tmp_path / f"cases.{ending}")
        hashes.append(hashlib.sha256((tmp_path / f"cases.{ending}").read_bytes()).hexdigest())
    for hash_seed in ("0", "12345"):
        again = subprocess.run(
            [sys.executable, "-c", _HASH, str(tmp_path), *ENDINGS],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert again.stdout.split() == hashes


def test_another_seed_gives_other_cases(host: Host) -> None:
    one, other = (sample(host, "coventry", 30, seed, year_ending=YEAR_ENDING) for seed in (1, 2))
    assert one != other


def test_every_kind_of_file_holds_the_same_cases(host: Host, tmp_path: Path) -> None:
    rows = sample(host, "coventry", 200, 1, year_ending=YEAR_ENDING)
    frames = {}
    for ending in ENDINGS:
        frame = read(rows, host, tmp_path / f"cases.{ending}").frame.drop("row")
        frames[ending] = frame.select(sorted(frame.columns))
    for ending in ENDINGS[1:]:
        assert frames[ending].equals(frames["csv"]), ending
    assert frames["csv"].height == 200


def test_dates_and_lists_as_each_kind_of_file_has_them(tmp_path: Path) -> None:
    row = {"reference": "A", "received": dt.date(2025, 4, 7), "flags": ["contractor", "landlord"]}
    for ending in ENDINGS:
        write_sample([row], tmp_path / f"cases.{ending}")
    text = (tmp_path / "cases.csv").read_text(encoding="utf-8")
    assert text == "reference,received,flags\nA,2025-04-07,contractor;landlord\n"
    text = (tmp_path / "cases.jsonl").read_text(encoding="utf-8")
    assert text == '{"reference": "A", "received": "2025-04-07", "flags": ["contractor", "landlord"]}\n'
    frame = pl.read_parquet(tmp_path / "cases.parquet")
    assert frame.schema == {"reference": pl.String, "received": pl.Date, "flags": pl.List(pl.String)}
    sheet = openpyxl.load_workbook(tmp_path / "cases.xlsx")["cases"]
    assert sheet["B2"].value == dt.datetime(2025, 4, 7)
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet["C2"].value == "contractor;landlord"


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    rows = [{"reference": text, "received": dt.date(2025, 4, 7)} for text in ("=1+1", "+1", "-1", "@A1", "http://x")]
    write_sample(rows, tmp_path / "cases.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "cases.xlsx")["cases"]
    assert [cell.value for cell in sheet["A"][1:]] == [row["reference"] for row in rows]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert all(cell.hyperlink is None for cell in sheet["A"])
    write_sample(rows, tmp_path / "cases.csv")
    lines = (tmp_path / "cases.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["'=1+1", "'+1", "'-1", "'@A1", "http://x"]


# --- edges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cases", [0, 1, 5, 60])
def test_few_cases(host: Host, tmp_path: Path, cases: int) -> None:
    rows = sample(host, "coventry", cases, 1, year_ending=YEAR_ENDING)
    assert len(rows) == cases
    for ending in ("csv", "xlsx", "parquet"):
        assert read(rows, host, tmp_path / f"cases.{ending}").frame.height == cases


def test_leap_year(host: Host) -> None:
    rows = sample(host, "coventry", 50, 1, year_ending=dt.date(2028, 2, 29))
    assert all(dt.date(2027, 3, 1) <= row["received"] <= dt.date(2028, 2, 29) for row in rows)  # type: ignore[operator]


def test_unknown_council(host: Host) -> None:
    with pytest.raises(ValueError, match=r"no rulebook of a council named 'leeds'; councils: coventry"):
        sample(host, "leeds", 10, 1, year_ending=YEAR_ENDING)


def test_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"ending in \.csv, \.jsonl, \.xlsx or \.parquet"):
        write_sample([], tmp_path / "cases.ods")


# --- another council ------------------------------------------------------------------------------

HEAD = """\
rulebook: elsewhere.{procedure}
title: A test
authority: Nobody
edition: {edition}
in_force: {{{in_force}}}
source: {{document: A test}}
owner: Nobody
clauses:
  - id: "1"
    heading: All of it
    text: Everything.
    stops_clock_of: [1]
    rules:
"""

#: As far from Coventry's as a rulebook gets: other starts and limits, no caps, holds, words of its own.
CORPORATE = """\
- {rule: resolve-informally, kind: aim, from: informal_referred, to: informal_resolved, within: 1 working day}
- {rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: ACK working days}
- {rule: notify-department, kind: deadline, from: stage2_requested, to: stage2_department_notified,
   within: 5 working days}
- {rule: acknowledgement-stage1-contents, kind: contents, holds: [handler, smoke_signal]}
- {rule: acknowledgement-stage1-contents, kind: contents, holds: [handler_contact], if: {flag: contractor}}
- {rule: consent, kind: deadline, from: received, to: consent_received, within: 10 working days,
   if: {recorded: [representative]}}
- {rule: respond-stage1, kind: aim, from: received, to: stage1_responded, within: 15 working days}
- {rule: extend-stage1, kind: extension, extends: respond-stage1, by: any, cap: none}
- {rule: extension-stage1-contents, kind: contents, holds: [apology, reason]}
- {rule: response-stage1-contents, kind: contents, holds: [apology], if: {outcome: [upheld]}}
- {rule: request-stage2, kind: window, from: stage1_responded, to: stage2_requested, within: 2 months}
- {rule: refusal-contents, kind: contents, holds: [exclusion], if: {person: somebody else could help}}
- {rule: refusal-contents, kind: contents, holds: [explanation], if: {out_of_time: true}}
- {rule: refusal-stage2-contents, kind: contents, holds: [alternatives]}
- {rule: acknowledgement-stage2-contents, kind: contents, holds: [adjustments], if: {person: it was asked for}}
- {rule: acknowledge-stage2, kind: deadline, from: stage2_requested, to: stage2_acknowledged,
   within: 2 working days}
- {rule: respond-stage2, kind: deadline, from: stage2_requested, to: stage2_responded, within: 30 working days}
- {rule: extend-stage2, kind: extension, extends: respond-stage2, by: 5 working days, cap: soft,
   beyond_cap: [reason]}
- {rule: extension-stage2-contents, kind: contents, holds: [update_intervals], if: {beyond_cap: true}}
- {rule: response-stage2-contents, kind: contents, holds: [outstanding_actions], if: {actions_left: true}}
- {rule: agree-action-plan, kind: deadline, from: stage2_responded, to: action_plan_agreed,
   within: 25 working days, if: {any_recorded: [action_plan_due, action_plan_agreed]}}
- {rule: complain-in-time, kind: window, from: matter_occurred, to: received, within: 6 months,
   unless: {flag: cse, matter_since: 1998-04-01}}
- {rule: acknowledge-withdrawal, kind: deadline, from: withdrawn, to: withdrawal_acknowledged,
   within: 3 working days}
"""
CHILDREN = """\
- {rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 2 working days}
- {rule: respond-stage2, kind: deadline, from: stage2_requested, or_from: stage2_statement_agreed,
   to: stage2_responded, within: 25 working days}
- {rule: independence-stage2, kind: independence, late: judgement}
- {rule: invite-to-panel, kind: notice, from: stage3_panel_invited, to: stage3_panel_met, within: 1 working day}
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host of the national rulebooks and a council with two editions, closure days and a word of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    paths = []
    for procedure, edition, in_force, rules in (
        ("corporate", "first", "from: 2020-01-01, to: 2025-09-30", CORPORATE.replace("ACK", "2")),
        ("corporate", "second", "from: 2025-10-01", CORPORATE.replace("ACK", "7")),
        ("children", "only", "", CHILDREN),
    ):
        text = HEAD.format(procedure=procedure, edition=edition, in_force=in_force)
        paths.append(folder / f"{procedure}-{edition}.yaml")
        paths[-1].write_text(text + textwrap.indent(rules, "      "), encoding="utf-8")
    closures = {dt.date(2025, 12, day): "Christmas closure" for day in (24, 29, 30, 31)}
    plugin = ModuleType("elsewhere")
    vars(plugin).update(
        putright_rulebooks=hookimpl(lambda: paths),
        putright_closure_days=hookimpl(lambda: closures),
        putright_words=hookimpl(lambda: {"smoke_signal": "a smoke signal"}),
    )
    return plugins.build([("national", national, "1"), ("elsewhere", plugin, "1")])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_councils_plugin_works_unchanged(elsewhere: Host, tmp_path: Path, seed: int) -> None:
    rows = sample(elsewhere, "elsewhere", 600, seed, year_ending=YEAR_ENDING)
    found = audited(rows, elsewhere, tmp_path)
    assert found.books["elsewhere.corporate"] == ["first", "second"]
    assert not_both_ways(found, elsewhere) == []
    assert sum("stage1_holds" in row for row in rows) > 5
    assert not any("stage2_holds" in row for row in rows)
    assert any("smoke_signal" in row.get("stage1_acknowledgement_contains", ()) for row in rows)  # type: ignore[operator]


def test_a_hold_puts_off_an_answer_that_is_still_in_time(elsewhere: Host, tmp_path: Path) -> None:
    rows = sample(elsewhere, "elsewhere", 600, 1, year_ending=YEAR_ENDING)
    findings = audited(rows, elsewhere, tmp_path).findings
    held = [row["reference"] for row in rows if "stage1_holds" in row and "stage1_responded" in row]
    answers = findings.filter(
        pl.col("reference").is_in(held),
        pl.col("rulebook") == "elsewhere.corporate",
        pl.col("rule") == "respond-stage1",
    )
    assert answers["verdict"].value_counts().sort("count")["verdict"][-1] == "met"
