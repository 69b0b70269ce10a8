"""Which figures are of the council's own conduct, and are published however small they are.

How many complaints a whole council received, acknowledged and answered in time describes the council and nobody who
complained. That holds for corporate and landlord complaints. Everything in the procedures for children and adults,
every figure of a part of the council, every outcome and every refusal can describe a person. ``docs/publishing.md``
gives the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from putright.fields import LetterKind
from putright.rulebooks import Ruling
from putright.statistics.counts import Counts
from putright.statistics.cubes import Figure, Values
from putright.statistics.division_counts import OUTCOME
from putright.statistics.finding_counts import OF_PROCEDURE

#: Complaints that are about what a council does for anybody: their procedures are not about a person's care.
GROUPS = frozenset({OF_PROCEDURE["corporate"], OF_PROCEDURE["housing"]})
#: Kinds of rule that are about what the council did. In the others somebody else chose, or a person has to judge.
_KINDS = ("deadline", "aim", "notice", "contents", "extension", "independence")
#: Rules of these kinds that tell how many complaints were refused, withdrawn or made for somebody.
_OF_PEOPLE = ("consent", "acknowledge-withdrawal", "start-at-stage2", "informal-first", "resolve-informally")
Conduct = Callable[[Figure], bool]


def nothing(_: Figure) -> bool:
    """Counts no figure as the council's own conduct: small counts are withheld everywhere."""
    return False


def conduct_of(counts: Collection[Counts]) -> Conduct:
    """Tells whether a figure of these counts is of the council's own conduct."""
    by_cube = {cube.name: (name, each) for each in counts for name, cube in each.cubes.items()}
    known: dict[Figure, bool] = {}

    def is_conduct(figure: Figure) -> bool:
        if figure not in known:
            name, whose = by_cube.get(figure.cube, (figure.cube, None))
            known[figure] = whose is None or _is_conduct(figure.values, name, whose)
        return known[figure]

    return is_conduct


def _is_conduct(at: Mapping[str, Values], cube: str, counts: Counts) -> bool:
    if not at.get("group", counts.cubes[cube].known("group")) <= GROUPS:
        return False
    match cube:
        case "findings":
            return "rule" in at and all(_of_council(ruling) for ruling in _rulings(at["rule"], counts))
        case "cases":
            return "state" not in at
        case "answers":
            parts = at.keys() - {"group", "stage", "time"}
            asked = parts == {"next"} and ("no" in at["next"]) != ("asked" in at["next"])
            return not parts or parts == {"ombudsman"} or asked
        case "letters":
            return at.get("letter", frozenset()) <= {str(LetterKind.EXTENSION)} and "letter" in at
        case "amounts":
            return False
        case "remedies" | "paths" | "durations":
            return True
        case _:
            steps = at.get("step", counts.cubes[cube].known("step"))
            return "value" not in at and (OUTCOME not in steps or "class" not in at)


def _rulings(rules: Values, counts: Counts) -> list[Ruling]:
    return [known[rule] for known in counts.rulings.values() for rule in rules if rule in known]


def _of_council(ruling: Ruling) -> bool:
    letter = ruling.letter
    return (
        ruling.kind in _KINDS
        and ruling.name not in _OF_PEOPLE
        and not (letter is not None and letter.kind is LetterKind.REFUSAL)
    )
