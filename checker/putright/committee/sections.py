"""The sections of figures, each built once from the tables it is given, whichever paper it goes into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from putright.committee import statements
from putright.committee.material import JudgedRulebook, Material
from putright.committee.statements import Kept
from putright.documents.charts import drawable
from putright.documents.paper import (
    Block,
    Cell,
    Chart,
    Citation,
    Column,
    Prose,
    Section,
    Sentence,
    Share,
    Table,
    Withheld,
    spell,
)
from putright.fields import RULES
from putright.statistics.tables import ALL, STEPS, slug
from putright.text.english import capital, counted, plural

_KEPT = {
    "Stage 1 acknowledged in time": ("stage 1 acknowledgement", "sent"),
    "Stage 1 answered in time": ("stage 1 answer", "given"),
    "Stage 2 acknowledged in time": ("stage 2 acknowledgement", "sent"),
    "Stage 2 answered in time": ("stage 2 answer", "given"),
}
_MISSED = ("Late", "Lacking", "Not recorded")
_OURS = Prose(
    "measures-1",
    "These measures are putright's own working set, taken from paragraphs of the Code; they are not the Ombudsman's "
    "indicators.",
)


def headline(material: Material) -> Section:
    """Each procedure's complaints, and how its main steps were kept by the national rulebook."""
    blocks: list[Block] = []
    for group in material.groups:
        blocks += _of_group(material, group)
    if not blocks:
        blocks += _received(material, "", 0)
    blocks = [*rows(material), *blocks]
    return Section("performance", "Performance", (*blocks, *_main_steps(material), *_chart_of_months(material)))


def _received(material: Material, group: str, complaints: Cell) -> tuple[Sentence, ...]:
    """How many complaints were received, as far as the records could be read."""
    given = (complaints, group, material.period, material.rows.rejected)
    return statements.first(*(each.say(*given) for each in statements.COMPLAINTS))


def _of_group(material: Material, group: str) -> Iterator[Sentence]:
    row = _totals(material, group)
    complaints = row.get("Complaints")
    yield from _received(material, group, complaints)
    if isinstance(complaints, Withheld):  # nothing about so few
        return
    withheld = []
    for heading, names in STEPS.items():
        share = row.get(heading)
        if isinstance(share, Withheld):
            withheld.append(_KEPT[heading][0])
        elif share is not None or _has_step(material, group, names):
            open_ = (_of_steps(material, group, names, heading) for heading in ("No evidence", "For judgement"))
            given = (share, Kept(*_KEPT[heading], group), *open_)
            yield from statements.first(*(each.say(*given) for each in statements.KEPT))
    yield from statements.first(statements.KEPT_WITHHELD.say(withheld, group))


def _main_steps(material: Material) -> Iterator[Table]:
    """Every procedure's complaints and main steps in one small table."""
    for months in material.table("months"):
        if months.columns[0].heading == "Month":
            rows = tuple(row[1:] for row in months.rows if row[0] == ALL)
            note = (
                "Complaints are the case records that could be read, counted by the day they were received. In time is "
                "by the national rulebook of each procedure, of all whose time was up; what the records cannot show "
                "counts as not in time, and the sentences above say how many those are."
            )
            yield Table("main-steps", "Complaints, and the main steps in time", months.columns[1:], rows, note)


def _chart_of_months(material: Material) -> Iterator[Block]:
    """The complaints of the first procedure by month, as a picture beside its table."""
    for group, table in zip(material.groups[:1], material.table("months"), strict=False):
        rows = tuple((row[0], row[2]) for row in table.rows if row[1] == group and row[0] != ALL)
        small = Table(
            "complaints-by-month", f"{capital(group)} complaints by month", _MONTHS, rows, "By the day of receipt."
        )
        chart = Chart(small.id, (1,), "bars", f"Bars: {group} complaints received in each month.")
        if len(rows) > 1 and drawable(chart, small):
            yield chart
            yield small


_MONTHS = (Column("Month", figures=False), Column("Complaints"))


def departures(material: Material) -> Iterator[Section]:
    """What was found against each rulebook, the council's own first; each in a part of its own."""
    yield Section("departures", "Departures from the Code and from our own procedure")
    for judged in material.judged:
        said = tuple(_against(material, judged))
        if said:
            yield Section(slug("against", judged.group, judged.book), judged.heading, said, level=3)


def _against(material: Material, judged: JudgedRulebook) -> Iterator[Sentence]:
    for table in material.table(judged.rules):
        yield from statements.first(statements.DOCUMENT.say(judged.title, judged.whole))
        counts = [_total(table, heading) for heading in ("Due", *_MISSED)]
        whole = statements.first(*(each.say(judged.title, *counts) for each in statements.DEPARTURES))
        stages = [*_stages(material, judged), *_letters(table)]
        yield from (said for said in whole if not (stages and said.id == "departures-withheld"))
        yield from stages
        for found in (
            statements.MOST.say(_each_rule(table)),
            statements.JUDGEMENT.say(_total(table, "For judgement")),
            statements.EVIDENCE.say(_total(table, "No evidence")),
            statements.GUIDANCE.say(judged.title, judged.standing),
        ):
            yield from statements.first(found)
    for table in material.table(slug("two-way", judged.group, judged.book)):
        yield from _two_ways(judged, table)


def _places(table: Table) -> dict[str, int]:
    return {column.heading: place for place, column in enumerate(table.columns)}


def _total(table: Table, heading: str) -> Cell:
    """A column's sum, or what stands in the way of it."""
    return _sum([row[_places(table)[heading]] for row in table.rows])


def _sum(cells: Sequence[Cell]) -> Cell:
    hidden = [cell for cell in cells if not isinstance(cell, int)]
    return hidden[0] if hidden else sum(cell for cell in cells if isinstance(cell, int))


def _each_rule(table: Table) -> dict[str, Cell]:
    """Each rule's departures, as far as they are shown."""
    places = _places(table)
    return {
        f"{spell(row[0])}, {spell(row[1])}": _sum([row[places[heading]] for heading in _MISSED]) for row in table.rows
    }


def _stages(material: Material, judged: JudgedRulebook) -> Iterator[Sentence]:
    """The council's times by this rulebook, stage by stage."""
    for table in material.table("stages"):
        places = _places(table)
        for row in table.rows:
            if (row[places["Procedure"]], row[places["Rulebook"]]) == (judged.group, judged.name):
                cells = [row[places[heading]] for heading in ("Percentage met", "Late", "Not recorded", "No evidence")]
                yield from statements.first(*(each.say(spell(row[0]), *cells) for each in statements.STAGE))


def _letters(table: Table) -> Iterator[Sentence]:
    places = _places(table)
    for row in table.rows:
        if spell(row[0]).startswith("What the "):
            cells = row[places["Percentage met"]], row[places["No evidence"]]
            yield from statements.first(statements.LETTER.say(spell(row[0]), spell(row[1]), *cells))


def _two_ways(judged: JudgedRulebook, table: Table) -> Iterator[Sentence]:
    place = _places(table)["Not in time"]
    for row in table.rows:
        if row[1] == "in time":
            yield from statements.first(statements.TWO_WAY.say(row[place], spell(row[0]), judged.national))


def figures(material: Material, *, charts: bool = True) -> Iterator[Section]:
    """The tables, each kind in a section; each rulebook's rules with a chart or without."""
    if material.measures:
        yield Section("measures", "Measures", (_OURS, *material.measures))
    rules: list[Block] = []
    for judged in material.judged:
        for table in material.table(judged.rules):
            rules += [*(_chart_of_rules(table) if charts else []), table, *_in_doubt(judged, table)]
    yield Section("rules", "Each rule", tuple(rules))
    for name, heading in (("stages", "By stage"), ("services", "By service"), ("months", "By month")):
        for table in material.table(name):
            yield Section(f"by-{name}", heading, (table,))
    ways = [table for each in material.judged for table in material.table(slug("two-way", each.group, each.book))]
    if ways:
        yield Section("both", "In time by our own procedure and by the Code", tuple(ways))
    for table in material.table("paths"):
        yield Section("path", "The whole path", (*_paths(table), table))


def _in_doubt(judged: JudgedRulebook, table: Table) -> Iterator[Table]:
    """What is in doubt of the rules of a table, where anything is."""
    rows = tuple(
        (row[0], row[1], " ".join(judged.doubts[spell(row[0]), spell(row[1])]))
        for row in table.rows
        if (spell(row[0]), spell(row[1])) in judged.doubts
    )
    if rows:
        columns = tuple(Column(name, figures=False) for name in ("Step", "Clause", "What is in doubt"))
        note = "Findings on these rules depend on how the source is read, or on what of it could be read."
        yield Table(judged.in_doubt, f"In doubt: {table.title}", columns, rows, note)


def _chart_of_rules(table: Table) -> Iterator[Chart]:
    columns = tuple(place for place, column in enumerate(table.columns) if column.heading in ("Met", *_MISSED))
    chart = Chart(table.id, columns, "stacked bars", f"Bars: how often each rule was met or not. {table.title}.")
    if drawable(chart, table):
        yield chart


def _paths(table: Table) -> Iterator[Sentence]:
    places = _places(table)
    for row in table.rows:
        cells = row[places["Answers"]], row[places["Median"]]
        yield from statements.first(statements.PATH.say(*cells, spell(row[0]), spell(row[1])))


# --- sections of the officer's report -------------------------------------------------------------


def rows(material: Material) -> tuple[Sentence, ...]:
    """What became of the rows of the file, and which procedures had no rulebook, as far as it may be said."""
    found = material.rows
    return (
        *statements.first(*(each.say(found.read, found.rejected) for each in statements.ROWS)),
        *statements.first(statements.UNREAD.say(found.unread)),
        *statements.first(statements.WITHOUT.say(material.without)),
    )


def given(summary: Mapping[str, Any], rejected: Sequence[Mapping[str, Any]]) -> Section:
    """What was read: every row accounted for, what was left aside and why, and how complete the data is."""
    found = summary["data_quality"]
    kept = [
        each
        for each in found["fields"]
        if each["arises"] and each["in_file"] and each["blank"] == "missing" and each["recorded"] < each["base"]
    ]
    blocks: list[Block] = [_reconciled(summary["reconciliation"]), *_notes(summary, found)]
    if rejected:
        blocks.append(_rejected(rejected))
    if unread := summary["unreadable"]["listed"]:
        blocks.append(_unread(unread))
    if kept:
        blocks.append(_recorded(kept))
    return Section("quality", "What was read, and how complete it is", tuple(blocks))


def _reconciled(counts: Mapping[str, int]) -> Table:
    names = {
        "rows_read": "Rows read",
        "audited": "Audited",
        "rejected": "Rejected, as they could not be read",
        "received_after_audit_date": "Received after the audit date",
        "outside_period": "Received outside the period",
    }
    columns = (Column("Rows of the file of cases", figures=False), Column("Number"))
    found = tuple((name, counts[key]) for key, name in names.items())
    return Table("rows", "Every row accounted for", columns, found, "The rows read are the sum of the other four.")


def _notes(summary: Mapping[str, Any], quality: Mapping[str, Any]) -> Iterator[Sentence]:
    """What else a reader must know of the input."""
    from putright.data_quality import report

    told = []
    if hidden := summary["dates_after_audit_date"]:
        after = f"{counted(hidden, 'date is', 'dates are')} after the audit date"
        told.append(f"{after} and {plural(hidden, 'counts', 'count')} as not yet happened.")
    if left_out := summary["columns_left_out"]:
        told.append(f"Columns left out, as they name no field: {', '.join(map(spell, left_out))}.")
    for flag, cases in summary["unknown_flags"].items():
        told.append(f"Unknown flag kept: {spell(flag)} ({counted(cases, 'row')}).")
    told += [f"{capital(note)}." for note in map(spell, summary["notes"])]
    told += report.sentences(quality) if quality["cases"] else []
    for place, text in enumerate(told, start=1):
        yield Sentence(f"quality-{place}", text, "Counted so in the data.")


#: Rejected rows shown; the workbook has all.
_REJECTED = 100


def _rejected(rejected: Sequence[Mapping[str, Any]]) -> Table:
    columns = tuple(Column(name, figures=name == "Row") for name in ("Case", "Row", "Why"))
    shown = tuple((each["reference"] or "no reference", each["row"], each["message"]) for each in rejected[:_REJECTED])
    cut = f"The first {_REJECTED} of {len(rejected):,}. " if len(rejected) > _REJECTED else ""
    note = f"{cut}The workbook, findings.xlsx, has every rejected row with its field and value."
    return Table("rejected", "Rows that could not be audited, and why", columns, shown, note)


def _unread(values: Sequence[Mapping[str, Any]]) -> Table:
    columns = tuple(Column(name, figures=name == "Row") for name in ("Case", "Row", "Why"))
    shown = tuple((each["reference"], each["row"], each["message"]) for each in values[:_REJECTED])
    cut = f"The first {_REJECTED} of {len(values):,}. " if len(values) > _REJECTED else ""
    note = (
        f"{cut}Their cases are audited all the same (--keep-readable). The workbook, findings.xlsx, has every such "
        "value with its field."
    )
    return Table("unread", "Values that could not be read and count as not recorded", columns, shown, note)


def _recorded(fields: Sequence[Mapping[str, Any]]) -> Table:
    columns = (Column("Field", figures=False), Column("Recorded"), Column("Of"), Column("Share"))
    return Table(
        "data-quality",
        "Fields that are not recorded in full",
        (*columns, Column("Among", figures=False)),
        tuple(
            (each["field"], each["recorded"], each["base"], Share(each["recorded"], each["base"]), each["of"])
            for each in fields
        ),
        "Counted among the cases audited that call for the field.",
    )


def waivers(found: Mapping[str, Any] | None) -> Iterator[Section]:
    """What became of the waivers given; ``found`` is as ``Waivers.figures`` has it."""
    if found is None:
        return
    blocks: list[Block] = [*statements.first(statements.WAIVERS.say(found["given"], found["applied"]))]
    if found["accepted"]:
        names = ("Step", "Rulebook", "Breaches", "Breaches accepted", "For judgement", "Of those, accepted")
        keys = ("breaches", "accepted_breaches", "judgement", "accepted_judgement")
        made = tuple(
            (capital(RULES[each["rule"]]), each["rulebook"], *(each[key] for key in keys)) for each in found["accepted"]
        )
        columns = tuple(Column(name, figures=place > 1) for place, name in enumerate(names))
        note = "Cases from before or after the edition was in force are left out."
        blocks.append(Table("accepted", "Findings that somebody has accepted", columns, made, note))
    if found["not_applied"]:
        columns = (Column("Case", figures=False), Column("Step", figures=False), Column("Line"))
        made = tuple(
            (each["case"], capital(RULES[each["rule"]]), each["line"], each["why"]) for each in found["not_applied"]
        )
        named = (*columns, Column("Why it is not applied", figures=False))
        blocks.append(Table("not-applied", "Waivers that are not applied", named, made, "By their line in the file."))
    yield Section("waivers", "Waivers", tuple(blocks))


def overruns(worst: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    """The longest overruns, where there are any; they name cases."""
    if worst:
        names = ("Case", "Rulebook", "Step", "Clause", "Due", "Done", "Days over")
        rows = tuple(
            (
                each["reference"],
                each["rulebook"],
                capital(RULES[each["rule"]]),
                Citation(each["clause"], each["rulebook"]),
                _day(each["due"]),
                _day(each["done"]) if each["done"] else "not done",
                each["days_over"],
            )
            for each in worst
        )
        columns = tuple(Column(name, figures=name == "Days over") for name in names)
        note = "Working days past the due date; calendar days where the limit is in months."
        yield Section("longest", "Longest overruns", (Table("overruns", "The longest overruns", columns, rows, note),))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def unshown(material: Material) -> Iterator[Section]:
    """The rules that could not be answered, and how often."""
    rows: list[tuple[Cell, ...]] = []
    for each in material.judged:
        for table in material.table(each.rules):
            wanted = [_places(table)[heading] for heading in ("No evidence", "For judgement", "Due")]
            rows += [
                (row[0], row[1], f"{each.title}: {each.group}", *(row[place] for place in wanted))
                for row in table.rows
                if any(row[place] for place in wanted[:2])
            ]
    names = ("Step", "Clause", "Rulebook", "No evidence", "For judgement", "Of those due")
    columns_ = tuple(Column(name, figures=place > 2) for place, name in enumerate(names))
    note = (
        "No evidence: the record lacks what the rule needs, as a date or what a letter held. For judgement: the rule "
        "leaves it to a person, and the message of each finding says why."
    )
    if rows:
        yield Section(
            "not-shown",
            "What could not be shown",
            (Table("unshown", "Checks without an answer", columns_, tuple(rows), note),),
        )


def supply(material: Material) -> Iterator[Section]:
    """The gaps that somebody must fill, where there are any."""
    if material.gaps:
        yield Section("supply", "What case records do not hold", tuple(material.gaps))


# --- rows of tables -----------------------------------------------------------------------------


def _totals(material: Material, group: str) -> dict[str, Cell]:
    """A procedure's row of totals, its cells by heading."""
    for table in material.table("months"):
        headings = [column.heading for column in table.columns]
        for row in table.rows:
            if row[:2] == (ALL, group):
                return dict(zip(headings, row, strict=True))
    return {}


def _of_steps(material: Material, group: str, names: Sequence[str], heading: str) -> Cell:
    """A column of the national rulebook's table, summed over the steps of these names."""
    wanted = {capital(RULES[name]) for name in names}
    return _sum(
        [
            row[_places(table)[heading]]
            for each in material.judged
            if each.group == group and not each.local
            for table in material.table(each.rules)
            for row in table.rows
            if spell(row[0]).partition(" (")[0] in wanted
        ]
    )


def _has_step(material: Material, group: str, names: Sequence[str]) -> bool:
    """Whether the national rulebook of a procedure has found such a step."""
    wanted = {capital(RULES[name]) for name in names}
    return any(
        spell(row[0]).partition(" (")[0] in wanted
        for each in material.judged
        if each.group == group and not each.local
        for table in material.table(each.rules)
        for row in table.rows
    )
