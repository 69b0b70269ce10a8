"""The measures of complaint handling, W1 to W17, by quarter and year, with the period before.

They are this project's own, each based on a paragraph of the Ombudsman's Code, and are never called the Ombudsman's
indicators. Each procedure is separate. Source: the working set of measures (lgsco-kpis).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from putright.documents.paper import Column, Gap, Table, Withheld
from putright.fields import NATIONAL, OUTCOMES, STAGES
from putright.rulebooks.rules import Timed
from putright.statistics.case_counts import FAULT, NOT_RECORDED
from putright.statistics.counts import Counts
from putright.statistics.cubes import COUNT, Cube, Entry, Figure, Mean, Middle, Money, Rate, Ratio, Row, Sheet, needed
from putright.statistics.division_tables import Place
from putright.statistics.finding_counts import DUE, MET, NOT_SHOWN, OF_PROCEDURE
from putright.statistics.handtables import hand_tables
from putright.statistics.periods import Months, quarters_to, year
from putright.statistics.supplied import Supplied
from putright.statistics.tables import figures, slug
from putright.text.english import written_date


@dataclass(frozen=True)
class Measure:
    """A measure in words: what it counts, of what, by which paragraph of the Code, and placed in time how."""

    id: str
    name: str
    counts: str
    of: str
    paragraph: str
    placed: str
    note: str = ""


_DUE = "due date"
_ANSWERED = "day of the answer"
_RECEIVED = "day of receipt"
_BASE = "What the records cannot show stays in the base and is not counted as in time; what is not due yet is left out."

MEASURES = {
    measure.id: measure
    for measure in (
        Measure(
            "W1", "Service requests", "contacts treated as service requests", "a count", "1.8", "as supplied",
            "Read it with W2: a change in how contacts are sorted moves both.",
        ),
        Measure(
            "W2", "Complaints accepted at stage 1", "complaints neither refused, nor settled informally with no stage "
            "begun, nor taken straight to stage 2", "a count; complaints received also for each 1,000 residents",
            "3.3, 9.7", _RECEIVED,
            "A high number is not a failure.",
        ),
        Measure("W3", "Complaints refused", "complaints refused", "complaints received", "8.1", _RECEIVED,
                "The reasons are supplied by hand."),
        Measure("W4", "Stage 1 acknowledged in time", "acknowledged by the due date",
                "complaints acknowledged or overdue", "6.2", _DUE, _BASE),
        Measure("W5", "Stage 1 answered in time without extension", "answered within the limit itself",
                "stage 1 answers due, extended or not", "6.3", _DUE,
                f"An extended case falls in the period of its extended date. {_BASE}"),
        Measure("W6", "Stage 1 answered within a proper extension", "answered by the extended date, the extension "
                "allowed and notified in time", "stage 1 answers due that were extended", "6.4, 6.5", _DUE,
                f"An improper extension counts as late. {_BASE}"),
        Measure("W7", "Escalated to stage 2", "stage 2 asked for by the audit date", "stage 1 answers", "6.10",
                "day of the stage 1 answer", "Requests that were refused are among them, and shown apart as well."),
        Measure("W8", "Stage 2 in time", "as W4, W5 and W6", "as W4, W5 and W6, for stage 2", "6.11 to 6.15",
                _DUE, _BASE),
        Measure("W9", "Outcomes", "answers with the outcome", "answers at the stage", "9.7", _ANSWERED,
                "The words for outcomes can be the council's own."),
        Measure("W10", "Overturned at stage 2", "stage 2 outcomes better for the person than stage 1's",
                "stage 2 answers", "9.1", _ANSWERED,
                "Upheld is better than partly upheld, and that than not upheld or no finding; resolved, and "
                "outcomes not recorded, cannot be compared but stay in the base."),
        Measure("W11", "Remedies done by the promised date", "remedies done by the date promised",
                "remedies promised for a date that has come", "7.3", "promised date",
                "A remedy never done stays in the base (7.4). With no promised date it is only counted, by the day "
                "of the offer."),
        Measure("W12", "Learning recorded", "cases with learning recorded by the audit date",
                "cases whose last answer found fault", "8.1, 9.1", "day of the last answer",
                "Improvements with their owners and dates are supplied by hand."),
        Measure("W13", "The Ombudsman's decisions", "as the annual letter has them", "the annual letter", "8.1",
                "the letter's year", "Copied from the letter, never worked out again."),
        Measure("W14", "Letters telling of the Ombudsman where due", "letters that told of the Ombudsman",
                "refusals, notices of extension and final answers that had to", "2.4, 6.5", "day of the letter",
                "A letter whose contents nobody recorded stays in the base."),
        Measure("W15", "Working days to respond", "working days from the beginning of the stage to its response, on "
                "average and in the middle", "responses at the stage", "6.3, 6.14", _ANSWERED,
                "Counted after day zero. Holds are not taken off. Of two middle numbers it is the lower."),
        Measure("W16", "Working days late", "working days past the due date, on average and in the middle",
                "responses sent late", "6.3, 6.14", _ANSWERED,
                "Only where the national rulebook's limit is in working days."),
        Measure("W17", "Paid as remedies", "remedies paid: how many, their sum, and the middle amount",
                "cases with an amount", "7.2", "day the remedy was completed, or else offered, or else of receipt",
                "In whole pounds. A sum of which one payment is more than half is not published."),
    )
}  # fmt: skip

_LANDLORD = OF_PROCEDURE["housing"]
#: The procedures for which a Code asks that letters name the Ombudsman.
_UNDER_A_CODE = (OF_PROCEDURE["corporate"], _LANDLORD)
_Rows = Iterator[tuple[str, Entry]]


def tables(counts: Counts, supplied: Supplied | None = None) -> list[Table]:
    """Every measure: its definition, its figures for each procedure, and what is supplied by hand."""
    supplied = supplied or Supplied()
    cubes = cubes_with(counts, supplied)
    made = [sheet.table(cubes) for sheet in sheets(counts, measured(counts, supplied))]
    return [definitions(), *made, *hand_tables(supplied)]


def definitions() -> Table:
    """The definition of each measure."""
    headings = ("Measure", "Name", "Counts", "Of", "Code paragraph", "Placed by", "Note")
    rows = tuple((m.id, m.name, m.counts, m.of, m.paragraph, m.placed, m.note or "none") for m in MEASURES.values())
    return Table(
        "measure-definitions",
        "What the measures count",
        tuple(Column(heading, figures=False) for heading in headings),
        rows,
        "These are measures of our own, each drawn from a paragraph of the Complaint Handling Code. Percentages are "
        "given with their base, and none where the base is 0. Complaints are the case records that could be read. "
        "Procedures with a Code or law of their own are counted by that, and the paragraphs named here are not theirs.",
    )


def gaps(supplied: Supplied | None = None) -> list[Gap]:
    """A gap for each figure that nobody has supplied."""
    supplied = supplied or Supplied()
    wanted = {
        "service_requests": ("w1", "the number of service requests in each quarter (W1)."),
        "population": ("w2", "the number of residents, its source and year (W2)."),
        "refused": ("w3", "why complaints were refused: each reason in a few words, with its number (W3)."),
        "improvements": ("w12", "service improvements, each with its owner and date (W12)."),
        "ombudsman": ("w13", "the Ombudsman's decisions, copied from the annual letter (W13)."),
    }  # fmt: skip
    return [Gap(f"gap-{name}", text) for key, (name, text) in wanted.items() if not getattr(supplied, key)]


def cubes_with(counts: Counts, supplied: Supplied) -> dict[str, Cube]:
    """The cubes of counts by their names, and one of what is supplied by hand."""
    cube = Cube("supplied", ("time",))
    cube.add(pl.DataFrame({"time": [str(item.start)], COUNT: [item.count]}) for item in supplied.service_requests)
    return {**counts.by_name, cube.name: cube}


# --- figures --------------------------------------------------------------------------------------


def measured(counts: Counts, supplied: Supplied) -> dict[str, list[Row]]:
    """Each procedure's rows: a measure's name, its id, its paragraph, and an entry for each period."""
    requests = cubes_with(counts, supplied)["supplied"]
    periods = shown_periods(counts)
    return {group: list(_lines(counts, supplied, requests, group, periods)) for group in counts.groups()}


def sheets(
    counts: Counts,
    rows: Mapping[str, Sequence[Row]],
    years: Collection[str] = (),
    left_out: Collection[Place] = (),
) -> list[Sheet]:
    """Two sheets for each procedure: what the council did, and what came of complaints, by quarter and year.

    ``rows`` are those ``measured``. ``years`` has the ids of the sheets without quarters, ``left_out`` what is
    withheld: an id, a subject and a heading.
    """
    made = (sheet for group, own in rows.items() for sheet in _sheets(counts, own, group, years))
    return [_without(sheet, left_out) for sheet in made if sheet.rows]


def subject(label: Entry, measure: Entry) -> str:
    """What a row is about; the outcomes of a stage are about the same, and so are complaints accepted and refused."""
    return "received" if measure in ("W2", "W3") else str(label).partition(":")[0]


_WHOLE_SUBJECTS = (
    "Outcomes of a stage that are all withheld may hold zeros, and so may complaints accepted and refused."
)


def _without(sheet: Sheet, left_out: Collection[Place]) -> Sheet:
    """The sheet with some rows withheld in some columns."""
    headings = [column.heading for column in sheet.columns]
    rows = tuple(
        tuple(
            Withheld() if needed(entry) and (sheet.id, subject(row[0], row[1]), heading) in left_out else entry
            for entry, heading in zip(row, headings, strict=True)
        )
        for row in sheet.rows
    )
    is_less = any(id == sheet.id for id, *_ in left_out)
    return replace(sheet, rows=rows, note=f"{sheet.note} {_WHOLE_SUBJECTS}") if is_less else sheet


#: The kinds of sheet: the beginning of its id, and its title.
KINDS = {"measures": "Measures", "outcomes": "Outcomes and refusals"}


def shown_periods(counts: Counts) -> dict[str, Months]:
    """The quarters of the financial year so far and the one before, then the year so far and the one before.

    The year goes as far as the last quarter shown; a period not over on the audit date is named so.
    """
    end = min(counts.period.end or counts.as_at, counts.as_at)
    quarters = quarters_to(end)
    whole = year(end)
    so_far = Months(whole.first, sum(each.count for each in quarters))

    def heading(period: Months, shown: Months) -> str:
        last = min(counts.as_at, shown.last)
        return str(period) if last == period.last else f"{period} (to {written_date(last)})"

    return {
        **{heading(each, each): each for each in (quarters[0].before(), *quarters)},
        heading(whole, so_far): so_far,
        heading(whole.before(), whole.before()): whole.before(),
    }


def _sheets(counts: Counts, rows: Sequence[Row], group: str, years: Collection[str]) -> Iterator[Sheet]:
    """The sheet of each kind; the rows of one in ``years`` are of the last two periods alone."""
    periods = shown_periods(counts)
    begin = f" The records begin on {written_date(counts.first)}: a period before that is not counted, and " \
            "the one they begin in may not be whole." if counts.first else ""  # fmt: skip
    words = (Column("Measure", figures=False), Column("Id", figures=False), Column("Code paragraph", figures=False))
    for kind, title in KINDS.items():
        id = slug(kind, group)
        first = len(periods) - 2 if id in years else 0
        of_kind = [row for row in rows if _is_outcome(row) == (kind == "outcomes")]
        yield Sheet(
            id,
            f"{title}: {group} complaints",
            (*words, *figures(*[*periods][first:])),
            tuple((*row[: len(words)], *row[len(words) + first :]) for row in of_kind),
            "Each percentage is shown with its base. The definitions say how each measure is counted and by which date."
            f"{begin}{' Quarters are left out, as their numbers are too small to publish.' if first else ''}",
        )


def _lines(
    counts: Counts, supplied: Supplied, requests: Cube, group: str, periods: Mapping[str, Months]
) -> Iterator[Row]:
    by_period = [list(_rows(counts, supplied, requests, group, period)) for period in periods.values()]
    for line in zip(*by_period, strict=True):
        measure, label, _ = line[0]
        entries = [
            None if counts.first and period.last < counts.first and measure != "W1" else entry
            for period, (_, _, entry) in zip(periods.values(), line, strict=True)
        ]
        is_theirs = group == "corporate" and counts.national(group) == NATIONAL["corporate"]
        yield label, measure, MEASURES[measure].paragraph if is_theirs else None, *entries


#: Measures of what came of complaints, and rows of others that are.
_OF_OUTCOME = ("W3", "W9", "W10", "W12", "W17")
_ACCEPTED, _REFUSED_AT_2 = MEASURES["W2"].name, "of these, stage 2 refused"
_TOLD_IN_REFUSALS = "Told of the Ombudsman: refusals"
_OUTCOMES = {("W2", _ACCEPTED), ("W7", _REFUSED_AT_2), ("W14", _TOLD_IN_REFUSALS)}


def _is_outcome(row: Row) -> bool:
    """Whether a row is of what came of complaints."""
    label, measure, *_ = row
    return measure in _OF_OUTCOME or (measure, label) in _OUTCOMES


def _rows(
    counts: Counts, supplied: Supplied, requests: Cube, group: str, period: Months
) -> Iterator[tuple[str, str, Entry]]:
    """Every measure's rows of one period: its id, the row's name, its entry."""
    at = _At(counts, group, period)
    if group == "corporate":
        found = supplied.requests_in(period)
        yield "W1", MEASURES["W1"].name, requests.figure(time=found) if found else None
    yield from (("W2", *row) for row in _accepted(at, supplied))
    yield "W3", MEASURES["W3"].name, Ratio(at.of("cases", state=["refused"]), at.of("cases"))
    yield from _timed(at, supplied)
    asked = at.of("answers", stage=["1"], next=["asked", "refused"])
    yield "W7", MEASURES["W7"].name, Ratio(asked, at.of("answers", stage=["1"]))
    yield "W7", _REFUSED_AT_2, at.of("answers", stage=["1"], next=["refused"])
    yield from (("W9", *row) for row in _outcomes(at, {str(name): word for name, word in supplied.words.items()}))
    better = at.of("answers", stage=["2"], change=["better"])
    yield "W10", MEASURES["W10"].name, Ratio(better, at.of("answers", stage=["2"]))
    promised = at.of("remedies", state=["in time", "late", "not done"])
    yield "W11", MEASURES["W11"].name, Ratio(at.of("remedies", state=["in time"]), promised)
    yield "W11", "Remedies offered with no promised date", at.of("remedies", state=["no promised date"])
    yield from _days(at)
    if at.counts.cubes["amounts"].known("pence"):
        paid = at.of("amounts")
        yield "W17", "Remedies paid", paid
        yield "W17", "Remedies paid: sum", Money(paid, "pence", "sum")
        yield "W17", "Remedies paid: middle amount", Money(paid, "pence", "median")
    fault = at.of("answers", last=["yes"], outcome=FAULT)
    yield (
        "W12",
        MEASURES["W12"].name,
        Ratio(at.of("answers", last=["yes"], outcome=FAULT, learning=["recorded"]), fault),
    )
    if group in _UNDER_A_CODE:
        yield from (("W14", *row) for row in _letters(at))


def _days(at: _At) -> Iterator[tuple[str, str, Entry]]:
    """Working days to respond and late, for each stage that has any."""
    cube = at.counts.cubes["durations"]
    known = cube.values("measure", cube.figure(group=[at.group]))
    for n in (n for n in STAGES if f"stage {n}" in known):
        found = at.of("durations", measure=[f"stage {n}"])
        yield "W15", f"Stage {n}: working days to respond, on average", Mean(found, "days")
        yield "W15", f"Stage {n}: working days to respond, in the middle", Middle(found, "days", ())
        late = at.of("durations", measure=[f"late at stage {n}"])
        if f"late at stage {n}" in known:
            yield "W16", f"Stage {n}: working days late, on average", Mean(late, "days")
            yield "W16", f"Stage {n}: working days late, in the middle", Middle(late, "days", ())


@dataclass(frozen=True)
class _At:
    """Figures of one procedure in one period."""

    counts: Counts
    group: str
    period: Months

    def of(self, cube: str, **where: Collection[str]) -> Figure:
        """A figure for this period, which need not be the period of the tables."""
        times = self.counts.so_far(cube, "time", self.period.names())
        return self.counts.cubes[cube].figure(**({"group": [self.group], "time": times} | where))

    def findings(self, rules: Iterable[str], **where: Collection[str]) -> Figure:
        """A figure of the national rulebook's findings that fell due in the period, by the audit date."""
        due = self.counts.so_far("findings", "due", self.period.names())
        at: dict[str, Collection[str]] = {
            "group": [self.group],
            "rulebook": [self.counts.national(self.group)],
            "rule": [*rules],
        }
        return self.counts.cubes["findings"].figure(**(at | {"due": due} | where))


def _accepted(at: _At, supplied: Supplied) -> _Rows:
    accepted = at.of("cases", state=["accepted"])
    yield "Complaints received", at.of("cases")
    yield _ACCEPTED, accepted
    homes = supplied.landlord
    if homes and at.group == _LANDLORD:
        of = f"for each 1,000 homes ({homes.homes:,}: {homes.source}, {homes.year})"
        yield f"CH01, stage 1 complaints {of}", Rate(at.of("cases"), homes.homes)
        asked = at.of("answers", stage=["1"], next=["asked", "refused"])
        yield f"CH01, stage 2 complaints {of}", Rate(asked, homes.homes)
    people = supplied.population
    if people and at.group == "corporate":
        yield (
            f"for each 1,000 residents ({people.residents:,}: {people.source}, {people.year})",
            Rate(at.of("cases"), people.residents),
        )


def _timed(at: _At, supplied: Supplied) -> Iterator[tuple[str, str, Entry]]:
    """W4, W5 and W6 for stage 1, and W8, the same for stage 2; for a landlord also CH02, their sum."""
    for stage, acknowledged, answered, extended in ((1, "W4", "W5", "W6"), (2, "W8", "W8", "W8")):
        rules = at.counts.rules_of(at.group, [f"acknowledge-stage{stage}"])
        if rules:
            yield from _shares(
                at, acknowledged, f"Stage {stage} acknowledged in time", rules, {"class": MET}, {"class": DUE}
            )
        rules = at.counts.rules_of(at.group, [f"respond-stage{stage}", f"respond-stage{stage}-limit"])
        if rules:
            name = f"Stage {stage} answered in time without extension"
            yield from _shares(at, answered, name, rules, {"class": ["met"]}, {"class": DUE})
            name = f"Stage {stage} answered within a proper extension"
            made = {"extension": ["in time", "not in time", "cannot be shown"]}
            yield from _shares(at, extended, name, rules, {"extension": ["in time"]}, made)
            if supplied.landlord and at.group == _LANDLORD:
                in_time = Ratio(at.findings(rules, **{"class": MET}), at.findings(rules, **{"class": DUE}))
                yield extended, f"CH02, stage {stage} complaints responded to in time, extensions included", in_time


def _shares(
    at: _At,
    id: str,
    name: str,
    rules: list[str],
    met: Mapping[str, Collection[str]],
    base: Mapping[str, Collection[str]],
) -> Iterator[tuple[str, str, Entry]]:
    """The share in time, and the share that the records cannot show."""
    due = at.findings(rules, **base)
    unknown = {"class": NOT_SHOWN} if "class" in base else {"extension": ["cannot be shown"]}
    asked = (at.counts.rulings[at.counts.national(at.group)][rule].rule for rule in rules)
    limits = {str(rule.within) for rule in asked if isinstance(rule, Timed)}
    yield id, f"{name} ({', '.join(sorted(limits))})", Ratio(at.findings(rules, **met), due)
    yield id, "of these, what the records cannot show", Ratio(at.findings(rules, **unknown), due)


def _outcomes(at: _At, words: Mapping[str, str]) -> _Rows:
    known = at.counts.cubes["answers"].values("stage", at.counts.figure("answers", group=[at.group]))
    for stage in (str(n) for n in STAGES if str(n) in known):
        answers = at.of("answers", stage=[stage])
        for outcome in (*OUTCOMES, NOT_RECORDED):
            word = words.get(outcome) or outcome.replace("_", " ")
            yield f"Stage {stage} outcome: {word}", Ratio(at.of("answers", stage=[stage], outcome=[outcome]), answers)


def _letters(at: _At) -> _Rows:
    for letter, name in (("refusal", "refusals"), ("extension", "notices of extension")):
        held = at.of("letters", letter=[letter], state=["held"])
        yield f"Told of the Ombudsman: {name}", Ratio(held, at.of("letters", letter=[letter]))
    known = ["held", "lacked", NOT_RECORDED]
    held = at.of("answers", ombudsman=["held"])
    yield "Told of the Ombudsman: final answers", Ratio(held, at.of("answers", ombudsman=known))
