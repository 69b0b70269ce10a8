"""Synthetic complaint cases for any council, made from its rulebooks: to train with, to test, to show.

Some cases are there to show a rule kept or broken, so that every rule of every rulebook comes up both
ways; the rest go by chance. Nothing in them is about anybody, and every reference says so.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from putright.auditing.audits import rulebook_names
from putright.calendars import add_months
from putright.fields import FIELDS, NATIONAL, Type
from putright.plugins import Host
from putright.rulebooks import Rulebook
from putright.synthetic.courses import Law, Lesson
from putright.synthetic.journeys import Journey
from putright.writing.outputs import lists_as_text, write_table
from putright.writing.staging import WriteError, temporary_folder, whole_file

#: At most this share of the cases is there to show a rule; the others go by chance.
_SHOWN = 0.6
#: Out of so many cases by chance, how many follow a procedure; corporate ones also as a landlord's.
_WEIGHTS = {"corporate": 42, "landlord": 6}
#: The share of cases that are about child sexual exploitation: they must never show in published figures.
_EXPLOITATION = {"children": 0.2}

_SERVICES = {
    "corporate": (
        "Waste and recycling",
        "Highways and footpaths",
        "Council Tax",
        "Parking",
        "Parks and open spaces",
        "Planning",
        "Libraries",
        "Customer contact",
    ),
    "landlord": ("Repairs", "Tenancy services", "Estate cleaning", "Leasehold services"),
    "children": ("Children in need", "Children looked after", "Support after adoption", "Leaving care"),
    "adults": ("Care assessments", "Care at home", "Occupational therapy", "Charges for care"),
    "public-health": ("Health visiting", "Sexual health", "Stop smoking service"),
}
_CATEGORIES = (
    "Delay",
    "Service not provided",
    "Quality of service",
    "Decision",
    "Staff conduct",
    "Communication",
    "Charges",
)
_THEMES = ("Waiting too long", "Being kept informed", "How staff behaved", "A decision or charge", "Work done badly")
_WARDS = ("Castle", "Market", "Northgate", "Riverside", "St Mary's", "Westfield")
#: In pounds. Most remedies of money are small and round.
_AMOUNTS = (50, 75, 100, 100, 150, 200, 250, 500, 750)
#: The share of remedies that are money.
_PAID = 0.6
_CHANNELS = ("Online form", "Online form", "Email", "Email", "Telephone", "Letter", "In person")


@dataclass(frozen=True)
class _Kind:
    """Cases of one procedure, ``landlord`` ones apart, and the rulebooks that judge them on any day."""

    host: Host
    council: str
    procedure: str
    landlord: bool
    laws: dict[tuple[str, ...], Law]

    def law(self, day: dt.date) -> Law:
        """The rulebooks in the editions that judge a complaint received on a day."""
        books = [_edition(self.host.editions[name], day) for name in self._names()]
        key = tuple(book.digest for book in books)
        if key not in self.laws:
            self.laws[key] = Law(books, self.host)
        return self.laws[key]

    def spans(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """The times in which the same editions are in force, from the first day to the last."""
        starts = {book.in_force.start for name in self._names() for book in self.host.editions[name]}
        begins = [first, *sorted(day for day in starts if day and first < day <= last)]
        ends = [*(day - dt.timedelta(days=1) for day in begins[1:]), last]
        yield from zip(begins, ends, strict=True)

    def _names(self) -> list[str]:
        names = rulebook_names(self.host, self.council, self.procedure, landlord=self.landlord)
        return [name for name in names if name in self.host.editions]

    def written_for(self) -> list[str]:
        """The flags of the only cases that some of its rulebooks are written for."""
        books = [book for name in self._names() for book in self.host.editions[name]]
        return list(dict.fromkeys(book.for_flag for book in books if book.for_flag))

    @property
    def topic(self) -> str:
        """What its services are listed under."""
        topic = "landlord" if self.landlord or self.procedure == "housing" else self.procedure
        return topic if topic in _SERVICES else "corporate"


def _edition(editions: Sequence[Rulebook], day: dt.date) -> Rulebook:
    """The edition in force on a day, or the earliest: as the audit chooses."""
    begun = [book for book in editions if book.in_force.start and book.in_force.start <= day]
    return begun[-1] if begun else editions[0]


@dataclass(frozen=True)
class _Brief:
    """A case to be made: its kind, the days it may be received on, what it has to show."""

    kind: _Kind
    first: dt.date
    last: dt.date
    lesson: Lesson | None = None


def sample(host: Host, council: str, cases: int, seed: int, *, year_ending: dt.date) -> list[dict[str, object]]:
    """So many synthetic cases, received in the year that ends on ``year_ending`` and as they stood then.

    The same seed gives the same cases. ValueError where no plugin gives this council a rulebook.
    """
    first = add_months(year_ending, -12) + dt.timedelta(days=1)
    kinds = _kinds(host, council)
    rng = random.Random(seed)
    briefs = _briefs(kinds, cases, rng, first, year_ending)
    rows = [_case(brief, rng.getrandbits(64), year_ending) for brief in briefs]
    rows.sort(key=lambda row: str(row["received"]))
    width = max(4, len(str(cases)))
    return [{"reference": f"SYNTHETIC-{number:0{width}}", **row} for number, row in enumerate(rows, start=1)]


def _kinds(host: Host, council: str) -> list[_Kind]:
    all_of_them = host.vocabulary.procedures_of(council)
    procedures = [name for name in all_of_them if f"{council}.{name}" in host.editions]
    if not procedures:
        known = ", ".join(host.councils) or "none"
        raise ValueError(f"no rulebook of a council named {council!r}; councils: {known}")
    kinds = [_Kind(host, council, name, False, {}) for name in procedures]
    if "corporate" in procedures and NATIONAL["housing"] in host.editions and host.follows_england(council):
        kinds.append(_Kind(host, council, "corporate", True, {}))
    return kinds


def _briefs(kinds: list[_Kind], cases: int, rng: random.Random, first: dt.date, last: dt.date) -> list[_Brief]:
    """What to make: each rule kept and broken, as far as there is room, and cases by chance."""
    shown = [
        _Brief(kind, begin, end, Lesson(rule, broken))
        for kind in kinds
        for begin, end in kind.spans(first, last)
        for rule in kind.law(begin).names
        for broken in (False, True)
    ]
    room = int(cases * _SHOWN)
    if len(shown) > room:
        shown = rng.sample(shown, room)
    weights = [_WEIGHTS.get("landlord" if kind.landlord else kind.procedure, 1) for kind in kinds]
    others = rng.choices(kinds, weights, k=cases - len(shown))
    return shown + [_Brief(kind, first, last) for kind in others]


def _case(brief: _Brief, seed: int, last: dt.date) -> dict[str, object]:
    """One case; what it has to show must have happened by the last day, so it may begin earlier."""
    rng = random.Random(seed)
    received = _received(rng, brief.first, brief.last)
    exploitation = not brief.lesson and rng.random() < _EXPLOITATION.get(brief.kind.procedure, 0)
    flags = {"landlord": brief.kind.landlord, "cse": exploitation}
    given = [flag for flag, is_so in flags.items() if is_so]
    if brief.lesson:  # no rule of a document arises in a case that it is not written for
        given += [flag for flag in brief.kind.written_for() if flag not in given]
    while True:
        journey = Journey(brief.kind.law(received), received, random.Random(seed), brief.lesson, given)
        beyond = (journey.last_wanted - last).days
        if not brief.lesson or beyond <= 0 or received == brief.first:
            break
        received = max(brief.first, received - dt.timedelta(days=beyond))
    row = {
        "council": brief.kind.council,
        "procedure": brief.kind.procedure,
        "service": rng.choice(_SERVICES["children" if "cse" in journey.flags else brief.kind.topic]),
        "category": rng.choice(_CATEGORIES),
        "channel": rng.choice(_CHANNELS),
        "theme": rng.choice(_THEMES),
        "ward": rng.choice(_WARDS),
        **journey.record(last),
    }
    if "remedy_completed" in row and rng.random() < _PAID:
        row["remedy_amount"] = rng.choice(_AMOUNTS)
    own = brief.kind.host.vocabulary.fields_of(brief.kind.council)
    return {name: row[name] for name in (*FIELDS, *own) if name in row}


def _received(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """Any day, but seldom a Saturday or Sunday."""
    day = first
    for _ in range(3):
        day = first + dt.timedelta(days=rng.randint(0, (last - first).days))
        if day.weekday() < 5:
            break
    return day


# --- files ----------------------------------------------------------------------------------------

_TYPES: dict[Type, pl.DataType | type[pl.DataType]] = {
    Type.DATE: pl.Date,
    Type.BOOLEAN: pl.Boolean,
    Type.FLAGS: pl.List(pl.String),
    Type.CONTENTS: pl.List(pl.String),
    Type.HOLDS: pl.List(pl.String),
    Type.POUNDS: pl.Int64,
}


def write_sample(rows: Sequence[Mapping[str, object]], path: Path) -> None:
    """Writes cases to a file that ends in .csv, .jsonl, .xlsx or .parquet. Raises a Mistake where it cannot."""
    form = path.suffix.lower().removeprefix(".")
    if form == "jsonl":
        with whole_file(path) as file:
            file.writelines(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n" for row in rows)
    elif form == "xlsx":
        with whole_file(path) as file:
            _write_xlsx(lists_as_text(_frame(rows)), file)
    elif form == "parquet" or form == "csv":
        write_table(_frame(rows), str(path), form)
    else:
        raise WriteError(f"{path}: cases are written to a file ending in .csv, .jsonl, .xlsx or .parquet.")


def _frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """The cases as a table: the fields that any of them has, in the order of the data dictionary."""
    used = {name for row in rows for name in row} | {"reference", "received"}
    schema = {name: _TYPES.get(field.type, pl.String) for name, field in FIELDS.items() if name in used}
    for name in sorted(used - schema.keys()):  # of the council's own
        is_date = any(isinstance(row.get(name), dt.date) for row in rows)
        schema[name] = pl.Date if is_date else pl.Boolean
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _write_xlsx(frame: pl.DataFrame, file: BinaryIO) -> None:
    import xlsxwriter  # slow to import

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with temporary_folder() as folder, xlsxwriter.Workbook(file, {**options, "tmpdir": str(folder)}) as book:
        # The same cases give the same file, whenever it is written.
        book.set_properties({"created": dt.datetime(2000, 1, 1)})
        style = {"dtype_formats": {pl.Date: "yyyy-mm-dd"}, "freeze_panes": (1, 0), "autofit": True}
        frame.write_excel(book, "cases", **style)  # type: ignore[arg-type]
