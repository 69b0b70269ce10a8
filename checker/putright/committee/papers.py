"""The papers of a pack, built from the same sections: the officer's report, the committee paper, the public page.

The officer's report has every figure; the committee paper and the public page use the published tables. A figure in
a public paper is always the same as the officer's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import Any

from putright.committee import performance, sections, statements
from putright.committee.material import Material
from putright.documents.paper import Block, Gap, Paper, Prose, Section, Table, grouped, spell

# --- the papers -----------------------------------------------------------------------------------


def report(material: Material, summary: Mapping[str, Any], rejected: Sequence[Mapping[str, Any]]) -> Paper:
    """The officer's own report: every figure, what was read and how complete it is, the longest overruns.

    ``summary`` is that of ``summary.summarise``, with ``waivers`` where any were given.
    """
    parts = [
        *performance.sections(material),
        sections.quality(summary, rejected),
        *sections.departures(material),
        *sections.figures(material),
        *sections.overruns(summary["worst"]),
        *sections.waivers(summary.get("waivers")),
        *sections.unshown(material),
        *sections.supply(material),
        reading(material),
    ]
    return Paper(_title(material), _facts(material), tuple(parts))


def public(material: Material) -> Paper:
    """The public page: the published figures and nothing else."""
    parts = [
        *performance.sections(material),
        *sections.departures(material),
        *sections.figures(material),
        reading(material),
    ]
    return Paper(_title(material), _facts(material), tuple(parts))


def committee(material: Material, improvements: Sequence[Table] = ()) -> Paper:
    """The committee paper, in a council report's shape: an officer changes its words, not its figures.

    ``improvements`` are tables supplied by hand. The figures behind it are in ``appendices``.
    """
    parts = [
        performance.summary(material),
        Section("recommendations", "Recommendations", _RECOMMENDATIONS),
        Section("purpose", "Purpose of the report", (_PURPOSE, *_background(material))),
        *performance.rest(material, _of_figures(material)),
        *sections.departures(material),
        sections.ombudsmen(material),
        Section("learning", "Learning and service improvements", (_LEARNING, *improvements, *_to_learn(improvements))),
        Section("implications", "Implications", (*_implications(material), *_TO_WEIGH)),
    ]
    facts = (*material.cover, *_facts(material))
    return Paper(_title(material), facts, tuple(grouped(section) for section in parts))


def _of_figures(material: Material) -> list[Gap]:
    """The gaps in figures that no other part of the paper asks for."""
    return [gap for gap in material.gaps if gap.id in ("gap-w1", "gap-w2", "gap-w3")]


def _to_learn(improvements: Sequence[Table]) -> Iterator[Gap]:
    yield Gap("gap-lessons", "the main lessons from complaints in the period, and which services they concern.")
    if not improvements:
        yield Gap("gap-changes", "the improvements made or planned, each with the role that owns it and its date.")


def appendices(material: Material) -> Paper:
    """The tables behind the committee paper, and how to read them: a document of its own."""
    parts = [
        replace(section, heading=f"Appendix {letter}: {section.heading}", appendix=True)
        for letter, section in zip(
            ascii_uppercase,
            [*sections.figures(material.without_ombudsmen(), charts=False), reading(material)],
            strict=False,
        )
    ]
    return Paper(f"{_title(material)}: appendices", _facts(material), tuple(parts))


def _title(material: Material) -> str:
    return f"Complaints performance and service improvement, {material.span}"


def _facts(material: Material) -> tuple[tuple[str, str], ...]:
    return (
        ("Council", material.council),
        ("Period", f"{material.span}, by {_BY[material.period_by]}"),
        ("Audit date", spell(material.as_at)),
    )


_BY = {"received": "the day complaints were received", "due": "the day steps were due"}


# --- words ----------------------------------------------------------------------------------------

_PURPOSE = Prose(
    "purpose-1",
    "To report how complaints were handled in the period, measured against the council's own procedure and the "
    "national Code or Regulations that apply, and what the council has learnt from them.",
)
_RECOMMENDATIONS = (
    Prose("recommend-1", "That the committee notes the performance set out in this report and its appendices."),
    Prose("recommend-2", "That the committee considers the departures reported and the improvements proposed."),
    Prose("recommend-3", "That the report is published together with the committee's response."),
)
_LEARNING = Prose(
    "learning-1",
    "Counts of outcomes, remedies and recorded learning are among the measures. What was learnt, and what changed "
    "because of it, is for the services to tell.",
)
_TO_WEIGH = (
    Gap("gap-financial", "the financial implications, remedies paid included."),
    Gap("gap-equality", "the equality implications, reasonable adjustments included."),
    Gap("gap-risks", "the risks, and where the risk register holds them."),
)


def _background(material: Material) -> Iterator[Prose]:
    yield Prose(
        "background-1",
        "The figures were counted by software from the council's case records. Each complaint was checked against "
        "every rule of the procedures that govern it, with working days counted as the procedures say. Each result is "
        "based on a clause and on dates in the record.",
    )
    yield Prose(
        "background-2",
        "Where our records do not show whether a rule was met, we count it as not met and say so. Where a rule calls "
        "for judgement, no result is given.",
    )


def _implications(material: Material) -> Iterator[Prose]:
    if any(each.book == "lgsco" for each in material.judged):
        yield Prose(
            "legal-1",
            "Legal: the Ombudsman's Complaint Handling Code is advice and guidance under section 23(12A) of the Local "
            "Government Act 1974. The council is expected to take it into account, and to have a good reason where it "
            "decides not to follow it.",
        )
    yield Prose(
        "privacy-1",
        "Data protection: this report names no case and no person. Small numbers about people are not shown, as the "
        "appendices explain." if material.threshold else
        "Data protection: this report names no case and no person.",
    )  # fmt: skip


def reading(material: Material) -> Section:
    """How to read the figures."""
    blocks: list[Block] = [
        Prose(
            "reading-1",
            "Each percentage is shown with the number it is based on, or n/a if there was nothing to count. No figure "
            "adds up complaints under different procedures.",
        ),
        Prose(
            "reading-2",
            "The day an event happens is day zero. What happens if it is not a working day depends on the procedure: "
            "where it does not say, a step is late only if it is late both ways. Done on the due "
            f"date is in time. Working days leave out Saturdays, Sundays and bank holidays in {material.bank_holidays} "
            "and, under the council's own procedure, its closure days.",
        ),
    ]
    blocks.append(Prose("reading-3", f"Judged by {'; '.join(material.editions)}."))
    blocks.append(
        Prose("reading-4", f"Counted by {material.software}, as the records stood at the end of the audit date.")
    )
    if material.threshold:
        blocks += statements.first(statements.WITHHELD_NOTE.sentence(material.threshold, material.conduct_shown))
    return Section("reading", "How to read the figures", tuple(blocks))
