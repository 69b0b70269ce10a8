"""What the findings of the officer's report are chosen by, and the way from a figure of a table to its findings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from putright.auditing import classes
from putright.committee.listing import VERDICTS, Group, ListedRule, Listing, Row, anchor
from putright.documents.paper import Table, spell
from putright.fields import VOCABULARY
from putright.statistics.finding_counts import GROUPS, OF_PROCEDURE, OTHER_PROCEDURES
from putright.statistics.periods import quarter
from putright.statistics.tables import slug
from putright.text.english import capital

_NOT_RECORDED = "not recorded"
_NO_STAGE = "no stage"
_OUTSIDE = classes.labels(classes.OUTSIDE_EDITION)
_STAGES = {capital(entry.asks): entry.stage for entry in VOCABULARY.values()}

#: What findings are chosen by: the first three are of a whole rule, the others of each finding.
OF_RULES = {"rulebook": "Rulebook", "rule": "Rule", "stage": "Stage"}
OF_ROWS = {"verdict": "Verdict", "complaints": "Complaints", "service": "Service", "quarter": "Quarter received"}


@dataclass(frozen=True)
class Case:
    """What is known of a case for choosing its findings."""

    complaints: str
    service: str
    quarter: str


class Filters:
    """The choices of each filter, and the values of each finding as places among them."""

    def __init__(self, listing: Listing, cases: pl.DataFrame | None) -> None:
        self._cases = {} if cases is None else _about(cases)
        received = [] if cases is None else cases["received"].drop_nulls().unique().to_list()
        self._quarters = {str(quarter(day)): quarter(day).first for day in received}
        self._rules = {(group.heading, rule.heading): (group, rule) for group in listing.groups for rule in group.rules}
        rows = [self._of_row(row) for _, rule in self._rules.values() for row in rule.rows]
        rules = [self._of_rule(group, rule) for group, rule in self._rules.values()]
        self.choices = {
            **{name: self._options(name, (row[place] for row in rows)) for place, name in enumerate(OF_ROWS)},
            **{name: self._options(name, (rule[place] for rule in rules)) for place, name in enumerate(OF_RULES)},
        }
        """The texts to choose from, by filter."""
        self._places = {name: {text: place for place, text in enumerate(texts)} for name, texts in self.choices.items()}
        self._counts = {
            key: Counter(self._of_row(row)[:2] for row in rule.rows) for key, (_, rule) in self._rules.items()
        }
        self._books = {
            slug("rules", name, group.id): (name, group.heading) for name in GROUPS for group in listing.groups
        }

    @property
    def labels(self) -> dict[str, str]:
        """The label of each filter, in the order in which they are shown."""
        order = ("verdict", "complaints", "stage", "service", "quarter", "rulebook", "rule")
        return {name: (OF_ROWS | OF_RULES)[name] for name in order if len(self.choices[name]) > 1}

    def rule(self, group: Group, rule: ListedRule) -> str:
        """A rule's values: a number for each of ``OF_RULES``."""
        return self._numbers(OF_RULES, self._of_rule(group, rule))

    def row(self, row: Row) -> str:
        """A finding's values: a number for each of ``OF_ROWS``."""
        return self._numbers(OF_ROWS, self._of_row(row))

    def figure(self, table: Table, place: int, row: tuple[object, ...]) -> tuple[str, str] | None:
        """The rule that a figure of a table counts the findings of, and the values that choose them.

        None where the findings listed are not just those counted: more than a page can show, or another table.
        """
        count = row[place]
        if table.id not in self._books or not isinstance(count, int) or not count:
            return None
        complaints, heading = self._books[table.id]
        verdict, step = table.columns[place].heading.lower(), str(row[0])
        found = [key for key in self._rules if key[0] == heading and _is_of(step, key[1])]
        if not found:
            return None
        group, rule = self._rules[max(found, key=lambda key: len(key[1]))]
        if self._counts[group.heading, rule.heading][verdict, complaints] != count:
            return None
        chosen = {"verdict": verdict, "complaints": complaints, "rulebook": group.heading, "rule": rule.heading}
        values = " ".join(f"{name}={self._places[name][text]}" for name, text in chosen.items())
        return rule_anchor(group, rule), values

    def _options(self, name: str, values: Iterable[str]) -> tuple[str, ...]:
        """Each value once: quarters as they follow, stages and services by name, the others as the report has them."""
        found = dict.fromkeys(values)
        if name == "quarter":
            return tuple(sorted(found, key=lambda text: self._quarters.get(text, dt.date.max)))
        if name in ("stage", "service"):
            last = (_NO_STAGE, _NOT_RECORDED)
            return tuple(sorted(found, key=lambda text: (text in last, text.casefold(), text)))
        return tuple(found)

    def _numbers(self, names: Mapping[str, str], values: tuple[str, ...]) -> str:
        return " ".join(str(self._places[name][value]) for name, value in zip(names, values, strict=True))

    def _of_rule(self, group: Group, rule: ListedRule) -> tuple[str, str, str]:
        stage = _STAGES.get(rule.heading)
        return group.heading, rule.heading, f"stage {stage}" if stage else _NO_STAGE

    def _of_row(self, row: Row) -> tuple[str, str, str, str]:
        case = self._cases.get(row.reference, Case(_NOT_RECORDED, _NOT_RECORDED, _NOT_RECORDED))
        return _verdict(row.verdict), case.complaints, case.service, case.quarter


def rule_anchor(group: Group, rule: ListedRule) -> str:
    """The anchor of a rule's findings in the report."""
    return anchor("rule", group.id, rule.heading)


def _is_of(step: str, rule: str) -> bool:
    """Whether a table's step, ``Respond at stage 1 (an aim)``, is the rule of this heading."""
    return step == rule or step.startswith((f"{rule} (", f"{rule},"))


def _verdict(shown: str) -> str:
    """What a finding is counted as in the tables: of a breach what was wrong, otherwise the verdict."""
    words = shown.split(";")[0].split(", ")
    if words[-1] in _OUTSIDE:
        return words[-1]
    return words[1] if words[0] == VERDICTS["breach"] else words[0]


def _about(cases: pl.DataFrame) -> dict[str, Case]:
    found = {}
    for reference, received, procedure, flags, service in cases.iter_rows():
        complaints = OF_PROCEDURE.get(procedure, OTHER_PROCEDURES)
        if procedure == "corporate" and ";landlord;" in (flags or ""):
            complaints = OF_PROCEDURE["housing"]
        day = str(quarter(received)) if received else _NOT_RECORDED
        found[spell(reference)] = Case(complaints, " ".join((service or _NOT_RECORDED).split()), day)
    return found
