"""The oracle itself, against cases worked out by hand: each with its reason in one line."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest
from oracle import Expected, judge
from putright import fields
from putright.reading import read_rulebook
from putright.rulebooks import Rulebook

HEAD = """\
rulebook: {name}
title: A test
authority: Nobody
edition: first
source: {{document: A test}}
owner: Nobody
clauses:
  - id: "1"
    heading: All of it
    text: Everything.
    rules:
"""

#: A Code with soft caps; a council with hard caps, aims, windows and letters; the two laws in one.
RULES = {
    "code": """
- {rule: complain-in-time, kind: window, from: matter_known, to: received, within: 12 months}
- {rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 5 working days}
- {rule: respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded,
   within: 10 working days}
- {rule: extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: soft,
   beyond_cap: [reason]}
- {rule: extension-stage1-contents, kind: contents, holds: [reason, new_date]}
- {rule: extension-stage1-contents, kind: contents, holds: [update_intervals], if: {beyond_cap: true}}
- {rule: acknowledge-stage2, kind: deadline, from: stage2_requested, to: stage2_acknowledged,
   within: 5 working days}
- {rule: respond-stage2, kind: deadline, from: stage2_acknowledged, to: stage2_responded,
   within: 20 working days}
- {rule: independence-stage2, kind: independence}
""",
    "town.corporate": """
- {rule: resolve-informally, kind: aim, from: received, to: informal_resolved, within: 3 working days,
   if: {any_recorded: [informal_offered, informal_resolved]}}
- {rule: consent, kind: deadline, from: received, to: consent_received, by: stage1_acknowledged,
   unrecorded: no_evidence, if: {recorded: [representative]}}
- {rule: acknowledge-withdrawal, kind: deadline, from: withdrawn, to: withdrawal_acknowledged,
   unrecorded: no_evidence}
- {rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 5 working days}
- {rule: respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded,
   within: 10 working days}
- {rule: extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: hard}
- {rule: request-stage2, kind: window, from: stage1_responded, to: stage2_requested, within: 20 working days}
- {rule: acknowledge-stage2, kind: deadline, from: stage2_requested, to: stage2_acknowledged,
   within: 5 working days}
- {rule: respond-stage2, kind: aim, from: stage2_requested, to: stage2_responded, within: 20 working days}
- {rule: extend-stage2, kind: extension, extends: respond-stage2, by: any, cap: none}
- {rule: response-stage1-contents, kind: contents, holds: [decision, escalation]}
- {rule: response-stage1-contents, kind: contents, holds: [apology], if: {outcome: [upheld]}}
- {rule: response-stage1-contents, kind: contents, holds: [action_dates], if: {actions_left: true}}
- {rule: response-stage1-contents, kind: contents, holds: [not_responsible],
   if: {person: some part is not ours}}
- {rule: refusal-stage2-contents, kind: contents, holds: [explanation], if: {late_request: true}}
""",
    "law": """
- {rule: respond-stage1-limit, kind: deadline, from: received, to: stage1_responded,
   within: 6 months inclusive}
- {rule: extend-stage1, kind: extension, extends: respond-stage1-limit, by: as agreed, cap: none}
- {rule: respond-stage2, kind: deadline, from: stage2_requested, or_from: stage2_statement_agreed,
   to: stage2_responded, within: 25 working days}
- {rule: extend-stage2, kind: extension, extends: respond-stage2, by: 40 working days, cap: hard}
- {rule: invite-to-panel, kind: notice, from: stage3_panel_invited, to: stage3_panel_met,
   within: 10 working days}
- {rule: report-panel, kind: deadline, from: stage3_panel_met, to: stage3_panel_reported,
   within: 5 working days, late: judgement}
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rulebook]:
    found = {}
    for name, rules in RULES.items():
        path: Path = tmp_path_factory.mktemp("books") / f"{name}.yaml"
        path.write_text(HEAD.format(name=name) + textwrap.indent(rules, "      "), encoding="utf-8")
        found[name] = read_rulebook(path)
    return found


#: Received on Monday 2 March 2026: acknowledged by Monday 9. Acknowledged on Wednesday 4: answered by
#: Wednesday 18 March, by Wednesday 1 April with ten days more (Good Friday is 3 April).
SHORT = {
    "RECEIVED": "received 2026-03-02",
    "ACKNOWLEDGED": "received 2026-03-02, s1_acknowledged 2026-03-04",
    "UNDATED": """received 2026-03-02, s1_acknowledged 2026-03-04, s1_extended_to 2026-03-25,
                  s1_responded 2026-03-24""",
    "BEYOND": """received 2026-03-02, s1_acknowledged 2026-03-04, s1_extension_notified 2026-03-18,
                 s1_extended_to 2026-04-10, s1_responded 2026-04-09""",
}

#: The reason; the rulebook, the rule, the audit date; the case (``s1_`` is ``stage1_``); what is found.
CASES = """
# 24, 29, 30, 31 Dec, 4 Jan
code acknowledge-stage1 at 2026-12-31
    received 2026-12-23
    = running, due 2027-01-04, over 0

# 27, 28 Dec and 3 Jan are holidays
code acknowledge-stage1 at 2027-12-31
    received 2027-12-24
    = running, due 2028-01-05, over 0

# ten days from an acknowledgement
code respond-stage1 at 2027-01-05
    received 2026-12-23, s1_acknowledged 2027-01-04
    = running, due 2027-01-18, over 0

# Easter lies between
code respond-stage1 at 2026-03-27
    received 2026-03-26, s1_acknowledged 2026-03-26
    = running, due 2026-04-13, over 0

# the Ombudsman's own sum, 65 days
law respond-stage2 at 2025-01-01
    received 2024-08-01, s2_requested 2024-08-29, s2_extension_notified 2024-09-10,
    s2_responded 2024-11-28
    = met, due 2024-11-28, taken 65, over 0

# six months commencing on the day
law respond-stage1-limit at 2026-07-09
    received 2026-01-10
    = running, due 2026-07-09, over 0

# no 31 February: its last day
law respond-stage1-limit at 2027-04-01
    received 2026-08-31, s1_responded 2027-03-02
    = breach, due 2027-02-28, taken 183, over 2

# 12 months after 28 February 2025
code complain-in-time at 2026-03-01
    matter_known 2025-02-28, received 2026-03-01
    = judgement, due 2026-02-28, taken 366, over 1

# awareness blank: outside is unproven
code complain-in-time at 2026-03-01
    matter_occurred 2025-02-28, received 2026-03-01
    = no_evidence, due 2026-02-28, taken 366, over 1

# Saturday: Monday 12 is day zero
code acknowledge-stage1 at 2026-02-01
    received 2026-01-10, s1_acknowledged 2026-01-12
    = met, due 2026-01-19, taken 0, over 0

# done on a Saturday: taken to Friday, over to Monday
code acknowledge-stage1 at 2026-04-01
    RECEIVED, s1_acknowledged 2026-03-14
    = breach, due 2026-03-09, taken 9, over 5

# answered before the acknowledgement
code respond-stage1 at 2026-04-01
    RECEIVED, s1_acknowledged 2026-03-11, s1_responded 2026-03-05
    = met, due 2026-03-25, taken 0, over 0

# the due date itself has not passed
code acknowledge-stage1 at 2026-03-09
    RECEIVED
    = running, due 2026-03-09, over 0

# a day past due
code acknowledge-stage1 at 2026-03-10
    RECEIVED
    = breach, due 2026-03-09, over 1, not_recorded

# missing letter or missing entry
code acknowledge-stage1 at 2026-03-10
    RECEIVED, s1_responded 2026-03-06
    = no_evidence, due 2026-03-09, over 1, not_recorded

# refused by the due date
code acknowledge-stage1 at 2026-03-20
    RECEIVED, refused 2026-03-09
    = not_applicable, due 2026-03-09, over 0

# refused too late: over to the refusal
code acknowledge-stage1 at 2026-03-20
    RECEIVED, refused 2026-03-10
    = breach, due 2026-03-09, over 1, not_recorded

# late after a withdrawal that excused it
code acknowledge-stage1 at 2026-03-20
    RECEIVED, withdrawn 2026-03-05, s1_acknowledged 2026-03-11
    = judgement, due 2026-03-09, taken 7, over 2, reopened

# closed says nothing
code acknowledge-stage1 at 2026-03-06
    RECEIVED, closed 2026-03-06
    = no_evidence, due 2026-03-09, over 0

# stage 2 asked for after the refusal
code acknowledge-stage2 at 2026-03-17
    RECEIVED, refused 2026-03-04, s2_requested 2026-03-09
    = breach, due 2026-03-16, over 1, not_recorded

## Counting 8: day zero 2 March at the earliest, 9 March at the latest
# within ten days of the earliest
code respond-stage1 at 2026-04-30
    RECEIVED, s1_responded 2026-03-16
    = met, due 2026-03-23, over 0, start_not_recorded

# between the two
code respond-stage1 at 2026-04-30
    RECEIVED, s1_responded 2026-03-17
    = no_evidence, due 2026-03-23, over 0, start_not_recorded

# one of the two was late
code respond-stage1 at 2026-04-30
    RECEIVED, s1_responded 2026-03-24
    = breach, due 2026-03-23, over 1, start_not_recorded

# acknowledgement not yet sent
code respond-stage1 at 2026-03-03
    RECEIVED
    = running, due 2026-03-23, over 0, start_not_recorded

# notice after the 16th, by the 23rd
code extend-stage1 at 2026-03-19
    RECEIVED, s1_extension_notified 2026-03-18
    = no_evidence, due 2026-03-23, over 0, start_not_recorded

# no request: no clock at all
code respond-stage2 at 2026-04-30
    RECEIVED, s2_responded 2026-04-01
    = no_evidence

## Counting 4
# notified in time, new date within the cap
code respond-stage1 at 2026-03-20
    ACKNOWLEDGED, s1_extension_notified 2026-03-18, s1_extended_to 2026-03-25
    = running, due 2026-03-25, over 0

# no new date: the cap
town.corporate respond-stage1 at 2026-03-20
    ACKNOWLEDGED, s1_extension_notified 2026-03-18
    = running, due 2026-04-01, over 0

# notified a day late
code extend-stage1 at 2026-03-20
    ACKNOWLEDGED, s1_extension_notified 2026-03-19
    = breach, due 2026-03-18, taken 11, over 1

# beyond a soft cap, reason given
code respond-stage1 at 2026-04-30
    BEYOND, s1_extension_contains reason
    = judgement, due 2026-04-01, taken 24, over 4

# beyond a soft cap, letter not read
code respond-stage1 at 2026-04-30
    BEYOND
    = no_evidence, due 2026-04-01, taken 24, over 4

# beyond a soft cap, no reason given
code extend-stage1 at 2026-04-30
    BEYOND, s1_extension_contains none
    = breach, due 2026-03-18, taken 10, over 0

# a hard cap holds
town.corporate respond-stage1 at 2026-04-30
    BEYOND
    = breach, due 2026-04-01, taken 24, over 4

# beyond a hard cap
town.corporate extend-stage1 at 2026-04-30
    BEYOND
    = breach, due 2026-03-18, taken 10, over 0

# saved only by an undated extension
code respond-stage1 at 2026-04-30
    UNDATED
    = no_evidence, due 2026-03-18, taken 14, over 4

# the notice lies past the audit date, and its date with it
code respond-stage1 at 2026-03-19
    ACKNOWLEDGED, s1_extension_notified 2026-03-20, s1_extended_to 2026-03-25
    = breach, due 2026-03-18, over 1, not_recorded

# no cap and no new date
town.corporate respond-stage2 at 2026-04-30
    RECEIVED, s2_requested 2026-03-04, s2_extension_notified 2026-03-20, s2_responded 2026-04-07
    = no_evidence, due 2026-04-01, taken 22, over 2

# an aim's extension, notified late
town.corporate extend-stage2 at 2026-04-30
    RECEIVED, s2_requested 2026-03-04, s2_extension_notified 2026-04-02
    = judgement, due 2026-04-01, taken 21, over 1

## Counting 6, 9 and 7
# late from the request (8 April), in time from the statement (15 April)
law respond-stage2 at 2026-04-30
    received 2026-01-05, s2_requested 2026-03-02, s2_statement_agreed 2026-03-09, s2_responded 2026-04-14
    = judgement, due 2026-04-08, taken 29, over 4

# ten days' notice over Easter
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_invited 2026-04-02, s3_panel_met 2026-04-20
    = met, due 2026-04-02, taken 10, over 0

# nine days' notice
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_invited 2026-04-07, s3_panel_met 2026-04-20
    = breach, due 2026-04-02, taken 9, over 1

# as soon as practicable
law report-panel at 2026-04-30
    received 2026-01-05, s3_panel_met 2026-03-02, s3_panel_reported 2026-03-10
    = judgement, due 2026-03-09, taken 6, over 1

## Verdicts
# asked too late: the council's discretion
town.corporate request-stage2 at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-04, s2_requested 2026-04-02
    = judgement, due 2026-04-01, taken 21, over 1

# never asked
town.corporate request-stage2 at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-04
    = not_applicable, due 2026-04-01, over 0

# asked, but not when
town.corporate request-stage2 at 2026-03-20
    ACKNOWLEDGED, s1_responded 2026-03-04, s2_acknowledged 2026-03-09
    = no_evidence, due 2026-04-01, over 0

# straight to stage 2 counts from the day received
town.corporate acknowledge-stage2 at 2026-03-03
    RECEIVED, flags straight_to_stage2
    = running, due 2026-03-09, over 0

# straight to stage 2: no stage 1
town.corporate acknowledge-stage1 at 2026-04-30
    RECEIVED, flags straight_to_stage2
    = not_applicable

# became a formal complaint in time
town.corporate resolve-informally at 2026-03-20
    RECEIVED, informal_offered 2026-03-02, s1_acknowledged 2026-03-05
    = not_applicable, due 2026-03-05, over 0

# consent after the acknowledgement
town.corporate consent at 2026-03-20
    ACKNOWLEDGED, representative true, consent_received 2026-03-06
    = breach, due 2026-03-04, taken 4, over 2

# no consent recorded, nor an acknowledgement
town.corporate consent at 2026-03-20
    RECEIVED, representative true
    = no_evidence

# withdrawal never acknowledged
town.corporate acknowledge-withdrawal at 2026-03-20
    RECEIVED, withdrawn 2026-03-04
    = no_evidence

# the same person, differently written
code independence-stage2 at 2026-04-30
    ACKNOWLEDGED, s1_handler Manager-A, s2_requested 2026-03-20, s2_handler MANAGER-A
    = breach

## Letters
# an apology is owed only where upheld
town.corporate response-stage1-contents at 2026-03-20
    ACKNOWLEDGED, s1_responded 2026-03-10, s1_outcome not_upheld, s1_response_contains decision;escalation
    = met

# upheld, and a remedy still to do on the day of the letter
town.corporate response-stage1-contents at 2026-03-20
    ACKNOWLEDGED, remedy_offered 2026-03-10, remedy_completed 2026-03-11, s1_responded 2026-03-10,
    s1_outcome upheld, s1_response_contains decision
    = breach, action_dates, apology, escalation

# the new date lies beyond the cap
code extension-stage1-contents at 2026-04-30
    BEYOND, s1_extension_contains reason;new_date
    = breach, update_intervals

# asked in time: nothing is wanted
town.corporate refusal-stage2-contents at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-04, s2_requested 2026-04-01, s2_request_refused 2026-04-02
    = not_applicable

# asked late, refusal not read
town.corporate refusal-stage2-contents at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-04, s2_requested 2026-04-02, s2_request_refused 2026-04-02
    = no_evidence
"""


def value(name: str, text: str) -> object:
    """A field's value as the records reader would give it."""
    kind = fields.FIELDS[name].type
    if kind is fields.Type.DATE:
        return date.fromisoformat(text)
    if kind is fields.Type.BOOLEAN:
        return text == "true"
    if kind is fields.Type.FLAGS:
        return text.split(";")
    if kind is fields.Type.CONTENTS:
        return set() if text == "none" else set(text.split(";"))
    if kind is fields.Type.HOLDS:
        ends = [interval.split("/") for interval in text.split(";")]
        return [(date.fromisoformat(a), None if b == ".." else date.fromisoformat(b)) for a, b in ends]
    return text


def case_of(text: str) -> dict[str, object]:
    for word, meaning in SHORT.items():
        text = text.replace(word, meaning)
    case: dict[str, object] = {}
    for item in text.split(","):
        name, recorded = item.split()
        name = f"stage{name[1:]}" if name[:2] in ("s1", "s2", "s3") else name
        case[name] = value(name, recorded)
    return case


def shown(found: Expected) -> str:
    parts = [found.verdict]
    for name, what in (("due", found.due), ("taken", found.days_taken), ("over", found.days_over)):
        parts += [] if what is None else [f"{name} {what}"]
    return ", ".join([*parts, *sorted(found.marks), *sorted(found.missing)])


BLOCKS = [block.strip() for block in CASES.split("\n\n")]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("# ")[-1].split("\n")[0] for block in BLOCKS])
def test_case(books: dict[str, Rulebook], block: str) -> None:
    subject, *recorded = [line for line in block.split("\n") if not line.startswith("#")]
    book, rule, _, as_at = subject.split()
    case, expected = " ".join(recorded).split("=")
    found = judge(case_of(case), books[book], date.fromisoformat(as_at))
    assert shown(found[rule]) == expected.strip()
    assert found.keys() == books[book].rulings().keys()


def test_a_start_that_is_bounded_is_not_shown(books: dict[str, Rulebook]) -> None:
    found = judge(case_of("RECEIVED"), books["code"], date(2026, 3, 3))
    assert (found["respond-stage1"].start, found["acknowledge-stage1"].start) == (None, date(2026, 3, 2))


def test_an_extension_runs_from_the_original_start_to_its_notice(books: dict[str, Rulebook]) -> None:
    found = judge(case_of("BEYOND"), books["code"], date(2026, 4, 30))["extend-stage1"]
    assert (found.start, found.done) == (date(2026, 3, 4), date(2026, 3, 18))


def test_closure_days_are_the_councils_own(books: dict[str, Rulebook]) -> None:
    for book, due in (("town.corporate", date(2026, 3, 10)), ("code", date(2026, 3, 9))):
        found = judge(case_of("RECEIVED"), books[book], date(2026, 3, 3), frozenset({date(2026, 3, 6)}))
        assert found["acknowledge-stage1"].due == due


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param("s1_holds 2026-03-09/2026-03-16", "running, due 2026-03-25, over 0", id="9 to 13 March"),
        pytest.param(
            "s1_holds 2026-03-09/2026-03-12;2026-03-10/2026-03-16",
            "running, due 2026-03-25, over 0",
            id="overlaps once",
        ),
        pytest.param("s1_holds 2026-03-09/..", "running", id="open: no due date"),
        pytest.param("s1_holds 2026-03-09/2026-03-21", "running", id="open still on the audit date"),
        pytest.param(
            "s1_holds 2026-03-09/.., s1_responded 2026-03-19",
            "met, due 2026-03-30, taken 3, over 0",
            id="the response ends it",
        ),
        pytest.param("s1_holds 2026-03-19/..", "breach, due 2026-03-18, over 2, not_recorded", id="begun too late"),
        pytest.param("s1_holds 2026-03-09/.., withdrawn 2026-03-20", "not_applicable", id="withdrawn on hold"),
        pytest.param("s1_holds 2026-03-09/.., closed 2026-03-20", "no_evidence", id="closed on hold"),
    ],
)
def test_holds(books: dict[str, Rulebook], recorded: str, expected: str) -> None:
    case, as_at = case_of(f"ACKNOWLEDGED, {recorded}"), date(2026, 3, 20)
    found = judge(case, books["town.corporate"], as_at, holds_allowed=True)["respond-stage1"]
    assert shown(found) == expected
    unheld = judge(case, books["town.corporate"], as_at)["respond-stage1"]
    assert unheld.due == date(2026, 3, 18)
