"""Contract 5: steps not done, endings, closed cases, straight to stage 2, informal attempts, windows.

Received Mon 2 March 2026: Coventry's acknowledgement is due Mon 9 March, and, acknowledged that same day, its
response Mon 16 March. Letters, consent and who considers stage 2 are in test_contract_letters.py.
"""

from __future__ import annotations

import pytest
from casefiles import Deck, Row

R = "received=2026-03-02 "
A = R + "stage1_acknowledged=2026-03-02 "
S2 = "received=2026-01-05 stage1_acknowledged=2026-01-05 stage1_responded=2026-01-16 stage2_requested=2026-03-02 "
ACK, RESPOND, ACK2, RESPOND2 = "acknowledge-stage1", "respond-stage1", "acknowledge-stage2", "respond-stage2"
BOTH = ("coventry.corporate", "lgsco")
MISSING = "marks=not_recorded"

# A step with no date is not done -----------------------------------------------------------------
NOT_DONE = [
    *(
        Row(says, record, rule, expect, as_at, book)
        for book in BOTH
        for says, record, rule, expect, as_at in [
            ("running on the due date", R, ACK, "running due=2026-03-09 done=- over=0", "2026-03-09"),
            ("overdue the day after", R, ACK, f"breach due=2026-03-09 done=- taken=- over=1 {MISSING}", "2026-03-10"),
            ("overdue by 16 days", R, ACK, f"breach over=16 {MISSING}", "2026-03-31"),
            ("overdue on a Saturday, which counts as Monday", "received=2026-03-06", ACK,
             f"breach due=2026-03-13 over=1 {MISSING}", "2026-03-14"),
            ("a response not made", A, RESPOND, f"breach due=2026-03-16 over=11 {MISSING}", "2026-03-31"),
            ("stage 2 not acknowledged", S2, ACK2, f"breach due=2026-03-09 over=16 {MISSING}", "2026-03-31"),
            ("stage 2 running", S2 + "stage2_acknowledged=2026-03-05", RESPOND2, "running due=2026-04-02",
             "2026-03-31"),
        ]
    ),
    # Nobody can tell a missing letter from a missing entry where something later is recorded.
    *(
        Row(f"overdue, {later} recorded", R + f"{later}=2026-03-20", ACK, f"no_evidence due=2026-03-09 {MISSING}",
            book=book)
        for book in BOTH
        for later in (
            "stage1_department_notified", "stage1_extension_notified", "stage1_responded",
            "stage2_requested", "stage2_request_refused", "stage2_acknowledged", "stage2_responded", "stage3_requested",
        )
    ),
    Row("not overdue yet, a later stage recorded", A + "stage2_requested=2026-03-05", RESPOND, "running due=2026-03-16",
        "2026-03-16"),
    Row("overdue, the extension told is an earlier step", A + "stage1_extension_notified=2026-03-05 "
        "stage1_extended_to=2026-03-20", RESPOND, f"breach due=2026-03-20 over=7 {MISSING}", "2026-03-31"),
    Row("overdue, a later stage recorded", A + "stage2_requested=2026-03-20", RESPOND, f"no_evidence {MISSING}"),
    Row("overdue, only an earlier step recorded", S2 + "stage2_department_notified=2026-03-03", RESPOND2,
        "breach marks=start_not_recorded,not_recorded"),
    Row("overdue, stage 3 recorded", S2 + "stage2_acknowledged=2026-03-02 stage3_requested=2026-05-05", RESPOND2,
        f"no_evidence due=2026-03-30 {MISSING}"),
    Row("the acknowledgement before the department was told", S2 + "stage2_department_notified=2026-03-03", ACK2,
        f"no_evidence {MISSING}"),
    *(
        Row(f"no panel, {later} recorded", f"received=2026-01-05 stage3_requested=2026-04-01 {later}=2026-06-01",
            "convene-panel", expect, book=book)
        for book in ("coventry.children", "children-2006")
        for later, expect in [
            ("stage3_panel_invited", f"breach due=2026-05-18 {MISSING}"),
            ("stage3_acknowledged", f"breach due=2026-05-18 {MISSING}"),
            ("stage3_panel_reported", f"no_evidence due=2026-05-18 {MISSING}"),
            ("stage3_responded", f"no_evidence due=2026-05-18 {MISSING}"),
        ]
    ),
    Row("a first look not done", R, "triage", f"breach due=2026-03-03 {MISSING}"),
    Row("a first look still to come", R, "triage", "running due=2026-03-03", "2026-03-03"),
    Row("an aim not done", R, RESPOND, f"judgement due=2026-03-30 over=1 {MISSING}", "2026-03-31", "coventry.adults"),
]  # fmt: skip

# A start or a request with no date ---------------------------------------------------------------
NO_START = [
    *(
        Row(says, record, rule, expect, book=book)
        for book in BOTH
        for says, record, rule, expect in [
            ("no escalation", A, ACK2, "not_applicable"),
            ("no escalation", A, RESPOND2, "not_applicable"),
            ("no request, the step recorded", A + "stage2_acknowledged=2026-03-20", ACK2,
             "no_evidence done=2026-03-20 start=- due=- marks=?"),
            ("no request, something later recorded", A + "stage2_responded=2026-03-20", ACK2, "no_evidence marks=?"),
            ("no request, a later stage recorded", A + "stage3_requested=2026-05-05", ACK2, "no_evidence marks=?"),
            ("neither request nor acknowledgement, answered", A + "stage2_responded=2026-03-20", RESPOND2,
             "no_evidence marks=?"),
        ]
    ),
    *(
        Row(says, A + record, "request-stage2", expect, book=book)
        for book in ("coventry.corporate", "coventry.children", "children-2006")
        for says, record, expect in [
            ("not asked for", "stage1_responded=2026-03-16", "not_applicable"),
            ("not asked for, the window over", "stage1_responded=2026-03-03", "not_applicable"),
            ("no date, a later step recorded", "stage1_responded=2026-03-16 stage2_acknowledged=2026-03-20",
             "no_evidence marks=?"),
            ("no date, a refusal of it recorded", "stage1_responded=2026-03-16 stage2_request_refused=2026-03-20",
             "no_evidence marks=?"),
            ("no date, a later stage recorded", "stage1_responded=2026-03-16 stage3_requested=2026-05-05",
             "no_evidence marks=?"),
            ("asked for, the response not recorded", "stage2_requested=2026-03-20",
             "no_evidence done=2026-03-20 marks=?"),
            ("asked for before the response", "stage1_responded=2026-03-16 stage2_requested=2026-03-10",
             "met due=2026-04-15 done=2026-03-10 taken=0 over=0"),
        ]
    ),
    *(
        Row(says, "received=2026-01-05 " + record, rule, expect, book="children-2006")
        for says, record, rule, expect in [
            ("stage 3 not asked for", "stage2_requested=2026-02-02 stage2_responded=2026-02-16", "request-stage3",
             "not_applicable"),
            ("no date, the panel met", "stage2_responded=2026-02-16 stage3_panel_met=2026-04-01", "request-stage3",
             "no_evidence marks=?"),
            ("not asked for", "stage2_responded=2026-02-16", "convene-panel", "not_applicable"),
            ("no request, the panel met", "stage3_panel_met=2026-04-01", "convene-panel", "no_evidence marks=?"),
            ("no meeting, a report", "stage3_panel_reported=2026-04-01", "report-panel", "no_evidence marks=?"),
            ("no meeting, a response", "stage3_responded=2026-04-01", "report-panel", "no_evidence marks=?"),
            ("no meeting, nothing later", "stage3_requested=2026-04-01", "report-panel", "not_applicable"),
            ("no report, a response", "stage3_panel_met=2026-04-01 stage3_responded=2026-04-20", "respond-stage3",
             "no_evidence marks=?"),
            ("no report, no response", "stage3_requested=2026-04-01", "respond-stage3", "not_applicable"),
        ]
    ),
]  # fmt: skip

# Endings -----------------------------------------------------------------------------------------
ENDINGS = [
    *(
        # Coventry's App C has the response in time up to 23 March.
        Row(f"{ending} {says}", record.format(ending), rule,
            expect.replace("breach", "judgement") if (rule, book) == (RESPOND, "coventry.corporate") else expect,
            as_at, book)
        for book in BOTH
        for ending in ("refused", "withdrawn", "informal_resolved")
        for says, record, rule, expect, as_at in [
            ("on the due date", R + "{}=2026-03-09", ACK, "not_applicable marks=?", "2026-03-31"),
            ("before a due date still to come", R + "{}=2026-03-04", ACK, "not_applicable marks=?", "2026-03-05"),
            ("the day after: overdue to the ending", R + "{}=2026-03-10", ACK, f"breach over=1 {MISSING}",
             "2026-03-31"),
            ("three days after", R + "{}=2026-03-12", ACK, f"breach over=3 {MISSING}", "2026-03-31"),
            ("whatever is recorded later", R + "{}=2026-03-04 stage1_responded=2026-03-20", ACK,
             "not_applicable marks=?",
             "2026-03-31"),
            ("on the response's due date", A + "{}=2026-03-16", RESPOND, "not_applicable marks=?", "2026-03-31"),
            ("after the response's due date", A + "{}=2026-03-17", RESPOND, f"breach over=1 {MISSING}", "2026-03-31"),
            ("by the extended due date",
             A + "{}=2026-03-19 stage1_extension_notified=2026-03-16 stage1_extended_to=2026-03-20", RESPOND,
             "not_applicable marks=?", "2026-03-31"),
            ("excuses stage 2 asked for by then", S2 + "{}=2026-03-09", ACK2, "not_applicable marks=?", "2026-03-31"),
            ("on the day stage 2 was asked for", S2 + "{}=2026-03-02", ACK2, "not_applicable marks=?", "2026-03-31"),
            ("after stage 2's due date", S2 + "{}=2026-03-11", ACK2, f"breach due=2026-03-09 over=2 {MISSING}",
             "2026-03-31"),
            ("before stage 2 was asked for", S2 + "{}=2026-02-27", ACK2, f"breach due=2026-03-09 over=16 {MISSING}",
             "2026-03-31"),
            ("and the clock of unknown start", R + "{}=2026-03-05", RESPOND, "not_applicable marks=?", "2026-03-31"),
            ("dated after the audit date", R + "{}=2026-04-20", ACK, f"breach over=16 {MISSING}", "2026-03-31"),
            # A step done is judged by its date.
            ("then done in time", R + "{}=2026-03-04 stage1_acknowledged=2026-03-06", ACK, "met taken=4", "2026-03-31"),
            ("then done late", R + "{}=2026-03-04 stage1_acknowledged=2026-03-20", ACK,
             "judgement done=2026-03-20 taken=14 over=9 marks=reopened", "2026-03-31"),
            ("on the due date, then done late", R + "{}=2026-03-09 stage1_acknowledged=2026-03-10", ACK,
             "judgement over=1 marks=reopened", "2026-03-31"),
            ("that excused nothing, then done late", R + "{}=2026-03-12 stage1_acknowledged=2026-03-20", ACK,
             "breach over=9", "2026-03-31"),
            ("then answered late", A + "{}=2026-03-05 stage1_responded=2026-03-30", RESPOND,
             "judgement over=10 marks=reopened", "2026-03-31"),
            ("before a stage 2 acknowledged late", S2 + "{}=2026-02-27 stage2_acknowledged=2026-03-11", ACK2,
             "breach over=2", "2026-03-31"),
        ]
    ),
    *(
        Row(f"escalation refused {says}", record, rule, expect, as_at, book)
        for book in BOTH
        for says, record, rule, expect, as_at in [
            ("in time", S2 + "stage2_request_refused=2026-03-09", ACK2, "not_applicable marks=?", "2026-03-31"),
            ("in time", S2 + "stage2_request_refused=2026-03-09", RESPOND2, "not_applicable marks=?", "2026-06-30"),
            ("late", S2 + "stage2_request_refused=2026-03-11", ACK2, f"breach over=2 {MISSING}", "2026-03-31"),
            ("then acknowledged late", S2 + "stage2_request_refused=2026-03-05 stage2_acknowledged=2026-03-11", ACK2,
             "judgement over=2 marks=reopened", "2026-03-31"),
            ("ends its own stage only", A + "stage2_requested=2026-03-10 stage2_request_refused=2026-03-12", RESPOND,
             f"no_evidence due=2026-03-16 {MISSING}", "2026-03-31"),
        ]
    ),
    *(
        Row(f"stage 3 refused {says}", f"received=2026-01-05 stage3_requested=2026-04-01 {field}=2026-04-07", rule,
            expect,
            book="coventry.children")
        for says, field, rule, expect in [
            ("in time", "stage3_request_refused", "acknowledge-stage3", "not_applicable marks=?"),
            ("in time", "stage3_request_refused", "convene-panel", "not_applicable marks=?"),
            ("is not stage 2 refused", "stage2_request_refused", "acknowledge-stage3", f"breach {MISSING}"),
        ]
    ),
    Row("an aim is excused too", R + "withdrawn=2026-03-03", "triage", "not_applicable marks=?"),
    Row("six months, withdrawn on the last day", "received=2026-01-10 withdrawn=2026-07-09", "respond-stage1-limit",
        "not_applicable marks=?", "2026-07-20", "adults-2009"),
    Row("six months, withdrawn too late", "received=2026-01-10 withdrawn=2026-07-11", "respond-stage1-limit",
        f"breach over=2 {MISSING}", "2026-07-20", "adults-2009"),
]  # fmt: skip

CLOSED = [
    Row(f"closed {says}", record, rule, expect, as_at, book)
    for book in BOTH
    for says, record, rule, expect, as_at in [
        ("on the due date", R + "closed=2026-03-09", ACK, "no_evidence due=2026-03-09 marks=?", "2026-03-31"),
        ("before a due date still to come", R + "closed=2026-03-04", ACK, f"no_evidence {MISSING}", "2026-03-05"),
        ("after it", R + "closed=2026-03-10", ACK, f"no_evidence over=- {MISSING}",
         "2026-03-31"),
        ("before the response's due date", A + "closed=2026-03-16", RESPOND, "no_evidence marks=?", "2026-03-31"),
        ("after the response's due date", A + "closed=2026-03-17", RESPOND, f"no_evidence over=- {MISSING}",
         "2026-03-31"),
        ("and withdrawn in time", R + "withdrawn=2026-03-04 closed=2026-03-05", ACK, "not_applicable marks=?",
         "2026-03-31"),
        ("and withdrawn too late", R + "closed=2026-03-05 withdrawn=2026-03-12", ACK, "no_evidence marks=?",
         "2026-03-31"),
        ("does not excuse a step done late", R + "closed=2026-03-04 stage1_acknowledged=2026-03-20", ACK,
         "breach over=9", "2026-03-31"),
        ("before stage 2 was asked for", S2 + "closed=2026-02-27", ACK2, f"breach due=2026-03-09 {MISSING}",
         "2026-03-31"),
        ("after stage 2 was asked for", S2 + "closed=2026-03-06", ACK2, "no_evidence marks=?", "2026-03-31"),
        ("after the audit date", R + "closed=2026-04-20", ACK, "running", "2026-03-09"),
    ]
]  # fmt: skip

# Straight to stage 2 -----------------------------------------------------------------------------
F = R + "flags=straight_to_stage2 "
_STAGE1 = (
    ACK, RESPOND, "extend-stage1", "acknowledgement-stage1-contents", "extension-stage1-contents",
    "response-stage1-contents", "request-stage2", "request-stage2-limit",
)  # fmt: skip
STRAIGHT = [
    *(Row("no stage 1 rules", F, rule, "absent", book=book) for book in BOTH for rule in _STAGE1),
    *(
        Row("no stage 1 rules, whatever is recorded of it",
            F + "stage1_acknowledged=2026-03-20 stage1_responded=2026-05-29 stage2_requested=2026-03-02", rule,
            "absent",
            book=book)
        for book in BOTH
        for rule in _STAGE1
    ),
    *(Row("no stage 1 rules", F, rule, "absent", book="children-2006") for rule in (RESPOND, "request-stage2")),
    *(
        # Coventry's App C has 25 days from the request where 14.8 has 20 from the acknowledgement.
        Row(says, F + record, rule,
            expect.replace("breach", "judgement") if (says, book) == ("the response", "coventry.corporate") else expect,
            as_at, book)
        for book in BOTH
        for says, record, rule, expect, as_at in [
            ("asked for on the day received", "stage2_acknowledged=2026-03-09", ACK2,
             "met start=2026-03-02 due=2026-03-09 taken=5", "2026-06-30"),
            ("asked for on the day received, late", "stage2_acknowledged=2026-03-10", ACK2,
             "breach start=2026-03-02 due=2026-03-09 over=1", "2026-06-30"),
            ("a request of its own", "stage2_requested=2026-03-05 stage2_acknowledged=2026-03-12", ACK2,
             "met start=2026-03-05 due=2026-03-12 taken=5", "2026-06-30"),
            ("the acknowledgement overdue", "", ACK2, f"breach start=2026-03-02 over=1 {MISSING}", "2026-03-10"),
            ("the response", "stage2_acknowledged=2026-03-02 stage2_responded=2026-03-31", RESPOND2,
             "breach due=2026-03-30 taken=21 over=1", "2026-06-30"),
            # Acknowledged between 2 and 9 March: due between 30 March and 8 April.
            ("bounded from the day received", "stage2_responded=2026-04-09", RESPOND2,
             "breach marks=start_not_recorded",
             "2026-06-30"),
            ("withdrawn in time", "withdrawn=2026-03-04", ACK2, "not_applicable marks=?", "2026-06-30"),
        ]
    ),
    Row("children: 25 days from the day received", F + "stage2_responded=2026-04-09", RESPOND2,
        "breach start=2026-03-02 due=2026-04-08 over=1", book="children-2006"),
]  # fmt: skip

# An informal attempt: due 5 March ----------------------------------------------------------------
INFORMAL = [
    Row(says, R + record, "resolve-informally", expect, as_at, book)
    for book in ("coventry.corporate", "coventry.children", "coventry.adults")
    for says, record, expect, as_at in [
        ("resolved in time", "informal_offered=2026-03-03 informal_resolved=2026-03-05", "met due=2026-03-05",
         "2026-06-30"),
        ("resolved late", "informal_offered=2026-03-03 informal_resolved=2026-03-06", "judgement over=1", "2026-06-30"),
        ("acknowledged as stage 1 by its due date", "informal_offered=2026-03-03 stage1_acknowledged=2026-03-05",
         "not_applicable marks=?", "2026-06-30"),
        ("still running", "informal_offered=2026-03-03", "running due=2026-03-05", "2026-03-05"),
        ("came to nothing", "informal_offered=2026-03-03", f"judgement due=2026-03-05 {MISSING}", "2026-06-30"),
        ("withdrawn by its due date", "informal_offered=2026-03-03 withdrawn=2026-03-05", "not_applicable marks=?",
         "2026-06-30"),
        ("never tried", "stage1_acknowledged=2026-03-05", "not_applicable marks=?", "2026-06-30"),
    ]
]  # fmt: skip

# complain-in-time, windows -----------------------------------------------------------------------
WINDOWS = [
    *(
        Row(says, record, "complain-in-time", expect, book=book)
        for book in ("coventry.corporate", "lgsco", "housing", "adults-2009", "coventry.children")
        for says, record, expect in [
            ("from becoming aware", R + "matter_occurred=2024-01-08 matter_known=2025-06-02",
             "met start=2025-06-02 due=2026-06-02"),
            ("outside", R + "matter_occurred=2024-01-08 matter_known=2025-02-28",
             "judgement start=2025-02-28 due=2026-02-28 over=2"),
            ("from the matter, where awareness is blank", R + "matter_occurred=2025-06-02",
             "met start=2025-06-02 due=2026-06-02"),
            ("outside from the matter only", R + "matter_occurred=2025-02-28", "no_evidence marks=?"),
            ("neither recorded", R, "no_evidence start=- due=- marks=?"),
        ]
    ),
    Row("the 2006 Regulations count from the matter", R + "matter_occurred=2025-02-28 matter_known=2026-01-05",
        "complain-in-time", "judgement start=2025-02-28 due=2026-02-28 over=2", book="children-2006"),
    Row("the 2006 Regulations, the matter blank", R + "matter_known=2026-01-05", "complain-in-time",
        "no_evidence marks=?", book="children-2006"),
    Row("only one of the two dates", "received=2025-03-05 proceedings_ended=2025-03-10", "resubmit-in-time",
        "not_applicable marks=?", book="coventry.children"),
    Row("only one of the two dates", "received=2025-03-05 resubmitted=2026-03-11", "resubmit-in-time",
        "not_applicable marks=?", book="coventry.adults"),
]  # fmt: skip

ROWS = [*NOT_DONE, *NO_START, *ENDINGS, *CLOSED, *STRAIGHT, *INFORMAL, *WINDOWS]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return Deck(ROWS, tmp_path_factory.mktemp("verdicts"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_verdict(deck: Deck, row: Row) -> None:
    deck.check(row)


def test_a_window_is_never_the_councils_breach(deck: Deck) -> None:
    """Whatever is recorded in all these cases; nor is a missed aim."""
    dates = {row.as_at for row in ROWS}
    kinds = {(found["kind"], found["verdict"]) for as_at in dates for found in deck.audited(as_at).values()}
    assert ("window", "judgement") in kinds and ("aim", "judgement") in kinds
    assert not {("window", "breach"), ("aim", "breach")} & kinds
