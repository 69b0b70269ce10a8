"""Contract 4.1 to 4.4 and 4.6 to 4.9, each date reasoned by hand with England's calendar.

March 2026 begins on a Sunday; Good Friday is 3 April and Easter Monday 6 April 2026. From Monday 2 March
working day 5 is Mon 9 March, 10 is Mon 16 March, 15 is Mon 23 March, 20 is Mon 30 March, 25 is Wed 8 April,
40 is Wed 29 April and 65 is Fri 5 June. Holds (contract 4.5) need a council that has them: test_contract_council.py.
"""

from __future__ import annotations

import pytest
from casefiles import Deck, Row

LATER = "2028-12-31"
ACK, RESPOND = "acknowledge-stage1", "respond-stage1"

# Day zero, day n, bank holidays ------------------------------------------------------------------
_R = "received=2026-03-02 stage1_acknowledged="
DAYS = [
    Row("the day of receipt is day zero", _R + "2026-03-02", ACK, "met due=2026-03-09 taken=0 over=0 start=2026-03-02"),
    Row("done on the due date is in time", _R + "2026-03-09", ACK, "met due=2026-03-09 taken=5 over=0 done=2026-03-09"),
    Row("done the day after is late", _R + "2026-03-10", ACK, "breach due=2026-03-09 taken=6 over=1 done=2026-03-10"),
    # Received Fri 6 March: due Fri 13 March. Saturday and Sunday count as Monday when they are over it.
    *(
        Row(f"due Friday, done {day}", f"received=2026-03-06 stage1_acknowledged={date}", ACK, expect)
        for day, date, expect in [
            ("Friday", "2026-03-13", "met due=2026-03-13 taken=5 over=0"),
            ("Saturday", "2026-03-14", "breach due=2026-03-13 taken=6 over=1"),
            ("Sunday", "2026-03-15", "breach due=2026-03-13 taken=6 over=1"),
            ("Monday", "2026-03-16", "breach due=2026-03-13 taken=6 over=1"),
            ("Tuesday", "2026-03-17", "breach due=2026-03-13 taken=7 over=2"),
        ]
    ),
    # Received Sat 7 March: day zero is Mon 9 March, so day 5 is Mon 16 March.
    *(
        Row(
            f"received {day}, done {done[-2:]} March",
            f"received={date} stage1_acknowledged={done}",
            ACK,
            expect,
            book="lgsco",
        )
        for day, date, done, expect in [
            ("Saturday", "2026-03-07", "2026-03-07", "met due=2026-03-16 taken=0"),
            ("Saturday", "2026-03-07", "2026-03-08", "met due=2026-03-16 taken=0"),
            ("Saturday", "2026-03-07", "2026-03-09", "met due=2026-03-16 taken=0"),
            ("Saturday", "2026-03-07", "2026-03-10", "met due=2026-03-16 taken=1"),
            ("Saturday", "2026-03-07", "2026-03-16", "met due=2026-03-16 taken=5"),
            ("Saturday", "2026-03-07", "2026-03-17", "breach due=2026-03-16 taken=6 over=1"),
            ("Sunday", "2026-03-08", "2026-03-16", "met due=2026-03-16 taken=5"),
        ]
    ),
    # (received, day 5): the days counted stand in the comment.
    *(
        Row(
            f"received {received}",
            f"received={received} stage1_acknowledged={due}",
            ACK,
            f"met due={due} taken=5",
            LATER,
            "lgsco",
        )
        for received, due in [
            ("2026-04-02", "2026-04-13"),  # Thu: 7, 8, 9, 10, 13 April, past Good Friday and Easter Monday
            ("2026-04-03", "2026-04-14"),  # Good Friday: day zero is Tue 7 April
            ("2026-04-06", "2026-04-14"),  # Easter Monday: likewise
            ("2026-04-27", "2026-05-05"),  # Mon: 28, 29, 30 April, 1 May, then Tue 5 May
            ("2026-05-22", "2026-06-01"),  # Fri: 26, 27, 28, 29 May, 1 June
            ("2026-06-08", "2026-06-15"),  # 15 June 2026 is a holiday in Scotland only
            ("2026-08-28", "2026-09-07"),  # Fri: the 31st is the summer bank holiday; 1, 2, 3, 4, 7 September
            ("2026-12-18", "2026-12-29"),  # Fri: 21, 22, 23, 24, 29; Boxing Day's substitute is Mon 28
            ("2026-12-23", "2027-01-04"),  # Wed: 24, 29, 30, 31, 4
            ("2026-12-25", "2027-01-06"),  # Christmas Day: day zero is Tue 29; 30, 31, 4, 5, 6
            ("2026-12-26", "2027-01-06"),  # Saturday: day zero is Tue 29 again, since Mon 28 is a holiday
            ("2027-12-24", "2028-01-05"),  # Fri: 27, 28 and 3 January are substitutes; 29, 30, 31, 4, 5
            ("2028-02-29", "2028-03-07"),  # Tue 29 February: 1, 2, 3, 6, 7 March
        ]
    ),
]

# Moved and one-off holidays: 3 working days under the 2009 Regulations, which go back far enough.
ONE_OFF = [
    Row(f"received {received}", f"received={received} stage1_acknowledged={due}", ACK, expect, book="adults-2009")
    for received, due in [
        ("2011-04-26", "2011-05-03"),  # Tue: 27, 28; Fri 29 the royal wedding; Mon 2 May; Tue 3 May
        ("2012-05-24", "2012-05-29"),  # Thu: Mon 28 May 2012 was worked, the holiday having moved
        ("2012-06-01", "2012-06-08"),  # Fri: 4 and 5 June holidays; 6, 7, 8
        ("2016-12-23", "2016-12-30"),  # Fri: Christmas on a Sunday, 26 and 27; 28, 29, 30
        ("2020-05-01", "2020-05-06"),  # Fri: Mon 4 May 2020 was worked; 4, 5, 6
        ("2020-05-06", "2020-05-12"),  # Wed: 7; Fri 8 VE Day; 11, 12
        ("2020-12-24", "2020-12-31"),  # Thu: Boxing Day on a Saturday, so Mon 28; 29, 30, 31
        ("2021-12-24", "2021-12-31"),  # Fri: Christmas on a Saturday, 27 and 28; 29, 30, 31
        ("2021-12-29", "2022-01-04"),  # Wed: 30, 31; Mon 3 January the substitute; 4
        ("2022-05-27", "2022-06-01"),  # Fri: Mon 30 May 2022 was worked; 30, 31, 1 June
        ("2022-06-01", "2022-06-08"),  # Wed: 2 and 3 June holidays; 6, 7, 8
        ("2022-09-15", "2022-09-21"),  # Thu: 16; Mon 19 the state funeral; 20, 21
        ("2022-12-23", "2022-12-30"),  # Fri: Christmas on a Sunday again
        ("2023-05-05", "2023-05-11"),  # Fri: Mon 8 the coronation; 9, 10, 11
    ]
    for expect in [f"met due={due} taken=3"]
]

# A clock that starts at the acknowledgement -------------------------------------------------------
_AR = "received=2026-03-02 stage1_acknowledged={} stage1_responded={}".format
FROM_ACKNOWLEDGEMENT = [
    Row("sent early: ten days from 3 March", _AR("2026-03-03", "2026-03-17"), RESPOND, "met due=2026-03-17 taken=10"),
    Row("early: the 11th day is late", _AR("2026-03-03", "2026-03-18"), RESPOND,
        "breach due=2026-03-17 taken=11 over=1", book="lgsco"),
    # Coventry's App C allows 15 days from receipt, to 23 March, whatever day the acknowledgement was sent on.
    Row("early: late by one clause, not by another", _AR("2026-03-03", "2026-03-18"), RESPOND,
        "judgement due=2026-03-17 taken=11 over=1"),
    Row("early: late by both", _AR("2026-03-03", "2026-03-24"), RESPOND, "breach due=2026-03-17 taken=15 over=5"),
    # Acknowledged Thu 12 March, three days late: 13, 16-20, 23-26 March.
    Row("a late one is its own breach", _AR("2026-03-12", "2026-03-26"), ACK, "breach due=2026-03-09 taken=8 over=3"),
    Row("counted from a late one", _AR("2026-03-12", "2026-03-26"), RESPOND,
        "met due=2026-03-26 taken=10 start=2026-03-12"),
    Row("sent on a Saturday: day zero Monday 9", _AR("2026-03-07", "2026-03-23"), RESPOND,
        "met due=2026-03-23 taken=10", book="lgsco"),
    Row("a response before it", _AR("2026-03-12", "2026-03-04"), RESPOND, "met taken=0 over=0 done=2026-03-04"),
    Row("a response on the same day", _AR("2026-03-12", "2026-03-12"), RESPOND, "met due=2026-03-26 taken=0"),
    Row("the Code counts so too", _AR("2026-03-12", "2026-03-26"), RESPOND, "met due=2026-03-26 taken=10",
        book="lgsco"),
    Row("ten days from 26 March", "received=2026-03-26 stage1_acknowledged=2026-03-26", RESPOND,
        "running due=2026-04-13 start=2026-03-26", "2026-04-13"),
    Row("children-2006 counts from receipt", _AR("2026-03-12", "2026-03-17"), RESPOND,
        "breach start=2026-03-02 due=2026-03-16 taken=11 over=1", book="children-2006"),
]  # fmt: skip

# Every other limit in working days of the national rulebooks and Coventry's -----------------------
_STAGE2 = "received=2026-02-02 stage1_acknowledged=2026-02-02 stage1_responded=2026-02-16 stage2_requested=2026-03-02 "
_STAGE3 = (
    "received=2026-01-05 stage1_responded=2026-01-12 stage2_requested=2026-01-13 stage2_responded=2026-02-16 "
    "stage3_requested=2026-04-01 "
)
LIMITS = [
    Row("1 day, over a weekend", "received=2026-03-06 triaged=2026-03-09", "triage", "met due=2026-03-09 taken=1"),
    Row("1 day, late", "received=2026-03-06 triaged=2026-03-10", "triage", "breach due=2026-03-09 over=1"),
    Row("3 days", "received=2026-03-02 informal_resolved=2026-03-05", "resolve-informally",
        "met due=2026-03-05 taken=3"),
    Row("3 days, late", "received=2026-03-02 informal_resolved=2026-03-06", "resolve-informally", "judgement over=1"),
    Row("3 days", _R + "2026-03-05", ACK, "met due=2026-03-05 taken=3", book="coventry.children"),
    Row("3 days, late", _R + "2026-03-06", ACK, "breach due=2026-03-05 taken=4 over=1", book="coventry.children"),
    Row("3 days", _R + "2026-03-05", ACK, "met due=2026-03-05 taken=3", book="coventry.adults"),
    Row("3 days, late", _R + "2026-03-06", ACK, "breach due=2026-03-05 over=1", book="adults-2009"),
    Row("5 days", _R + "2026-03-10", ACK, "breach due=2026-03-09 over=1", book="lgsco"),
    Row("5 days", _R + "2026-03-10", ACK, "breach due=2026-03-09 over=1", book="housing"),
    Row("20 days, an aim", "received=2026-03-02 stage1_responded=2026-03-30", RESPOND, "met due=2026-03-30 taken=20",
        book="coventry.adults"),
    Row("20 days, an aim missed", "received=2026-03-02 stage1_responded=2026-03-31", RESPOND,
        "judgement due=2026-03-30 taken=21 over=1", book="coventry.adults"),
    *(
        Row("stage 2 acknowledged in 5 days", _STAGE2 + "stage2_acknowledged=2026-03-10", "acknowledge-stage2",
            "breach start=2026-03-02 due=2026-03-09 taken=6 over=1", book=book)
        for book in ("coventry.corporate", "lgsco", "housing")
    ),
    *(
        Row("stage 2 answered in 20 days", _STAGE2 + "stage2_acknowledged=2026-03-02 stage2_responded=2026-03-31",
            "respond-stage2", f"{verdict} start=2026-03-02 due=2026-03-30 taken=21 over=1", book=book)
        for book, verdict in {"coventry.corporate": "judgement", "lgsco": "breach", "housing": "breach"}.items()
    ),
    Row("stage 2 acknowledged in 3 days", _STAGE2 + "stage2_acknowledged=2026-03-06", "acknowledge-stage2",
        "breach due=2026-03-05 taken=4 over=1", book="coventry.children"),
    # Responded Mon 16 February: day 20 is Mon 16 March.
    *(
        Row(f"asked on {date}", f"received=2026-02-02 stage1_responded=2026-02-16 stage2_requested={date}",
            "request-stage2", expect, book=book)
        for book in ("coventry.corporate", "coventry.children", "children-2006")
        for date, expect in [
            ("2026-03-16", "met due=2026-03-16 taken=20 over=0"),
            ("2026-03-17", "judgement due=2026-03-16 taken=21 over=1"),
        ]
    ),
    Row("stage 3 asked for in 20 days", _STAGE3.replace("2026-04-01", "2026-03-17"), "request-stage3",
        "judgement start=2026-02-16 due=2026-03-16 taken=21 over=1", book="children-2006"),
    # Asked for Wed 1 April, just before Easter: 2 and 7 April.
    Row("stage 3 acknowledged in 2 days", _STAGE3 + "stage3_acknowledged=2026-04-07", "acknowledge-stage3",
        "met due=2026-04-07 taken=2", book="coventry.children"),
    Row("stage 3 acknowledged late", _STAGE3 + "stage3_acknowledged=2026-04-08", "acknowledge-stage3",
        "breach due=2026-04-07 taken=3 over=1", book="coventry.children"),
    # 30 days from 1 April, without 3, 6 April and 4 May: Mon 18 May.
    Row("the panel in 30 days", _STAGE3 + "stage3_panel_met=2026-05-18", "convene-panel", "met due=2026-05-18 taken=30",
        book="children-2006"),
    # Its App C has day 32, 20 May, where 22.6 has day 30.
    Row("the panel late by one clause", _STAGE3 + "stage3_panel_met=2026-05-19", "convene-panel",
        "judgement due=2026-05-18 taken=31 over=1", book="coventry.children"),
    Row("the panel late", _STAGE3 + "stage3_panel_met=2026-05-21", "convene-panel",
        "breach due=2026-05-18 taken=33 over=3", book="coventry.children"),
    # 5 days from 18 May, without 25 May: Tue 26 May; 15 days from then: Tue 16 June.
    *(
        Row(f"{rule} {date}", _STAGE3 + f"stage3_panel_met=2026-05-18 {fields}", rule, expect, book=book)
        for rule, date, fields, book, expect in [
            ("report-panel", "in 5 days", "stage3_panel_reported=2026-05-26", "children-2006",
             "met due=2026-05-26 taken=5"),
            # Its App C has day 37, Thu 28 May, and day 52, Thu 18 June.
            ("report-panel", "late by one clause", "stage3_panel_reported=2026-05-27", "coventry.children",
             "judgement over=1"),
            ("report-panel", "late", "stage3_panel_reported=2026-05-29", "coventry.children", "breach over=3"),
            ("respond-stage3", "in 15 days", "stage3_panel_reported=2026-05-26 stage3_responded=2026-06-16",
             "children-2006", "met start=2026-05-26 due=2026-06-16 taken=15"),
            ("respond-stage3", "late by one clause", "stage3_panel_reported=2026-05-26 stage3_responded=2026-06-17",
             "coventry.children", "judgement due=2026-06-16 taken=16 over=1"),
            ("respond-stage3", "late", "stage3_panel_reported=2026-05-26 stage3_responded=2026-06-19",
             "coventry.children", "breach due=2026-06-16 taken=18 over=3"),
        ]
    ),
]  # fmt: skip

# 3. Months ---------------------------------------------------------------------------------------
_LIMIT = "respond-stage1-limit"
MONTHS = [
    Row("12 months after 28 February 2025", "matter_known=2025-02-28 received=2026-02-28", "complain-in-time",
        "met start=2025-02-28 due=2026-02-28 taken=365 over=0 done=2026-02-28"),
    Row("the day after", "matter_known=2025-02-28 received=2026-03-01", "complain-in-time",
        "judgement due=2026-02-28 taken=366 over=1"),
    Row("from 29 February", "matter_known=2024-02-29 received=2025-02-28", "complain-in-time", "met due=2025-02-28",
        book="lgsco"),
    Row("from 29 February, the day after", "matter_known=2024-02-29 received=2025-03-01", "complain-in-time",
        "judgement due=2025-02-28 over=1", book="lgsco"),
    Row("never moved to a working day", "matter_known=2025-03-07 received=2026-03-09", "complain-in-time",
        "judgement due=2026-03-07 over=2"),  # Sat 7 March
    Row("counted from the date itself", "matter_known=2025-03-08 received=2026-03-09", "complain-in-time",
        "judgement start=2025-03-08 due=2026-03-08 over=1"),  # Sat 8 March 2025, not Mon 10
    Row("6 months from 31 August", "received=2025-08-01 stage1_responded=2025-08-31 stage2_requested=2026-02-28",
        "request-stage2-limit", "met due=2026-02-28 taken=181"),  # 30 + 31 + 30 + 31 + 31 + 28
    Row("6 months from 31 August, over", "received=2025-08-01 stage1_responded=2025-08-31 stage2_requested=2026-03-02",
        "request-stage2-limit", "judgement due=2026-02-28 taken=183 over=2"),
    Row("6 months from 31 March", "received=2025-03-10 stage1_responded=2025-03-31 stage2_requested=2025-09-30",
        "request-stage2-limit", "met due=2025-09-30"),
    *(
        Row(f"6 months from {received}", f"received={received} stage1_responded={due}", _LIMIT, f"met due={due}", LATER,
            book="coventry.adults")
        for received, due in [
            ("2026-01-10", "2026-07-10"),
            ("2026-08-31", "2027-02-28"),
            ("2025-12-31", "2026-06-30"),
            ("2027-08-30", "2028-02-29"),
        ]
    ),
    *(
        Row(f"6 months inclusive from {received}", f"received={received} stage1_responded={due}", _LIMIT,
            f"met due={due} over=0", LATER, book="adults-2009")
        for received, due in [
            ("2026-01-10", "2026-07-09"),
            ("2026-07-01", "2026-12-31"),
            ("2026-08-31", "2027-02-28"),
            ("2025-08-30", "2026-02-28"),  # no 30 February: its last day
            ("2025-08-29", "2026-02-28"),  # no 29 February in 2026: its last day
            ("2025-08-28", "2026-02-27"),  # the day before 28 February
            ("2023-08-30", "2024-02-29"),  # no 30 February in a leap year either
            ("2023-08-29", "2024-02-28"),  # the day before 29 February 2024
            ("2025-12-31", "2026-06-30"),  # no 31 June
        ]
    ),
    Row("inclusive: late by a day", "received=2026-01-10 stage1_responded=2026-07-10", _LIMIT,
        "breach due=2026-07-09 over=1", LATER, book="adults-2009"),
    Row("the same response is in time by the policy", "received=2026-01-10 stage1_responded=2026-07-10", _LIMIT,
        "met due=2026-07-10", LATER, book="coventry.adults"),
    *(
        Row(f"a year after proceedings, {date}",
            f"received=2025-03-05 proceedings_ended=2025-03-10 resubmitted={date}", "resubmit-in-time", expect,
                book=book)
        for book in ("coventry.children", "coventry.adults")
        for date, expect in [
            ("2026-03-10", "met start=2025-03-10 due=2026-03-10"),
            ("2026-03-11", "judgement due=2026-03-10 over=1"),
        ]
    ),
    # Months and what is over them are calendar days while not done as well: 9 July to 20 July.
    Row("overdue in calendar days", "received=2026-01-10", _LIMIT, "breach due=2026-07-09 over=11 marks=not_recorded",
        "2026-07-20", book="adults-2009"),
]  # fmt: skip

# 4. Extensions: day 10 is 16 March, the cap (20 in one run) is 30 March ---------------------------
_E = "received=2026-03-02 stage1_acknowledged=2026-03-02 "
_N16 = _E + "stage1_extension_notified=2026-03-16 "
_SOFT = _N16 + "stage1_extended_to=2026-04-10 "
_GOOD = "stage1_extension_contains=reason;new_date;ombudsman "
_S2 = (
    "received=2026-01-05 stage2_requested=2026-03-02 stage2_acknowledged=2026-03-02 "
    "stage2_extension_notified=2026-03-30 "
)
_ADULT = "received=2026-01-12 stage1_acknowledged=2026-01-12 "  # six months inclusive: Sat 11 July
_LOCAL = ("coventry.corporate",)


def _by_app_c(expect: str) -> str:
    return expect.replace("breach", "judgement")


#: Late by the 10 days of 13.9, and not by the 15 (extended: 25) from receipt that Coventry's App C allows.
_NOT_LATE_BY_APP_C = (
    "notified after the due date",
    "a blank extended_to: past the cap",
    "extended_to before the original due date, late",
)
EXTENSIONS = [
    *(
        Row(says, record, RESPOND, _by_app_c(expect) if says in _NOT_LATE_BY_APP_C and book in _LOCAL else expect,
            as_at, book)
        for book in ("coventry.corporate", "lgsco", "housing")
        for says, record, expect, as_at in [
            ("notified on the due date", _N16 + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-23",
             "met due=2026-03-23 taken=15 over=0", "2026-06-30"),
            ("later than extended_to", _N16 + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-24",
             "breach due=2026-03-23 taken=16 over=1", "2026-06-30"),
            ("notified after the due date",
             _E + "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-03-23 stage1_responded=2026-03-20",
             "breach due=2026-03-16 taken=14 over=4", "2026-06-30"),
            ("a blank extended_to: the cap", _N16 + "stage1_responded=2026-03-30", "met due=2026-03-30 taken=20",
             "2026-06-30"),
            ("a blank extended_to: past the cap", _N16 + "stage1_responded=2026-03-31",
             "breach due=2026-03-30 taken=21 over=1", "2026-06-30"),
            ("extended_to before the original due date",
             _E + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-03-12 stage1_responded=2026-03-16",
             "met due=2026-03-16 taken=10", "2026-06-30"),
            ("extended_to before the original due date, late",
             _E + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-03-12 stage1_responded=2026-03-17",
             "breach due=2026-03-16 taken=11 over=1", "2026-06-30"),
            ("still running to extended_to", _N16 + "stage1_extended_to=2026-03-23", "running due=2026-03-23 done=-",
             "2026-03-23"),
            ("overdue after extended_to", _N16 + "stage1_extended_to=2026-03-23",
             "breach due=2026-03-23 over=1 marks=not_recorded", "2026-03-24"),
            ("no notice date: in time without it", _E + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-16",
             "met due=2026-03-16", "2026-06-30"),
            ("no notice date: only extended_to would save it",
             _E + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-20", "no_evidence due=2026-03-16 marks=?",
             "2026-06-30"),
            ("no notice date: not even extended_to would",
             _E + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-24", "breach due=2026-03-16 over=6",
             "2026-06-30"),
            ("no notice date: not done, extended_to still ahead", _E + "stage1_extended_to=2026-03-23",
             "no_evidence due=2026-03-16 marks=?", "2026-03-20"),
            ("no notice date: not done, extended_to past", _E + "stage1_extended_to=2026-03-23",
             "breach due=2026-03-16 over=6 marks=not_recorded", "2026-03-24"),
        ]
    ),
    # A hard cap
    Row("hard: never later than the cap", _N16 + "stage1_extended_to=2026-04-30 stage1_responded=2026-03-30", RESPOND,
        "met due=2026-03-30 taken=20"),
    Row("hard: late after the cap, not by App C", _N16 + "stage1_extended_to=2026-04-30 stage1_responded=2026-04-01",
        RESPOND, "judgement due=2026-03-30 taken=22 over=2"),
    Row("hard: late after the cap", _N16 + "stage1_extended_to=2026-04-30 stage1_responded=2026-04-09", RESPOND,
        "breach due=2026-03-30 taken=26 over=6"),
    Row("hard, no notice date: within the cap", _E + "stage1_extended_to=2026-04-30 stage1_responded=2026-03-27",
        RESPOND, "no_evidence due=2026-03-16 marks=?"),
    Row("hard, no notice date: past the cap", _E + "stage1_extended_to=2026-04-30 stage1_responded=2026-04-10", RESPOND,
        "breach due=2026-03-16"),
    Row("hard: 10 and 10 from receipt", "received=2026-03-02 stage1_extension_notified=2026-03-16 "
        "stage1_extended_to=2026-04-30 stage1_responded=2026-03-31", RESPOND,
        "breach due=2026-03-30 taken=21 over=1", book="children-2006"),
    Row("hard: 20 and 20", _S2 + "stage2_extended_to=2026-05-29 stage2_responded=2026-04-29", "respond-stage2",
        "met due=2026-04-29 taken=40"),
    Row("hard: 20 and 20, late, not by App C", _S2 + "stage2_extended_to=2026-05-29 stage2_responded=2026-04-30",
        "respond-stage2", "judgement due=2026-04-29 taken=41 over=1"),
    Row("hard: 20 and 20, late", _S2 + "stage2_extended_to=2026-05-29 stage2_responded=2026-05-08", "respond-stage2",
        "breach due=2026-04-29 taken=46 over=6"),
    # 65 working days from Thu 29 August 2024 are Thu 28 November 2024, as the Ombudsman itself counted.
    Row("25 and 40 in one run", "received=2024-08-01 stage2_requested=2024-08-29 stage2_extension_notified=2024-09-02 "
        "stage2_responded=2024-11-28", "respond-stage2", "met due=2024-11-28 taken=65", book="children-2006"),
    # A soft cap
    *(
        Row(says, record, RESPOND, expect, as_at, book)
        for book in ("lgsco", "housing")
        for says, record, expect, as_at in [
            ("soft: by the cap", _SOFT + _GOOD + "stage1_responded=2026-03-30", "met due=2026-03-30 taken=20",
             "2026-06-30"),
            ("soft: after it with a reason", _SOFT + _GOOD + "stage1_responded=2026-04-10", "judgement due=2026-03-30",
             "2026-06-30"),
            ("soft: after it, contents not recorded", _SOFT + "stage1_responded=2026-04-10",
             "no_evidence due=2026-03-30",
             "2026-06-30"),
            ("soft: after it without a reason",
             _SOFT + "stage1_extension_contains=new_date;ombudsman stage1_responded=2026-04-10",
             "breach due=2026-03-30 over=7", "2026-06-30"),  # 31, 1, 2, 7, 8, 9, 10
            ("soft: after it, looked at and nothing found",
             _SOFT + "stage1_extension_contains=none stage1_responded=2026-04-10", "breach due=2026-03-30",
             "2026-06-30"),
            ("soft: after extended_to", _SOFT + _GOOD + "stage1_responded=2026-04-13", "breach due=2026-03-30 over=8",
             "2026-06-30"),
            ("soft: after extended_to, contents not recorded", _SOFT + "stage1_responded=2026-04-13",
             "breach due=2026-03-30",
             "2026-06-30"),
            ("soft: notified too late to count, with a reason",
             _E + _GOOD + "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-04-10 "
             "stage1_responded=2026-04-10",
             "breach due=2026-03-16 over=17", "2026-06-30"),
            ("soft: running by the cap", _SOFT + _GOOD, "running due=2026-03-30", "2026-03-30"),
            ("soft: not done, past the cap, reason", _SOFT + _GOOD, "judgement due=2026-03-30 marks=?", "2026-03-31"),
            ("soft: not done, past the cap, unknown", _SOFT, "no_evidence due=2026-03-30 marks=?", "2026-03-31"),
            ("soft: not done, past the cap, no reason", _SOFT + "stage1_extension_contains=new_date",
             "breach due=2026-03-30 over=1 marks=not_recorded", "2026-03-31"),
            ("soft: not done on extended_to", _SOFT + _GOOD, "judgement due=2026-03-30 marks=?", "2026-04-10"),
            ("soft: not done after extended_to", _SOFT + _GOOD, "breach due=2026-03-30 marks=not_recorded",
             "2026-04-13"),
        ]
    ),
    # No cap, to be agreed: adults' six months inclusive from Mon 12 January end on Sat 11 July.
    Row("agreed in time: due is extended_to",
        _ADULT + "stage1_extension_notified=2026-07-10 stage1_extended_to=2026-09-01 "
        "stage1_responded=2026-09-01", _LIMIT, "met due=2026-09-01", LATER, "adults-2009"),
    Row("agreed in time: after extended_to",
        _ADULT + "stage1_extension_notified=2026-07-11 stage1_extended_to=2026-09-01 "
        "stage1_responded=2026-09-03", _LIMIT, "breach due=2026-09-01 over=2", LATER, "adults-2009"),
    Row("agreed when the months were over",
        _ADULT + "stage1_extension_notified=2026-07-12 stage1_extended_to=2026-09-01 "
        "stage1_responded=2026-07-20", _LIMIT, "breach due=2026-07-11 over=9", LATER, "adults-2009"),
    Row("agreed, no new date, in time", _ADULT + "stage1_extension_notified=2026-07-10 stage1_responded=2026-07-11",
        _LIMIT, "met", LATER, "adults-2009"),
    Row("agreed, no new date, late", _ADULT + "stage1_extension_notified=2026-07-10 stage1_responded=2026-08-03",
        _LIMIT, "no_evidence marks=?", LATER, "adults-2009"),
    Row("agreed, no new date, none by then", _ADULT + "stage1_extension_notified=2026-07-10", _LIMIT,
        "no_evidence marks=?", "2026-07-20", "adults-2009"),
    Row("agreed, no new date, not yet due", _ADULT + "stage1_extension_notified=2026-07-10", _LIMIT, "running marks=-",
        "2026-07-11", "adults-2009"),
    Row("agreed, running to the new date",
        _ADULT + "stage1_extension_notified=2026-07-10 stage1_extended_to=2026-09-01",
        _LIMIT, "running due=2026-09-01", "2026-07-20", "adults-2009"),
    Row("no notice date: only the new date would save it", _ADULT + "stage1_extended_to=2026-09-01 "
        "stage1_responded=2026-08-03", _LIMIT, "no_evidence due=2026-07-11 marks=?", LATER, "adults-2009"),
    Row("no notice date: past the new date too", _ADULT + "stage1_extended_to=2026-09-01 stage1_responded=2026-09-02",
        _LIMIT, "breach due=2026-07-11", LATER, "adults-2009"),
    Row("policy: due is extended_to", _ADULT + "stage1_extension_notified=2026-07-12 stage1_extended_to=2026-09-01 "
        "stage1_responded=2026-09-01", _LIMIT, "met due=2026-09-01", LATER, "coventry.adults"),
    # The policy's standard of 20 days has no extension.
    Row("only where the rulebook provides one",
        _E + "stage1_extension_notified=2026-03-10 stage1_extended_to=2026-04-30 "
        "stage1_responded=2026-04-10", RESPOND, "judgement due=2026-03-30 over=7", book="coventry.adults"),
]  # fmt: skip

# 6. Two starting events: from 2 March due 8 April, from 16 March due 22 April ---------------------
_TWO = "received=2026-01-05 stage1_responded=2026-01-16 stage2_requested=2026-03-02 "
_BOTH = _TWO + "stage2_statement_agreed=2026-03-16 "
TWO_STARTS = [
    Row(says, record, "respond-stage2", expect, as_at, "children-2006")
    for says, record, expect, as_at in [
        ("in time from the first", _BOTH + "stage2_responded=2026-04-08",
         "met start=2026-03-02 due=2026-04-08 taken=25 over=0", "2026-06-30"),
        ("in time from the second only", _BOTH + "stage2_responded=2026-04-22",
         "judgement start=2026-03-02 due=2026-04-08 taken=35 over=10", "2026-06-30"),
        ("late from both", _BOTH + "stage2_responded=2026-04-23", "breach start=2026-03-02 due=2026-04-08",
         "2026-06-30"),
        ("a second not recorded is left out", _TWO + "stage2_responded=2026-04-22", "breach due=2026-04-08",
         "2026-06-30"),
        ("running from both", _BOTH, "running due=2026-04-08", "2026-04-08"),
        ("running from the second only", _BOTH, "judgement due=2026-04-08 marks=?", "2026-04-22"),
        ("overdue from both", _BOTH, "breach due=2026-04-08 marks=not_recorded", "2026-04-23"),
        # Told on 15 April: too late for the first clock (8 April), in time for the second (22 April).
        ("each has its own extension",
         _BOTH + "stage2_extension_notified=2026-04-15 stage2_extended_to=2026-05-20 stage2_responded=2026-05-20",
         "judgement due=2026-04-08", "2026-06-30"),
        # 65 days from 2 March are Fri 5 June, from 16 March Fri 19 June.
        ("each has its own cap, the first's",
         _BOTH + "stage2_extension_notified=2026-04-08 stage2_responded=2026-06-05", "met due=2026-06-05 taken=65",
         "2026-06-30"),
        ("each has its own cap, the second's",
         _BOTH + "stage2_extension_notified=2026-04-08 stage2_responded=2026-06-19", "judgement due=2026-06-05",
         "2026-06-30"),
        ("past both caps", _BOTH + "stage2_extension_notified=2026-04-08 stage2_responded=2026-06-22",
         "breach due=2026-06-05", "2026-06-30"),
        ("overdue from both, stage 3 recorded", _BOTH + "stage3_requested=2026-06-01",
         "no_evidence due=2026-04-08 marks=not_recorded", "2026-06-30"),
        ("excused from the second", _BOTH + "withdrawn=2026-04-15", "judgement due=2026-04-08 marks=?", "2026-06-30"),
        ("excused from both", _BOTH + "withdrawn=2026-04-08", "not_applicable marks=?", "2026-06-30"),
        ("excused from neither", _BOTH + "withdrawn=2026-04-23", "breach due=2026-04-08 marks=not_recorded",
         "2026-06-30"),
    ]
] + [
    # Coventry's second start is the acknowledgement; one not recorded is no clock of unknown start.
    Row("the policy's, second not recorded", _TWO + "stage2_responded=2026-04-08", "respond-stage2",
        "met start=2026-03-02 due=2026-04-08", book="coventry.children"),
    Row("the policy's, late from the first", _TWO + "stage2_acknowledged=2026-03-05 stage2_responded=2026-04-13",
        "respond-stage2", "judgement start=2026-03-02 due=2026-04-08", book="coventry.children"),
]  # fmt: skip

# 7. Softened by the instrument -------------------------------------------------------------------
SOFTENED = [
    Row("'or as soon as is practicable', late",
        _STAGE3 + "stage3_panel_met=2026-05-18 stage3_panel_reported=2026-05-27",
        "report-panel", "judgement due=2026-05-26 over=1", book="children-2006"),
    Row("the response, late", _STAGE3 + "stage3_panel_reported=2026-05-26 stage3_responded=2026-06-17",
        "respond-stage3", "judgement due=2026-06-16 taken=16 over=1", book="children-2006"),
    Row("the response, never", _STAGE3 + "stage3_panel_reported=2026-05-26", "respond-stage3",
        "judgement due=2026-06-16 marks=not_recorded", book="children-2006"),
]  # fmt: skip

# 8. An acknowledgement with no date: begun between 2 March and 9 March, so due 16 to 23 March ------
_NO_ACK = "received=2026-03-02 "
_UNKNOWN = "marks=start_not_recorded"
BOUNDED = [
    *(
        Row(says, _NO_ACK + record, RESPOND, expect, as_at, book)
        for book in ("coventry.corporate", "lgsco", "housing")
        for says, record, expect, as_at in [
            ("within the earliest", "stage1_responded=2026-03-16", f"met {_UNKNOWN}", "2026-06-30"),
            ("between", "stage1_responded=2026-03-17", f"no_evidence {_UNKNOWN}", "2026-06-30"),
            ("on the latest", "stage1_responded=2026-03-23", f"no_evidence {_UNKNOWN}", "2026-06-30"),
            ("after the latest", "stage1_responded=2026-03-24", f"breach {_UNKNOWN}", "2026-06-30"),
            ("not done by the earliest", "", f"running due=2026-03-23 {_UNKNOWN}", "2026-03-16"),
            ("not done, past the earliest", "", f"running due=2026-03-23 {_UNKNOWN}", "2026-03-17"),
            ("not done on the latest", "", f"running due=2026-03-23 {_UNKNOWN}", "2026-03-23"),
            ("still not done after the latest", "", f"breach due=2026-03-23 over=1 {_UNKNOWN},not_recorded",
             "2026-03-24"),
            ("overdue, a later stage recorded", "stage2_requested=2026-03-20",
             f"no_evidence due=2026-03-23 {_UNKNOWN},not_recorded", "2026-06-30"),
            ("a later stage recorded, not overdue yet", "stage2_requested=2026-03-20",
             f"running due=2026-03-23 {_UNKNOWN}",
             "2026-03-23"),
            ("withdrawn in time, then done late", "withdrawn=2026-03-05 stage1_responded=2026-03-30",
             f"judgement {_UNKNOWN},reopened", "2026-06-30"),
            ("the acknowledgement after the audit date", "stage1_acknowledged=2026-03-20",
             f"running due=2026-03-23 {_UNKNOWN}", "2026-03-16"),
            ("the acknowledgement after the audit date, answered", "stage1_acknowledged=2026-03-20 "
             "stage1_responded=2026-03-10", f"met {_UNKNOWN}", "2026-03-16"),
            # Extended from the latest: 31 March lies within its cap.
            ("extended: between", "stage1_extension_notified=2026-03-16 stage1_extended_to=2026-03-31 "
             "stage1_responded=2026-03-31", f"no_evidence {_UNKNOWN}", "2026-06-30"),
            ("extended: after the latest", "stage1_extension_notified=2026-03-16 stage1_extended_to=2026-03-31 "
             "stage1_responded=2026-04-01", f"breach {_UNKNOWN}", "2026-06-30"),
            ("extended: within the bare limit of the earliest", "stage1_extension_notified=2026-03-10 "
             "stage1_extended_to=2026-03-31 stage1_responded=2026-03-16", f"met {_UNKNOWN}", "2026-06-30"),
            ("extended: not yet there", "stage1_extension_notified=2026-03-16 stage1_extended_to=2026-03-31",
             f"running due=2026-03-31 {_UNKNOWN}", "2026-03-31"),
        ]
    ),
    # Children: the acknowledgement within 3 days, so begun between 2 and 5 March, due 16 to 19 March.
    *(
        Row(f"3 days for the letter: {date}", _NO_ACK + f"stage1_responded={date}", RESPOND, f"{verdict} {_UNKNOWN}",
            book="coventry.children")
        for date, verdict in [("2026-03-16", "met"), ("2026-03-19", "no_evidence"), ("2026-03-20", "breach")]
    ),
    # Stage 2: 20 days from 2 March are 30 March, from 9 March 8 April.
    *(
        Row(f"stage 2: {date}", f"received=2026-01-05 stage2_requested=2026-03-02 stage2_responded={date}",
            "respond-stage2", f"{verdict} {_UNKNOWN}", book=book)
        for book in ("coventry.corporate", "lgsco")
        for date, verdict in [
            ("2026-03-30", "met"), ("2026-03-31", "no_evidence"), ("2026-04-08", "no_evidence"), ("2026-04-09",
             "breach"),
        ]
    ),
    Row("nothing to bound it by", "received=2026-01-05 stage2_responded=2026-03-30", "respond-stage2",
        "no_evidence marks=?"),
    Row("nothing recorded at all of stage 2", "received=2026-01-05", "respond-stage2", "not_applicable marks=?"),
]  # fmt: skip

# 9. Notice of a meeting --------------------------------------------------------------------------
_MET = "received=2026-01-05 stage3_requested=2026-04-01 stage3_panel_met={} "
NOTICE = [
    Row(says, record, "invite-to-panel", expect, book="coventry.children")
    for says, record, expect in [
        # Fri 26 June: 25, 24, 23, 22, 19, 18, 17, 16, 15, 12 June.
        ("ten working days before", _MET.format("2026-06-26") + "stage3_panel_invited=2026-06-12",
         "met start=2026-06-26 due=2026-06-12 done=2026-06-12"),
        ("nine", _MET.format("2026-06-26") + "stage3_panel_invited=2026-06-15",
         "breach start=2026-06-26 due=2026-06-12 done=2026-06-15 over=1"),
        # Wed 27 May: 26, 22, 21, 20, 19, 18, 15, 14, 13, 12 May, without Mon 25.
        ("past a bank holiday", _MET.format("2026-05-27") + "stage3_panel_invited=2026-05-12", "met due=2026-05-12"),
        ("past a bank holiday, late", _MET.format("2026-05-27") + "stage3_panel_invited=2026-05-13",
         "breach due=2026-05-12 over=1"),
        ("no meeting", "received=2026-01-05 stage3_requested=2026-04-01 stage3_panel_invited=2026-06-12",
         "not_applicable marks=?"),
        ("no invitation", _MET.format("2026-06-26"), "no_evidence marks=?"),
        ("neither", "received=2026-01-05 stage3_requested=2026-04-01", "not_applicable marks=?"),
    ]
]  # fmt: skip

ROWS = [
    *DAYS,
    *ONE_OFF,
    *FROM_ACKNOWLEDGEMENT,
    *LIMITS,
    *MONTHS,
    *EXTENSIONS,
    *TWO_STARTS,
    *SOFTENED,
    *BOUNDED,
    *NOTICE,
]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return Deck(ROWS, tmp_path_factory.mktemp("counting"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_counting(deck: Deck, row: Row) -> None:
    deck.check(row)
