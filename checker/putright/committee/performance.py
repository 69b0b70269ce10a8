"""What complaints came and how their main steps were kept: a summary for one page, and the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from putright.committee import rows, statements
from putright.committee.material import Material
from putright.committee.otherfigures import OTHERS
from putright.committee.statements import StepWords
from putright.documents.charts import drawable
from putright.documents.paper import Block, Cell, Chart, Column, Gap, Section, Sentence, Table, Withheld, spell
from putright.statistics.division_counts import STEPS
from putright.statistics.tables import ALL, slug
from putright.text.english import capital

_EXTENDED = "on time, including those within a valid extension"
_RECEIVED, _IN_TIME = "Complaints received", "Stage 1 answered in time"


def sections(material: Material) -> Iterator[Section]:
    """The summary, and the other sections on performance."""
    yield summary(material)
    yield from rest(material)


def rest(material: Material, gaps: Sequence[Gap] = ()) -> Iterator[Section]:
    """The charts, the other procedures, other councils, and what must be supplied about the figures."""
    procedures = [block for group in material.groups[1:] for block in _of_group(material, group)]
    if blocks := (*_charts(material), *procedures, *material.table(OTHERS), *gaps):
        yield Section("performance", "Performance", blocks)


def summary(material: Material) -> Section:
    """The first procedure's complaints and main steps, its quarters, and every procedure in one table."""
    said = [block for group in material.groups[:1] for block in (*_of_group(material, group), *_trend(material, group))]
    if not said:
        said += _received(material, "", 0)
    return Section("summary", "Summary", (*records_read(material), *_main_steps(material), *said))


def _received(material: Material, group: str, complaints: Cell) -> tuple[Sentence, ...]:
    """How many complaints were received, as far as the records could be read."""
    given = (complaints, group, material.period, material.rows.rejected)
    return statements.first(*(each.sentence(*given) for each in statements.COMPLAINTS))


def _of_group(material: Material, group: str) -> Iterator[Sentence]:
    found = rows.totals(material, group)
    yield from _received(material, group, found.complaints)
    if isinstance(found.complaints, Withheld):  # so few that nothing more is published
        return
    withheld = []
    for heading, rules in STEPS.items():
        share = found.steps.get(heading)
        of_step = rows.national_rule_rows(material, group, rules)
        if isinstance(share, Withheld):
            withheld.append(_words(material, group, heading).many)
        elif share is not None or of_step:
            facts = (
                share,
                _words(material, group, heading),
                rows.total([row.no_evidence for row in of_step]),
                rows.total([row.for_judgement for row in of_step]),
            )
            yield from statements.first(*(each.sentence(*facts) for each in statements.STEP_IN_TIME))
    yield from statements.first(statements.STEPS_WITHHELD.sentence(withheld))
    yield from statements.first(statements.UPHELD.sentence(found.upheld, group))
    yield from statements.first(statements.ESCALATED.sentence(found.asked, group))


def _words(material: Material, group: str, heading: str) -> StepWords:
    """The words for one of the main steps, by the heading of its column."""
    stage, response = heading[len("Stage ")], "answered" in heading
    if response:
        one, many = (f"stage {stage} response to a {group} complaint", f"stage {stage} responses to {group} complaints")
        return StepWords("sent", one, many, _EXTENDED, target=material.targets.get(f"stage{stage}"))
    national = [each for each in material.judged if each.group == group and not each.local]
    limits = {each.limits[rule] for each in national for rule in STEPS[heading] if rule in each.limits}
    when = f"within {limits.pop()}" if len(limits) == 1 else "on time"
    one, many = (f"{group} complaint", f"{group} complaints")
    if stage != "1":
        one, many = (f"request for stage {stage} of a {one}", f"requests for stage {stage} of {many}")
    target = material.targets.get("acknowledged")
    return StepWords("acknowledged", one, many, when, "due to be acknowledged", target)


def _main_steps(material: Material) -> Iterator[Table]:
    """Every procedure's complaints and main steps in one small table."""
    for months in material.table("months"):
        if months.columns[0].heading == "Month":
            totals = tuple(row[1:] for row in months.rows if row[0] == ALL)
            note = (
                "Complaints are counted by the day they were received. In time is by the national rulebook of each "
                "procedure, of all that were due; what the records cannot show counts as not in time."
            )
            yield Table("main-steps", "Complaints, and the main steps in time", months.columns[1:], totals, note)


def _charts(material: Material) -> Iterator[Block]:
    """Figures of the first procedure, each with its table: received and in time by quarter, received by service."""
    for group in material.groups[:1]:
        for table in material.table(slug("measures", group)):
            yield from _by_quarter(table, group, _RECEIVED, "received")
            yield from _by_quarter(table, group, _IN_TIME, "in-time")
        for table in material.table("services"):
            found = tuple((row[0], row[2]) for row in table.rows if row[1] == group and row[0] != ALL)
            columns = (Column("Service", figures=False), Column("Complaints"))
            small = Table("complaints-by-service", f"{capital(group)} complaints by service", columns, found)
            yield from _charted(small, f"{capital(group)} complaints received by each service.")


def _trend(material: Material, group: str) -> Iterator[Sentence]:
    """The stage 1 responses in time of each quarter."""
    for table in material.table(slug("measures", group)):
        for _, found in _quarters(table, _IN_TIME):
            yield from statements.first(statements.TREND.sentence(found))


def _quarters(table: Table, measure: str) -> Iterator[tuple[str, list[tuple[str, Cell]]]]:
    """The name of a measure, and its figure for each quarter, the quarter before the year among them."""
    quarters = [place for place, column in enumerate(table.columns) if column.figures][:-2]
    for row in table.rows:
        if spell(row[0]).startswith(measure):
            found = [(table.columns[place].heading, row[place]) for place in quarters if row[place] is not None]
            yield spell(row[0]).partition(" (")[0], found
            return


def _by_quarter(table: Table, group: str, measure: str, name: str) -> Iterator[Block]:
    """A chart of one measure by quarter, with its table."""
    for label, found in _quarters(table, measure):
        what = label.removeprefix("Complaints ") if label == measure else f"with {label[0].lower()}{label[1:]}"
        title = f"{capital(group)} complaints {what}, by quarter"
        columns = (Column("Quarter", figures=False), Column(label))
        yield from _charted(Table(f"{name}-by-quarter", title, columns, tuple(found)), f"{title}.")


def _charted(table: Table, alternative: str) -> Iterator[Block]:
    """A table and its chart, if there is something to draw."""
    chart = Chart(table.id, (1,), "bars", alternative)
    if len(table.rows) > 1 and drawable(chart, table):
        yield chart
        yield table


def records_read(material: Material) -> tuple[Sentence, ...]:
    """Whether every row of the file could be read, and which procedures had no rulebook."""
    found = material.rows
    return (
        *statements.first(*(each.sentence(found.read, found.rejected) for each in statements.ROWS)),
        *statements.first(statements.UNREAD.sentence(found.unread)),
        *statements.first(statements.WITHOUT.sentence(material.without)),
    )
