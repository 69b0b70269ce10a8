"""Find every sum that a reader of published figures can make, as one system.

The sums are of rows and columns, of services and their total, of months, quarters and years, of a percentage and its
base, between tables and between publications. Each figure knows what it counts (``cubes``), so the sums follow from
the figures. Every difference of two figures, published or not, is a figure too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from putright.disclosure.conduct import Conduct, nothing
from putright.fields import STAGES
from putright.statistics.counts import Counts
from putright.statistics.cubes import Cube, Figure, Sheet, Values, needed
from putright.statistics.division_counts import CUBES as DIVISIONS
from putright.statistics.division_counts import ESCALATED, OUTCOME, RECEIVED, STEPS
from putright.statistics.finding_counts import BANDS

Cubes = Mapping[str, Cube]


#: The dimensions of time that end with the audit date of what was counted.
_ENDS_WITH_AUDIT = ("time", "received")


@dataclass(frozen=True)
class Difference:
    """By how much two counts differ that a reader can set side by side, as answers and letters looked at."""

    whole: Figure
    part: Figure
    revised: bool = False
    """Whether it is the change of one count between audit dates, which is not a count of people to protect."""

    def __str__(self) -> str:
        return f"{self.whole} without {self.part}"


Term = Figure | Difference


@dataclass(frozen=True)
class Sum:
    """A figure that is the sum of others."""

    total: Figure
    parts: tuple[Term, ...]


def is_open(term: Term, conduct: Conduct) -> bool:
    """Whether a count is published however small: the council's own conduct, or the difference of two such counts."""
    if isinstance(term, Difference):
        return conduct(term.whole) and conduct(term.part)
    return conduct(term)


def count(term: Term, cubes: Cubes) -> int:
    """How many a figure or a difference of two counts."""
    if isinstance(term, Difference):
        return count(term.whole, cubes) - count(term.part, cubes)
    return cubes[term.cube].count(term)


def shown(sheets: Iterable[Sheet]) -> set[Figure]:
    """Every figure that the sheets give a reader if nothing is withheld."""
    return {figure for sheet in sheets for row in sheet.rows for entry in row for figure in needed(entry)}


@dataclass(frozen=True)
class Publication:
    """The figures of one publication that a reader knows, and every sum of them."""

    known: frozenset[Figure]
    sums: tuple[Sum, ...]


def publication(figures: Collection[Figure], counts: Counts, cubes: Cubes, conduct: Conduct = nothing) -> Publication:
    """Every sum that a reader can make from these figures and their differences.

    The figures are of the cubes of ``counts``. A part with a count of zero is left out, and so is a sum that has
    nothing to protect: of the council's own ``conduct`` alone.
    """
    known = {figure for figure in figures if cubes[figure.cube].count(figure)}
    pairs = list(_told_twice(known, counts))
    known |= {figure for pair in pairs for figure in pair}
    known |= {figure.without("other") for pair in pairs for figure in pair}
    beside_zeros = list(_beside_zeros(known, set(figures) - known, cubes))
    known |= {figure for pair in beside_zeros for figure in pair}
    made = dict.fromkeys(_told(one, other, cubes) for one, other in (*pairs, *beside_zeros))
    lines = _Lines(cubes)
    fresh, looked_at = known, set[Figure]()
    while fresh:
        made |= dict.fromkeys(_along(lines, known, fresh, cubes))
        between = _between(known, known - looked_at, cubes, conduct)
        looked_at = set(known)
        fresh = {figure for figure in between if cubes[figure.cube].count(figure)} - known
        known |= fresh
    kept = (each for each in made if not all(is_open(term, conduct) for term in (each.total, *each.parts)))
    return Publication(frozenset(known), tuple(kept))


def joined(publications: Sequence[Publication], cubes: Cubes) -> list[Sum]:
    """The sums of several publications of the same cubes, and those between them.

    They are joined where figures differ in one dimension, as those of the quarters and of the year do.
    """
    made = dict.fromkeys(sum_ for each in publications for sum_ in each.sums)
    if len(publications) > 1:
        known = {figure for each in publications for figure in each.known}
        made |= dict.fromkeys(_along(_Lines(cubes), known, set(known), cubes))
    return list(made)


def _along(lines: _Lines, known: set[Figure], fresh: set[Figure], cubes: Cubes) -> Iterator[Sum]:
    """The sums along every line that new figures are on; the figures these give are added to ``known`` and continue."""
    while fresh:
        found = [relation for line in lines.through(fresh) for relation in _sums(line, cubes)]
        yield from found
        fresh = {term for each in found for term in (each.total, *each.parts) if isinstance(term, Figure)} - known
        known |= fresh


def _beside_zeros(known: Iterable[Figure], zeros: Iterable[Figure], cubes: Cubes) -> Iterator[tuple[Figure, Figure]]:
    """A figure and its difference from a published zero: both have the same count."""
    figures, nobody = _by_cube(known), _by_cube(zero for zero in zeros if all(values for _, values in zero.where))
    for name, those in figures.items():
        empty = nobody[name]
        if not empty:
            continue
        cube = cubes[name]
        outside, last = np.zeros((2, len(those), len(empty)), dtype=np.int64)
        for number, dimension in enumerate(cube.dimensions):
            beyond = ~_within(those, empty, dimension, cube)
            outside += beyond
            last[beyond] = number
        alone = outside == 1
        for (place, other), number in zip(np.argwhere(alone).tolist(), last[alone].tolist(), strict=True):
            figure, zero, at = those[place], empty[other], cube.dimensions[number]
            whole = figure.values.get(at, cube.known(at))
            if (rest := whole - zero.values[at]) < whole:
                yield figure, figure.with_values(at, rest)


def _by_cube(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=str):
        found[figure.cube].append(figure)
    return found


def _alike(known: Iterable[Figure]) -> Iterator[list[Figure]]:
    """The figures of each cube, apart by procedure unless one counts several: only these can be within one another."""
    for figures in _by_cube(known).values():
        apart: dict[Values | None, list[Figure]] = defaultdict(list)
        for figure in figures:
            apart[figure.values.get("group")].append(figure)
        yield from apart.values() if all(values and len(values) == 1 for values in apart) else [figures]


def _within(some: Sequence[Figure], others: Sequence[Figure], dimension: str, cube: Cube) -> NDArray[np.bool_]:
    """For each of some figures and each of others, whether its values of a dimension are all among the other's."""
    every = cube.known(dimension)
    place = {value: number for number, value in enumerate(sorted(every))}

    def numbered(figures: Sequence[Figure]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """The different sets, a row each with a one for every value that it has; and the set of each figure."""
        sets = [figure.values.get(dimension, every) for figure in figures]
        number = {values: n for n, values in enumerate(dict.fromkeys(sets))}
        has = np.zeros((len(number), len(every)), dtype=np.float32)
        for values, row in number.items():
            has[row, [place[value] for value in values]] = 1
        return has, np.array([number[each] for each in sets])

    ours, of_ours = numbered(some)
    theirs, of_theirs = (ours, of_ours) if others is some else numbered(others)
    held = ours @ (1 - theirs).T == 0  # none of its values is missing in the other
    return np.asarray(held[:, of_theirs][of_ours])  # the few different sets first: whole rows are copied fast


def _between(known: Iterable[Figure], new: Collection[Figure], cubes: Cubes, conduct: Conduct) -> Iterator[Figure]:
    """A figure between one figure and the smallest that contain it, if they differ in several dimensions.

    It joins the two: one sum from the smaller to it, another from it to the larger. One of the two has to be new, and
    one to be protected.
    """
    from scipy.sparse import csr_array

    for figures in _alike(known):
        cube = cubes[figures[0].cube]
        is_new = np.array([figure in new for figure in figures])
        guarded = np.array([not conduct(figure) for figure in figures])
        if not is_new.any() or not guarded.any():
            continue
        within = np.ones((len(figures), len(figures)), dtype=np.bool_)
        for dimension in cube.dimensions:
            within &= _within(figures, figures, dimension, cube)
        within &= ~within.T  # a figure is not within itself
        few = csr_array(within, dtype=np.int32)  # most figures are within few others
        within[(few @ few).nonzero()] = False
        within &= is_new | is_new[:, np.newaxis]
        within &= guarded | guarded[:, np.newaxis]
        for small, large in np.argwhere(within).tolist():
            yield from _joints(figures[small], figures[large], cube)


def _joints(small: Figure, large: Figure, cube: Cube) -> Iterator[Figure]:
    """The smaller figure as wide as the larger in one of the dimensions in which they differ."""
    differ = [name for name in cube.dimensions if small.values.get(name) != large.values.get(name)]
    if len(differ) > 1:
        for name in differ:
            wide = large.values.get(name)
            yield small.without(name) if wide is None else small.with_values(name, wide)


class _Line(NamedTuple):
    """Figures that differ in one dimension alone, by their values in it."""

    dimension: str
    figures: dict[Values, Figure]


#: Lines, by what their figures have in common.
_Along = dict[frozenset[tuple[str, Values]], _Line]


class _Lines:
    """The lines that figures are on, collected as figures become known."""

    def __init__(self, cubes: Cubes) -> None:
        self._cubes = cubes
        self._by_cube: dict[str, list[tuple[str, Values, _Along]]] = {}

    def through(self, fresh: Iterable[Figure]) -> Iterator[_Line]:
        """The lines that any of these new figures shares with another figure."""
        touched: dict[int, _Line] = {}
        for figure in fresh:
            where, at = figure.where, figure.values
            for dimension, known, lines in self._of(figure.cube):
                values = at.get(dimension)
                rest = where if values is None else where - {(dimension, values)}
                if (line := lines.get(rest)) is None:
                    line = lines[rest] = _Line(dimension, {})
                line.figures[values or known] = figure
                touched[id(line)] = line
        yield from (line for line in touched.values() if len(line.figures) > 1)

    def _of(self, name: str) -> list[tuple[str, Values, _Along]]:
        """Each dimension of a cube, every value in it, and the lines along it."""
        if name not in self._by_cube:
            cube = self._cubes[name]
            self._by_cube[name] = [(dimension, cube.known(dimension), {}) for dimension in cube.dimensions]
        return self._by_cube[name]


def _sums(line: _Line, cubes: Cubes) -> Iterator[Sum]:
    """Each figure of a line as the sum of the largest within it and the rest, without zeros."""
    figures = line.figures
    for whole, parts in _divided(frozenset(figures)):
        total = figures[whole]
        named = (figures.get(values) or total.with_values(line.dimension, values) for values in parts)
        yield Sum(total, tuple(figure for figure in named if cubes[figure.cube].count(figure)))


@lru_cache(1 << 14)  # hundreds of lines have the same sets, as months, quarters and the year
def _divided(sets: frozenset[Values]) -> list[tuple[Values, list[Values]]]:
    """Each set that others are within, and the largest of these with the rest of it: parts that do not overlap."""
    found = []
    order = sorted(sets, key=lambda values: (len(values), sorted(values)))
    for place, whole in enumerate(order):
        within = [values for values in order[:place] if values < whole]
        if not within:
            continue
        parts = [values for values in within if not any(values < other for other in within)]
        if sum(map(len, parts)) > len(frozenset().union(*parts)):  # they overlap: each bit of them is a part
            parts = _bits(whole, within)
        rest = whole.difference(*parts)
        found.append((whole, [*parts, *([rest] if rest else [])]))
    return found


def _bits(whole: Values, within: Sequence[Values]) -> list[Values]:
    """The values of a set in as few parts as those within it cut it into."""
    bits = [whole]
    for part in within:
        bits = [piece for bit in bits for piece in (bit & part, bit - part) if piece]
    return bits


def _told(one: Figure, other: Figure, cubes: Cubes, *, revised: bool = False) -> Sum:
    """Two figures about the same people, one perhaps of more of them, as a sum."""
    part, whole = sorted((one, other), key=lambda figure: (cubes[figure.cube].count(figure), str(figure)))
    if cubes[part.cube].count(part) == cubes[whole.cube].count(whole):
        return Sum(one, (other,))
    return Sum(whole, (part, Difference(whole, part, revised)))


def _told_twice(known: set[Figure], counts: Counts) -> Iterator[tuple[Figure, Figure]]:
    """Figures of different tables about the same people, which a reader can link by their meaning.

    A step under the council's rulebook and under the national one; answers, refusals and their letters; all parts of a
    council, and its total.
    """
    for figure in sorted(known, key=str):
        for one, other in (*_beside(figure, counts), *_whole_of_division(figure, counts)):
            if one != other and counts.count(one) > 0 and counts.count(other) > 0:
                yield one, other


def _beside(figure: Figure, counts: Counts) -> Iterator[tuple[Figure, Figure]]:
    at = figure.values
    findings, paths = counts.cubes["findings"].name, counts.cubes["paths"].name
    if figure.cube == findings and "rule" in at and not at.keys() & {"service", "due", "extension"}:
        time = at.get("received")
        where = {"group": at["group"]} if "group" in at else {}
        where |= {"time": time} if time else {}
        names = counts.names_of(at["rule"])
        other = next((name for name, of in BANDS.items() if at.get("other") == frozenset([name])), None)
        if other and "class" not in at:
            yield figure, _nationally(names, other, at, counts)
        if len(names) == 1 and "other" not in at:
            (name,) = names
            every = counts.cubes["findings"].figure(**{key: at[key] for key in at if key != "class"})
            if name == "refusal-contents":
                yield every, counts.cubes["cases"].figure(**where, state=["refused"])
            for stage in STAGES:
                if name == f"response-stage{stage}-contents":
                    path = f"receipt to stage {stage} answer"
                    yield every, counts.cubes["paths"].figure(**where, path=[path])
                    if not time:
                        yield every, counts.cubes["answers"].figure(**where, stage=[str(stage)])
    durations = counts.cubes["durations"].name
    if figure.cube == durations and "days" not in at and len(at.get("measure", ())) == 1:
        (measure,) = at["measure"]
        group = {name: at[name] for name in ("group", "time") if name in at}
        yield figure, counts.cubes["answers"].figure(**group, stage=[measure[-1]])
        if measure.startswith("late"):
            yield figure, counts.cubes["durations"].figure(**group, measure=[f"stage {measure[-1]}"])
    if figure.cube == paths and "time" not in at and "path" in at:
        for stage in STAGES:
            if at["path"] == frozenset([f"receipt to stage {stage} answer"]) and "days" not in at:
                group = {"group": at["group"]} if "group" in at else {}
                yield figure, counts.cubes["answers"].figure(**group, stage=[str(stage)])


def _whole_of_division(figure: Figure, counts: Counts) -> Iterator[tuple[Figure, Figure]]:
    """All values of a field together, and the same count as other tables have it."""
    cube = next((counts.cubes[name] for name in DIVISIONS.values() if counts.cubes[name].name == figure.cube), None)
    if cube is None:
        return
    whole = figure.without("value")
    at = whole.values
    steps = at.get("step", cube.known("step"))
    if len(steps) != 1:
        return
    (step,) = steps
    when = at.get("due") or at.get("received")
    groups = {"group": at["group"]} if "group" in at else {}
    services = counts.cubes[DIVISIONS["service"]]
    if step == RECEIVED:
        yield whole, counts.cubes["cases"].figure(**groups, **({"time": when} if when else {}))
    elif step in (OUTCOME, ESCALATED):
        yield whole, services.figure(**at)
        if "class" not in at:
            times = {name: at[name] for name in ("due", "received") if name in at}
            yield whole, services.figure(**groups, step=[OUTCOME], **times)
            if "received" not in at:
                time = {"time": at["due"]} if "due" in at else {}
                yield whole, counts.cubes["answers"].figure(**groups, stage=["1"], **time)
    else:
        (book,) = at.get("rulebook") or {""}
        rules = [rule for rule, ruling in counts.rulings.get(book, {}).items() if ruling.name in STEPS[step]]
        rest = {name: at[name] for name in ("class", "due", "received") if name in at}
        yield whole, counts.cubes["findings"].figure(**groups, rulebook=[book], rule=rules, **rest)


def _nationally(names: set[str], band: str, at: Mapping[str, Values], counts: Counts) -> Figure:
    """The same step of the same cases in one band, as the national rulebooks that judged them have it."""
    cube = counts.cubes["findings"]
    where = {name: at[name] for name in ("group", "received") if name in at}
    of_names = {
        book: [rule for rule in counts.rulings[book] if rule.split(" ", 1)[0] in names]
        for book, known in counts.books.items()
        if known.is_national
    }
    judged = {
        book: rules for book, rules in of_names.items() if cube.count(cube.figure(**where, rulebook=[book], rule=rules))
    }
    rules = [rule for each in judged.values() for rule in each]
    return cube.figure(**where, rulebook=judged, rule=rules, **{"class": BANDS[band]}, other=BANDS)


# --- from one publication to another --------------------------------------------------------------


def counterpart(figure: Figure, then: Counts, now: Counts) -> Figure:
    """What a figure of an earlier audit date counts, as counted now."""
    name = next((name for name, cube in then.cubes.items() if cube.name == figure.cube), None)
    if name is None:  # supplied by hand, on no audit date
        return figure
    later = now.cubes[name].figure(**dict(figure.where))
    for dimension in _ENDS_WITH_AUDIT:
        if dimension in then.cubes[name].dimensions and dimension not in figure.values:
            until = now.cubes[name].figure(**dict(later.where), **{dimension: then.cubes[name].known(dimension)})
            if now.count(until) != now.count(later):  # if it leaves nobody out, both are the same figure
                later = until
    return later


def revisions(
    figures: Iterable[Figure], then: Counts, now: Counts, cubes: Cubes, conduct: Conduct = nothing
) -> Iterator[Sum]:
    """Figures of an earlier audit date, each with its count today; not those of the council's own ``conduct``."""
    for figure in sorted(figures, key=str):
        if conduct(figure):
            continue
        later = counterpart(figure, then, now)
        if figure != later and count(figure, cubes) and count(later, cubes):
            yield _told(figure, later, cubes, revised=True)
