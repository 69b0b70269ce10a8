"""Doubt travels with the rule: what a rulebook says is not certain is short, and is there wherever somebody acts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from doubting import BOOKS, CODES, DOUBTFUL, HOST, OWN, SMALL, flat, marked, of_rules
from putright import cli
from putright.auditing import findings, summary
from putright.auditing.audits import Period
from putright.auditing.batches import audit_batches
from putright.casework import duedates
from putright.committee import annual, listing, pack
from putright.committee.gathering import Gathering
from putright.documents.paper import Paper, Table
from putright.fields import NATIONAL
from putright.files.readers import read_tables
from putright.policy import catalogue, comparison, forms
from putright.rulebooks import STATUS_DOUBTS, Rulebook, doubts, short_doubt
from putright.rulebooks.doubts import Doubt, sentence
from putright.rulebooks.rules import Timed
from putright.statistics.tables import asked
from putright.synthetic.sample import sample, write_sample

# --- one sentence -----------------------------------------------------------------------------------

SHORT = [
    ("The first. The second.", "The first."),
    ("the first", "The first."),
    ("It ends here; and goes on", "It ends here; and goes on."),
    ("On two\n  lines. And more.", "On two lines."),
    ("See 6.14 of the Code (e.g. Part 3). More.", "See 6.14 of the Code (e.g. Part 3)."),
    ("Is it 6.3 or 9.2? Nobody knows.", "Is it 6.3 or 9.2?"),
    ("Not read. 9.2 is applied.", "Not read."),
    ("The word is 'usually.' That is all.", "The word is 'usually.'"),
    ("Mr. J. Smith said so. Nobody else.", "Mr. J. Smith said so."),
    ("Points a and b. Not c.", "Points a and b."),
    ("It counts from reg. 3 on. So it says.", "It counts from reg. 3 on."),
]


@pytest.mark.parametrize(("text", "short"), SHORT)
def test_the_first_sentence(text: str, short: str) -> None:
    assert sentence(text) == short


def test_every_text_of_every_rulebook_has_a_short_form_that_it_begins_with() -> None:
    for book in BOOKS:
        for text in filter(None, [c.unclear for c in book.clauses] + [r.note for c in book.clauses for r in c.rules]):
            short = sentence(text)
            assert flat(text).startswith(flat(short)), text
            assert short[0] == short[0].upper() and short[-1] in ".!?'\""


# --- where a doubt comes from -----------------------------------------------------------------------


def _of(name: str) -> list[str]:
    return doubts.shorts(doubts.of_ruling(DOUBTFUL, DOUBTFUL.rulings()[name]))


def test_the_doubts_of_a_rule() -> None:
    assert _of("acknowledge-stage1") == []
    assert _of("complain-in-time") == ["Clause 4 speaks of other times."]  # another clause bears on it
    assert _of("respond-stage1") == ["The tables of clause 2 differ.", "Clause 5 does not say that a clock stops."]
    assert _of("respond-stage2") == ["Clause 3 has two versions."]  # no hold there
    assert _of("extend-stage1") == ["Clause 2 names no time for telling the person."]
    ruling = DOUBTFUL.rulings()["complain-in-time"]
    assert doubts.of_ruling(DOUBTFUL, ruling) == (Doubt("Clause 4 speaks of other times. It names none.", "4"),)
    assert doubts.cited(doubts.of_ruling(DOUBTFUL, ruling)) == ["4: Clause 4 speaks of other times."]


def test_the_doubts_of_a_document_are_apart_and_first() -> None:
    found = doubts.of_book(DOUBTFUL)
    assert [doubt.short for doubt in found] == [
        "This procedure is superseded by a policy of June 2026, of which only the times are known.",
        "The last day on which this procedure can apply is 31 March 2027.",
        "This document leaves complaints about the council as landlord to another policy.",
        "The whole document is a draft.",
    ]
    assert [doubt.ending for doubt in found] == [True, True, False, False]
    flagged = DOUBTFUL.model_copy(update={"for_flag": "cse"})
    only = "This document is only for complaints about child sexual exploitation; for others the national rules apply"
    assert any(doubt.short.startswith(only) for doubt in doubts.of_book(flagged))


def test_nothing_that_reaches_a_finding_is_left_out_or_added() -> None:
    """Findings take theirs from the ruling; pages from here, with whose copy a paragraph was read in, and holds."""
    for book in BOOKS:
        for ruling in book.rulings().values():
            texts = {flat(doubt.text) for doubt in (*doubts.of_book(book), *doubts.of_ruling(book, ruling))}
            for text in ruling.unclear:
                assert flat(text) in texts or flat(text.partition(": ")[2]) in texts, text


def test_a_paragraph_is_confirmed_only_where_its_author_says_it() -> None:
    book = HOST.editions["lgsco"][-1]
    clause = book.clauses[0].model_copy(update={"status": "confirmed", "unclear": None, "rules": []})
    for source, where in (
        (None, None),
        ("https://www.lgo.org.uk/anything", None),
        ("https://lgo.org.uk/elsewhere?chapter=5", None),
        ("https://www.elsewhere.gov.uk/policy", "elsewhere.gov.uk"),
        ("A committee report of July 2024", "A committee report of July 2024"),
    ):
        read = clause.model_copy(update={"source": source})
        assert doubts.read_elsewhere(book, read) == where
        found = doubts.of_clause(book, read)
        assert doubts.shorts(found) == (
            [f"This paragraph was read in a copy at {where}, not in the source itself."] if where else []
        )
    for status, doubt in STATUS_DOUBTS.items():
        read = clause.model_copy(update={"status": status, "source": "https://www.elsewhere.gov.uk/policy"})
        assert [each.text for each in doubts.of_clause(book, read)] == [doubt]


# --- wherever somebody acts -------------------------------------------------------------------------


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: f"{book.rulebook} {book.edition}")
def test_rules_as_json(book: Rulebook) -> None:
    entries = catalogue.Catalogue(catalogue._entry(book, ruling) for ruling in book.rulings().values())
    told = flat(json.dumps(entries, ensure_ascii=False))
    for doubt in of_rules(book):
        assert flat(json.dumps(doubt.short, ensure_ascii=False)[1:-1]) in told
        assert flat(json.dumps(doubt.text, ensure_ascii=False)[1:-1]) in told  # in full as well
    for entry, ruling in zip(entries, book.rulings().values(), strict=True):
        assert entry["who"] == ruling.who
        assert entry["notes"] == list(ruling.notes)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: f"{book.rulebook} {book.edition}")
def test_rules_at_the_terminal(book: Rulebook) -> None:
    entries = catalogue.Catalogue(catalogue._entry(book, ruling) for ruling in book.rulings().values())
    lines = flat(" ".join(str(part) for part in entries.render()).replace("\\[", "["))
    for doubt in of_rules(book):
        assert flat(doubt.short) in lines


@pytest.mark.parametrize("form", [None, "paragraphs", "sections"])
@pytest.mark.parametrize("name", OWN)
def test_the_self_assessment(name: str, form: Any) -> None:
    book = OWN[name]
    if form == "sections" and "lgsco" not in book.governed_by:
        return
    assessed = forms.self_assess(HOST, [book], "lgsco" if form == "sections" else None)
    told = flat(json.dumps(assessed.as_data(form), ensure_ascii=False))
    for doubt in marked(book):
        assert flat(json.dumps(doubt.short, ensure_ascii=False)[1:-1]) in told
    asked = {answer.paragraph for answer in assessed.answers if form is None or str(answer.verdict) != "nothing asked"}
    for code in assessed.codes.values():
        for doubt in marked(code):
            if doubt.clause in asked:
                assert flat(json.dumps(doubt.short, ensure_ascii=False)[1:-1]) in told, doubt


@pytest.mark.parametrize("procedure", ["corporate", "children", "adults"])
def test_councils_compared(procedure: str) -> None:
    found = comparison.compare(HOST, list(HOST.councils), procedure)
    data = flat(json.dumps(found.as_data(), ensure_ascii=False))
    lines = [
        flat(line)
        for row in found.steps
        for step in row.cells.values()
        for line in (comparison._lines(step) if step else ())
    ]
    for book in found.columns:
        for doubt in of_rules(book):
            assert flat(json.dumps(doubt.short, ensure_ascii=False)[1:-1]) in data
            assert doubt.clause is None or any(flat(doubt.short) in line for line in lines), doubt


def _flags(book: Rulebook) -> str:
    return book.for_flag or ("landlord" if book.rulebook == "housing" else "")


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: f"{book.rulebook} {book.edition}")
def test_due_dates(book: Rulebook) -> None:
    host = SMALL if book is DOUBTFUL else HOST
    council, _, procedure = book.rulebook.partition(".")
    if book.is_national:
        ours = [("", name) for name, national in NATIONAL.items() if national == book.rulebook]
        governed = ((each.council or "", each.procedure or "") for each in BOOKS if book.rulebook in each.governed_by)
        council, procedure = ours[0] if ours else next(governed)
    for ruling in book.rulings().values():
        rule = ruling.rule
        if not isinstance(rule, Timed) or rule.within is None or rule.when or rule.step == "received":
            continue
        events = {rule.start: dt.date(2026, 6, 8)}
        dates = duedates.due_dates(host, council or None, procedure, events, _flags(book))
        [date] = [each for each in dates if (each.rulebook, each.rule) == (book.rulebook, ruling.name)]
        lines = flat(" ".join(duedates.DueDates([date]).lines()))
        data = flat(json.dumps(date.as_data(), ensure_ascii=False))
        for text in ruling.unclear:
            assert flat(short_doubt(text)) in lines, ruling.name
            assert flat(json.dumps(text, ensure_ascii=False)[1:-1]) in data
        assert date.who == ruling.who


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: f"{book.rulebook} {book.edition}")
def test_findings(book: Rulebook) -> None:
    for ruling in book.rulings().values():
        told = flat(findings._describe(ruling, book)["_unclear"])
        for text in (text for part in ruling.parts for text in part.unclear):
            assert flat(short_doubt(text)) in told, ruling.name


def _words(paper: Paper) -> str:
    """All that a paper says."""
    said = []
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                said += [str(cell) for row in block.rows for cell in row] + [block.note]
            else:
                said.append(getattr(block, "text", ""))
    return flat(" ".join(said))


@pytest.mark.parametrize("council", ["doubtville", *HOST.councils])
def test_committee_papers(council: str, tmp_path: Path) -> None:
    host = SMALL if council == "doubtville" else HOST
    path, as_at = tmp_path / "cases.jsonl", dt.date(2026, 3, 31)
    write_sample(sample(host, council, 60, 4, year_ending=as_at), path)
    period = Period(dt.date(2025, 4, 1), as_at)
    order = pack.Order(cases=path, folder=tmp_path / "pack", council=council, as_at=as_at, period=period, threshold=0)
    gathering = Gathering(order, host)
    tables = read_tables(path)
    for records, found, made in audit_batches(
        lambda: tables, host, council, as_at, gathering.period, make=lambda found: found.findings
    ):
        gathering.add(found, records, made)
    figures = summary.summarise(gathering.tally, host)
    papers = pack.Papers(gathering, host, figures)
    yearly = annual.paper(gathering, host, figures)
    shown = {id(paper): _words(paper) for paper in (papers.report, papers.public, yearly)}
    shown[id(papers.committee)] = " ".join(map(_words, (papers.committee, papers.appendices)))
    judged = 0
    for table in (table for table in papers.report.tables().values() if table.id.startswith("rules-")):
        name = next(book for book in host.editions if table.id.endswith(f"-{book.replace('.', '-')}"))
        book = host.editions[name][-1]
        rows = {(row[0], str(row[1])) for row in table.rows}
        for words in shown.values():
            for doubt in doubts.of_book(book):
                assert flat(doubt.short) in words, (name, doubt)
            for ruling in book.rulings().values():
                if (asked(ruling), ruling.clause) in rows:
                    for short in doubts.shorts(doubts.of_ruling(book, ruling)):
                        assert flat(short) in words, (name, ruling.name, short)
                        judged += 1
    assert judged
    listed = listing.make(gathering.findings, host, gathering.tally.books)
    clauses = {(book.heading, clause.id): clause for book in listed.books for clause in book.clauses}
    in_full = flat(" ".join(doubt for clause in clauses.values() for doubt in clause.doubts))
    for name in gathering.tally.books:
        for doubt in of_rules(host.editions[name][-1]):
            assert doubt.clause is None or flat(doubt.text) in in_full


def test_a_rulebook_of_doubts_in_the_catalogue() -> None:
    found = {name: catalogue.terms(ruling) for name, ruling in DOUBTFUL.rulings().items()}
    assert (
        found["acknowledge-stage1"] == "5 working days from receipt; a start on a day off counts from that day itself"
    )
    assert found["respond-stage1"] == (
        "10 working days from the stage 1 acknowledgement (on another reading, 15 working days from the stage 1 "
        "acknowledgement)"
    )
    assert found["respond-stage2"] == (
        "4 weeks from the stage 2 acknowledgement (on another reading, from the stage 2 request)"
    )
    assert found["acknowledge-stage2"] == (
        "7 calendar days from the stage 2 request; 3 calendar days if the case starts at this stage"
    )
    assert found["start-at-stage2"] == "a person must judge whether this case may start at stage 2"
    assert found["acknowledgement-stage1-contents"] == "understanding or complaint_definition"
    days = {name: catalogue.days_off(DOUBTFUL, ruling) for name, ruling in DOUBTFUL.rulings().items()}
    assert (days["acknowledge-stage1"], days["respond-stage1"], days["acknowledge-stage2"]) == (
        "from_the_day",
        "next_working_day",
        None,
    )


def test_the_commands_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(__file__).parent / "books" / "doubtville.yaml"
    assert cli.main(["assess", str(path)]) == 0
    shown = flat(capsys.readouterr().out)
    assert "the whole document is a draft" in shown
    assert "the last day on which this procedure can apply is 31 march 2027" in shown
    assert cli.main(["assess", str(path), "--output", str(tmp_path / "own.xlsx"), "--format", "json"]) == 0
    assert "the whole document is a draft" in flat(capsys.readouterr().err)


def test_codes_are_read_with_their_status() -> None:
    assert any(clause.status in STATUS_DOUBTS for code in CODES for clause in code.clauses)
