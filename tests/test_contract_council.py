"""Contract 2, and what only a council of the test's own can show.

Barchester has holds, closure days, an extension without cap that need not be agreed, months at stage 2,
a word of its own and two editions. Its plugin is installed as any other: found by its entry point.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from casefiles import EVERY_FIELD, Audited, Deck, Row, audit_whole, case, council, run, write

CLOSED = {dt.date(2026, 12, day): "Christmas closure" for day in (29, 30, 31)}
HEAD = """
rulebook: barchester.corporate
title: Barchester complaints
authority: Barchester
edition: {edition}
in_force: {{{dates}}}
source: {{document: Made up for tests}}
owner: Tests
governed_by: [lgsco]
days_off: next_working_day
clauses:
  - id: "1"
    heading: Receipt
    text: What follows from receipt.
    rules:
      - {{rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged,
      within: {days} working days}}
      - {{rule: notify-department, kind: deadline, from: received, to: stage1_department_notified,
         within: 2 working days}}
      - {{rule: acknowledgement-stage1-contents, kind: contents, holds: [leaflet]}}
  - id: "2"
    heading: Stages
    text: A complaint may be put on hold.
    stops_clock_of: [1, 2]
    rules:
      - {{rule: respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded,
      within: 10 working days}}
      - {{rule: extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: hard}}
      - {{rule: respond-stage2, kind: deadline, from: stage2_requested, to: stage2_responded, within: 2 months}}
  - id: "3"
    heading: Stage 3
    text: A holding reply may set any date.
    rules:
      - {{rule: respond-stage3, kind: deadline, from: stage3_requested, to: stage3_responded, within: 10 working days}}
      - {{rule: extend-stage3, kind: extension, extends: respond-stage3, by: any, cap: none}}
"""
BOOKS = [
    HEAD.format(edition="first", dates="from: 2024-06-03, to: 2025-12-31", days=2),
    HEAD.format(edition="second", dates="from: 2026-01-01", days=3),
]


@pytest.fixture(scope="module", autouse=True)
def barchester(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("plugin")
    with council(folder, "barchester", BOOKS, CLOSED, {"leaflet": "the complaints leaflet"}):
        yield


# --- which rulebooks ------------------------------------------------------------------------------

# (record, --council, the rulebooks that judge it)
WHICH: list[tuple[str, str | None, set[str]]] = [
    ("", None, {"lgsco"}),
    ("", "coventry", {"coventry.corporate", "lgsco"}),
    ("procedure=corporate", "coventry", {"coventry.corporate", "lgsco"}),
    ("flags=landlord", "coventry", {"coventry.corporate", "lgsco"}),  # the only Code that its policy names
    ("flags=landlord", None, {"housing"}),
    ("procedure=children", "coventry", {"coventry.children", "children-2006"}),
    ("procedure=children", None, {"children-2006"}),
    ("procedure=children flags=landlord", "coventry", {"coventry.children", "children-2006"}),
    ("procedure=adults", "coventry", {"coventry.adults", "adults-2009"}),
    ("procedure=adults", None, {"adults-2009"}),
    ("procedure=housing", None, {"housing"}),
    ("procedure=housing", "coventry", {"housing"}),  # Coventry has no rulebook of its own for it
    ("council=coventry", None, {"coventry.corporate", "lgsco"}),
    ("council=coventry", "barchester", {"coventry.corporate", "lgsco"}),  # the row's own goes first
    ("", "barchester", {"barchester.corporate", "lgsco"}),
    ("council=barchester procedure=children", "coventry", {"children-2006"}),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for option in {option for _, option, _ in WHICH}:
        rows = [place for place, row in enumerate(WHICH) if row[1] == option]
        records = [case(f"received=2026-03-02 {WHICH[place][0]}", reference=f"W{place}") for place in rows]
        path = write(tmp_path_factory.mktemp("which") / "cases.jsonl", records)
        audited = audit_whole(path, *(["--council", option] if option else []), "--all")
        for each in audited.findings:
            found.setdefault(int(each["reference"][1:]), set()).add((each["rulebook"], each["council"] or ""))
    return found


@pytest.mark.parametrize("place", range(len(WHICH)), ids=[f"{text} --council {option}" for text, option, _ in WHICH])
def test_which_rulebooks_judge_a_case(books: dict[int, set[tuple[str, str]]], place: int) -> None:
    text, option, expected = WHICH[place]
    assert {book for book, _ in books[place]} == expected
    own = dict(pair.split("=") for pair in text.split()).get("council")
    assert {council for _, council in books[place]} == {own or option or ""}


def test_the_summary_says_where_there_is_no_local_rulebook(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", [case("received=2026-03-02 procedure=housing")])
    result = run("audit", cases, "--council", "coventry", "--as-at", "2026-06-30")
    assert result.code == 0
    assert any("coventry" in line and "housing" in line for line in result.out.splitlines()), result.out


def test_a_public_health_case_is_accounted_for_and_never_judged_by_another_code(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", [case("received=2026-03-02 procedure=public-health")])
    audited = audit_whole(cases, "--council", "coventry", "--all")
    assert audited.counts["audited"] + audited.counts["rejected"] == 1
    assert {each["rulebook"] for each in audited.findings} <= {"public-health-2012"}


# (council, received, the edition, whether it is older than all of them)
EDITIONS = [
    ("barchester", "2024-05-31", "barchester.corporate", "first", True),
    ("barchester", "2024-06-03", "barchester.corporate", "first", False),
    ("barchester", "2025-12-31", "barchester.corporate", "first", False),
    ("barchester", "2026-01-01", "barchester.corporate", "second", False),
    ("coventry", "2025-02-28", "coventry.corporate", "March 2025", True),
    ("coventry", "2025-03-01", "coventry.corporate", "March 2025", False),
    ("coventry", "2024-02-07", "lgsco", "February 2024", True),  # launched on the 8th
    ("coventry", "2024-02-08", "lgsco", "February 2024", False),
]


@pytest.fixture(scope="module")
def by_edition(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    records = [
        {**EVERY_FIELD, **case(f"received={row[1]} council={row[0]}", reference=f"E{place}")}
        for place, row in enumerate(EDITIONS)
    ]
    return audit_whole(write(tmp_path_factory.mktemp("editions") / "cases.csv", records))


@pytest.mark.parametrize("place", range(len(EDITIONS)), ids=[f"{row[2]} {row[1]}" for row in EDITIONS])
def test_the_edition_in_force_on_the_day_received_applies(by_edition: Audited, place: int) -> None:
    _, received, book, edition, older = EDITIONS[place]
    finding = by_edition.one("acknowledge-stage1", book, f"E{place}")
    assert finding["edition"] == edition
    assert finding["verdict"] == "breach"
    assert ("before_edition" in finding["marks"]) is older
    if book == "barchester.corporate":  # the first edition allows 2 days, the second 3; 29 to 31 December 2026 closed
        assert finding["due"] == {"2024-05-31": "2024-06-04", "2024-06-03": "2024-06-05", "2025-12-31": "2026-01-05",
                                  "2026-01-01": "2026-01-07"}[received]  # fmt: skip


def test_every_finding_of_an_older_case_is_marked(by_edition: Audited) -> None:
    for place, (_, _, book, _, older) in enumerate(EDITIONS):
        mine = [each for each in by_edition.findings if (each["reference"], each["rulebook"]) == (f"E{place}", book)]
        assert mine and {"before_edition" in each["marks"] for each in mine} == {older}


@pytest.mark.parametrize("book", ["barchester.corporate", "coventry.corporate"])
def test_breaches_from_before_the_edition_are_counted_apart(by_edition: Audited, book: str) -> None:
    (rule,) = [each for each in by_edition.summary["rules"]
               if (each["rulebook"], each["rule"]) == (book, "acknowledge-stage1")]  # fmt: skip
    own = book.split(".")[0]
    older = [
        row[1]
        for row in EDITIONS
        if row[0] == own and row[1] < {"barchester": "2024-06-03", "coventry": "2025-03-01"}[own]
    ]
    assert rule["marks"]["before_edition"] == {"breach": len(older)}


# --- holds, closure days and the rest, from one table ---------------------------------------------

A = "received=2026-03-02 stage1_acknowledged=2026-03-02 "  # Mon 2 March: day 10 is Mon 16 March
H = A + "stage1_holds="
E = " stage1_extension_notified=2026-03-16 "
S3 = "received=2026-01-05 stage3_requested=2026-03-02 "
RESPOND = "respond-stage1"

HOLDS = [
    Row(f"hold {says}", record, rule, expect, as_at, "barchester.corporate")
    for says, record, rule, expect, as_at in [
        # Mon 9 and Tue 10 March are not counted: day 10 is Wed 18 March.
        ("of two days", H + "2026-03-09/2026-03-11 stage1_responded=2026-03-18", RESPOND,
         "met start=2026-03-02 due=2026-03-18 taken=10 over=0", "2026-06-30"),
        ("of two days, late", H + "2026-03-09/2026-03-11 stage1_responded=2026-03-19", RESPOND,
         "breach due=2026-03-18 taken=11 over=1", "2026-06-30"),
        ("over a weekend only", H + "2026-03-07/2026-03-09 stage1_responded=2026-03-16", RESPOND,
         "met due=2026-03-16 taken=10", "2026-06-30"),
        ("of no length", H + "2026-03-09/2026-03-09 stage1_responded=2026-03-16", RESPOND,
         "met due=2026-03-16 taken=10", "2026-06-30"),
        ("overlapping another, counted once",  # 9, 10, 11, 12 March
         H + "2026-03-09/2026-03-11;2026-03-10/2026-03-13 stage1_responded=2026-03-20", RESPOND,
         "met due=2026-03-20 taken=10", "2026-06-30"),
        ("before another", H + "2026-03-04/2026-03-05;2026-03-11/2026-03-12 stage1_responded=2026-03-18", RESPOND,
         "met due=2026-03-18 taken=10", "2026-06-30"),
        ("before day zero", H + "2026-02-23/2026-02-27", RESPOND, "running due=2026-03-16", "2026-03-16"),
        ("over Easter",  # acknowledged Mon 30 March; held 2 and 7 April, not Good Friday nor Easter Monday
         "received=2026-03-30 stage1_acknowledged=2026-03-30 stage1_holds=2026-04-02/2026-04-08", RESPOND,
         "running due=2026-04-17", "2026-04-17"),
        ("stops only its own stage", A + "stage2_holds=2026-03-09/2026-03-11", RESPOND, "running due=2026-03-16",
         "2026-03-16"),
        ("stops only the response", "received=2026-03-02 stage1_holds=2026-03-03/2026-03-06", "acknowledge-stage1",
         "running due=2026-03-05", "2026-03-05"),
        ("stops no other step", "received=2026-03-02 stage1_holds=2026-03-03/2026-03-06", "notify-department",
         "running due=2026-03-04", "2026-03-04"),
        # Open: the response ends it. Counted are 3-6 March (4 days) and from 25 March: 25, 26, 27, 30, 31, 1 April.
        ("open, ended by the response", H + "2026-03-09/.. stage1_responded=2026-03-25", RESPOND,
         "met due=2026-04-01 taken=5", "2026-06-30"),
        ("open, due date not passed", H + "2026-03-09/..", RESPOND, "running due=-", "2026-06-30"),
        ("open, begun on the due date", H + "2026-03-16/..", RESPOND, "running due=-", "2026-06-30"),
        ("open, begun after the due date", H + "2026-03-17/..", RESPOND, "breach due=2026-03-16 marks=not_recorded",
         "2026-03-31"),
        ("that ends after the audit date is open", H + "2026-03-09/2026-03-25", RESPOND, "running due=-", "2026-03-20"),
        ("that begins after the audit date is not seen", H + "2026-03-12/..", RESPOND, "running due=2026-03-16",
         "2026-03-10"),
        # Extensions: the cap (20 days, Mon 30 March) moves with the hold, extended_to does not.
        ("moves the cap", H + "2026-03-09/2026-03-11" + E + "stage1_responded=2026-04-01", RESPOND,
         "met due=2026-04-01 taken=20", "2026-06-30"),
        ("does not move extended_to",
         H + "2026-03-09/2026-03-11" + E + "stage1_extended_to=2026-03-23 stage1_responded=2026-03-24", RESPOND,
         "breach due=2026-03-23 over=1", "2026-06-30"),
        ("moves the day a notice must be given by",
         H + "2026-03-09/2026-03-11 stage1_extension_notified=2026-03-18 stage1_extended_to=2026-03-23",
         "extend-stage1",
         "met due=2026-03-18 done=2026-03-18", "2026-06-30"),
        # Months do not move: two from 2 March.
        ("does not move months", "received=2026-01-05 stage2_requested=2026-03-02 stage2_holds=2026-03-09/2026-04-09",
         "respond-stage2", "running due=2026-05-02", "2026-05-02"),
    ]
] + [
    Row("the Ombudsman's Code has no holds", H + "2026-03-09/2026-03-11 stage1_responded=2026-03-18 council=barchester",
        RESPOND, "breach due=2026-03-16 taken=12 over=2", book="lgsco"),
    Row("Coventry's policy has none either", H + "2026-03-09/.. stage1_responded=2026-03-18", RESPOND,
        "judgement due=2026-03-16 taken=12 over=2", book="coventry.corporate"),  # in time by its App C, 23 March
]  # fmt: skip

# Received Wed 23 December 2026, three days: 24 December, then past the closure of 29 to 31.
CLOSURE = [
    Row("not a council's closure day", "received=2026-12-23 stage1_acknowledged=2027-01-05", "acknowledge-stage1",
        "met due=2027-01-05 taken=3", "2027-01-31", "barchester.corporate"),  # 24 December, 4 and 5 January
    Row("received on a closure day", "received=2026-12-29 stage1_acknowledged=2027-01-07", "acknowledge-stage1",
        "met due=2027-01-07 taken=3", "2027-01-31", "barchester.corporate"),  # day zero Mon 4 January
    Row("national rulebooks never use them", "received=2026-12-23 stage1_acknowledged=2027-01-05 council=barchester",
        "acknowledge-stage1", "breach due=2027-01-04 taken=6 over=1", "2027-01-31", "lgsco"),
    Row("nor does another council", "received=2026-12-23 stage1_acknowledged=2027-01-05", "acknowledge-stage1",
        "breach due=2027-01-04 taken=6 over=1", "2027-01-31", "coventry.corporate"),
]  # fmt: skip

# Any date, no cap: day 10 is Mon 16 March.
ANY = [
    Row(says, S3 + record, "respond-stage3", expect, as_at, "barchester.corporate")
    for says, record, expect, as_at in [
        ("a holding reply in time", "stage3_extension_notified=2026-03-16 stage3_extended_to=2026-05-29 "
         "stage3_responded=2026-05-29", "met due=2026-05-29", "2026-06-30"),
        ("later than it says", "stage3_extension_notified=2026-03-16 stage3_extended_to=2026-05-29 "
         "stage3_responded=2026-06-01", "breach due=2026-05-29 over=1", "2026-06-30"),
        ("a holding reply too late", "stage3_extension_notified=2026-03-17 stage3_extended_to=2026-05-29 "
         "stage3_responded=2026-03-18", "breach due=2026-03-16 over=2", "2026-06-30"),
        ("no new date, a late response", "stage3_extension_notified=2026-03-16 stage3_responded=2026-03-18",
         "no_evidence marks=?", "2026-06-30"),
        ("no new date, none by then", "stage3_extension_notified=2026-03-16", "no_evidence marks=?", "2026-03-17"),
        ("no new date, in time", "stage3_extension_notified=2026-03-16 stage3_responded=2026-03-16", "met",
         "2026-06-30"),
        ("a new date on a Saturday, done on Monday",
         "stage3_extension_notified=2026-03-16 stage3_extended_to=2026-03-21 "
         "stage3_responded=2026-03-23", "breach due=2026-03-21 over=1", "2026-06-30"),
        ("no notice date, in time by the new one", "stage3_extended_to=2026-05-29 stage3_responded=2026-05-29",
         "no_evidence marks=?", "2026-06-30"),
    ]
]  # fmt: skip

OTHERS = [
    Row("2 days", "received=2026-03-02 stage1_department_notified=2026-03-05", "notify-department",
        "breach due=2026-03-04 taken=3 over=1", book="barchester.corporate"),
    Row("not told, but answered", "received=2026-03-02 stage1_responded=2026-03-05", "notify-department",
        "no_evidence marks=not_recorded", book="barchester.corporate"),
    Row("not told, though acknowledged: an earlier step", "received=2026-03-02 stage1_acknowledged=2026-03-05",
        "notify-department", "breach marks=not_recorded", book="barchester.corporate"),
    Row("a word of the plugin's own", A + "stage1_acknowledgement_contains=Leaflet", "acknowledgement-stage1-contents",
        "met missing=-", book="barchester.corporate"),
    Row("a word of the plugin's own, lacking", A + "stage1_acknowledgement_contains=handler",
        "acknowledgement-stage1-contents", "breach missing=leaflet", book="barchester.corporate"),
]  # fmt: skip

ROWS = [*HOLDS, *CLOSURE, *ANY, *OTHERS]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return Deck(ROWS, tmp_path_factory.mktemp("council"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_council(deck: Deck, row: Row) -> None:
    deck.check(row)
