"""A reader who wants to know what was withheld: figures.json in hand, and what anybody knows of such figures.

Nothing of ours is used but the file: the sums are read off the labels, and solved by exact elimination and by
linear programming.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix

#: A number in the file: table, row, column, and whether it is the count or the base of a share.
Name = tuple[Any, ...]
Terms = dict[Name, int]

_CLASSES = ("Met", "Late", "Lacking", "Not recorded", "No evidence", "For judgement")
_BANDS = {
    "in time": ("Met",),
    "not in time": ("Late", "Lacking", "Not recorded"),
    "cannot be shown": ("No evidence", "For judgement"),
    "not due yet": ("Not due yet",),
}
_TIMED = ("Acknowledge stage {n}", "Respond at stage {n}", "Respond at stage {n}, outer limit")
_TELL = "Tell the department"
_TIMED_AT = {
    3: ("Invite the person to the panel", "Convene the review panel", "The panel's report"),
}
_STEPS = {
    "Stage 1 acknowledged in time": ("Acknowledge stage 1",),
    "Stage 1 answered in time": ("Respond at stage 1", "Respond at stage 1, outer limit"),
    "Stage 2 acknowledged in time": ("Acknowledge stage 2",),
    "Stage 2 answered in time": ("Respond at stage 2",),
}
_NATIONAL = ("lgsco", "housing", "children-2006", "adults-2009", "public-health-2012")


#: The tables by a part of the council, and their columns of shares that are not steps.
_DIVISIONS = ("services", "teams", "categories", "themes", "channels", "wards")
_ANSWERED = ("Stage 1 upheld, in full or in part", "Stage 2 asked for")
#: Procedures of which the council's own conduct is published however small; and the steps that are not its own.
_OPEN = ("corporate", "housing landlord")
_OF_PEOPLE = re.compile(
    "What the (stage . )?refusal|Consent|Acknowledge the withdrawal|Whether|Resolve informally|Complaint (made|put in)|"
    "Stage . asked for"
)


_MOST = 10_000


@dataclass
class System:
    """Known numbers, withheld numbers with their lower bounds, and sums that are 0."""

    known: dict[Name, int] = field(default_factory=dict)
    least: dict[Name, int] = field(default_factory=dict)
    sums: list[Terms] = field(default_factory=list)

    def add(self, total: Iterable[Name], parts: Iterable[Name], *, rest: bool = False, people: bool = False) -> None:
        """Each total is the sum of its parts, or with ``rest`` no less; a number not in the file is left out.

        Where the rest is of ``people``, it is asked for as any withheld number is.
        """
        terms: Terms = defaultdict(int)
        for names, sign in ((total, 1), (parts, -1)):
            for name in names:
                terms[name] += sign
        if any(name not in self.known and name not in self.least for name in terms):
            return
        if rest:
            name = ("people" if people else "rest", len(self.sums))
            self.least[name] = 0
            terms[name] = -1
        self.sums.append(dict(terms))


class Reader:
    """Reads the published file into a system."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.system = System()
        self.tables = {table["id"]: table for table in data["tables"]}
        self.received = data["counts_by"] == "received"
        self.whole = data["period"] == {"from": None, "to": None}
        self.headings = {id: [c["heading"] for c in table["columns"]] for id, table in self.tables.items()}
        for id, table in self.tables.items():
            for place, row in enumerate(table["rows"]):
                for heading, column, cell in zip(self.headings[id], table["columns"], row, strict=True):
                    if column["figures"]:
                        self._cell((id, place, heading), cell)
        self.rules = {id: table for id, table in self.tables.items() if id.startswith("rules-")}
        self._rules()
        self._stages()
        for id in (*_DIVISIONS, "months"):
            if id in self.tables:
                self._breakdowns(id)
        self._two_way()
        self._paths()
        self._measures()

    def _cell(self, name: Name, cell: Any) -> None:
        system = self.system
        if self._is_amount(name):
            return
        if isinstance(cell, dict) and "withheld" in cell:
            if self._is_share(name):
                system.least[(*name, "count")] = 0
                system.least[(*name, "base")] = 0 if self._may_be_nothing(name) else 1
                system.add([(*name, "base")], [(*name, "count")], rest=True)
            else:
                system.least[name] = 0 if name[0].startswith("outcomes-") else 1
        elif isinstance(cell, dict):
            system.known[(*name, "count")], system.known[(*name, "base")] = cell["count"], cell["base"]
        elif isinstance(cell, int) and name[-1] != "Median":
            system.known[name] = cell

    def _is_amount(self, name: Name) -> bool:
        """Whether a number is of days or money: an average or a middle, which adds up with nothing."""
        id, place, _ = name
        row = self.tables[id]["rows"][place]
        return id.startswith(("measures-", "outcomes-")) and (
            row[1] in ("W15", "W16") or row[0].startswith("Remedies paid:")
        )

    def _is_share(self, name: Name) -> bool:
        id, place, heading = name
        if id.startswith(("measures-", "outcomes-")):
            label = self.tables[id]["rows"][place][0]
            return not re.match(
                "Complaints (accepted|received)|Service requests|for each|of these, stage 2|Remedies|CH01", label
            )
        return heading == "Percentage met" or heading in _STEPS or heading in _ANSWERED

    def _may_be_nothing(self, name: Name) -> bool:
        """Whether a withheld share may have no base: a column that is withheld for every part of the council."""
        id, place, heading = name
        rows, at = self._rows(id), self.headings[id].index(heading)
        if id.startswith("outcomes-"):
            label, measure = rows[place][:2]
            subject = label.partition(":")[0]
            alike = [row[at] for row in rows if row[0].partition(":")[0] == subject or row[1] == measure == "W3"]
            return len(alike) > 1 and all(cell == {"withheld": True} for cell in alike)
        alike = [row[at] for row in rows if row[1] == rows[place][1] and row[0] != "All"]
        return id in _DIVISIONS and rows[place][0] != "All" and {"withheld": True} in alike

    def is_conduct(self, name: Name) -> bool:
        """Whether a number is of the council's own conduct, as the documentation says which are."""
        id, place, heading, *_ = name
        row = self._rows(id)[place]
        group = self.tables[id]["title"].rsplit(": ", 1)[-1].removesuffix(" complaints")
        if id == "stages" or id in _DIVISIONS or id in ("months", "paths"):
            group = row[1]
        if group == "all procedures":
            return {each[1] for each in self._rows("months")} <= {*_OPEN}
        if group not in _OPEN:
            return False
        if id.startswith("outcomes-"):  # of how many it is a share: of all that were answered, or received
            return name[-1] == "base" and bool(re.match("Stage . outcome|Overturned|Complaints refused", row[0]))
        if id in _DIVISIONS:
            return row[0] == "All" and (heading != _ANSWERED[0] or name[-1] == "base")
        return not _OF_PEOPLE.match(row[0]) or id.startswith("measures-")

    def _rows(self, id: str) -> list[list[Any]]:
        rows: list[list[Any]] = self.tables[id]["rows"]
        return rows

    def _rules(self) -> None:
        for id in [*self.rules, "stages"]:
            for place in range(len(self._rows(id))):
                row = (id, place)
                self.system.add([(*row, "Due")], [(*row, name) for name in _CLASSES])
                self.system.add([(*row, "Percentage met", "count")], [(*row, "Met")])
                self.system.add([(*row, "Percentage met", "base")], [(*row, "Due")])

    def _places(self, id: str, labels: Iterable[str]) -> list[int]:
        wanted = set(labels)
        return [place for place, row in enumerate(self._rows(id)) if row[0] in wanted]

    def _stages(self) -> None:
        for place, (stage, group, book, *_) in enumerate(self._rows("stages")):
            n = int(stage[-1])
            (id,) = [id for id, table in self.rules.items() if table["title"] == f"{book}: {group} complaints"]
            told = [_TELL] if n == (2 if "Brighton" in book else 1) else []  # as the procedures say
            rules = self._places(id, [*(each.format(n=n) for each in _TIMED), *_TIMED_AT.get(n, ()), *told])
            for heading in ("Due", *_CLASSES, "Not due yet"):
                self.system.add([("stages", place, heading)], [(id, rule, heading) for rule in rules])

    def _national(self, group: str) -> str | None:
        found = [
            id
            for id, t in self.rules.items()
            if t["title"].endswith(f": {group} complaints") and id.endswith(_NATIONAL)
        ]
        return found[0] if found else None

    def _breakdowns(self, id: str) -> None:
        rows = self._rows(id)
        groups = {row[1] for row in rows}
        shares = [heading for heading in self.headings[id] if heading in _STEPS or heading in _ANSWERED]
        columns = [("Complaints",), *((step, part) for step in shares for part in ("count", "base"))]
        for group in groups - {"all procedures"}:
            parts = [place for place, row in enumerate(rows) if row[1] == group and row[0] != "All"]
            (total,) = [place for place, row in enumerate(rows) if row[1] == group and row[0] == "All"]
            for column in columns:
                present = [(id, place, *column) for place in parts]
                present = [name for name in present if name in self.system.known or name in self.system.least]
                if parts:
                    self.system.add([(id, total, *column)], present)
            book = self._national(group)
            for step, labels in _STEPS.items():
                if book and step in shares:
                    rules = self._places(book, labels)
                    for part, heading in (("count", "Met"), ("base", "Due")):
                        self.system.add([(id, total, step, part)], [(book, rule, heading) for rule in rules])
        if id in _DIVISIONS:
            every = [place for place, row in enumerate(rows) if row[1] == "all procedures"]
            totals = [
                (id, place, "Complaints") for place, row in enumerate(rows) if row[0] == "All" and place not in every
            ]
            self.system.add([(id, every[0], "Complaints")], totals)
        else:
            for place, row in enumerate(rows):
                if row[0] == "All":
                    for other in (each for each in _DIVISIONS if each in self.tables):
                        (same,) = [p for p, r in enumerate(self._rows(other)) if r[:2] == row[:2]]
                        self.system.add([(id, place, "Complaints")], [(other, same, "Complaints")])
                        for column in (c for c in _ANSWERED if c in self.headings[other] and other != "services"):
                            (first,) = [p for p, r in enumerate(self._rows("services")) if r[:2] == row[:2]]
                            for part in ("count", "base"):
                                self.system.add([(other, same, column, part)], [("services", first, column, part)])

    def _two_way(self) -> None:
        for id in [id for id in self.tables if id.startswith("two-way-")]:
            own = id.replace("two-way-", "rules-")
            group = self.tables[id]["title"].rsplit(": ", 1)[1].removesuffix(" complaints")
            national = self._national(group)
            columns = [heading for heading in self.headings[id] if heading[0].isupper()][2:]
            by_step: dict[str, dict[str, int]] = defaultdict(dict)
            for place, (step, band, *_) in enumerate(self._rows(id)):
                by_step[step][band] = place
                self.system.add([(id, place, "All")], [(id, place, name) for name in columns if name != "All"])
            for step, bands in by_step.items():
                rules = self._places(own, [step, f"{step} (an aim)"])
                for name in columns:
                    self.system.add([(id, bands["all"], name)], [(id, p, name) for b, p in bands.items() if b != "all"])
                for band, classes in _BANDS.items():
                    parts = [(own, rule, name) for rule in rules for name in classes]
                    if band in bands:
                        self.system.add([(id, bands[band], "All")], parts)
                    theirs = self._places(national, [step]) if national else []
                    if self.received and theirs and national:
                        parts = [(national, rule, name) for rule in theirs for name in classes]
                        self.system.add(parts, [(id, bands["all"], band[0].upper() + band[1:])], rest=True)

    def _paths(self) -> None:
        headings = self.headings["paths"]
        bands = headings[headings.index("Answers") + 1 : -1]
        for place, (path, group, *_) in enumerate(self._rows("paths")):
            self.system.add([("paths", place, "Answers")], [("paths", place, band) for band in bands])
            stage = re.search(r"Receipt to stage (\d)", path)
            book = self._national(group)
            if stage and book and self.received:
                for rule in self._places(book, [f"What the stage {stage[1]} response holds"]):
                    due, answers = (book, rule, "Due"), ("paths", place, "Answers")
                    self.system.add([answers], [due], rest=True, people=group not in _OPEN)

    def _measures(self) -> None:
        for id in [id for id in self.tables if id.startswith(("measures-", "outcomes-"))]:
            rows, periods = self._rows(id), self.headings[id][3:]
            before, *quarters = periods[:-2] or [""]
            year, last = periods[-2:]
            for place in range(len(rows)) if quarters else ():
                for part in ((), ("count",), ("base",)):
                    shown = [q for q in quarters if rows[place][3 + periods.index(q)] is not None]
                    self.system.add([(id, place, year, *part)], [(id, place, q, *part) for q in shown])
                    self.system.add([(id, place, last, *part)], [(id, place, before, *part)], rest=True)
            for period in periods:
                self._measures_of(id, period)

    def _measures_of(self, id: str, period: str) -> None:
        rows, system = self._rows(id), self.system
        other = id.replace("outcomes-", "measures-", 1)
        beside = {row[0]: (other, place, period) for place, row in enumerate(self._rows(other))} if other != id else {}
        if period not in self.headings[other]:
            beside = {}
        same: dict[str, list[Name]] = defaultdict(list)
        counts: dict[str, list[Name]] = defaultdict(list)
        for place, (label, measure, *_) in enumerate(rows):
            at = (id, place, period)
            stage = re.match(r"Stage (\d) outcome", label)
            if stage:
                same[stage[1]].append((*at, "base"))
                counts[stage[1]].append((*at, "count"))
            elif measure in ("W7", "W10") and not label.startswith("of these"):
                same["1" if measure == "W7" else "2"].append((*at, "base"))
            elif label.startswith("of these, what"):
                system.add([(id, place - 1, period, "base")], [(*at, "base")])
                system.add([(*at, "base")], [(id, place - 1, period, "count"), (*at, "count")], rest=True)
            elif label.startswith("of these, stage 2") and "Escalated to stage 2" in beside:
                system.add([(*beside["Escalated to stage 2"], "count")], [at], rest=True)
            elif label == "Complaints refused":
                (accepted,) = [p for p, row in enumerate(rows) if row[0] == "Complaints accepted at stage 1"]
                if received := beside.get("Complaints received"):
                    system.add([(*at, "base")], [received])
                system.add([(*at, "base")], [(*at, "count"), (id, accepted, period)], rest=True, people=True)
        if "Escalated to stage 2" in beside:
            same["1"].append((*beside["Escalated to stage 2"], "base"))
        for stage, names in same.items():
            for name in names[1:]:
                system.add([names[0]], [name])
            if names and counts[stage]:
                system.add([names[0]], counts[stage])


# --- several publications -------------------------------------------------------------------------


def together(files: Sequence[Mapping[str, Any]]) -> System:
    """Everything known to a reader with several files of one council, as one system.

    What counts the same days is the same number where the audit date is the same, and no less at a later one; a
    period that others make up is their sum, or no less than their sum was before.
    """
    readers = [Reader(data) for data in files]
    whole = System()
    for number, reader in enumerate(readers):
        whole.known |= {_of(name, number): known for name, known in reader.system.known.items()}
        whole.least |= {_of(name, number): least for name, least in reader.system.least.items()}
        for terms in reader.system.sums:
            whole.sums.append({_of(name, number): sign for name, sign in terms.items()})
    for number, later in enumerate(files):
        for before, earlier in enumerate(files[:number]):
            _same_columns(whole, (before, earlier), (number, later))
        parts = [place for place, each in enumerate(files[:number]) if _within(each, later)]
        if parts and _make_up([files[place] for place in parts], later):
            _sums_of_parts(whole, files, parts, number)
    return whole


def _of(name: Name, number: int) -> Name:
    """A number of one of the files."""
    return (*name, number) if name[0] in ("rest", "people") else (f"{number}: {name[0]}", *name[1:])


def _days(data: Mapping[str, Any]) -> tuple[str, str]:
    return data["period"]["from"] or "", data["period"]["to"] or "9999"


def _within(part: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    (start, end), (first, last) = _days(part), _days(whole)
    return first <= start and end <= last and (start, end) != (first, last) and part["counts_by"] == whole["counts_by"]


def _make_up(parts: Sequence[Mapping[str, Any]], whole: Mapping[str, Any]) -> bool:
    """Whether the parts are the whole period, each day once."""
    days = sorted(_days(part) for part in parts)
    joined = all(
        (date.fromisoformat(start) - date.fromisoformat(end)).days == 1 for (_, end), (start, _) in pairwise(days)
    )
    return joined and (days[0][0], days[-1][1]) == _days(whole)


def _cells(data: Mapping[str, Any], number: int) -> dict[tuple[Any, ...], Name]:
    """Every cell of a file by its table, its row's words and its column."""
    found: dict[tuple[Any, ...], Name] = {}
    for table in data["tables"]:
        words = [place for place, column in enumerate(table["columns"]) if not column["figures"]]
        seen: Counter[tuple[Any, ...]] = Counter()
        for place, row in enumerate(table["rows"]):
            label = tuple(row[word] for word in words)
            for column in table["columns"]:
                if column["figures"]:
                    key = table["id"], label, seen[label], column["heading"]
                    found[key] = _of((table["id"], place, column["heading"]), number)
            seen[label] += 1
    return found


def _parts(name: Name) -> Iterator[Name]:
    """A cell's number, or those of its share, as systems name them."""
    for part in ((), ("count",), ("base",)):
        yield (*name, *part)


def _same_columns(whole: System, before: tuple[int, Mapping[str, Any]], after: tuple[int, Mapping[str, Any]]) -> None:
    """Months and measures of the same days in two files."""
    (place, earlier), (number, later) = before, after
    same_day = earlier["as_at"] == later["as_at"]
    theirs, ours = _cells(earlier, place), _cells(later, number)
    for key in theirs.keys() & ours.keys():
        is_month = key[0] == "months" and key[1][0] != "All" and _within(earlier, later)
        if key[0].startswith(("measures-", "outcomes-")) or is_month or _days(earlier) == _days(later):
            for one, other in zip(_parts(theirs[key]), _parts(ours[key]), strict=True):
                if same_day or _grows(key):
                    whole.add([other], [one], rest=not same_day)


def _grows(key: tuple[Any, ...]) -> bool:
    """Whether a number is never less at a later audit date."""
    return key[0] not in _DIVISIONS and key[3] in ("Complaints", "Answers", "Met")


def _sums_of_parts(whole: System, files: Sequence[Mapping[str, Any]], parts: Sequence[int], number: int) -> None:
    """Every cell of a period as the sum of the same cell in its parts; what a part does not have is 0 there."""
    same_day = len({files[place]["as_at"] for place in (*parts, number)}) == 1
    theirs = [_cells(files[place], place) for place in parts]
    for key, ours in _cells(files[number], number).items():
        if key[0].startswith(("measures-", "outcomes-")) or key[0] == "months" or key[1][0] == "Other, or not recorded":
            continue
        found = [cells[key] for cells in theirs if key in cells]
        exact = same_day and (key[0] not in _DIVISIONS or len(found) == len(parts))
        for total, *split in zip(_parts(ours), *map(_parts, found), strict=True):
            present = [name for name in split if name in whole.known or name in whole.least]
            if exact or _grows(key):
                whole.add([total], present, rest=not exact)


# --- solving --------------------------------------------------------------------------------------


def solved_exactly(system: System) -> dict[Name, Fraction | int]:
    """The numbers that exact elimination determines, from the sums alone."""
    rows: list[Row] = []
    one: Name = ()
    for terms in system.sums:
        row: Row = defaultdict(int)
        for name, sign in terms.items():
            if name in system.known:
                row[one] += sign * system.known[name]
            else:
                row[name] += sign
        rows.append({name: value for name, value in row.items() if value})
    pivots: dict[Name, Row] = {}
    holders: dict[Name, set[Name]] = defaultdict(set)
    """The pivots in whose row an unknown is."""
    for start in rows:
        row = dict(start)
        for name in [name for name in row if name in pivots]:
            _subtract(row, pivots[name], row.get(name, 0))
        free = [name for name in row if name != one]
        assert free or not row, f"the published figures contradict one another: {start}"
        if not free:
            continue
        pivot = free[0]
        row = {name: _divided(value, row[pivot]) for name, value in row.items()}
        for holder in holders.pop(pivot, ()):
            _subtract(pivots[holder], row, pivots[holder][pivot])
            for name in row.keys() - {pivot}:
                (holders[name].add if name in pivots[holder] else holders[name].discard)(holder)
        pivots[pivot] = row
        for name in row.keys() - {pivot}:
            holders[name].add(pivot)
    return {pivot: -row.get(one, 0) for pivot, row in pivots.items() if not row.keys() - {pivot, one}}


Row = dict[Name, Fraction | int]
"""A sum that comes to nothing: of each unknown how many times, exactly."""


def _divided(value: Fraction | int, by: Fraction | int) -> Fraction | int:
    """Whole where it can be: whole numbers are several times as fast."""
    return value * by if by in (1, -1) else Fraction(value) / by


def _subtract(row: Row, other: Mapping[Name, Fraction | int], times: Fraction | int) -> None:
    for name, value in other.items():
        left = row.get(name, 0) - times * value
        if left:
            row[name] = left
        else:
            row.pop(name, None)


def bounded(system: System) -> dict[Name, tuple[int, int]]:
    """The numbers for which linear programming leaves one value: its minimum and maximum (or none)."""
    found: dict[Name, tuple[int, int]] = {}
    for sums in _apart(system):
        names = sorted({name for terms in sums for name in terms if name not in system.known}, key=str)
        place = {name: number for number, name in enumerate(names)}
        matrix, right = np.zeros((len(sums), len(names))), np.zeros(len(sums))
        for row, terms in enumerate(sums):
            for name, sign in terms.items():
                if name in system.known:
                    right[row] -= sign * system.known[name]
                else:
                    matrix[row, place[name]] += sign
        asked = [number for name, number in place.items() if name[0] != "rest"]
        low, high = _extremes(csr_matrix(matrix), right, [system.least[name] for name in names], asked)
        for number in asked:
            least, most = np.ceil(low[number] - 1e-6), np.floor(high[number] + 1e-6)
            if least >= most:
                found[names[number]] = int(least), int(most)
    return found


def _apart(system: System) -> list[list[Terms]]:
    """The sums in groups that share no unknown."""
    leader: dict[Name, Name] = {}

    def find(name: Name) -> Name:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    groups: dict[Name, list[Terms]] = defaultdict(list)
    open_sums = [(terms, [name for name in terms if name not in system.known]) for terms in system.sums]
    for _, names in open_sums:
        for name in names[1:]:
            leader[find(name)] = find(names[0])
    for terms, names in open_sums:
        if names:
            groups[find(names[0])].append(terms)
    return list(groups.values())


def _extremes(
    matrix: csr_matrix, right: np.ndarray, least: list[int], asked: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """The range in which each number has solutions; any two solutions clear many numbers at once.

    No number is let go beyond ``_MOST``: where there are two solutions, there are two near each other.
    """
    count = matrix.shape[1]
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = np.zeros(count)
    program.col_lower_, program.col_upper_ = np.array(least, dtype=float), np.full(count, float(_MOST))
    program.row_lower_ = program.row_upper_ = right
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(program)
    places = np.arange(count, dtype=np.int32)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)

    def look(goal: np.ndarray) -> None:
        """In fractions too; each goes on from the solution before."""
        solver.changeColsCost(count, places, goal)
        solver.run()
        status = solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, f"the published figures contradict one another: {status}"
        found = np.array(solver.getSolution().col_value)
        np.minimum(low, found, out=low)
        np.maximum(high, found, out=high)

    rng = np.random.default_rng(1)
    for _ in range(8):
        look(rng.standard_normal(count))
    for number in asked:
        for sign in (1.0, -1.0):
            if np.ceil(low[number] - 1e-6) >= np.floor(high[number] + 1e-6):
                look(sign * (np.arange(count) == number))
    return low, high


def given_away(
    found: Mapping[Name, int], threshold: int, conduct: Callable[[Name], bool] = lambda _: False
) -> dict[Name, int]:
    """The numbers found that should be protected: a withheld count, or a small part of a share; none of ``conduct``.

    (A share is withheld for its count or its base, so the other may well be found elsewhere.)
    """
    return {
        name: number
        for name, number in found.items()
        if name[0] != "rest"
        and (name[0] == "people" or not conduct(name))
        and (0 < number < threshold or (name[0] != "people" and name[-1] not in ("count", "base")))
    }
