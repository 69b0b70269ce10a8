"""A council's folder: a package that can be installed next to putright, tested, and written over."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from putright import __version__, fields
from putright.casework.duedates import due_dates
from putright.checking.subjects import subjects
from putright.kit import starter
from putright.kit.naming import Names, names
from putright.mistakes import Mistake, did_you_mean
from putright.plugins import Host
from putright.rulebooks import Rulebook
from putright.rulebooks.schema import SCHEMA
from putright.writing.staging import temporary_folder, unwritable

_TEMPLATE = Path(__file__).with_name("template")
#: Each file of the folder, and the template that it is made from.
_FILES = {
    "README.md": "README.md.txt",
    "pyproject.toml": "pyproject.toml.txt",
    ".github/workflows/check.yml": "check.yml.txt",
    "{package}/__init__.py": "plugin.py.txt",
    "tests/test_{module}.py": "tests.py.txt",
}
_NONE = "none"


@dataclass(frozen=True)
class NewCouncil:
    """A folder that was written for a council."""

    folder: Path
    """Where it is."""
    council: str
    """The council's name in case records, and of its plugin."""
    rulebook: Path
    """The file of its rulebook."""
    files: tuple[str, ...]
    """Its files, from the folder."""

    def lines(self) -> Iterator[str]:
        """Says what was written, and what to do next."""
        yield f"The plugin {self.council} was written to {self.folder}:"
        yield from (f"  {name}" for name in self.files)
        yield "Next, in this order:"
        yield f"  pip install --no-deps -e {self.folder}"
        yield f"  putright check {self.council}"
        yield f"Then edit {self.rulebook}: the check lists each text that is still to be written."


def write(
    host: Host,
    council: str,
    *,
    name: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    nation: str = "england",
    governed_by: str | None = None,
    procedure: str | None = None,
    today: dt.date,
) -> NewCouncil:
    """Write the folder; a Mistake if it is there already, or a name cannot be used."""
    taken = {*host.editions, *host.left_out, "handbook", *(plugin.name for plugin in host.plugins)}
    called = names(council, name, taken)
    target = Path(folder) if folder is not None else Path(called.distribution)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Mistake(f"{target} is there already, and nothing is replaced: name another folder with --folder.")
    calendar = _calendar(host, nation)
    code = _code(host, nation, governed_by)
    procedure = procedure or _procedure(code)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(target.parent) as place:
            made = place / "made"
            for path, text in _texts(host, called, procedure, code, governed_by, calendar, place, today).items():
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                (made / path).write_text(text, "utf-8")
            if target.exists():
                target.rmdir()
            made.rename(target)
    except OSError as error:
        raise unwritable(target, error) from None
    files = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    return NewCouncil(target, called.plugin, target / called.package / f"{procedure}.yaml", tuple(files))


def _calendar(host: Host, nation: str) -> str | None:
    """The calendar of a nation, as a rulebook names it; None where it needs to name none."""
    if nation not in ("wales", *host.bank_holidays):
        known = ["wales", *host.bank_holidays]
        raise Mistake(f"no calendar is named {nation!r}; {did_you_mean(nation, known)} known: {', '.join(known)}.")
    return None if nation in ("england", "wales") else nation


def _code(host: Host, nation: str, governed_by: str | None) -> Rulebook:
    """The national rulebook whose steps the council begins with."""
    national = {name: editions[-1] for name, editions in host.editions.items() if editions[-1].is_national}
    known = ", ".join((*national, _NONE))
    if governed_by is None and nation != "england":
        raise Mistake(f"say with --governed-by which national rulebook judges a council in {nation}; known: {known}.")
    wanted = fields.NATIONAL["corporate"] if governed_by is None or governed_by == _NONE else governed_by
    if wanted not in national:
        hint = did_you_mean(wanted, national)
        raise Mistake(f"no national rulebook is named {wanted!r}; {hint} known: {known}.")
    return national[wanted]


def _procedure(code: Rulebook) -> str:
    return next((procedure for procedure, name in fields.NATIONAL.items() if name == code.rulebook), "corporate")


def _texts(
    host: Host,
    called: Names,
    procedure: str,
    code: Rulebook,
    governed_by: str | None,
    calendar: str | None,
    place: Path,
    today: dt.date,
) -> dict[str, str]:
    """Every file of the folder, by its path, with its text."""
    by = None if governed_by == _NONE else code.rulebook
    text = starter.rulebook(called, procedure, code, by, calendar)
    draft = place / f"{procedure}.yaml"
    draft.write_text(text, "utf-8")
    (subject,) = subjects(host, [str(draft)])
    (book,) = subject.plugin.rulebooks
    cases = list(_expected(subject.host, book, today))
    text += _EXPECT + "".join(f"  - {{{', '.join(f'{key}: {day}' for key, day in case.items())}}}\n" for case in cases)
    values = {
        "council": called.council,
        "council_text": json.dumps(called.council, ensure_ascii=False),
        "description": json.dumps(f"{called.council}'s complaints procedure, for putright", ensure_ascii=False),
        "name": called.plugin,
        "distribution": called.distribution,
        "package": called.package,
        "module": called.plugin.replace("-", "_"),
        "procedure": procedure,
        "version": __version__,
        "after": _after_next(__version__),
        "next_year": str(today.year + 1),
        "test": _late_case(book, cases),
    }
    made = {path.format(**values): _filled(name, values) for path, name in _FILES.items()}
    schema = SCHEMA.read_text("utf-8")
    return made | {f"{called.package}/{procedure}.yaml": text, "rulebook.schema.json": schema}


_EXPECT = """
# Cases with the due dates that they must have. `putright check` and the tests compare them. These are as the steps
# above count them now: work them out by hand from your own document, and with your own closure days.
expect:
"""


def _expected(host: Host, book: Rulebook, today: dt.date) -> Iterator[dict[str, str]]:
    for rule, events in starter.expected_cases(book, host.calendar(book), today):
        dates = due_dates(host, book.council, str(book.procedure), events)
        for date in dates:
            if (date.rulebook, date.rule) == (book.rulebook, rule):
                yield {name: str(day) for name, day in events.items()} | {rule: str(date.due)}


def _late_case(book: Rulebook, cases: list[dict[str, str]]) -> str:
    """A test of a step that is done a day late, if a time limit runs from the day of receipt."""
    for case in cases:
        (rule,) = case.keys() & book.rulings().keys()
        ruling = book.rulings()[rule]
        if ruling.kind == "deadline" and len(case) == 2:
            values = {"rule": rule, "received": case["received"], "due": case[rule], "step": ruling.rule.events[-1]}
            return _filled("late.py.txt", values | {"rulebook": book.rulebook})
    return ""


def _after_next(version: str) -> str:
    """The release up to which a plugin of this one surely works: what is taken away is announced one release before."""
    major, minor, *_ = version.split(".")
    return f"{major}.{int(minor) + 2}"


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = (_TEMPLATE / template).read_text("utf-8")
    return re.sub(r"<<(\w+)>>", lambda match: values[match[1]], text)
