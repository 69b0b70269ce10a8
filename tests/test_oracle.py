"""The oracle itself, against cases worked out by hand: each with its reason in one line."""

from __future__ import annotations

import textwrap
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from oracle import ONE_DAY, Days, Expected, judge
from putright import fields
from putright.rulebooks import Rulebook
from putright.rulebooks.limits import parse_limit
from putright.rulebooks.reading import read_rulebook

HEAD = """\
rulebook: {name}
title: A test
authority: Nobody
edition: first
source: {{document: A test}}
owner: Nobody
days_off: {days_off}
clauses:
  - id: "1"
    heading: All of it
    text: Everything.
    rules:
"""

#: What an event on a day off means; of the others, the source does not say.
DAYS_OFF = {"code": "next_working_day", "law": "from_the_day"}

#: A Code with soft caps; a council with hard caps, aims, windows and letters; the two laws in one; a council with
#: second limits, questions, and rules that say themselves what a day off means.
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
   within: 5 working days, within_if_first: 2 working days}
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
    "village.corporate": """
- {rule: consent, kind: deadline, from: received, to: consent_received, by: stage1_acknowledged,
   unrecorded: no_evidence, if: {recorded: [representative]}}
- {rule: start-at-stage2, kind: question, asks: whether it may, if: {flag: straight_to_stage2},
   unless: {any_flag: [cse, contractor]}}
- {rule: informal-first, kind: question, asks: what it was, if: {informal_first: true}}
- {rule: complete-stage1, kind: question, asks: whether it is, if: {stage2_before_answer: true}}
- {rule: triage, kind: deadline, from: received, to: triaged, within: 1 working day, days_off: next_working_day}
- {rule: notify-department, kind: deadline, from: received, to: stage1_department_notified,
   within: 2 working days, days_off: from_the_day}
- {rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 5 working days}
- {rule: acknowledgement-stage1-contents, kind: contents, holds: [reference],
   holds_one_of: [understanding, complaint_definition]}
- {rule: respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded,
   within: 10 working days}
- {rule: respond-stage1-limit, kind: deadline, from: received, to: stage1_responded, within: 8 weeks}
- {rule: extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: hard, late: judgement}
- {rule: explain-delay-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_extension_notified,
   within: 10 working days, if: {time_up: respond-stage1}}
- {rule: response-stage1-contents, kind: contents, holds: [decision]}
- {rule: response-stage1-contents, kind: contents, holds_one_of: [escalation, ombudsman], lacking: judgement}
- {rule: response-stage1-contents, kind: contents, holds: [action_dates], if: {actions_left: true}}
- {rule: acknowledge-stage2, kind: deadline, from: stage2_requested, to: stage2_acknowledged,
   within: 5 working days, within_if_first: 2 working days}
- {rule: respond-stage2, kind: deadline, from: stage2_requested, to: stage2_responded, within: 20 working days,
   or_within: 25 working days}
- {rule: extend-stage2, kind: extension, extends: respond-stage2, by: 10 working days, cap: hard}
- {rule: response-stage2-contents, kind: contents, holds_one_of: [remedy, apology],
   if: {person: where something went wrong}}
- {rule: convene-panel, kind: deadline, from: stage3_requested, or_from: stage3_acknowledged, to: stage3_panel_met,
   within: 30 working days, or_within: 28 working days}
- {rule: report-panel, kind: deadline, from: stage3_panel_met, to: stage3_panel_reported,
   within: 28 calendar days}
- {rule: respond-stage3, kind: deadline, from: stage3_requested, to: stage3_responded, within: 20 working days}
- {rule: extend-stage3, kind: extension, extends: respond-stage3, by: any, cap: none}
- {rule: complete-remedy, kind: deadline, from: remedy_offered, to: remedy_completed, by: remedy_due}
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rulebook]:
    found = {}
    for name, rules in RULES.items():
        path: Path = tmp_path_factory.mktemp("books") / f"{name}.yaml"
        head = HEAD.format(name=name, days_off=DAYS_OFF.get(name, "either"))
        path.write_text(head + textwrap.indent(rules, "      "), encoding="utf-8")
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

#: The reason; the rulebook, the rule, the audit date; the case (``s1_`` is ``stage1_``; ``without`` a field that the
#: file does not keep); what is found.
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

# Easter is between
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
    = no_evidence, due 2026-02-28, taken 366

## Contract 4.1: days off
# Saturday: Monday 12 is day zero
code acknowledge-stage1 at 2026-02-01
    received 2026-01-10, s1_acknowledged 2026-01-12
    = met, due 2026-01-19, taken 0, over 0

# done on Saturday 14 March: taken and over as on Monday 16
code acknowledge-stage1 at 2026-04-01
    RECEIVED, s1_acknowledged 2026-03-14
    = breach, due 2026-03-09, taken 10, over 5

# answered on Saturday 16 May: as on the 18th, the 13th day (4 May is a holiday)
code respond-stage1 at 2026-06-01
    received 2026-04-27, s1_acknowledged 2026-04-28, s1_responded 2026-05-16
    = breach, due 2026-05-13, taken 13, over 3

# done on Good Friday: as on Tuesday 7 April
code acknowledge-stage1 at 2026-05-01
    received 2026-03-26, s1_acknowledged 2026-04-03
    = breach, due 2026-04-02, taken 6, over 1

# the audit is on a Saturday: over as to Monday
code acknowledge-stage1 at 2026-03-14
    RECEIVED
    = breach, due 2026-03-09, over 5, not_recorded

# the rule's own word: Monday is day zero
village.corporate triage at 2026-02-01
    received 2026-01-10, triaged 2026-01-13
    = met, due 2026-01-13, taken 1, over 0

# the rule's own word: Monday is day 1
village.corporate notify-department at 2026-02-01
    received 2026-01-10, s1_department_notified 2026-01-14
    = breach, due 2026-01-13, taken 3, over 1

# done on the Saturday itself: as on Monday, day 1
village.corporate notify-department at 2026-02-01
    received 2026-01-10, s1_department_notified 2026-01-10
    = met, due 2026-01-13, taken 1, over 0

# the rulebook's word: Monday 23 March is day 1, Tuesday 28 April day 25
law respond-stage2 at 2026-06-01
    received 2026-01-05, s2_requested 2026-03-21, s2_responded 2026-04-29
    = breach, due 2026-04-28, taken 26, over 1

# either: the fifth day from Saturday is Friday 16
village.corporate acknowledge-stage1 at 2026-02-01
    received 2026-01-10, s1_acknowledged 2026-01-16
    = met, due 2026-01-16, taken 5, over 0

# either: from Monday as day zero, 19 January is the fifth
village.corporate acknowledge-stage1 at 2026-02-01
    received 2026-01-10, s1_acknowledged 2026-01-19
    = judgement, due 2026-01-16, taken 6, over 1

# either: late both ways
village.corporate acknowledge-stage1 at 2026-02-01
    received 2026-01-10, s1_acknowledged 2026-01-20
    = breach, due 2026-01-16, taken 7, over 2

# either: still running the other way
village.corporate acknowledge-stage1 at 2026-01-19
    received 2026-01-10
    = judgement, due 2026-01-16, over 1, not_recorded

# either: overdue both ways
village.corporate acknowledge-stage1 at 2026-01-20
    received 2026-01-10
    = breach, due 2026-01-16, over 2, not_recorded

# either: withdrawn in time the other way
village.corporate acknowledge-stage1 at 2026-02-01
    received 2026-01-10, withdrawn 2026-01-19
    = judgement, due 2026-01-16, over 1, not_recorded

# either: a working day is day zero both ways
village.corporate acknowledge-stage1 at 2026-02-01
    received 2026-01-12, s1_acknowledged 2026-01-20
    = breach, due 2026-01-19, taken 6, over 1

# either, Good Friday: the fifth day is 13 or 14 April
village.corporate acknowledge-stage1 at 2026-05-01
    received 2026-04-03, s1_acknowledged 2026-04-14
    = judgement, due 2026-04-13, taken 6, over 1

# either: the acknowledgement of Saturday 14 March, the notice of Monday 30
town.corporate extend-stage1 at 2026-05-01
    received 2026-03-09, s1_acknowledged 2026-03-14, s1_extension_notified 2026-03-30, s1_extended_to 2026-04-07
    = judgement, due 2026-03-27, taken 11, over 1

# either: extended the other way, and answered by the new date
town.corporate respond-stage1 at 2026-05-01
    received 2026-03-09, s1_acknowledged 2026-03-14, s1_extension_notified 2026-03-30, s1_extended_to 2026-04-07,
    s1_responded 2026-04-07
    = judgement, due 2026-03-27, taken 15, over 5

# either: answered after the new date
town.corporate respond-stage1 at 2026-05-01
    received 2026-03-09, s1_acknowledged 2026-03-14, s1_extension_notified 2026-03-30, s1_extended_to 2026-04-07,
    s1_responded 2026-04-08
    = breach, due 2026-03-27, taken 16, over 6

# either: the cap is 14 or 15 April
town.corporate respond-stage1 at 2026-05-01
    received 2026-03-09, s1_acknowledged 2026-03-14, s1_extension_notified 2026-03-27, s1_extended_to 2026-04-15,
    s1_responded 2026-04-15
    = judgement, due 2026-04-14, taken 21, over 1

# either: a new date beyond the first cap alone
town.corporate extend-stage1 at 2026-05-01
    received 2026-03-09, s1_acknowledged 2026-03-14, s1_extension_notified 2026-03-27, s1_extended_to 2026-04-15
    = judgement, due 2026-03-27, taken 10, over 0

# either: late on the first, extended without a date on the second
village.corporate respond-stage3 at 2026-05-01
    received 2026-01-05, s3_requested 2026-03-14, s3_extension_notified 2026-04-15, s3_responded 2026-04-20
    = judgement, due 2026-04-14, taken 24, over 4

# either: asked on the last day the other way
town.corporate request-stage2 at 2026-05-01
    received 2026-03-02, s1_responded 2026-03-14, s2_requested 2026-04-15
    = judgement, due 2026-04-14, taken 21, over 1

# either: the request is not surely late
town.corporate refusal-stage2-contents at 2026-05-01
    received 2026-03-02, s1_responded 2026-03-14, s2_requested 2026-04-15, s2_request_refused 2026-04-20,
    s2_refusal_contains none
    = not_applicable

# either: late both ways, and the letter has to say so
town.corporate refusal-stage2-contents at 2026-05-01
    received 2026-03-02, s1_responded 2026-03-14, s2_requested 2026-04-16, s2_request_refused 2026-04-20,
    s2_refusal_contains none
    = breach, explanation

## Contract 4.3: calendar days and weeks
# eight weeks from a Saturday end on a Saturday
village.corporate respond-stage1-limit at 2026-05-01
    received 2026-01-10, s1_responded 2026-03-07
    = met, due 2026-03-07, taken 56, over 0

# and are over on the Monday
village.corporate respond-stage1-limit at 2026-05-01
    received 2026-01-10, s1_responded 2026-03-09
    = breach, due 2026-03-07, taken 58, over 2

# 28 days from 6 March end on Good Friday
village.corporate report-panel at 2026-05-01
    received 2026-01-05, s3_panel_met 2026-03-06, s3_panel_reported 2026-04-07
    = breach, due 2026-04-03, taken 32, over 4

## Verdicts: the step with no date
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
    = no_evidence, due 2026-03-09, not_recorded

# the file does not keep the field
code acknowledge-stage1 at 2026-03-10
    RECEIVED, without s1_acknowledged
    = no_evidence, due 2026-03-09, not_recorded

# not kept, but not due yet
code acknowledge-stage1 at 2026-03-09
    RECEIVED, without s1_acknowledged
    = running, due 2026-03-09, over 0

# not kept, but withdrawn in time
code acknowledge-stage1 at 2026-03-20
    RECEIVED, withdrawn 2026-03-05, without s1_acknowledged
    = not_applicable, due 2026-03-09, over 0

# another field is not kept
code acknowledge-stage1 at 2026-03-10
    RECEIVED, without s1_responded
    = breach, due 2026-03-09, over 1, not_recorded

# closed, with an outcome, and no acknowledgement column
code acknowledge-stage1 at 2026-06-01
    received 2026-04-02, closed 2026-04-22, s1_outcome upheld, without s1_acknowledged
    = no_evidence, due 2026-04-13, not_recorded

# the outcome says that there was an answer
code respond-stage1 at 2026-03-19
    ACKNOWLEDGED, s1_outcome upheld
    = no_evidence, due 2026-03-18, not_recorded

# an outcome before the due date
code respond-stage1 at 2026-03-18
    ACKNOWLEDGED, s1_outcome upheld
    = running, due 2026-03-18, over 0

# the outcome of a later stage
code acknowledge-stage1 at 2026-03-10
    RECEIVED, s2_outcome upheld
    = no_evidence, due 2026-03-09, not_recorded

# the outcome of an earlier stage
code acknowledge-stage2 at 2026-03-20
    RECEIVED, s1_outcome upheld, s2_requested 2026-03-09
    = breach, due 2026-03-16, over 4, not_recorded

# the outcome goes with an answer that has not happened yet
code respond-stage1 at 2026-03-19
    ACKNOWLEDGED, s1_outcome upheld, s1_responded 2026-03-20
    = breach, due 2026-03-18, over 1, not_recorded

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

# closed before the due date
code acknowledge-stage1 at 2026-03-06
    RECEIVED, closed 2026-03-06
    = no_evidence, due 2026-03-09, not_recorded

# closed after the due date
code acknowledge-stage1 at 2026-04-30
    RECEIVED, closed 2026-03-20
    = no_evidence, due 2026-03-09, not_recorded

# closed after the audit date
code acknowledge-stage1 at 2026-03-19
    RECEIVED, closed 2026-03-20
    = breach, due 2026-03-09, over 8, not_recorded

# refused by the due date, then closed
code acknowledge-stage1 at 2026-04-30
    RECEIVED, refused 2026-03-09, closed 2026-03-20
    = not_applicable, due 2026-03-09, over 0

# refused after the due date, then closed
code acknowledge-stage1 at 2026-04-30
    RECEIVED, refused 2026-03-10, closed 2026-03-20
    = no_evidence, due 2026-03-09, not_recorded

# closed, but done late
code acknowledge-stage1 at 2026-04-30
    RECEIVED, s1_acknowledged 2026-03-11, closed 2026-03-20
    = breach, due 2026-03-09, taken 7, over 2

# closed before stage 2 was asked for, so stage 2 is open
code acknowledge-stage2 at 2026-04-30
    RECEIVED, closed 2026-03-04, s2_requested 2026-03-09
    = breach, due 2026-03-16, over 31, not_recorded

# stage 2 asked for after the refusal
code acknowledge-stage2 at 2026-03-17
    RECEIVED, refused 2026-03-04, s2_requested 2026-03-09
    = breach, due 2026-03-16, over 1, not_recorded

## Contract 4.8: day zero 2 March at the earliest, 9 March at the latest
# within ten days of the earliest
code respond-stage1 at 2026-04-30
    RECEIVED, s1_responded 2026-03-16
    = met, due 2026-03-23, over 0, start_not_recorded

# between the two
code respond-stage1 at 2026-04-30
    RECEIVED, s1_responded 2026-03-17
    = no_evidence, due 2026-03-23, start_not_recorded

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
    = no_evidence, due 2026-03-23, start_not_recorded

# either: the acknowledgement was due on Friday 16 or Monday 19 January; ten days from Saturday 10 are the 23rd
village.corporate respond-stage1 at 2026-02-20
    received 2026-01-10, s1_responded 2026-01-23
    = met, due 2026-01-30, over 0, start_not_recorded

# either: after the earliest, before the latest
village.corporate respond-stage1 at 2026-02-20
    received 2026-01-10, s1_responded 2026-01-26
    = no_evidence, due 2026-01-30, start_not_recorded

# either: after the latest on the first reading alone
village.corporate respond-stage1 at 2026-02-20
    received 2026-01-10, s1_responded 2026-02-02
    = judgement, due 2026-01-30, over 1, start_not_recorded

# either: overdue on the first reading alone
village.corporate respond-stage1 at 2026-02-02
    received 2026-01-10
    = judgement, due 2026-01-30, over 1, not_recorded, start_not_recorded

# either: after the latest both ways
village.corporate respond-stage1 at 2026-02-20
    received 2026-01-10, s1_responded 2026-02-03
    = breach, due 2026-01-30, over 2, start_not_recorded

# stage 2 came first: its acknowledgement was due on 4 March
code respond-stage2 at 2026-03-20
    RECEIVED, flags straight_to_stage2
    = running, due 2026-04-01, over 0, start_not_recorded

# no request, but an outcome
code respond-stage2 at 2026-04-30
    RECEIVED, s2_outcome upheld
    = no_evidence

# no request: no clock at all
code respond-stage2 at 2026-04-30
    RECEIVED, s2_responded 2026-04-01
    = no_evidence

## Contract 4.4
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
    = no_evidence, due 2026-04-01, taken 24

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
    = no_evidence, due 2026-03-18, taken 14

# the notice is past the audit date, and its date with it
code respond-stage1 at 2026-03-19
    ACKNOWLEDGED, s1_extension_notified 2026-03-20, s1_extended_to 2026-03-25
    = breach, due 2026-03-18, over 1, not_recorded

# no cap and no new date
town.corporate respond-stage2 at 2026-04-30
    RECEIVED, s2_requested 2026-03-04, s2_extension_notified 2026-03-20, s2_responded 2026-04-07
    = no_evidence, due 2026-04-01, taken 22

# the notice has its own verdict
village.corporate extend-stage1 at 2026-03-20
    ACKNOWLEDGED, s1_extension_notified 2026-03-19
    = judgement, due 2026-03-18, taken 11, over 1

# and so has a new date beyond the hard cap
village.corporate extend-stage1 at 2026-04-30
    BEYOND
    = judgement, due 2026-03-18, taken 10, over 0

# but the answer has not
village.corporate respond-stage1 at 2026-04-30
    BEYOND
    = breach, due 2026-04-01, taken 24, over 4

# an aim's extension, notified late
town.corporate extend-stage2 at 2026-04-30
    RECEIVED, s2_requested 2026-03-04, s2_extension_notified 2026-04-02
    = judgement, due 2026-04-01, taken 21, over 1

## Contract 4.6, contract 4.9 and contract 4.7
# late from the request (8 April), in time from the statement (15 April)
law respond-stage2 at 2026-04-30
    received 2026-01-05, s2_requested 2026-03-02, s2_statement_agreed 2026-03-09, s2_responded 2026-04-14
    = judgement, due 2026-04-08, taken 29, over 4

# late by the 20 days, in time by the 25
village.corporate respond-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-02, s2_responded 2026-04-08
    = judgement, due 2026-03-30, taken 25, over 5

# late by both limits
village.corporate respond-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-02, s2_responded 2026-04-09
    = breach, due 2026-03-30, taken 26, over 6

# not done, and within the 25
village.corporate respond-stage2 at 2026-04-08
    received 2026-01-05, s2_requested 2026-03-02
    = judgement, due 2026-03-30, over 5, not_recorded

# asked on a Saturday: 14, 15, 21 or 22 April
village.corporate respond-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-14, s2_responded 2026-04-22
    = judgement, due 2026-04-14, taken 26, over 6

# late on all four readings
village.corporate respond-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-14, s2_responded 2026-04-23
    = breach, due 2026-04-14, taken 27, over 7

# extended in time by the 25 days: a cap of 35, on 22 April
village.corporate respond-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-02, s2_extension_notified 2026-03-31, s2_extended_to 2026-04-20,
    s2_responded 2026-04-20
    = judgement, due 2026-03-30, taken 33, over 13

# notified in time by the 25 days alone
village.corporate extend-stage2 at 2026-05-30
    received 2026-01-05, s2_requested 2026-03-02, s2_extension_notified 2026-03-31, s2_extended_to 2026-04-20
    = judgement, due 2026-03-30, taken 21, over 1

# 30 days from the request, or 28 from the acknowledgement
village.corporate convene-panel at 2026-05-30
    received 2026-01-05, s3_requested 2026-03-02, s3_acknowledged 2026-03-09, s3_panel_met 2026-04-20
    = judgement, due 2026-04-15, taken 33, over 3

# after both
village.corporate convene-panel at 2026-05-30
    received 2026-01-05, s3_requested 2026-03-02, s3_acknowledged 2026-03-09, s3_panel_met 2026-04-21
    = breach, due 2026-04-15, taken 34, over 4

# no acknowledgement, no second reading
village.corporate convene-panel at 2026-05-30
    received 2026-01-05, s3_requested 2026-03-02, s3_panel_met 2026-04-20
    = breach, due 2026-04-15, taken 33, over 3

# ten days' notice over Easter
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_invited 2026-04-02, s3_panel_met 2026-04-20
    = met, due 2026-04-02, taken 10, over 0

# nine days' notice
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_invited 2026-04-07, s3_panel_met 2026-04-20
    = breach, due 2026-04-02, taken 9, over 1

# invited on a Saturday: as on the Tuesday after Easter
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_invited 2026-04-04, s3_panel_met 2026-04-20
    = breach, due 2026-04-02, taken 9, over 1

# never invited, or not recorded
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_panel_met 2026-04-20
    = no_evidence, due 2026-04-02, not_recorded

# withdrawn before the invitation was due
law invite-to-panel at 2026-04-30
    received 2026-01-05, s3_requested 2026-03-09, withdrawn 2026-04-02, s3_panel_met 2026-04-20
    = not_applicable, due 2026-04-02, over 0

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
    = no_evidence, due 2026-04-01

# not asked for on the record, but an outcome
town.corporate request-stage2 at 2026-04-30
    RECEIVED, s2_outcome upheld
    = not_applicable

# straight to stage 2 counts from the day received
town.corporate acknowledge-stage2 at 2026-03-03
    RECEIVED, flags straight_to_stage2
    = running, due 2026-03-09, over 0

# straight to stage 2 has its own limit
village.corporate acknowledge-stage2 at 2026-04-30
    RECEIVED, flags straight_to_stage2, s2_acknowledged 2026-03-05
    = breach, due 2026-03-04, taken 3, over 1

# stage 2 after stage 1 has the other
village.corporate acknowledge-stage2 at 2026-04-30
    received 2026-01-05, s2_requested 2026-03-02, s2_acknowledged 2026-03-05
    = met, due 2026-03-09, taken 3, over 0

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

# no consent recorded, and closed
town.corporate consent at 2026-03-20
    ACKNOWLEDGED, representative true, closed 2026-03-20
    = no_evidence, due 2026-03-04, not_recorded

# no consent recorded by the acknowledgement
town.corporate consent at 2026-03-20
    ACKNOWLEDGED, representative true
    = no_evidence, due 2026-03-04

# consent is not kept
town.corporate consent at 2026-03-20
    ACKNOWLEDGED, representative true, without consent_received
    = no_evidence, due 2026-03-04, not_recorded

# straight to stage 2: consent by the acknowledgement of that
village.corporate consent at 2026-03-20
    RECEIVED, flags straight_to_stage2, representative true, s2_acknowledged 2026-03-04, consent_received 2026-03-06
    = breach, due 2026-03-04, taken 4, over 2

# either, without a limit: from Saturday 14 March, Monday is day 1
town.corporate acknowledge-withdrawal at 2026-03-20
    RECEIVED, withdrawn 2026-03-14, withdrawal_acknowledged 2026-03-16
    = met, taken 1

# withdrawal never acknowledged
town.corporate acknowledge-withdrawal at 2026-03-20
    RECEIVED, withdrawn 2026-03-04
    = no_evidence

# remedy completed a working day after the promise, a Friday
village.corporate complete-remedy at 2026-03-30
    RECEIVED, remedy_offered 2026-03-02, remedy_due 2026-03-13, remedy_completed 2026-03-16
    = breach, due 2026-03-13, taken 10, over 1

# remedy promised for a day to come
village.corporate complete-remedy at 2026-03-12
    RECEIVED, remedy_offered 2026-03-02, remedy_due 2026-03-13
    = running, due 2026-03-13, over 0

# remedy completed, and nobody knows when it was offered
village.corporate complete-remedy at 2026-03-30
    RECEIVED, remedy_due 2026-03-13, remedy_completed 2026-03-16
    = no_evidence, due 2026-03-13

# remedy not completed
village.corporate complete-remedy at 2026-03-16
    RECEIVED, remedy_offered 2026-03-02, remedy_due 2026-03-13
    = breach, due 2026-03-13, over 1, not_recorded

# remedy not recorded as completed in a closed case
village.corporate complete-remedy at 2026-03-16
    RECEIVED, remedy_offered 2026-03-02, remedy_due 2026-03-13, closed 2026-03-16
    = no_evidence, due 2026-03-13, not_recorded

# the file does not keep the completion
village.corporate complete-remedy at 2026-03-16
    RECEIVED, remedy_offered 2026-03-02, remedy_due 2026-03-13, without remedy_completed
    = no_evidence, due 2026-03-13, not_recorded

## Questions and conditions
# may it start at stage 2
village.corporate start-at-stage2 at 2026-03-20
    RECEIVED, flags straight_to_stage2
    = judgement

# this kind may
village.corporate start-at-stage2 at 2026-03-20
    RECEIVED, flags straight_to_stage2;cse
    = not_applicable

# it did not
village.corporate start-at-stage2 at 2026-03-20
    RECEIVED
    = not_applicable

# referred before the acknowledgement
village.corporate informal-first at 2026-03-20
    ACKNOWLEDGED, informal_referred 2026-03-03
    = judgement

# referred on the day of the acknowledgement
village.corporate informal-first at 2026-03-20
    ACKNOWLEDGED, informal_referred 2026-03-04
    = not_applicable

# offered, and not acknowledged yet
village.corporate informal-first at 2026-03-20
    RECEIVED, informal_offered 2026-03-03
    = judgement

# offered, and acknowledgements are not kept
village.corporate informal-first at 2026-03-20
    RECEIVED, informal_offered 2026-03-03, without s1_acknowledged
    = not_applicable

# offered, and the acknowledgement went undated
village.corporate informal-first at 2026-03-20
    RECEIVED, informal_offered 2026-03-03, s1_responded 2026-03-10
    = not_applicable

# asked for before the answer
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-09, s1_responded 2026-03-10
    = judgement

# asked for on the day of the answer
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-10, s1_responded 2026-03-10
    = not_applicable

# asked for, and no answer yet
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-10
    = judgement

# asked for, and the answer went undated
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-10, s1_outcome upheld
    = not_applicable

# asked for, and answers are not kept
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-10, without s1_responded
    = not_applicable

# straight to stage 2: nothing to complete
village.corporate complete-stage1 at 2026-03-20
    ACKNOWLEDGED, s2_requested 2026-03-09, flags straight_to_stage2
    = not_applicable

# the time for the answer, 18 March, is up
village.corporate explain-delay-stage1 at 2026-03-19
    ACKNOWLEDGED
    = breach, due 2026-03-18, over 1, not_recorded

# the time for the answer is not up
village.corporate explain-delay-stage1 at 2026-03-18
    ACKNOWLEDGED
    = not_applicable

# an extension does not move it
village.corporate explain-delay-stage1 at 2026-04-30
    ACKNOWLEDGED, s1_extension_notified 2026-03-18, s1_extended_to 2026-03-25, s1_responded 2026-03-25
    = met, due 2026-03-18, taken 10, over 0

# answered on the last day
village.corporate explain-delay-stage1 at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-18
    = not_applicable

# answered a day later, no explanation recorded
village.corporate explain-delay-stage1 at 2026-04-30
    ACKNOWLEDGED, s1_responded 2026-03-19
    = no_evidence, due 2026-03-18, not_recorded

# withdrawn before the time was up
village.corporate explain-delay-stage1 at 2026-04-30
    ACKNOWLEDGED, withdrawn 2026-03-17
    = not_applicable

# answers are not kept: nobody can say that there was a delay
village.corporate explain-delay-stage1 at 2026-04-30
    ACKNOWLEDGED, without s1_responded
    = not_applicable

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

# completions are not kept: nobody can say that an action is left
town.corporate response-stage1-contents at 2026-03-20
    ACKNOWLEDGED, remedy_offered 2026-03-10, s1_responded 2026-03-10, s1_outcome not_upheld,
    s1_response_contains decision;escalation, without remedy_completed
    = met

# one of two will do
village.corporate acknowledgement-stage1-contents at 2026-03-20
    ACKNOWLEDGED, s1_acknowledgement_contains reference;complaint_definition
    = met

# neither of two
village.corporate acknowledgement-stage1-contents at 2026-03-20
    ACKNOWLEDGED, s1_acknowledgement_contains reference
    = breach, complaint_definition, understanding

# neither of two, which is for judgement
village.corporate response-stage1-contents at 2026-03-20
    ACKNOWLEDGED, s1_responded 2026-03-10, s1_response_contains decision
    = judgement, escalation, ombudsman

# neither of two, nor what it must have
village.corporate response-stage1-contents at 2026-03-20
    ACKNOWLEDGED, s1_responded 2026-03-10, s1_response_contains none
    = breach, decision, escalation, ombudsman

# neither of two, where only a person can say whether it was owed
village.corporate response-stage2-contents at 2026-04-30
    received 2026-01-05, s2_requested 2026-03-02, s2_responded 2026-03-10, s2_response_contains decision
    = judgement

# one of two, whether it was owed or not
village.corporate response-stage2-contents at 2026-04-30
    received 2026-01-05, s2_requested 2026-03-02, s2_responded 2026-03-10, s2_response_contains apology
    = not_applicable

# the new date is beyond the cap
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
    case: dict[str, object] = {}
    for name, recorded in items(text):
        if name != "without":
            case[full(name)] = value(full(name), recorded)
    return case


def kept_of(text: str) -> frozenset[str] | None:
    """The fields that the file keeps; None where every one."""
    dropped = {full(recorded) for name, recorded in items(text) if name == "without"}
    return frozenset(fields.FIELDS) - dropped if dropped else None


def items(text: str) -> list[tuple[str, str]]:
    for word, meaning in SHORT.items():
        text = text.replace(word, meaning)
    return [(name, recorded) for name, recorded in (item.split() for item in text.split(","))]


def full(name: str) -> str:
    return f"stage{name[1:]}" if name[:2] in ("s1", "s2", "s3") else name


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
    found = judge(case_of(case), books[book], date.fromisoformat(as_at), kept=kept_of(case))
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


def test_a_closure_day_is_a_day_off(books: dict[str, Rulebook]) -> None:
    """Friday 6 March: day zero by the Code; for the council, Friday 13 or Monday 16 is the fifth day."""
    case = case_of("received 2026-03-06, s1_acknowledged 2026-03-16")
    for book, said in (("town.corporate", "judgement"), ("code", "breach")):
        found = judge(case, books[book], date(2026, 4, 30), frozenset({date(2026, 3, 6)}))
        assert shown(found["acknowledge-stage1"]) == f"{said}, due 2026-03-13, taken 6, over 1"
    found = judge(case, books["town.corporate"], date(2026, 4, 30), frozenset({date(2026, 3, 16)}))
    assert shown(found["acknowledge-stage1"]) == "breach, due 2026-03-13, taken 6, over 1", "done as on Tuesday 17"


def test_a_file_that_does_not_keep_a_field_shows_nothing_of_it(books: dict[str, Rulebook]) -> None:
    case = case_of("ACKNOWLEDGED, s1_responded 2026-03-20")
    kept = frozenset({"received", "stage1_acknowledged"})
    found = judge(case, books["code"], date(2026, 4, 30), kept=kept)["respond-stage1"]
    assert shown(found) == "no_evidence, due 2026-03-18, not_recorded"
    assert found.done is None


@pytest.mark.parametrize("begins", ["next_working_day", "from_the_day", "day_one"])
@pytest.mark.parametrize("holds", [[], [(date(2026, 4, 8), date(2026, 4, 14))]], ids=["no hold", "a hold"])
def test_days_over_are_days_taken_less_days_allowed(begins: str, holds: list[tuple[date, date]]) -> None:
    days, limit = Days(frozenset({date(2026, 3, 31)})), parse_limit("6 working days")
    for start, done in product((date(2026, 3, 20) + ONE_DAY * n for n in range(30)), range(40)):
        due, done = days.due(start, limit, holds, begins), start + ONE_DAY * done
        taken = days.taken(start, done, limit, holds, begins)
        assert (taken <= 6) if done <= due else days.over(due, done, limit, holds) == taken - 6


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
        pytest.param("s1_holds 2026-03-19/..", "breach, due 2026-03-18, over 0, not_recorded", id="begun too late"),
        pytest.param("s1_holds 2026-03-09/.., withdrawn 2026-03-20", "not_applicable", id="withdrawn on hold"),
        pytest.param("s1_holds 2026-03-09/.., closed 2026-03-20", "no_evidence, not_recorded", id="closed on hold"),
    ],
)
def test_holds(books: dict[str, Rulebook], recorded: str, expected: str) -> None:
    case, as_at = case_of(f"ACKNOWLEDGED, {recorded}"), date(2026, 3, 20)
    found = judge(case, books["town.corporate"], as_at, holds_allowed=True)["respond-stage1"]
    assert shown(found) == expected
    unheld = judge(case, books["town.corporate"], as_at)["respond-stage1"]
    assert unheld.due == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("recorded", "as_at", "rule", "expected"),
    [
        pytest.param(
            "s1_holds 2026-03-23/2026-03-25, s1_responded 2026-03-26",
            date(2026, 4, 30),
            "respond-stage1",
            "breach, due 2026-03-18, taken 14, over 4",
            id="19, 20, 25 and 26 March",
        ),
        pytest.param(
            "s1_holds 2026-03-23/..",
            date(2026, 3, 26),
            "respond-stage1",
            "breach, due 2026-03-18, over 2, not_recorded",
            id="19 and 20 March, and on hold since",
        ),
        pytest.param(
            "s1_holds 2026-03-23/..",
            date(2026, 3, 28),
            "respond-stage1",
            "breach, due 2026-03-18, over 2, not_recorded",
            id="on hold still on a Saturday",
        ),
        pytest.param(
            # Acknowledged from 2 to 9 March: due from the 16th, or on hold since the 23rd with the cap still moving.
            "s1_acknowledged 2026-05-01, s1_holds 2026-03-23/.., s1_extension_notified 2026-03-17, "
            "s1_extended_to 2026-04-09",
            date(2026, 4, 10),
            "extend-stage1",
            "no_evidence, start_not_recorded",
            id="notified after the earliest due date, before the latest",
        ),
        pytest.param(
            "s1_holds 2026-03-09/.., s1_extension_notified 2026-03-12",
            date(2026, 3, 20),
            "extend-stage1",
            "met, taken 2",
            id="5 and 6 March, and notified while on hold",
        ),
    ],
)
def test_days_on_hold_are_left_out(
    books: dict[str, Rulebook], recorded: str, as_at: date, rule: str, expected: str
) -> None:
    case = case_of(f"ACKNOWLEDGED, {recorded}")
    assert shown(judge(case, books["town.corporate"], as_at, holds_allowed=True)[rule]) == expected
