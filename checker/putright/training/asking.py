"""Audit results for lessons. A browser cannot run the audit and reads results prepared when the site was built.

The audit needs numpy and polars, which the package index does not have for browsers. The calendar, the rulebooks
and the self-assessment need neither: they are the checker's own wherever a lesson runs.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from pydantic import TypeAdapter

from putright.api.dates import DueDate
from putright.api.dates import due as due_dates
from putright.api.decisions import Comparisons
from putright.api.decisions import decisions as compared
from putright.api.hosts import Host
from putright.fields import FIELDS, RULES
from putright.mistakes import Mistake

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")

IN_BROWSER = sys.platform == "emscripten"
#: The answers that a handbook brings along for a browser.
ANSWERS = Path(__file__).with_name("answers.json")
#: Where answers are written down while they are asked for a handbook.
WRITTEN: ContextVar[dict[str, Any] | None] = ContextVar("WRITTEN", default=None)
#: What to do about something that a browser cannot work out.
DESKTOP = "open the notebook in JupyterLab on a computer with putright installed"


class TrainingError(Mistake):
    """A notebook was given something it cannot work with; the text is one plain sentence."""

    def _render_traceback_(self) -> list[str]:
        """In a notebook the sentence is enough."""
        return [str(self)]


class NoMaterial(TrainingError):
    """A council's rulebooks do not have what a question or a display is about; the text says what is missing."""


#: The one key of an answer that there is not.
_MISSING = "no_material"


def prepared(
    result: type[T], about: Callable[[Any], tuple[object, ...]] = lambda _: ()
) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """A call that needs the audit, whose result (of this type) can be written to a file and read again.

    ``about`` says what the result depends on besides the arguments: something of the first one, which is not written.
    """
    adapter = TypeAdapter(result)

    def prepare(ask: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @wraps(ask)
        def asked(first: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            written = WRITTEN.get()
            if not IN_BROWSER and written is None:
                return ask(first, *args, **kwargs)
            key = json.dumps([ask.__name__, *about(first), *args, *kwargs.values()], default=str)
            if written is None:
                answer = _read(key)
                if isinstance(answer, dict) and _MISSING in answer:
                    raise NoMaterial(answer[_MISSING])
                return adapter.validate_python(answer)
            try:
                found = ask(first, *args, **kwargs)
            except NoMaterial as missing:
                written[key] = {_MISSING: str(missing)}
                raise
            written[key] = adapter.dump_python(found, mode="json")
            return found

        return asked

    return prepare


def _read(key: str) -> Any:
    """A written result; TrainingError if it was not computed when the handbook was built."""
    answers = _answers()
    if key not in answers:
        raise TrainingError(
            "This needs the audit, which does not run in a browser. What it says was prepared for the date (as_at) and "
            f"the number (seed) that the notebook came with: put these back in the first cell, or {DESKTOP}."
        )
    return answers[key]


@cache
def _answers() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return answers


# --- the questions --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What a lesson uses of a finding, in the terms of the audit."""

    reference: str
    procedure: str
    rulebook: str
    edition: str
    rule: str
    kind: str
    verdict: str
    message: str
    start: dt.date | None
    due: dt.date | None
    done: dt.date | None
    days_taken: int | None
    days_over: int | None
    marks: tuple[str, ...]
    to_judge: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Finding:
        """A row of an audit's findings."""
        told = {each.name: row[each.name] for each in dataclasses.fields(cls)}
        return cls(**told | {"marks": tuple(row["marks"]), "to_judge": tuple(row["to_judge"])})

    def __str__(self) -> str:
        return f"{self.reference} {self.rulebook} {self.rule}"


@prepared(DueDate)
def due(
    host: Host,
    council: str | None,
    procedure: str,
    rulebook: str,
    rule: str,
    events: Mapping[str, dt.date],
    flags: str = "",
) -> DueDate:
    """A date that follows from these events by a rule, with the days counted."""
    dates = due_dates(host, council, procedure, events=events, flags=filter(None, flags.split(";")))
    found = next((date for date in dates if (date.rulebook, date.rule) == (rulebook, rule)), None)
    if found is None:
        raise NoMaterial(f"{host.editions[rulebook][-1].title} gives no date here for this step: {RULES[rule]}.")
    return found


@prepared(Finding)
def judge(
    host: Host, council: str | None, rulebook: str, rule: str, case: Mapping[str, object], as_at: dt.date
) -> Finding:
    """The finding of an audit by one rule in a made-up case: field name to date, flag list or text."""
    from putright.api.audits import audit
    from putright.api.records import Records

    flag = host.editions[rulebook][-1].for_flag
    flags = ";".join(filter(None, (_text(case.get("flags", "")), flag)))
    blank = dict.fromkeys(FIELDS)  # a made-up case leaves out what is blank in it: the fields are kept all the same
    row = {**blank, **case, "flags": flags}
    records = Records.from_dicts([row], host, council)
    if records.rejected.height:
        raise TrainingError(f"The case cannot be judged: {records.rejected['message'][0]}.")
    found = audit(records, host, as_at=as_at, include_not_applicable=True).findings.iter_rows(named=True)
    finding = next((each for each in found if (each["rulebook"], each["rule"]) == (rulebook, rule)), None)
    if finding is None or finding["verdict"] == "not_applicable":
        title = host.editions[rulebook][-1].title
        raise NoMaterial(f"{title} does not judge this step in such a case: {RULES[rule]}.")
    return Finding.of(finding)


def verdicts(
    host: Host, council: str, procedure: str, case: Mapping[str, dt.date], as_at: dt.date
) -> list[dict[str, Any]]:
    """The findings of an audit in a case of the reader's own: field name to date. It cannot run in a browser."""
    from putright.api.audits import audit
    from putright.api.records import Records

    row = {**dict.fromkeys(FIELDS), "reference": "yours", "procedure": procedure, **case}
    records = Records.from_dicts([row], host, council)
    if records.rejected.height:
        raise TrainingError(records.rejected["message"][0])
    return audit(records, host, as_at=as_at).findings.to_dicts()


def _text(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


@prepared(Comparisons)
def decisions(host: Host) -> Comparisons:
    """The Ombudsman's decisions, compared with the checker's counts and findings."""
    return compared(host)
