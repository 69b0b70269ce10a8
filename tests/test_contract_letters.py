"""Contract 5.10 to 5.17 on letters, extensions, who considers stage 2, consent and withdrawal.

The clauses' words are the rulebooks' own (tests/register/contents.csv), listed in each row.
"""

from __future__ import annotations

import pytest
from casefiles import Deck, Row

R = "received=2026-03-02 stage1_acknowledged=2026-03-02 "
LOCAL, CODE = "coventry.corporate", "lgsco"

ACKNOWLEDGEMENT = [
    Row(says, record, "acknowledgement-stage1-contents", expect, book=book)
    for book in (LOCAL, "coventry.children", "coventry.adults")
    for says, record, expect in [
        ("all four", R + "stage1_acknowledgement_contains=understanding;outcomes_sought;handler;reply_date",
         "met missing=-"),
        ("all four and more", R + "stage1_acknowledgement_contains=reply_date;handler;outcomes_sought;understanding;"
         "reference", "met missing=-"),
        ("words ignore case", R + "stage1_acknowledgement_contains=Understanding;OUTCOMES_SOUGHT;Handler;reply_Date",
         "met missing=-"),
        ("checked, and two lacking", R + "stage1_acknowledgement_contains=understanding;handler",
         "breach missing=outcomes_sought,reply_date"),
        ("looked at, and nothing found", R + "stage1_acknowledgement_contains=none",
         "breach missing=understanding,outcomes_sought,handler,reply_date"),
        ("nothing found, in capitals", R + "stage1_acknowledgement_contains=NONE",
         "breach missing=understanding,outcomes_sought,handler,reply_date"),
        ("blank: nobody recorded it", R, "no_evidence missing=-"),
        ("not sent", "received=2026-03-02", "not_applicable"),
    ]
] + [
    Row("sent after the audit date", "received=2026-03-02 stage1_acknowledged=2026-03-04 "
        "stage1_acknowledgement_contains=none", "acknowledgement-stage1-contents", "not_applicable", "2026-03-03"),
    Row("sent on the audit date", "received=2026-03-02 stage1_acknowledged=2026-03-03 "
        "stage1_acknowledgement_contains=handler", "acknowledgement-stage1-contents",
        "breach missing=understanding,outcomes_sought,reply_date", "2026-03-03"),
]  # fmt: skip

_X = R + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-03-20 "
_X2 = (
    R + "stage1_responded=2026-03-09 stage2_requested=2026-03-10 stage2_acknowledged=2026-03-10 "
    "stage2_extension_notified=2026-03-20 stage2_extended_to=2026-04-20 "
)
NOTICE_OF_EXTENSION = [
    *(
        Row(says, record, "extension-stage1-contents", expect, book=book)
        for book in (LOCAL, CODE, "housing", "coventry.children")
        for says, record, expect in [
            ("all three", _X + "stage1_extension_contains=reason;new_date;ombudsman", "met missing=-"),
            ("no Ombudsman", _X + "stage1_extension_contains=reason;new_date", "breach missing=ombudsman"),
            ("blank", _X, "no_evidence missing=-"),
            ("no notice", R, "not_applicable"),
        ]
    ),
    *(
        Row("stage 2, no reason", _X2 + "stage2_extension_contains=new_date;ombudsman", "extension-stage2-contents",
            "breach missing=reason", book=book)
        for book in (LOCAL, CODE, "housing")
    ),
    Row("adults: reason and new date", _X + "stage1_extension_contains=reason", "extension-stage1-contents",
        "judgement missing=new_date", book="coventry.adults"),
    Row("children's stage 2 asks for no Ombudsman", _X2 + "stage2_extension_contains=reason;new_date",
        "extension-stage2-contents", "met missing=-", book="coventry.children"),
    # Housing 5.9, a conditional word: how often there will be news, where the date is beyond the cap (30 March). It
    # does not say that the notice is the place for it.
    Row("beyond the cap: updates asked for", R + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-04-30 "
        "stage1_extension_contains=reason;new_date;ombudsman", "extension-stage1-contents",
        "judgement missing=update_intervals", book="housing"),
    Row("on the cap: not asked for", R + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-03-30 "
        "stage1_extension_contains=reason;new_date;ombudsman", "extension-stage1-contents", "met missing=-",
        book="housing"),
]  # fmt: skip

_A = R + "stage1_responded=2026-03-13 "
_BASIC = "stage1_response_contains=issues_investigated;decision;reasons;escalation"
RESPONSE = [
    *(
        Row(says, _A + record, "response-stage1-contents", expect)
        for says, record, expect in [
            ("what 13.13 asks", _BASIC, "met missing=-"),
            ("not upheld: no more", _BASIC + " stage1_outcome=not_upheld", "met missing=-"),
            # 13.17 asks for an apology; 15.1 for a word of how things are put right, done or to come.
            ("upheld: an apology, and how it is put right", _BASIC + " stage1_outcome=upheld",
             "breach missing=apology,remedy,outstanding_actions"),
            ("partly upheld: how it is put right, by 15.1 alone", _BASIC + " stage1_outcome=partly_upheld",
             "judgement missing=apology,remedy,outstanding_actions"),
            ("partly upheld: an apology will do", _BASIC + ";apology stage1_outcome=partly_upheld", "met missing=-"),
            ("upheld, all there", _BASIC + ";apology;remedy;action_dates stage1_outcome=upheld", "met missing=-"),
            ("upheld, actions left",
             _BASIC + ";apology;remedy;action_dates stage1_outcome=upheld remedy_offered=2026-03-12",
             "breach missing=outstanding_actions"),
            ("upheld, actions done",
             _BASIC + ";apology;remedy;action_dates stage1_outcome=upheld remedy_offered=2026-03-11 "
             "remedy_completed=2026-03-12", "met missing=-"),
            ("outcomes ignore case", _BASIC + " stage1_outcome=UPHELD",
             "breach missing=apology,remedy,outstanding_actions"),
            ("one finding for several clauses", "stage1_response_contains=none stage1_outcome=upheld",
             "breach missing=issues_investigated,decision,reasons,escalation,apology,remedy,outstanding_actions"),
            ("blank", "stage1_outcome=upheld", "no_evidence missing=-"),
        ]
    ),
    Row("not answered", R, "response-stage1-contents", "not_applicable"),
    *(
        Row(says, _A + record, "response-stage1-contents", expect, book=CODE)
        for says, record, expect in [
            ("6.7 and 6.8", "stage1_response_contains=reasons;escalation stage1_outcome=not_upheld", "met missing=-"),
            ("no way to stage 2", "stage1_response_contains=reasons stage1_outcome=not_upheld",
             "breach missing=escalation"),
            # 7.1 and 7.3: any kind of remedy, done or to be done; dates where something is left to do; no letter named
            ("upheld", "stage1_response_contains=reasons;escalation stage1_outcome=upheld",
             "judgement missing=remedy,apology,outstanding_actions"),
            ("partly upheld", "stage1_response_contains=reasons;escalation;remedy stage1_outcome=partly_upheld",
             "met missing=-"),
            ("partly upheld, actions left", "stage1_response_contains=reasons;escalation;remedy "
             "stage1_outcome=partly_upheld remedy_offered=2026-03-12", "judgement missing=action_dates"),
            ("no outcome recorded: not asked for", "stage1_response_contains=reasons;escalation", "met missing=-"),
        ]
    ),
    *(
        Row(says, _A + record, "response-stage1-contents", expect, book="housing")
        for says, record, expect in [
            ("6.9", "stage1_response_contains=complaint_stage;complaint_definition;decision;reasons;escalation",
             "met missing=-"),
            ("6.9, two lacking", "stage1_response_contains=decision;reasons;escalation",
             "breach missing=complaint_stage,complaint_definition"),
            ("a remedy offered",
             "stage1_response_contains=complaint_stage;complaint_definition;decision;reasons;escalation "
             "remedy_offered=2026-03-12", "breach missing=remedy,outstanding_actions"),
        ]
    ),
    Row("adults: the decision", _A + "stage1_response_contains=decision", "response-stage1-contents", "met missing=-",
        book="coventry.adults"),
    Row("adults: a remedy offered", _A + "stage1_response_contains=decision remedy_offered=2026-03-12",
        "response-stage1-contents", "breach missing=remedy,outstanding_actions,action_dates", book="coventry.adults"),
    *(
        Row("stage 2, no Ombudsman", _A + "stage2_requested=2026-03-16 stage2_responded=2026-04-10 "
            f"stage2_response_contains={words} stage2_outcome=not_upheld", "response-stage2-contents",
            "breach missing=ombudsman", book=book)
        for book, words in [
            (LOCAL, "issues_investigated;decision;reasons"),
            (CODE, "reasons;decision"),
            ("housing", "complaint_stage;complaint_definition;decision;reasons"),
        ]
    ),
    Row("stage 1's outcome is no condition of stage 2's letter",
        _A + "stage1_outcome=upheld stage2_requested=2026-03-16 "
        "stage2_responded=2026-04-10 stage2_outcome=not_upheld "
        "stage2_response_contains=issues_investigated;decision;reasons;ombudsman", "response-stage2-contents",
        "met missing=-"),
    Row("children's stage 3", "received=2026-01-05 stage3_requested=2026-04-01 stage3_responded=2026-06-01 "
        "stage3_response_contains=none", "response-stage3-contents", "judgement missing=outstanding_actions",
        book="coventry.children"),
]  # fmt: skip

_WINDOW = "received=2026-01-05 stage1_acknowledged=2026-01-05 stage1_responded=2026-01-16 "  # day 20: Fri 13 February
REFUSAL = [
    Row("local: three", "received=2026-03-02 refused=2026-03-04 refusal_contains=explanation;exclusion;ombudsman",
        "refusal-contents", "met missing=-"),
    Row("local: no exclusion named", "received=2026-03-02 refused=2026-03-04 refusal_contains=explanation;ombudsman",
        "refusal-contents", "breach missing=exclusion"),
    Row("Code: two", "received=2026-03-02 refused=2026-03-04 refusal_contains=explanation;ombudsman",
        "refusal-contents",
        "met missing=-", book=CODE),
    Row("blank", "received=2026-03-02 refused=2026-03-04", "refusal-contents", "no_evidence missing=-", book=CODE),
    Row("not refused", R, "refusal-contents", "not_applicable", book=CODE),
    Row("refused after the audit date", "received=2026-03-02 refused=2026-03-04 refusal_contains=none",
        "refusal-contents", "not_applicable", "2026-03-03", CODE),
    Row("stage 2 refused: the Code", _A + "stage2_requested=2026-03-16 stage2_request_refused=2026-03-18 "
        "stage2_refusal_contains=none", "refusal-stage2-contents", "breach missing=explanation,ombudsman", book=CODE),
    Row("stage 2 refused, asked for in time: the policy asks nothing", _A + "stage2_requested=2026-03-16 "
        "stage2_request_refused=2026-03-18 stage2_refusal_contains=none", "refusal-stage2-contents", "absent"),
    Row("stage 2 refused, asked for late", _WINDOW + "stage2_requested=2026-02-16 stage2_request_refused=2026-02-18 "
        "stage2_refusal_contains=explanation", "refusal-stage2-contents", "met missing=-"),
    Row("stage 2 not refused", _A + "stage2_requested=2026-03-16", "refusal-stage2-contents", "not_applicable",
        book=CODE),
]  # fmt: skip

_N16 = R + "stage1_extension_notified=2026-03-16 "
_S2 = "received=2026-01-05 stage2_requested=2026-03-02 stage2_acknowledged=2026-03-02 "
_ADULT = "received=2026-01-12 stage1_acknowledged=2026-01-12 "
EXTEND = [
    *(
        # A day late by 13.9 is in time of the 15 days from receipt of Coventry's App C.
        Row(says, record, "extend-stage1",
            expect.replace("breach", "judgement") if (says, book) == ("told late", LOCAL) else expect, book=book)
        for book in (LOCAL, CODE, "housing")
        for says, record, expect in [
            ("told on the due date", _N16 + "stage1_extended_to=2026-03-30", "met due=2026-03-16 done=2026-03-16"),
            ("told late", R + "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-03-30",
             "breach due=2026-03-16 done=2026-03-17 over=1"),
            ("no new date", _N16, "met due=2026-03-16 done=2026-03-16"),
            ("no notice date", R + "stage1_extended_to=2026-03-30", "no_evidence due=2026-03-16 done=- marks=?"),
            ("no extension", R + "stage1_responded=2026-03-30", "not_applicable"),
            ("told late and without a reason, beyond the cap", R + "stage1_extension_notified=2026-03-17 "
             "stage1_extended_to=2026-04-30 stage1_extension_contains=new_date", "breach due=2026-03-16"),
        ]
    ),
    Row("beyond a hard cap, not by App C", _N16 + "stage1_extended_to=2026-03-31 stage1_extension_contains=reason",
        "extend-stage1", "judgement due=2026-03-16 done=2026-03-16"),
    Row("beyond a hard cap", _N16 + "stage1_extended_to=2026-04-09 stage1_extension_contains=reason", "extend-stage1",
        "breach due=2026-03-16 done=2026-03-16"),
    *(
        Row(f"beyond a soft cap, {says}", _N16 + f"stage1_extended_to=2026-03-31 {contents}", "extend-stage1",
            f"{verdict} due=2026-03-16 done=2026-03-16", book=book)
        for book in (CODE, "housing")
        for says, contents, verdict in [
            ("with a reason", "stage1_extension_contains=reason", "judgement"),
            ("contents not recorded", "", "no_evidence"),
            ("without a reason", "stage1_extension_contains=new_date;ombudsman", "breach"),
        ]
    ),
    Row("stage 2 in time", _S2 + "stage2_extension_notified=2026-03-30 stage2_extended_to=2026-04-29", "extend-stage2",
        "met due=2026-03-30"),
    Row("stage 2 beyond a hard cap, not by App C",
        _S2 + "stage2_extension_notified=2026-03-30 stage2_extended_to=2026-04-30", "extend-stage2",
        "judgement due=2026-03-30"),
    Row("stage 2 beyond a hard cap", _S2 + "stage2_extension_notified=2026-03-30 stage2_extended_to=2026-05-11",
        "extend-stage2", "breach due=2026-03-30"),
    # The Regulations' extensions say that a late notice is for judgement.
    Row("children's stage 1 from receipt", "received=2026-03-02 stage1_acknowledged=2026-03-04 "
        "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-03-24", "extend-stage1",
        "judgement due=2026-03-16 over=1", book="children-2006"),
    Row("children's stage 1 by the policy", "received=2026-03-02 stage1_acknowledged=2026-03-04 "
        "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-03-24", "extend-stage1", "met due=2026-03-18",
        book="coventry.children"),
    Row("agreed within the six months", _ADULT + "stage1_extension_notified=2026-07-11 stage1_extended_to=2026-12-31",
        "extend-stage1", "met due=2026-07-11", "2028-12-31", "adults-2009"),
    Row("agreed when they were over", _ADULT + "stage1_extension_notified=2026-07-12 stage1_extended_to=2026-12-31",
        "extend-stage1", "judgement due=2026-07-11", "2028-12-31", "adults-2009"),
    Row("notice after the audit date: its new date is not seen", R + "stage1_extension_notified=2026-03-16 "
        "stage1_extended_to=2026-03-30", "extend-stage1", "not_applicable", "2026-03-13"),
]  # fmt: skip

INDEPENDENCE = [
    Row(says, _A + "stage2_requested=2026-03-16 " + record, "independence-stage2", expect, book=book)
    for book, same in [(CODE, "breach"), ("housing", "breach"), (LOCAL, "judgement")]  # 14.8 says 'usually'
    for says, record, expect in [
        ("the same", "stage2_responded=2026-04-10 stage1_handler=O1 stage2_handler=O1", same),
        ("another", "stage2_responded=2026-04-10 stage1_handler=O1 stage2_handler=O2", "met"),
        ("stage 1's blank", "stage2_responded=2026-04-10 stage2_handler=O2", "no_evidence"),
        ("stage 2's blank", "stage2_responded=2026-04-10 stage1_handler=O1", "no_evidence"),
    ]
] + [Row("no stage 2", _A + "stage1_handler=O1", "independence-stage2", "not_applicable", book=CODE)]

CONSENT = [
    Row(says, f"received=2026-03-02 stage1_acknowledged=2026-03-05 {record}", "consent", expect, as_at, book)
    for book in (LOCAL, "coventry.children", "coventry.adults")
    for says, record, expect, as_at in [
        ("before the acknowledgement", "representative=true consent_received=2026-03-04", "met", "2026-06-30"),
        ("with the acknowledgement", "representative=true consent_received=2026-03-05", "met", "2026-06-30"),
        ("after it", "representative=true consent_received=2026-03-06", "judgement", "2026-06-30"),  # 7.4, softened
        ("blank", "representative=true", "no_evidence marks=?", "2026-06-30"),
        (
            "after the audit date",
            "representative=true consent_received=2026-04-15",
            "no_evidence marks=?",
            "2026-03-31",
        ),
        ("no representative", "representative=false", "not_applicable", "2026-06-30"),
        ("nothing said of one", "", "not_applicable", "2026-06-30"),
    ]
]
WITHDRAWAL = [
    Row(says, f"{R}{record}", "acknowledge-withdrawal", expect, as_at)
    for says, record, expect, as_at in [
        ("no time limit", "withdrawn=2026-03-04 withdrawal_acknowledged=2026-06-29", "met", "2026-06-30"),
        ("blank", "withdrawn=2026-03-04", "no_evidence marks=?", "2026-06-30"),
        ("after the audit date", "withdrawn=2026-03-04 withdrawal_acknowledged=2026-06-29", "no_evidence marks=?",
         "2026-03-31"),
        ("not withdrawn", "", "not_applicable", "2026-06-30"),
    ]
]  # fmt: skip

ROWS = [
    *ACKNOWLEDGEMENT, *NOTICE_OF_EXTENSION, *RESPONSE, *REFUSAL, *EXTEND, *INDEPENDENCE, *CONSENT, *WITHDRAWAL,
]  # fmt: skip


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return Deck(ROWS, tmp_path_factory.mktemp("letters"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_letter(deck: Deck, row: Row) -> None:
    deck.check(row)
