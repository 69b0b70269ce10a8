"""Waivers: findings that a person has accepted, shown next to the verdict and never in its place.

A waiver names a case and a rule, and is in force up to and including its last day. One that is not applied (it has
expired, there is no such finding, or the finding needs none) is listed with the reason.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from putright.auditing import classes
from putright.auditing.classes import FindingClass
from putright.fields import RULES
from putright.files.yamlfiles import Document
from putright.mistakes import Mistake, Problem
from putright.records import personal_names
from putright.rulebooks.modelfiles import read_with_places
from putright.text.dates import as_date
from putright.text.english import counted
from putright.text.grids import Grid
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    from rich.console import RenderableType

#: The further columns of findings with waivers: why it was accepted, by which role, until when.
COLUMNS: dict[str, type[pl.DataType]] = {"waiver": pl.String, "waiver_by": pl.String, "waiver_expires": pl.Date}
#: Only these verdicts leave anything to accept.
WAIVABLE = ("breach", "judgement")
#: Classes of findings by an edition that was not in force, which are counted separately.
_OUTSIDE = {FindingClass.BEFORE_EDITION: "before_edition", FindingClass.AFTER_EDITION: "after_edition"}
_CLASSED_BY = ("verdict", "marks", "kind", "missing")


class WaiverError(Mistake):
    """A file of waivers cannot be used; each line says where, what was found and what was expected."""


# --- the file -------------------------------------------------------------------------------------


def _text(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("is blank: it must be given")
    return value.strip() if isinstance(value, str) else value


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _rule(name: str) -> str:
    if name not in RULES:
        near = difflib.get_close_matches(name, RULES, 1)
        hint = f"did you mean {near[0]!r}?" if near else "'putright rules' lists them"
        raise ValueError(f"{name!r:.60} is not a rule; {hint}")
    return name


_Text = Annotated[str, BeforeValidator(_text)]
_Words = Annotated[_Text, BeforeValidator(_one_line)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Waiver(_Model):
    """One accepted finding; without a rulebook, the finding of every rulebook that has the rule."""

    case: _Text
    rule: Annotated[_Text, AfterValidator(_rule)]
    rulebook: _Text | None = None
    reason: _Words
    who: _Words
    """The role that accepted it, never a person's name."""
    expires: Annotated[dt.date, BeforeValidator(as_date)]

    def covers(self, other: Waiver) -> bool:
        """Whether some finding could come under both."""
        books = {self.rulebook, other.rulebook}
        return (self.case, self.rule) == (other.case, other.rule) and (len(books) == 1 or None in books)


class _File(_Model):
    waivers: list[Waiver] = Field(min_length=1)


@dataclass
class ReadWaiver:
    """A waiver with its line in the file, and the rulebook and verdict of the findings that it names."""

    waiver: Waiver
    line: int
    found: list[tuple[str, str]] = field(default_factory=list)
    case: str = ""
    """Whether its case was audited or rejected; blank if it was not in the file."""

    @property
    def called_for(self) -> bool:
        """Whether it names a finding that can be accepted."""
        return any(verdict in WAIVABLE for _, verdict in self.found)


def read_waivers(path: Path) -> list[ReadWaiver]:
    """Read a YAML file of waivers; WaiverError lists every mistake with its place."""
    file, document = read_with_places(path, _File, "a file of waivers: a list under 'waivers:'", WaiverError)
    given = [ReadWaiver(waiver, _line(document, place)) for place, waiver in enumerate(file.waivers)]
    if problems := list(_overlaps(given, document)):
        raise WaiverError.of(problems)
    return given


def _line(document: Document, place: int) -> int:
    return document.places[("waivers", place)][0]


def _overlaps(given: list[ReadWaiver], document: Document) -> Iterator[Problem]:
    """Two waivers of one finding, since it is not clear which applies."""
    seen: dict[tuple[str, str], list[ReadWaiver]] = {}
    for place, each in enumerate(given):
        same = seen.setdefault((each.waiver.case, each.waiver.rule), [])
        if other := next((other for other in same if other.waiver.covers(each.waiver)), None):
            yield document.problem(
                ("waivers", place),
                f"case {each.waiver.case}, {each.waiver.rule} is waived on line {other.line} already: "
                "keep one of the two (to renew a waiver, change its 'expires')",
            )
        same.append(each)


# --- next to the findings --------------------------------------------------------------------------


class Waivers:
    """The waivers of one audit: applied to its findings batch by batch, and reported at the end."""

    def __init__(self, given: list[ReadWaiver], as_at: dt.date) -> None:
        self.given = given
        self.as_at = as_at
        self._by_rule: dict[tuple[str, str], list[ReadWaiver]] = {}
        for each in given:
            self._by_rule.setdefault((each.waiver.case, each.waiver.rule), []).append(each)
        self._cases = pl.Series([each.waiver.case for each in given], dtype=pl.String).unique()
        self._accepted: Counter[tuple[str, str, str]] = Counter()

    def in_force(self, each: ReadWaiver) -> bool:
        """Whether it has not expired on the audit date."""
        return each.waiver.expires >= self.as_at

    def mark(self, findings: pl.DataFrame, audited: pl.Series, rejected: pl.Series) -> pl.DataFrame:
        """A batch's findings with the columns of COLUMNS added; nothing else in them changes.

        ``audited`` and ``rejected`` are the references of the batch's cases and of its rejected rows.
        """
        self._meet(audited, "audited")
        self._meet(rejected, "rejected")
        place = pl.Series(range(findings.height), dtype=pl.Int64)
        classed_by = [name for name in _CLASSED_BY if name in findings.columns]
        near = findings.select("reference", "rulebook", "rule", *classed_by, place.alias("place"))
        near = near.filter(pl.col("reference").is_in(self._cases.implode()))
        columns: dict[str, list[Any]] = {name: [] for name in ("place", *COLUMNS)}
        for finding in near.iter_rows(named=True):
            for each in self._by_rule.get((finding["reference"], finding["rule"]), ()):
                if self._applies(each, finding):
                    waiver = each.waiver
                    row = (finding["place"], waiver.reason, waiver.who, waiver.expires)
                    for values, value in zip(columns.values(), row, strict=True):
                        values.append(value)
        chosen = pl.DataFrame(columns, schema={"place": pl.Int64, **COLUMNS})
        return (
            findings.with_columns(place.alias("place"))
            .join(chosen, "place", "left", maintain_order="left")
            .drop("place")
        )

    def _meet(self, references: pl.Series, what: str) -> None:
        met = set(self._cases.filter(self._cases.is_in(references.implode())))
        for each in self.given:
            if each.waiver.case in met:
                each.case = what

    def _applies(self, each: ReadWaiver, finding: dict[str, Any]) -> bool:
        book, verdict = finding["rulebook"], finding["verdict"]
        if each.waiver.rulebook not in (None, book) or verdict == "not_applicable":
            return False  # with or without --all, a rule that does not arise is not a finding to accept
        each.found.append((book, verdict))
        if verdict not in WAIVABLE or not self.in_force(each):
            return False
        kind = _OUTSIDE.get(classes.of_finding(finding), verdict)
        self._accepted[book, each.waiver.rule, kind] += 1
        return True

    # --- what became of them ----------------------------------------------------------------------

    def figures(self, rules: list[dict[str, Any]]) -> dict[str, Any]:
        """Which waivers applied and which did not, ready for JSON.

        ``accepted`` has for each rule, from the summary's ``rules``, its ``breaches`` and those for
        ``judgement`` with how many of each are ``accepted_…``; cases that the edition was not in force
        for are counted separately, as in the summary. ``not_applied`` gives the reason for each other waiver.
        """
        applied = [each for each in self.given if self.in_force(each) and each.called_for]
        return {
            "given": len(self.given),
            "applied": len(applied),
            "findings_accepted": self._accepted.total(),
            "accepted": [self._counts(rule) for rule in rules if self._of_rule(rule)],
            "not_applied": [
                {
                    "line": each.line,
                    "case": each.waiver.case,
                    "rule": each.waiver.rule,
                    "rulebook": each.waiver.rulebook,
                    **dict(zip(("state", "why"), self._why_not(each), strict=True)),
                }
                for each in self.given
                if each not in applied
            ],
            "who_like_a_name": self._like_names(),
        }

    def _of_rule(self, rule: dict[str, Any]) -> dict[str, int]:
        kinds = {kind: self._accepted[rule["rulebook"], rule["rule"], kind] for kind in (*WAIVABLE, *_OUTSIDE.values())}
        return kinds if any(kinds.values()) else {}

    def _counts(self, rule: dict[str, Any]) -> dict[str, Any]:
        table, accepted = rule["table"], self._of_rule(rule)
        return {
            "rulebook": rule["rulebook"],
            "rule": rule["rule"],
            "breaches": sum(table[each.label] for each in classes.BREACH),
            "accepted_breaches": accepted["breach"],
            "judgement": table[FindingClass.JUDGEMENT.label],
            "accepted_judgement": accepted["judgement"],
            **{f"accepted_{kind}": accepted[kind] for kind in _OUTSIDE.values()},
        }

    def _why_not(self, each: ReadWaiver) -> tuple[str, str]:
        waiver = each.waiver
        if not self.in_force(each):
            now = "; the finding is still there" if each.called_for else ""
            return "expired", f"it expired on {waiver.expires}{now}"
        if each.found:
            verdicts = ", ".join(sorted({f"{verdict} under {book}" for book, verdict in each.found}))
            return "not_called_for", f"there is nothing to accept: the finding is {verdicts}"
        if each.case == "audited":
            under = f" under {waiver.rulebook}" if waiver.rulebook else ""
            return "unmatched", f"the case has no finding of this rule{under}"
        if each.case == "rejected":
            return "unmatched", "the row of this case was rejected"
        return "unmatched", "no case of this reference was audited"

    def _like_names(self) -> list[int]:
        who = pl.Series([each.waiver.who for each in self.given], dtype=pl.String)
        return [
            each.line for each, named in zip(self.given, personal_names.looks_like_a_person(who), strict=True) if named
        ]


def render(figures: dict[str, Any], name: str) -> Iterator[RenderableType]:
    """Which waivers applied and which did not, for the terminal; ``name`` is their file's."""
    accepted = counted(figures["findings_accepted"], "finding")
    yield (
        f"[bold]Waivers[/bold]: {figures['given']:,} given, {figures['applied']:,} applied, "
        f"{accepted} accepted by them. They change no verdict and no count."
    )
    columns = {"breaches": "breaches", "accepted_breaches": "accepted breaches"}
    columns |= {"judgement": "for judgement", "accepted_judgement": "accepted, for judgement"}
    for each, kind in _OUTSIDE.items():
        if any(rule[f"accepted_{kind}"] for rule in figures["accepted"]):
            columns[f"accepted_{kind}"] = f"accepted, {each.label}"
    if figures["accepted"]:
        grid = Grid("rulebook", "rule", *columns.values(), right=tuple(columns.values()))
        for rule in figures["accepted"]:
            cells = [f"{rule[column]:,}" if rule[column] else "·" for column in columns]
            grid.add(rule["rulebook"], RULES[rule["rule"]], *cells)
        yield grid
    for each in figures["not_applied"]:
        words = f"{name}:{each['line']}: waiver of {each['rule']} in case {each['case']} not applied: {each['why']}"
        yield escape_markup(words)
    for line in figures["who_like_a_name"]:
        yield escape_markup(f"{name}:{line}: 'who' looks like a person's name: give the role instead")
