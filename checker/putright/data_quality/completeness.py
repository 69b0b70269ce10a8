"""Count how complete the data is, before any verdict, so that readers know how far to trust the figures.

Everything here is a count over the cases audited (rejected rows are left out), as they were at the end of the audit
date. Values of records are counted and never kept or shown. Source: contract 1 and
contract 3.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import calendars, fields
from putright.calendars import EPOCH, FAR, Calendar
from putright.calendars.daytables import Days
from putright.engine.codes import CodedFindings
from putright.engine.facts import Mask
from putright.engine.verdicts import Verdict
from putright.fields import FIELDS, STAGES, Type
from putright.records.likeness import References
from putright.records.personal_names import looks_like_a_person
from putright.text import rounding

#: Filled in if blank, so their completeness cannot be counted.
_FILLED_IN = ("council", "procedure")
_GOES_WITH = {part: event for event, parts in fields.WENT_WITH.items() for part in parts}
_ENDINGS = ("refused", "withdrawn", "informal_resolved")

#: Letters the council sends: one dated on a day off is worth checking.
LETTERS = (*(letter.sent for letter in fields.LETTERS.values()), "withdrawal_acknowledged", "stage3_panel_invited")
#: When the matter happened: often only the month is known.
MATTER = ("matter_occurred", "matter_known")
#: Dates that may come before receipt: no check of a record rejects them.
_MAY_COME_BEFORE = tuple(
    name for name in fields.DATES if name != "received" and (name, "received") not in fields.ORDERED
)
#: Kinds of rule with a time for the council.
_TIMED = ("deadline", "aim")
_OLD = dt.date(1990, 1, 1)
_TEN_YEARS = 3653

# --- the base of each field -----------------------------------------------------------------------

ALL = "cases audited"


def _bases(cases: _Cases) -> dict[str, Mask]:
    """Every base that a field can be counted among, in words, with its cases."""
    seen, straight = cases.seen, cases.straight
    ended = seen(*_ENDINGS)
    found = {
        ALL: cases.all,
        "cases made for someone else": cases.represented | seen("consent_received"),
        "complaints refused": seen("refused", "refusal_contains"),
        "complaints withdrawn": seen("withdrawn", "withdrawal_acknowledged"),
        "remedies offered": seen("remedy_offered", "remedy_due", "remedy_completed"),
        "cases that need an action plan": cases.plan_due | seen("action_plan_agreed"),
    }
    over = seen("closed") & ~ended
    for n in reversed(STAGES):
        letters = {part: seen(*(f"stage{n}_{each}" for each in names)) for part, names in _PARTS.items()}
        reached = seen(*_OF_STAGE[n])
        if n < 3:  # with nothing recorded yet, a case is at the stage it begins with
            reached = reached | ((straight if n == 2 else ~straight) & ~ended)
        taken_up = reached & (letters["answers"] | ~letters["refusals"])
        over = over | letters["answers"]
        found |= {f"stage {n} {part}": letter for part, letter in letters.items()}
        found |= {
            f"cases that reached stage {n}": reached,
            f"requests for stage {n}": reached & ~straight if n == 2 else reached,
            f"cases at stage {n}": taken_up,
            f"children's cases at stage {n}": taken_up & cases.child,
            f"cases past stage {n}": taken_up & over,
        }
        over = over | seen(*_OF_STAGE[n])  # a case at a later stage is past this one
    return found


_OF_STAGE = {n: tuple(name for name, field in FIELDS.items() if field.stage == n) for n in STAGES}
#: What shows that a stage had a letter of a kind, dated or not.
_PARTS = {
    "refusals": ("request_refused", "refusal_contains"),
    "acknowledgements": ("acknowledged", "acknowledgement_contains"),
    "extensions": ("extension_notified", "extended_to", "extension_contains"),
    "answers": ("responded", "outcome", "response_contains"),
}

#: The base of each field that a complete record has. Fields not named here record events that need not
#: happen, so a blank may be right.
_ASKED: dict[str, str] = {
    **dict.fromkeys(("reference", "received", *MATTER, *fields.FOR_FIGURES, "representative"), ALL),
    "consent_received": "cases made for someone else",
    "refusal_contains": "complaints refused",
    "withdrawal_acknowledged": "complaints withdrawn",
    "remedy_due": "remedies offered",
    "action_plan_agreed": "cases that need an action plan",
    "stage2_statement_agreed": "children's cases at stage 2",
    **dict.fromkeys(
        ("stage3_panel_invited", "stage3_panel_met", "stage3_panel_reported"), "children's cases at stage 3"
    ),
    **{
        f"stage{n}_{part}": of
        for n in STAGES
        for part, of in {
            "acknowledged": f"cases at stage {n}",
            "acknowledgement_contains": f"stage {n} acknowledgements",
            "extension_notified": f"stage {n} extensions",
            "extension_contains": f"stage {n} extensions",
            "extended_to": f"stage {n} extensions",
            "responded": f"cases past stage {n}",
            "response_contains": f"stage {n} answers",
            "outcome": f"stage {n} answers",
            "handler": f"stage {n} answers",
        }.items()
    },
    **{f"stage{n}_requested": f"requests for stage {n}" for n in STAGES if n > 1},
    **{f"stage{n}_refusal_contains": f"stage {n} refusals" for n in STAGES if n > 1},
}


def _of(field: str) -> str:
    """The base of a field: its own, or all cases in which it could be recorded."""
    return _ASKED.get(field) or _where(field)


def _where(field: str) -> str:
    """The cases in which a field could be recorded at all."""
    asked = _ASKED.get(field, "")
    if asked.startswith("children's"):
        return asked
    stage = FIELDS[field].stage
    return f"cases that reached stage {stage}" if stage else ALL


_COUNTED = tuple(name for name in FIELDS if name not in _FILLED_IN)


# --- counting -------------------------------------------------------------------------------------


class _Cases:
    """A batch's cases as arrays, as they were at the end of the audit date."""

    def __init__(self, frame: pl.DataFrame, as_at: int) -> None:
        self.as_at = as_at
        self.all: Mask = np.ones(frame.height, dtype=np.bool_)
        columns = {column.name: column for column in frame.select(_columns(set(frame.columns), as_at))}
        self.places: dict[str, Days] = {name: columns[name].to_numpy() for name in fields.DATES if name in columns}
        self.age: Days = as_at - self.places["received"]
        marks = {name: columns[name].to_numpy() if name in columns else ~self.all for name in _MARKS}
        self.represented, self.plan_due, self.straight, self.child = marks.values()
        self._seen = {name: self._recorded(name, columns[name]) for name in _COUNTED if name in columns}

    def _recorded(self, name: str, column: pl.Series) -> Mask:
        if name in self.places:
            found = self.places[name] <= (self.as_at if FIELDS[name].event else FAR - 1)
        else:
            found = column.to_numpy()
        stage = FIELDS[name].stage
        if stage and FIELDS[name].part == "handler":  # not yet, if the stage has only dates after the audit date
            steps = [self.places[step] for step in fields.steps(stage) if step in self.places]
            found = found & ~self._to_come(np.minimum.reduce(steps)) if steps else found
        event = self.places.get(_GOES_WITH.get(name, ""))
        return found if event is None else found & ~self._to_come(event)

    def _to_come(self, places: Days) -> Mask:
        return (places > self.as_at) & (places < FAR)

    def seen(self, *names: str) -> Mask:
        """Whether any of these fields is recorded."""
        there = [self._seen[name] for name in names if name in self._seen]
        return np.logical_or.reduce(there) if there else ~self.all


#: Conditions that the bases need: the name, the field it comes from and its test.
_MARKS: dict[str, tuple[str, pl.Expr]] = {
    "_represented": ("representative", pl.col("representative")),
    "_plan_due": ("action_plan_due", pl.col("action_plan_due")),
    "_straight": ("flags", pl.col("flags").str.contains(";straight_to_stage2;", literal=True)),
    "_child": ("procedure", pl.col("procedure") == "children"),
}


def _columns(names: Collection[str], as_at: int) -> list[pl.Expr]:
    """Dates as day numbers (FAR if there is none); for any other field, whether it is recorded."""
    found = [test.fill_null(False).alias(mark) for mark, (name, test) in _MARKS.items() if name in names]
    for name in _COUNTED:
        column = pl.col(name)
        if name not in names:
            continue
        if FIELDS[name].type is Type.DATE:
            found.append(column.to_physical().fill_null(FAR - EPOCH) + EPOCH)
        elif FIELDS[name].type is Type.HOLDS:
            found.append((column.list.first() <= as_at).fill_null(False))
        else:
            found.append(column.is_not_null())
    return found


class _DayCounts:
    """How many dates are on each day, from the first day that has one to the last."""

    def __init__(self) -> None:
        self.first = 0
        self.counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def add(self, days: Days) -> None:
        """Count more dates, by day number."""
        if not len(days):
            return
        first, end = int(days.min()), int(days.max()) + 1
        if len(self.counts):
            first, end = min(first, self.first), max(end, self.first + len(self.counts))
        more = np.bincount(days - first, minlength=end - first)
        more[self.first - first :][: len(self.counts)] += self.counts
        self.first, self.counts = first, more


class Quality:
    """How complete the audited cases are, counted batch by batch."""

    def __init__(self, as_at: dt.date) -> None:
        self.as_at = calendars.index(as_at)
        self.cases = 0
        self._kept: set[str] = set()
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        """Each count, by field, base or kind of case."""
        self._last_day: Counter[tuple[str, str]] = Counter()
        self._days: dict[str, _DayCounts] = defaultdict(_DayCounts)
        """For each field with dates, how many are on each day."""
        self._references = References()
        self._calendars: dict[str, Calendar] = {}

    def add(
        self, cases: pl.DataFrame, found: CodedFindings, kept: Collection[str], counted_by: Iterable[Calendar]
    ) -> None:
        """Count one batch: its audited cases and their findings.

        ``kept`` are the fields that its file keeps, ``counted_by`` the calendars that its rulebooks count by.
        """
        self._calendars.update({each.holidays.name: each for each in counted_by})
        self._kept.update(kept)
        self.cases += cases.height
        if not cases.height:
            return
        self._references.add(cases["reference"])
        shown = _Cases(cases, self.as_at)
        bases = _bases(shown)
        self._count("base", bases)
        self._count("recorded", {name: shown.seen(name) & bases[_of(name)] for name in _COUNTED if name in kept})
        self._count("cases", _to_check(shown))
        received = shown.places["received"]
        for name, places in shown.places.items():
            self._days[name].add(places[places < FAR])
            if name in _MAY_COME_BEFORE:
                self._count("early", {name: received - places > _TEN_YEARS})
        self._count_handlers(cases)
        self._count_last_days(found)

    def _count(self, what: str, masks: Mapping[str, Mask]) -> None:
        for name, mask in masks.items():
            self._counts[what][name] += int(np.count_nonzero(mask))

    def _count_handlers(self, cases: pl.DataFrame) -> None:
        for name in (f"stage{n}_handler" for n in STAGES):
            if name in cases.columns:
                recorded = cases[name].drop_nulls()
                self._counts["handlers"][name] += len(recorded)
                if len(recorded):
                    values = recorded.value_counts(name="_cases")  # each distinct value is looked at once
                    like_a_name = values.filter(looks_like_a_person(values[name]))
                    self._counts["like_a_name"][name] += int(like_a_name["_cases"].sum())

    def _count_last_days(self, found: CodedFindings) -> None:
        for rule in found.by_rule:
            if rule.ruling.kind in _TIMED:
                last = (rule.done == rule.due) & (rule.verdict == Verdict.MET)  # what was met was done
                self._last_day[rule.book.rulebook, rule.ruling.name] += int(np.count_nonzero(last))

    # --- as figures -----------------------------------------------------------------------------

    def figures(self, rules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The counts as plain data, ready for JSON; ``rules`` are the summary's, with their verdicts.

        - ``cases``: how many were audited; the base of everything here.
        - ``fields``: for every field (but ``council`` and ``procedure``, which are filled in where blank)
          ``in_file``, whether the file keeps it; ``arises``, whether it could be recorded in any of these
          cases; ``of`` and ``base``, of what it is asked, in words and as a number; ``recorded``; ``share``
          (0 to 1, null where the base is 0); ``blank``: ``missing``, ``may be right`` for what need not
          happen, or ``not kept``: a file that does not keep a field has no blank in it, and the base is 0.
        - ``dates``: for every field with dates ``dates`` (by the audit date; promised dates whenever),
          ``letter``, ``saturday_or_sunday``, ``bank_holiday`` (Monday to Friday only), ``day_off_share``,
          ``most_on_one_day`` and ``usual_day`` (the median of the field's other days), ``first_of_month``,
          ``before_1990``, ``ten_years_before_receipt``, ``after_audit_date`` (null for promised dates),
          ``after_horizon`` (of the announced bank holidays).
        - ``last_day``: for every deadline and aim of each rulebook, ``in_time`` and of those
          ``on_the_last_day``, with ``share``.
        - ``handlers``: ``recorded`` and ``like_a_name`` for each stage's handler.
        - ``letters_never_described``: contents fields kept and never recorded though letters were sent.
        - ``possible_duplicates``: lists of references that differ only in capitals, in the form of a letter or in what
          cannot be seen, in alphabetical order.
        - ``closed_without_an_answer``, ``open_over_a_year``: cases; null where the file keeps no answers (and, for the
          second, no closures), so that it cannot show them.
        """
        described = [self._field(name) for name in _COUNTED]
        return {
            "cases": self.cases,
            "fields": described,
            "possible_duplicates": self._references.alike(),
            "letters_never_described": [
                each["field"]
                for each in described
                if FIELDS[each["field"]].type is Type.CONTENTS and each["base"] and not each["recorded"]
            ],
            "dates": self._dates(),
            "last_day": [
                self._last(rule)
                for rule in rules
                if rule["kind"] in ("deadline", "aim") and rule["verdicts"].get("met")
            ],
            "handlers": [
                {"field": name, "recorded": count, "like_a_name": self._counts["like_a_name"][name]}
                for name, count in sorted(self._counts["handlers"].items())
            ],
            **{
                name: self._counts["cases"][name] if self._kept & needed else None for name, needed in _SHOWN_BY.items()
            },
        }

    def _field(self, name: str) -> dict[str, Any]:
        of, kept = _of(name), name in self._kept
        base, recorded = self._counts["base"][of] if kept else 0, self._counts["recorded"][name]
        return {
            "field": name,
            "in_file": kept,
            "arises": self._counts["base"][_where(name)] > 0,
            "of": of,
            "base": base,
            "recorded": recorded,
            "share": _share(recorded, base),
            "blank": "not kept" if not kept else "missing" if name in _ASKED else "may be right",
        }

    def _last(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        count, in_time = self._last_day[rule["rulebook"], rule["rule"]], rule["verdicts"]["met"]
        names = {key: rule[key] for key in ("rulebook", "rule", "clause")}
        return {**names, "in_time": in_time, "on_the_last_day": count, "share": _share(count, in_time)}

    def _dates(self) -> list[dict[str, Any]]:
        counted_by = [each.holidays for each in self._calendars.values()] or [calendars.bank_holidays()]
        holidays = {day for each in counted_by for day in each.days}
        return [self._dated(name, days, holidays) for name in fields.DATES if len((days := self._days[name]).counts)]

    def _dated(self, name: str, all_days: _DayCounts, holidays: Collection[dt.date]) -> dict[str, Any]:
        event = FIELDS[name].event
        place = np.flatnonzero(all_days.counts)
        counts = all_days.counts[place]
        place += all_days.first
        known = place <= self.as_at if event else np.ones(len(place), dtype=np.bool_)
        day, by = place[known], counts[known]
        date = np.datetime64(calendars.FIRST) + day
        weekend = (day + calendars.FIRST.weekday()) % 7 >= 5
        first = date == date.astype("datetime64[M]").astype("datetime64[D]")
        bank = sum(
            count
            for each, count, off in zip(date.tolist(), by.tolist(), weekend.tolist(), strict=True)
            if not off and each in holidays
        )
        used = np.sort(by)
        dates, off = int(by.sum()), int(by[weekend].sum())
        return {
            "field": name,
            "dates": dates,
            "letter": name in LETTERS,
            "saturday_or_sunday": off,
            "bank_holiday": bank,
            "day_off_share": _share(off + bank, dates),
            "most_on_one_day": int(used[-1]) if len(used) else 0,
            "usual_day": float(np.median(used[:-1])) if len(used) > 1 else 0.0,
            "first_of_month": int(by[first].sum()),
            "before_1990": int(counts[place < calendars.index(_OLD)].sum()),
            "ten_years_before_receipt": self._counts["early"][name],
            "after_audit_date": int(counts.sum()) - dates if event else None,
            "after_horizon": int(counts[place > calendars.index(calendars.HORIZON)].sum()),
        }


def _share(part: int, whole: int) -> float | None:
    """From 0 to 1, to four decimal places."""
    return float(rounding.percent(part, whole, 2) / 100) if whole else None


_ANSWERS = {f"stage{n}_responded" for n in STAGES}
#: A file that keeps any of these fields can show the cases in ``_to_check``.
_SHOWN_BY = {"closed_without_an_answer": _ANSWERS, "open_over_a_year": _ANSWERS | {"closed"}}


def _to_check(cases: _Cases) -> dict[str, Mask]:
    """Cases that an officer should check."""
    said = cases.seen(*_ENDINGS, *sorted(_ANSWERS))
    return {
        "closed_without_an_answer": cases.seen("closed") & ~said,
        "open_over_a_year": (cases.age > 365) & ~said & ~cases.seen("closed"),
    }
