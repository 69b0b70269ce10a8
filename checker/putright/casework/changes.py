"""Compare two audits: cases added and removed, verdicts changed, and the reason shown by the findings.

Both are files of findings. If a case in the file has no finding for a rule, the rule does not arise there. That is
also the meaning of ``not_applicable`` with ``--all``, so it does not matter whether that option was used.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from putright.casework.findingsfile import KEY
from putright.fields import RULES, VOCABULARY
from putright.text.english import counted
from putright.text.grids import Grid
from putright.text.plaintext import escape_markup
from putright.text.shown import Display, Showing, printed_parts

if TYPE_CHECKING:
    from rich.console import RenderableType

_ABSENT = "not_applicable"
#: The columns compared; days taken and over follow from these and the audit date.
_COMPARED = ("verdict", "start", "due", "done", "clause", "kind", "edition", "marks", "missing", "to_judge")
_LETTERS = ("missing", "to_judge")
_SHOWN = 50

#: Every cause there is, in the words of the table.
CAUSES = {
    "done_recorded": "the step's date is recorded now",
    "done_changed": "the step's date was changed",
    "done_removed": "the step's date was taken out",
    "due_passed": "the due date has passed with nothing done",
    "start_recorded": "the start is recorded now",
    "start_changed": "the start was changed",
    "start_removed": "the start was taken out",
    "edition": "another edition of the rulebook applied",
    "clause": "the rule is in another clause, or asks in another way",
    "extension": "an extension was recorded or changed",
    "hold": "a hold stopped the clock or let it run again",
    "due_moved": "the due date moved by an extension, a hold or another calendar",
    "letter": "what the letter held was recorded or changed",
    "arises": "the rule arises now",
    "falls_away": "the rule no longer arises",
    "later_step": "a later step is recorded, so that nobody can tell a late step from a missing entry",
    "marks": "other marks: see the two findings",
    "not_shown": "the findings do not show why: look at the case itself, or at the software's version",
}


@dataclass(frozen=True)
class Change:
    """One finding that is not what it was; ``causes`` has for each cause a sentence with the dates."""

    reference: str
    rulebook: str
    rule: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    causes: Mapping[str, str]

    @property
    def verdicts(self) -> tuple[str, str]:
        """The verdict before and after; the same if only dates or clauses changed."""
        return self.before["verdict"], self.after["verdict"]


@dataclass(frozen=True)
class Changes(Showing):
    """What changed from one audit to another."""

    cases: tuple[int, int]
    """How many cases there were before, and after."""
    findings: tuple[int, int]
    """How many findings there were before, and after."""
    new_cases: list[str]
    """References of the cases that only the audit after has."""
    gone_cases: list[str]
    """References of the cases that only the audit before has."""
    changed: list[Change]
    """The findings that changed, each with why."""
    unchanged: int
    """How many findings did not change."""
    longer: int
    """How many of the unchanged have more days over: what was overdue still is, and the days ran on."""

    @property
    def new_verdicts(self) -> list[Change]:
        """The changes in ``changed`` with another verdict than before."""
        return [change for change in self.changed if change.verdicts[0] != change.verdicts[1]]

    def shown(self) -> Display:
        """Shows it as the command prints it."""
        return printed_parts(self.render())

    def render(self) -> Iterator[RenderableType]:
        """Gives what changed, as a person reads it: counts, then each verdict that changed and why."""
        new = self.new_verdicts
        (old_cases, cases), (old_findings, findings) = self.cases, self.findings
        yield (
            f"[bold]Before[/bold]: {counted(old_cases, 'case')}, {counted(old_findings, 'finding')}. "
            f"[bold]After[/bold]: {counted(cases, 'case')}, {counted(findings, 'finding')}."
        )
        yield (
            f"{len(self.new_cases):,} new cases, {len(self.gone_cases):,} gone. In the cases of both: {len(new):,} "
            f"verdicts changed, {len(self.changed) - len(new):,} other findings changed, {self.unchanged:,} did not."
        )
        if self.longer:
            yield f"{self.longer:,} of those that did not were overdue before and are so by more days now."
        for what, cases_named in (("New", self.new_cases), ("Gone", self.gone_cases)):
            if cases_named:
                yield escape_markup(f"{what}: {_first(cases_named)}")
        if self.changed:
            yield from _counted(self)
        if new:
            yield _listed(new)
        if len(new) > _SHOWN:
            yield f"… and {len(new) - _SHOWN:,} more: --format json lists them all"

    def as_data(self) -> dict[str, Any]:
        """Gives it as plain data for JSON; ``verdicts`` counts each pair of verdicts, ``causes`` each cause."""
        return {
            "cases": dict(zip(("before", "after"), self.cases, strict=True)),
            "findings": dict(zip(("before", "after"), self.findings, strict=True)),
            "new_cases": self.new_cases,
            "gone_cases": self.gone_cases,
            "unchanged": self.unchanged,
            "longer_overdue": self.longer,
            "verdicts": [
                {"before": pair[0], "after": pair[1], "findings": count} for pair, count in _pairs(self).items()
            ],
            "causes": _cause_counts(self),
            "changes": [
                {
                    "reference": change.reference,
                    "rulebook": change.rulebook,
                    "rule": change.rule,
                    "before": _plain(change.before),
                    "after": _plain(change.after),
                    "causes": [{"cause": cause, "text": text} for cause, text in change.causes.items()],
                }
                for change in self.changed
            ],
        }


def compare(before: pl.DataFrame, after: pl.DataFrame) -> Changes:
    """Compare two frames of findings, as ``findingsfile.read_findings`` gives them."""
    old, new = (set(frame["reference"]) for frame in (before, after))
    both = pl.Series(sorted(old & new), dtype=pl.String).implode()
    shared = [frame.filter(pl.col("reference").is_in(both)) for frame in (before, after)]
    joined = shared[0].join(shared[1], on=KEY, how="full", suffix="_after", coalesce=True)
    joined = joined.with_columns(pl.col("verdict", "verdict_after").fill_null(_ABSENT)).sort(KEY)
    different = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_after")) for name in _COMPARED)
    # A rule that does not arise on either side is not compared.
    arises = (pl.col("verdict") != _ABSENT) | (pl.col("verdict_after") != _ABSENT)
    rows, same = joined.filter(different & arises), joined.filter(~different & arises)
    extended = {row[:2]: row[2] for row in _extensions(shared)}
    return Changes(
        cases=(len(old), len(new)),
        findings=(_arising(before), _arising(after)),
        new_cases=sorted(new - old),
        gone_cases=sorted(old - new),
        changed=[_change(row, extended) for row in rows.iter_rows(named=True)],
        unchanged=same.height,
        longer=same.filter(pl.col("days_over_after") > pl.col("days_over")).height,
    )


def _arising(frame: pl.DataFrame) -> int:
    return frame.filter(pl.col("verdict") != _ABSENT).height


# --- why ------------------------------------------------------------------------------------------


#: Each extension's rule, and the rule whose time it lengthens.
_EXTENDED = {name: entry.extends for name, entry in VOCABULARY.items() if entry.extends}


def _extensions(shared: list[pl.DataFrame]) -> Iterator[tuple[str, str, str]]:
    """The extension notices that are new or were changed: case, rulebook and rule extended, and when in words."""
    keys = [frame.filter(pl.col("rule").is_in(list(_EXTENDED))) for frame in shared]
    old = {(row["reference"], row["rulebook"], row["rule"]): row for row in keys[0].iter_rows(named=True)}
    for row in keys[1].iter_rows(named=True):
        was = old.get((row["reference"], row["rulebook"], row["rule"]))
        if was is None or any(was[name] != row[name] for name in ("done", "verdict")):
            extended = _EXTENDED[row["rule"]]
            yield row["reference"], f"{row['rulebook']} {extended}", f" on {row['done']}" if row["done"] else ""


def _change(row: Mapping[str, Any], extended: Mapping[tuple[str, str], str]) -> Change:
    before = {name: row[name] for name in _COMPARED}
    after = {name: row[f"{name}_after"] for name in _COMPARED}
    notice = (row["reference"], f"{row['rulebook']} {row['rule']}")
    causes = dict(_causes(before, after, extended.get(notice)))
    if not causes:
        causes["not_shown"] = CAUSES["not_shown"]
    return Change(row["reference"], row["rulebook"], row["rule"], before, after, causes)


def _causes(before: Mapping[str, Any], after: Mapping[str, Any], notice: str | None) -> Iterator[tuple[str, str]]:
    """Each cause that the two findings show, with its sentence; the strongest first."""
    if _ABSENT in (before["verdict"], after["verdict"]):
        came = before["verdict"] == _ABSENT
        due = f", due {after['due']}" if after["due"] else ""
        yield ("arises", f"the rule arises now{due}") if came else ("falls_away", CAUSES["falls_away"])
        return
    if before["edition"] != after["edition"]:
        yield "edition", f"the edition was {before['edition']} and is {after['edition']}"
    elif before["clause"] != after["clause"] or before["kind"] != after["kind"]:
        was, now = (f"{each['clause']} ({each['kind']})" for each in (before, after))
        yield "clause", f"the clause was {was} and is {now}"
    yield from _dated("start", "the start", before, after)
    yield from _moved(before, after, notice)
    yield from _dated("done", "the step", before, after)
    if any(before[name] != after[name] for name in _LETTERS):
        yield "letter", _letter(before, after)
    elif before["verdict"] != after["verdict"] and before["done"] == after["done"]:
        yield from _time(before, after)
    elif before["marks"] != after["marks"] and all(before[name] == after[name] for name in ("start", "due", "done")):
        yield "marks", f"the marks were {before['marks'] or 'none'} and are {after['marks'] or 'none'}"


def _dated(name: str, what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    old, new = before[name], after[name]
    if old == new:
        return
    if old is None:
        yield f"{name}_recorded", f"{what} is recorded now, on {new}"
    elif new is None:
        yield f"{name}_removed", f"{what} of {old} was taken out"
    else:
        yield f"{name}_changed", f"{what} was on {old} and is on {new}"


def _moved(before: Mapping[str, Any], after: Mapping[str, Any], notice: str | None) -> Iterator[tuple[str, str]]:
    """Why the due date changed, if the start and the edition do not show it."""
    old, new = before["due"], after["due"]
    if old == new:
        return
    moved = f"the due date was {old or 'open'} and is {new or 'open'}"
    if notice is not None:
        yield "extension", f"{moved}; an extension notice{notice} was recorded or changed"
    elif before["start"] != after["start"] or before["edition"] != after["edition"]:
        return
    elif old is None or new is None:
        yield "hold", f"{moved}: a hold {'began' if new is None else 'ended'}"
    else:
        yield "due_moved", f"{moved}, by an extension, a hold or another calendar"


def _letter(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    was, now = (each["missing"] or each["to_judge"] or "nothing" for each in (before, after))
    return f"of the letter was lacking {was}, and is lacking {now}"


def _time(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A change caused by time alone: the due date passed, or a later step was due."""
    escape_markup = "not_recorded" in (after["marks"] or "").split(";")
    if after["verdict"] == "no_evidence" and escape_markup and after["done"] is None:
        yield "later_step", "a later step is recorded and this one is not"
    elif before["verdict"] == "running" and after["done"] is None and after["due"]:
        yield "due_passed", f"the due date {after['due']} has passed with nothing done"


# --- as data and for the terminal -----------------------------------------------------------------


def _plain(finding: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in finding.items()}
    return plain | {name: (plain[name] or "").split(";") if plain[name] else [] for name in ("marks", *_LETTERS)}


def _pairs(changes: Changes) -> dict[tuple[str, str], int]:
    return dict(sorted(Counter(change.verdicts for change in changes.new_verdicts).items()))


def _cause_counts(changes: Changes) -> dict[str, int]:
    counts = Counter(cause for change in changes.changed for cause in change.causes)
    return {cause: counts[cause] for cause in CAUSES if counts[cause]}


def _first(references: list[str]) -> str:
    more = f" and {len(references) - _SHOWN:,} more" if len(references) > _SHOWN else ""
    return ", ".join(references[:_SHOWN]) + more


def _counted(changes: Changes) -> Iterator[RenderableType]:
    if pairs := _pairs(changes):
        grid = Grid("before", "after", "findings", title="Verdicts", right=("findings",))
        for (was, now), count in pairs.items():
            grid.add(was, now, f"{count:,}")
        yield grid
    grid = Grid("cause", "findings", title="Causes (a finding may have several)", right=("findings",))
    for cause, count in _cause_counts(changes).items():
        grid.add(CAUSES[cause], f"{count:,}")
    yield grid


def _listed(changes: list[Change]) -> RenderableType:
    grid = Grid("case", "rulebook", "rule", "verdict", "why", title="Verdicts that changed")
    # Rules that only arose with time are the least informative and the most numerous.
    for change in sorted(changes, key=lambda change: change.verdicts[0] == _ABSENT)[:_SHOWN]:
        was, now = change.verdicts
        why = "; ".join(change.causes.values())
        rule = RULES.get(change.rule, change.rule)
        grid.add(change.reference, change.rulebook, rule, f"{was} → {now}", why)
    return grid
