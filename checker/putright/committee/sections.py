"""The sections of a paper, each built once from tables and typed rows, whichever paper it goes into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from putright.committee import rows, statements
from putright.committee.material import JudgedRulebook, Material
from putright.committee.rows import RuleRow
from putright.documents.charts import drawable
from putright.documents.paper import (
    Block,
    Chart,
    Citation,
    Column,
    Prose,
    Section,
    Sentence,
    Share,
    Table,
    spell,
)
from putright.fields import RULES
from putright.statistics.division_counts import CUBES
from putright.statistics.tables import slug
from putright.text.english import capital, counted, plural

#: The columns of a table of rules that its chart draws.
_DRAWN = ("Met", "Late", "Lacking", "Not recorded")
_OURS = Prose(
    "measures-1",
    "These measures are based on the Code. They are not the Ombudsman's published indicators.",
)


def departures(material: Material) -> Iterator[Section]:
    """The departures from each rulebook, the council's own first, each in a part of its own."""
    yield Section("departures", "Departures from the Code and from our own procedure")
    for judged in material.judged:
        said = tuple(_against(material, judged))
        if said:
            yield Section(slug("against", judged.group, judged.book), judged.heading, said, level=3)


def _against(material: Material, judged: JudgedRulebook) -> Iterator[Sentence]:
    if found := rows.rule_rows(material, judged):
        yield from statements.first(statements.DOCUMENT.sentence(judged.title, judged.whole))
        counts = (
            rows.total([row.due for row in found]),
            rows.total([row.late for row in found]),
            rows.total([row.lacking for row in found]),
            rows.total([row.not_recorded for row in found]),
        )
        whole = statements.first(*(each.sentence(judged.title, *counts) for each in statements.DEPARTURES))
        stages = [*_stages(material, judged), *_letters(found)]
        yield from (said for said in whole if not (stages and said.id == "departures-withheld"))
        yield from stages
        for sentence in (
            statements.MOST.sentence({row.name: row.departures for row in found}),
            statements.JUDGEMENT.sentence(rows.total([row.for_judgement for row in found])),
            statements.EVIDENCE.sentence(rows.total([row.no_evidence for row in found])),
            statements.GUIDANCE.sentence(judged.title, judged.standing),
        ):
            yield from statements.first(sentence)
    for row in rows.two_way_rows(material, judged):
        yield from statements.first(statements.TWO_WAY.sentence(row.not_in_time, row.step, judged.national))


def _stages(material: Material, judged: JudgedRulebook) -> Iterator[Sentence]:
    """The council's time limits under this rulebook, stage by stage."""
    for row in rows.stage_rows(material, judged):
        facts = (row.stage, row.share_met, row.late, row.not_recorded, row.no_evidence)
        yield from statements.first(*(each.sentence(*facts) for each in statements.STAGE))


def _letters(found: Sequence[RuleRow]) -> Iterator[Sentence]:
    for row in found:
        if row.is_letter:
            name = row.step.removeprefix("What the ").removesuffix(" holds")
            facts = (f"{capital(name)} letters", spell(row.clause), row.share_met, row.no_evidence)
            yield from statements.first(*(each.sentence(*facts) for each in statements.LETTER))


def figures(material: Material, *, charts: bool = True) -> Iterator[Section]:
    """The tables, each kind in a section; each rulebook's rules with a chart or without."""
    if material.measures:
        yield Section("measures", "Measures", (_OURS, *material.measures))
    rules: list[Block] = []
    for judged in material.judged:
        for table in material.table(judged.rules):
            rules += [*(_chart_of_rules(table) if charts else []), table, *_in_doubt(judged, table)]
    yield Section("rules", "Each rule", tuple(rules))
    for name in ("stages", *CUBES.values(), "months"):
        for table in material.table(name):
            yield Section(f"by-{name}", "By stage" if name == "stages" else table.title, (table,))
    ways = [table for each in material.judged for table in material.table(slug("two-way", each.group, each.book))]
    if ways:
        yield Section("both", "In time by our own procedure and by the Code", tuple(ways))
    for table in material.table("paths"):
        yield Section("path", "The whole path", (*_paths(material), table))


def _in_doubt(judged: JudgedRulebook, table: Table) -> Iterator[Table]:
    """What is in doubt about the rules of a table, if anything is."""
    found = tuple(
        (row[0], row[1], " ".join(judged.doubts[spell(row[0]), spell(row[1])]))
        for row in table.rows
        if (spell(row[0]), spell(row[1])) in judged.doubts
    )
    if found:
        columns = tuple(Column(name, figures=False) for name in ("Step", "Clause", "What is in doubt"))
        note = "Findings on these rules depend on how the source is read, or on what of it could be read."
        yield Table(judged.in_doubt, f"In doubt: {table.title}", columns, found, note)


def _chart_of_rules(table: Table) -> Iterator[Chart]:
    columns = tuple(place for place, column in enumerate(table.columns) if column.heading in _DRAWN)
    chart = Chart(table.id, columns, "stacked bars", f"Bars: how often each rule was met or not. {table.title}.")
    if drawable(chart, table):
        yield chart


def _paths(material: Material) -> Iterator[Sentence]:
    for row in rows.path_rows(material):
        yield from statements.first(statements.PATH.sentence(row.answers, row.median, row.path, row.group))


# --- sections of the officer's report -------------------------------------------------------------


def quality(summary: Mapping[str, Any], rejected: Sequence[Mapping[str, Any]]) -> Section:
    """Every row accounted for, what was left out and why, and how complete the data is."""
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
    return rows.table_of(
        "rows",
        "Every row accounted for",
        [(name, counts[key]) for key, name in names.items()],
        {"Rows of the file of cases": lambda row: row[0], "Number": lambda row: row[1]},
        "The rows read are the sum of the other four.",
        figures=("Number",),
    )


def _notes(summary: Mapping[str, Any], quality: Mapping[str, Any]) -> Iterator[Sentence]:
    """What else a reader must know about the input."""
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


#: The number of rows that a table of rejected rows or unreadable values lists; the workbook has all.
_LISTED = 100


def _rejected(found: Sequence[Mapping[str, Any]]) -> Table:
    note = "The workbook, findings.xlsx, has every rejected row with its field and value."
    return _by_row("rejected", "Rows that could not be audited, and why", found, note)


def _unread(found: Sequence[Mapping[str, Any]]) -> Table:
    note = (
        "Their cases are audited all the same (--keep-readable). The workbook, findings.xlsx, has every such value "
        "with its field."
    )
    return _by_row("unread", "Values that could not be read and count as not recorded", found, note)


def _by_row(id: str, title: str, found: Sequence[Mapping[str, Any]], note: str) -> Table:
    cut = f"The first {_LISTED} of {len(found):,}. " if len(found) > _LISTED else ""
    return rows.table_of(
        id,
        title,
        found[:_LISTED],
        {
            "Case": lambda row: row["reference"] or "no reference",
            "Row": lambda row: row["row"],
            "Why": lambda row: row["message"],
        },
        cut + note,
        figures=("Row",),
    )


def _recorded(found: Sequence[Mapping[str, Any]]) -> Table:
    return rows.table_of(
        "data-quality",
        "Fields that are not recorded in full",
        found,
        {
            "Field": lambda row: row["field"],
            "Recorded": lambda row: row["recorded"],
            "Of": lambda row: row["base"],
            "Share": lambda row: Share(row["recorded"], row["base"]),
            "Among": lambda row: row["of"],
        },
        "Counted among the cases audited that call for the field.",
        figures=("Recorded", "Of", "Share"),
    )


def waivers(found: Mapping[str, Any] | None) -> Iterator[Section]:
    """Which waivers applied and which did not; ``found`` is as ``Waivers.figures`` has it."""
    if found is None:
        return
    blocks: list[Block] = [*statements.first(statements.WAIVERS.sentence(found["given"], found["applied"]))]
    if found["accepted"]:
        blocks.append(_accepted(found["accepted"]))
    if found["not_applied"]:
        blocks.append(_not_applied(found["not_applied"]))
    yield Section("waivers", "Waivers", tuple(blocks))


def _accepted(found: Sequence[Mapping[str, Any]]) -> Table:
    return rows.table_of(
        "accepted",
        "Findings that somebody has accepted",
        found,
        {
            "Step": _step,
            "Rulebook": lambda row: row["rulebook"],
            "Breaches": lambda row: row["breaches"],
            "Breaches accepted": lambda row: row["accepted_breaches"],
            "For judgement": lambda row: row["judgement"],
            "Of those, accepted": lambda row: row["accepted_judgement"],
        },
        "Cases from before or after the edition was in force are left out.",
        figures=("Breaches", "Breaches accepted", "For judgement", "Of those, accepted"),
    )


def _not_applied(found: Sequence[Mapping[str, Any]]) -> Table:
    return rows.table_of(
        "not-applied",
        "Waivers that are not applied",
        found,
        {
            "Case": lambda row: row["case"],
            "Step": _step,
            "Line": lambda row: row["line"],
            "Why it is not applied": lambda row: row["why"],
        },
        "By their line in the file.",
        figures=("Line",),
    )


def overruns(worst: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    """The longest overruns, if there are any; they name cases."""
    if worst:
        table = rows.table_of(
            "overruns",
            "The longest overruns",
            worst,
            {
                "Case": lambda row: row["reference"],
                "Rulebook": lambda row: row["rulebook"],
                "Step": _step,
                "Clause": lambda row: Citation(row["clause"], row["rulebook"]),
                "Due": lambda row: dt.date.fromisoformat(row["due"]),
                "Done": lambda row: dt.date.fromisoformat(row["done"]) if row["done"] else "not done",
                "Days over": lambda row: row["days_over"],
            },
            "Working days past the due date; calendar days where the limit is in months.",
            figures=("Days over",),
        )
        yield Section("longest", "Longest overruns", (table,))


def _step(finding: Mapping[str, Any]) -> str:
    return capital(RULES[finding["rule"]])


def unshown(material: Material) -> Iterator[Section]:
    """The rules that could not be answered, and how often."""
    found = [
        (judged, row)
        for judged in material.judged
        for row in rows.rule_rows(material, judged)
        if row.no_evidence or row.for_judgement
    ]
    if found:
        table = rows.table_of(
            "unshown",
            "Checks without an answer",
            found,
            {
                "Step": lambda each: each[1].step,
                "Clause": lambda each: each[1].clause,
                "Rulebook": lambda each: f"{each[0].title}: {each[0].group}",
                "No evidence": lambda each: each[1].no_evidence,
                "For judgement": lambda each: each[1].for_judgement,
                "Of those due": lambda each: each[1].due,
            },
            "No evidence: the record lacks what the rule needs, as a date or what a letter held. For judgement: the "
            "rule leaves it to a person, and the message of each finding says why.",
            figures=("No evidence", "For judgement", "Of those due"),
        )
        yield Section("not-shown", "What could not be shown", (table,))


def ombudsmen(material: Material) -> Section:
    """What the Ombudsmen decided, and what others reached; a gap where nobody supplied the letter."""
    gaps = [gap for gap in material.gaps if gap.id == "gap-w13"]
    return Section("ombudsman", "The Ombudsman's decisions", (*material.ombudsmen, *gaps))


def supply(material: Material) -> Iterator[Section]:
    """The gaps that somebody must fill, where there are any."""
    if material.gaps:
        yield Section("supply", "What case records do not hold", tuple(material.gaps))
