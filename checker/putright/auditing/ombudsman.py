"""Compare what an Ombudsman counted and decided in real complaints with our own count and verdict.

The statements are in ``examples/ombudsman-decisions.jsonl``. Our side does not come from that file: the count is the
calendar's and the verdict is the audit's. Why the two differ is found by trying the other ways of counting that
people use.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright import fields
from putright.calendars import FIRST, alternative_counts
from putright.plugins import Host
from putright.rulebooks.rules import Timed
from putright.text.grids import Grid
from putright.text.shown import Display, Showing, printed_parts

if TYPE_CHECKING:
    import polars as pl
    from rich.console import RenderableType

DECISIONS = Path(__file__).parents[1] / "examples" / "ombudsman-decisions.jsonl"

#: The first words of a decision that give a verdict on time; other words do not give one.
_MEANINGS = {"late": "late", "in time": "met", "in line with procedure": "met"}
#: Our verdict with the same meaning.
_SAME = {"late": "breach", "met": "met"}
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


# --- comparisons ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """One statement of an Ombudsman about two dates, compared with ours. None: not stated, or not known."""

    reference: str
    organisation: str
    start: str
    """The event the statement runs from, as the decision's record names it; ``end`` likewise."""
    start_date: dt.date
    end: str
    end_date: dt.date
    their_count: int | None
    derived: bool
    """The count follows from the decision's words, which do not give it as a figure."""
    our_count: int
    their_verdict: str | None
    our_verdict: str | None
    rule: str | None
    """The basis of our verdict."""
    cause: str
    """Why the two differ; blank if they agree."""
    source: str

    @property
    def count_agrees(self) -> bool | None:
        """Whether both counted the same; None if the Ombudsman gives no count."""
        return None if self.their_count is None else self.their_count == self.our_count

    @property
    def verdict_agrees(self) -> bool | None:
        """Whether both say the same of the time; None if either says nothing."""
        meaning = _meaning(self.their_verdict)
        return None if meaning is None or self.our_verdict is None else _SAME[meaning] == self.our_verdict

    @property
    def agrees(self) -> bool | None:
        """Whether everything that can be compared is the same; None if nothing can be."""
        compared = [part for part in (self.count_agrees, self.verdict_agrees) if part is not None]
        return all(compared) if compared else None


@dataclass(frozen=True)
class Apart:
    """A statement that cannot be compared, and why not."""

    reference: str
    organisation: str
    start: str
    end: str
    their_count: int | None
    their_verdict: str | None
    why_not: str
    source: str


@dataclass(frozen=True)
class Comparisons(Showing):
    """Every statement there is: those compared, in the file's order, and those that cannot be."""

    compared: tuple[Comparison, ...]
    apart: tuple[Apart, ...]

    def frame(self) -> pl.DataFrame:
        """The statements compared, as a table."""
        import polars as pl

        rows = [{name: getattr(made, at) for name, (at, _) in _COLUMNS.items()} for made in self.compared]
        return pl.DataFrame(rows, schema={name: getattr(pl, kind) for name, (_, kind) in _COLUMNS.items()})

    def summary(self) -> str:
        """How many agree, in a sentence."""
        counts = [made.count_agrees for made in self.compared if made.count_agrees is not None]
        verdicts = [made.verdict_agrees for made in self.compared if made.verdict_agrees is not None]
        return (
            f"{len(self.compared)} statements compared: {sum(counts)} of {len(counts)} counts and "
            f"{sum(verdicts)} of {len(verdicts)} verdicts agree; {len(self.apart)} could not be compared."
        )

    def shown(self) -> Display:
        """Shows it as the command prints it."""
        return printed_parts(self.render())

    def render(self) -> tuple[RenderableType, ...]:
        """For the terminal: three tables and a sentence."""
        headings = ("Decision", "From, to", "Theirs", "Ours", "Agrees")
        compared = Grid(*headings, title="What the Ombudsman counted and decided, and what we count", ruled=True)
        why = Grid("Decision", "To", "Why", title="Why they differ", ruled=True)
        for made in self.compared:
            dates = f"{_event(made.start)}, {made.start_date}\n{_event(made.end)}, {made.end_date}"
            theirs = _said(made.their_count, "derived" if made.derived else None, made.their_verdict)
            ours = _said(made.our_count, made.our_verdict)
            name = f"{made.reference}\n{made.organisation}"
            compared.add(name, dates, theirs, ours, _agreement(made))
            if made.cause:
                why.add(made.reference, _event(made.end), made.cause)
        apart = Grid("Decision", "From, to", "Theirs", "Why not", title="What cannot be compared", ruled=True)
        for left in self.apart:
            events = f"{_event(left.start)}\n{_event(left.end)}"
            theirs = _said(left.their_count, left.their_verdict)
            apart.add(f"{left.reference}\n{left.organisation}", events, theirs, left.why_not)
        return compared, why, apart, self.summary()


#: The columns of the table: the comparison's own name for each, and its type in polars.
_COLUMNS: dict[str, tuple[str, str]] = {
    "reference": ("reference", "String"),
    "organisation": ("organisation", "String"),
    "from": ("start", "String"),
    "from_date": ("start_date", "Date"),
    "to": ("end", "String"),
    "to_date": ("end_date", "Date"),
    "their_count": ("their_count", "Int32"),
    "derived": ("derived", "Boolean"),
    "our_count": ("our_count", "Int32"),
    "count_agrees": ("count_agrees", "Boolean"),
    "their_verdict": ("their_verdict", "String"),
    "our_verdict": ("our_verdict", "String"),
    "rule": ("rule", "String"),
    "verdict_agrees": ("verdict_agrees", "Boolean"),
    "agrees": ("agrees", "Boolean"),
    "cause": ("cause", "String"),
    "source": ("source", "String"),
}


def _meaning(verdict: str | None) -> str | None:
    """The verdict in a decision's words, ``met`` or ``late``; None if they do not give one."""
    words = verdict or ""
    return next((meaning for begins, meaning in _MEANINGS.items() if words.startswith(begins)), None)


def compare(host: Host, path: Path = DECISIONS) -> Comparisons:
    """Compare every statement of the decisions with ours."""
    ours = _Ours(host, path)
    compared: list[Comparison] = []
    apart: list[Apart] = []
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        for said in record.get("ombudsman_says") or ():
            result = _compared(record, said, ours)
            if isinstance(result, Comparison):
                compared.append(result)
            else:
                apart.append(result)
    return Comparisons(tuple(compared), tuple(apart))


def _compared(record: Mapping[str, Any], said: Mapping[str, Any], ours: _Ours) -> Comparison | Apart:
    stated: dict[str, Any] = {
        "reference": record["reference"],
        "organisation": record["organisation"],
        "start": said["from"],
        "end": said["to"],
        "their_count": said.get("working_days"),
        "their_verdict": said.get("verdict"),
        "source": record["source"],
    }
    start, end = (_date_of(record, said[name]) for name in ("from", "to"))
    if start is None or end is None:
        undated = [_event(said[name]) for name, day in (("from", start), ("to", end)) if day is None]
        return Apart(**stated, why_not=f"no date is known for {' or '.join(undated)}")
    count = alternative_counts.calendar().taken(start, end)
    verdict = ours.verdict(record["reference"], said, count)
    made = Comparison(
        **stated,
        start_date=start,
        end_date=end,
        derived=bool(said.get("derived")),
        our_count=count,
        our_verdict=verdict.word,
        rule=verdict.rule,
        cause="",
    )
    causes = [] if made.count_agrees in (None, True) else [alternative_counts.explain(start, end, said["working_days"])]
    if made.verdict_agrees is False or (verdict.word is None and _meaning(made.their_verdict)):
        causes.append(verdict.reason)
    return replace(made, cause="; ".join(causes))


def _date_of(record: Mapping[str, Any], event: str) -> dt.date | None:
    """The day of a field of the record, or the one date that the words themselves name."""
    if event in fields.FIELDS:
        return dt.date.fromisoformat(record[event]) if record.get(event) else None
    named = set(_DATE.findall(event))
    return dt.date.fromisoformat(named.pop()) if len(named) == 1 else None


# --- our verdict ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Verdict:
    word: str | None
    reason: str
    rule: str | None = None


@dataclass
class _Ours:
    """The findings of an audit of the decisions' records, by the national rulebooks."""

    host: Host
    path: Path
    findings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from putright.auditing.audits import audit  # not available in a browser, which reads a comparison made earlier
        from putright.records.caserecords import read_records

        records = read_records(self.path, self.host.vocabulary, None)
        # Audited as at the last date in the file: every step that a decision speaks of has happened.
        dates = [records.frame[name].max() for name in fields.DATES if name in records.frame.columns]
        as_at = max((day for day in dates if isinstance(day, dt.date)), default=FIRST)
        for finding in audit(records, self.host, as_at, include_not_applicable=True).findings.iter_rows(named=True):
            self.findings.setdefault(finding["reference"], []).append(finding)
        self.rejected = dict(records.rejected.select("reference", "message").iter_rows())

    def verdict(self, reference: str, said: Mapping[str, Any], count: int) -> _Verdict:
        """By the limit that the decision measured against, else by the rule for the step it speaks of."""
        limit = said.get("target_working_days")
        if limit is not None:
            word = "met" if count <= limit else "breach"
            measure = f"the decision's {limit} working days"
            return _Verdict(word, f"{count} working days, against {measure}", measure)
        if reference in self.rejected:
            return _Verdict(None, f"the record is rejected: {self.rejected[reference]}")
        found = list(self._about(reference, said["to"]))
        if not found:
            return _Verdict(None, f"no national rule times {fields.noun(said['to'])}")
        # Where two rules time the step, the one that counts from the same event.
        rule, finding = min(found, key=lambda pair: pair[0].start != said["from"])
        name = f"{finding['rulebook']} {finding['clause']} {rule.rule}"
        return _Verdict(finding["verdict"], finding["message"].rstrip("."), name)

    def _about(self, reference: str, step: str) -> Iterator[tuple[Timed, dict[str, Any]]]:
        """A case's findings on when a step was done; a complainant's own window is none."""
        for finding in self.findings.get(reference, ()):
            for book in self.host.editions[finding["rulebook"]]:
                rule = book.rulings()[finding["rule"]].rule if book.edition == finding["edition"] else None
                if isinstance(rule, Timed) and rule.step == step and rule.kind != "window":
                    yield rule, finding


# --- for the terminal -----------------------------------------------------------------------------


def _event(name: str) -> str:
    """A field in plain words; a decision's own words, without the date that is in the next column."""
    words = fields.noun(name) if name in fields.FIELDS else _DATE.sub("", name)
    return " ".join(words.removeprefix("the ").split())


def _said(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part is not None)


def _agreement(made: Comparison) -> str:
    """``yes``, or which of the two does not agree."""
    parts = {"count": made.count_agrees, "verdict": made.verdict_agrees}
    differ = [name for name, agrees in parts.items() if agrees is False]
    if differ:
        return f"no: {' and '.join(differ)}"
    return "–" if made.agrees is None else "yes"  # noqa: RUF001
