"""The contract's `message`: one plain sentence with the dates, and a true one.

The sentence is for people, so no wording is pinned: only what it must name and what it must not claim.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from casefiles import EVERY_FIELD, Finding, Record, audit_whole, case, run, write

R = "received=2026-03-02 "
A = R + "stage1_acknowledged=2026-03-02 "  # day 10 is 16 March, day 20 (the cap) 30 March
TOLD = A + "stage1_extension_notified=2026-03-16 "
PANEL = "procedure=children received=2026-01-05 stage3_panel_met=2026-05-27 "
TWO = (
    "procedure=children received=2026-01-05 stage1_responded=2026-01-16 stage2_requested=2026-03-02 "
    "stage2_statement_agreed=2026-03-16 "  # due 8 April from the first, 22 April from the second
)
LOCAL, CODE, LAW, CHILDREN = "coventry.corporate", "lgsco", "children-2006", "coventry.children"

# (what is said, record, rulebook, rule, audit date, what the message must name, what it must not claim)
MESSAGES: list[tuple[str, str, str, str, str, list[str], list[str]]] = [
    ("done late", R + "stage1_acknowledged=2026-03-12", LOCAL, "acknowledge-stage1", "2026-03-31",
     ["2026-03-12", "2026-03-09", "3 working days late"], []),
    ("overdue on the audit date", R, LOCAL, "acknowledge-stage1", "2026-03-31", ["2026-03-09", "16 working days"], []),
    # Withdrawn on 12 March, three working days past due; on 31 March that is not three days ago but sixteen.
    ("overdue to an ending", R + "withdrawn=2026-03-12", LOCAL, "acknowledge-stage1", "2026-03-31", ["2026-03-09"],
     [r"\b3 working days ago"]),
    ("overdue to an ending, in months", "procedure=adults received=2026-01-10 withdrawn=2026-07-11", "adults-2009",
     "respond-stage1-limit", "2026-08-31", ["2026-07-09"], [r"\b2 days ago"]),
    # An informal attempt acknowledged as stage 1 is no case that has ended.
    ("an informal attempt taken up at stage 1", R + "informal_offered=2026-03-03 stage1_acknowledged=2026-03-05", LOCAL,
     "resolve-informally", "2026-06-30", [], [r"case (had )?ended"]),
    ("withdrawn in time", R + "withdrawn=2026-03-04", LOCAL, "acknowledge-stage1", "2026-03-31", [], []),
    # 23 March is no 10 working days after 2 March: the sentence must say that the time was extended.
    ("met within an extension", TOLD + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-23", LOCAL,
     "respond-stage1", "2026-06-30", ["2026-03-23", r"(?i)exten"], []),
    ("late after an extension", TOLD + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-24", LOCAL,
     "respond-stage1", "2026-06-30", ["2026-03-23", r"(?i)exten"], []),
    ("running to an extension's date", TOLD + "stage1_extended_to=2026-03-23", LOCAL, "respond-stage1", "2026-03-20",
     ["2026-03-23", r"(?i)exten"], []),
    ("a new date beyond a soft cap", TOLD + "stage1_extended_to=2026-04-10 stage1_responded=2026-04-10 "
     "stage1_extension_contains=reason", CODE, "respond-stage1", "2026-06-30", ["2026-03-30", r"(?i)exten"], []),
    # 4 March lies before 12 March, not 0 working days after it.
    ("a response before the acknowledgement", R + "stage1_acknowledged=2026-03-12 stage1_responded=2026-03-04", LOCAL,
     "respond-stage1", "2026-06-30", ["2026-03-04"], [r"after the stage 1 acknowledgement"]),
    # A notice comes before the meeting that it counts back from.
    ("notice in time", PANEL + "stage3_panel_invited=2026-05-12", CHILDREN, "invite-to-panel", "2026-06-30",
     ["2026-05-12", "2026-05-27"], [r"after the panel"]),
    ("notice too short", PANEL + "stage3_panel_invited=2026-05-13", CHILDREN, "invite-to-panel", "2026-06-30",
     ["2026-05-13", "2026-05-12", "2026-05-27"], [r"after the panel"]),
    # contract 4.6: the message says that the sources conflict, and names both starts.
    ("late from one start only", TWO + "stage2_responded=2026-04-22", LAW, "respond-stage2", "2026-06-30",
     ["2026-03-02", "2026-04-08", "2026-03-16", "2026-04-22"], []),
    ("late from one start only, not done", TWO, LAW, "respond-stage2", "2026-04-22",
     ["2026-03-02", "2026-04-08", "2026-03-16"], []),
    # Told on 15 April; the statement was agreed on 16 March.
    ("an extension told in time for one start only", TWO + "stage2_extension_notified=2026-04-15 "
     "stage2_extended_to=2026-05-20 stage2_responded=2026-05-20", LAW, "extend-stage2", "2026-06-30",
     ["2026-04-15", "2026-04-08", r"(?i)extension"], [r"response was on 2026-04-15", r"statement [^;]* 2026-03-02"]),
    ("closed", R + "closed=2026-03-05", LOCAL, "acknowledge-stage1", "2026-06-30", [r"(?i)closed"], []),
    ("reopened", R + "withdrawn=2026-03-04 stage1_acknowledged=2026-03-20", LOCAL, "acknowledge-stage1", "2026-06-30",
     ["2026-03-20", "2026-03-09"], []),
    ("a letter that lacked words", A + "stage1_acknowledgement_contains=handler;understanding", LOCAL,
     "acknowledgement-stage1-contents", "2026-06-30", ["2026-03-02"], []),
]  # fmt: skip


def audited(tmp_path: Path, records: list[Record], as_at: str) -> list[Finding]:
    path = write(tmp_path / f"cases-{as_at}.jsonl", [{**EVERY_FIELD, **record} for record in records])
    return audit_whole(path, "--council", "coventry", "--all", as_at=as_at).findings


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    folder = tmp_path_factory.mktemp("messages")
    found = {}
    for as_at in sorted({row[4] for row in MESSAGES}):
        rows = {row[0]: row for row in MESSAGES if row[4] == as_at}
        for each in audited(folder, [case(row[1], reference=says) for says, row in rows.items()], as_at):
            row = rows[each["reference"]]
            if (each["rulebook"], each["rule"]) == row[2:4]:
                found[row[0]] = each
    return found


@pytest.mark.parametrize("row", MESSAGES, ids=[row[0] for row in MESSAGES])
def test_a_message_is_true(findings: dict[str, Finding], row: tuple[Any, ...]) -> None:
    says, *_, must, must_not = row
    message = findings[says]["message"]
    assert all(re.search(pattern, message) for pattern in must), message
    assert not any(re.search(pattern, message) for pattern in must_not), message
    assert message.endswith(".") and not re.search(r"[.!?]\s+[A-Z]", message), "one sentence"


# (what is said, record, rulebook, rule, audit date)
WITH_DATES: list[tuple[str, str, str, str, str]] = [
    ("done in time", R + "stage1_acknowledged=2026-03-04", LOCAL, "acknowledge-stage1", "2026-03-31"),
    ("overdue", R, LOCAL, "acknowledge-stage1", "2026-03-31"),
    ("running", R, LOCAL, "acknowledge-stage1", "2026-03-09"),
    ("only an extension without a notice date would save it", A + "stage1_extended_to=2026-03-23 "
     "stage1_responded=2026-03-20", LOCAL, "respond-stage1", "2026-03-31"),
    ("between the earliest and the latest", R + "stage1_responded=2026-03-18", LOCAL, "respond-stage1", "2026-03-31"),
    ("a soft cap passed", TOLD + "stage1_extended_to=2026-04-10 stage1_responded=2026-04-10 "
     "stage1_extension_contains=reason", CODE, "respond-stage1", "2026-06-30"),
    ("an extension told in time", TOLD + "stage1_extended_to=2026-03-23", LOCAL, "extend-stage1", "2026-06-30"),
    ("no start", R + "stage2_requested=2026-03-20", LOCAL, "request-stage2", "2026-03-31"),
]  # fmt: skip


@pytest.mark.parametrize("row", WITH_DATES, ids=[row[0] for row in WITH_DATES])
def test_a_message_has_the_dates(tmp_path: Path, row: tuple[str, ...]) -> None:
    """Start, due and done stand in the finding; where they are known, the sentence has them too."""
    _, record, book, rule, as_at = row
    (finding,) = [
        each for each in audited(tmp_path, [case(record)], as_at) if (each["rulebook"], each["rule"]) == (book, rule)
    ]
    absent = [name for name in ("start", "due", "done") if finding[name] and finding[name] not in finding["message"]]
    assert not absent, finding["message"]


def test_explain_counts_back_from_the_meeting(tmp_path: Path) -> None:
    """Contract 4.9: the meeting is day zero, and day 10 back from Wed 27 May 2026 is Tue 12 May."""
    cases = write(tmp_path / "cases.csv", [case(PANEL + "stage3_panel_invited=2026-05-13")])
    said = " ".join(run("explain", cases, "A1", "--council", "coventry", "--as-at", "2026-06-30").out.split())
    part = said[said.index("[invite-to-panel]") : said.index("[convene-panel]")]
    assert re.search(r"\b0 Wed 27 May\b", part), part
    assert re.search(r"\b10 Tue 12 May\b", part), part
