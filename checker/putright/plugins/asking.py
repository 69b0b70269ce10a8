"""Ask one plugin for what it gives, and check it: whatever is wrong is left out and said."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from putright import fields, hookspecs
from putright.calendars import BankHolidays, index
from putright.command import Command
from putright.mistakes import Mistake, PluginError, Problem, did_you_mean
from putright.plugins.host import NATIONAL, Plugin
from putright.rulebooks.reading import Reading, examine

T = TypeVar("T")


def _checked_hook_names(manager: pluggy.PluginManager, module: Any) -> Iterator[str]:
    """Report a misspelt hook, and a function marked as a hook whose name is not one; give hooks without the mark."""
    known = [hook for hook in vars(hookspecs) if hook.startswith("putright_")]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"{error}; hooks: {', '.join(known)}") from None
    for attribute in dir(module):
        if attribute.startswith("putright_") and attribute not in known:
            hint = did_you_mean(attribute, known)
            raise PluginError(f"{attribute!r} is not a hook{hint and f'; {hint}'}; hooks: {', '.join(known)}")
    marked = {caller.name for caller in manager.get_hookcallers(module) or ()}
    yield from (hook for hook in known if callable(getattr(module, hook, None)) and hook not in marked)


def ask(name: str, module: Any, version: str, others: Collection[str]) -> tuple[Plugin, list[Problem]]:
    """What a plugin gives, and what is wrong with it; whatever is wrong is left out of it.

    ``others`` are the words for letters that other plugins bring.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    empty = Plugin(name, version, (), (), {}, {})
    problems: list[Problem] = []

    def call(hook: str, check: Callable[[Any], T], otherwise: T) -> T:
        try:
            try:
                results = getattr(manager.hook, hook)()
            except Exception as error:  # a plugin may fail in any way; the user needs its name
                why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
                raise PluginError(f"{hook} fails: {why}") from None
            return otherwise if not results else check(results[0])
        except Mistake as mistake:
            problems.extend(replace(problem, plugin=name) for problem in mistake.problems)
            return otherwise

    try:
        if isinstance(module, partial):
            module = module()
        manager.register(module, name)
        for hook in _checked_hook_names(manager, module):
            said = f"{hook} is not marked with @hookimpl, so it is never called"
            problems.append(Problem(said, "warning", plugin=name, suggestion="write @hookimpl above it"))
    except pluggy.PluginValidationError as error:  # for example a hook with an unknown argument
        problems.append(Problem(" ".join(str(error).split()), plugin=name))
        return empty, problems
    except Mistake as mistake:
        return empty, [replace(each, plugin=name) for each in mistake.problems]
    extra = call("putright_words", lambda found: _checked_words(found, others), empty.words)
    known = frozenset({*fields.CONTENTS, *extra})
    own = call("putright_fields", _checked_fields, empty.fields)
    procedures = call("putright_procedures", _checked_procedures, empty.procedures)
    vocabulary = fields.Vocabulary(fields={name: own}, procedures={name: tuple(procedures)})
    readings = call(
        "putright_rulebooks", lambda found: _checked_rulebooks(name, found, known, vocabulary), empty.readings
    )
    problems += [replace(problem, plugin=name) for reading in readings for problem in reading.problems]
    call("putright_commands", _checked_commands, None)  # the command line asks for them by itself
    plugin = Plugin(
        name=name,
        version=version,
        hooks=tuple(sorted(caller.name for caller in manager.get_hookcallers(module) or ())),
        rulebooks=tuple(reading.book for reading in readings if reading.book),
        closure_days=call("putright_closure_days", partial(_checked_days, "putright_closure_days"), empty.closure_days),
        words=extra,
        notebooks=call("putright_notebooks", _checked_notebooks, empty.notebooks),
        days_open=call("putright_days_open", partial(_checked_days, "putright_days_open"), empty.days_open),
        calendars=call("putright_calendars", partial(_checked_calendars, version), empty.calendars),
        flags=call("putright_flags", _checked_flags, empty.flags),
        fields=own,
        procedures=procedures,
        headings=call("putright_headings", _checked_headings, empty.headings),
        readings=readings,
    )
    return plugin, problems


def _wrong(hook: str, expected: str, found: object) -> PluginError:
    return PluginError(f"{hook} must return {expected}; it returned {found!r:.100}")


def _checked_rulebooks(
    name: str, found: Any, words: frozenset[str], vocabulary: fields.Vocabulary
) -> tuple[Reading, ...]:
    if not isinstance(found, list) or not all(isinstance(path, str | os.PathLike) for path in found):
        raise _wrong("putright_rulebooks", "a list of paths of YAML files", found)
    readings: dict[Path, Reading] = {}
    for path in map(Path, found):
        reading = examine(path, words, vocabulary)
        if path in readings:
            reading = _with(reading, Problem("putright_rulebooks names this file twice", file=path))
        elif reading.book and name != NATIONAL and reading.book.name.whose != name:
            said = f"rulebook {reading.book.rulebook!r} must be named '{name}.<procedure>'"
            reading = _with(reading, Problem(said, file=path, line=1))
        readings[path] = reading
    return tuple(readings.values())


def _with(reading: Reading, problem: Problem) -> Reading:
    return replace(reading, book=None, problems=(*reading.problems, problem))


def _checked_notebooks(found: Any) -> tuple[Path, ...]:
    if not isinstance(found, list) or not all(
        isinstance(path, str | os.PathLike) and Path(path).suffix in (".md", ".yaml", ".ipynb") for path in found
    ):
        raise _wrong("putright_notebooks", "a list of paths of .md, .yaml or .ipynb files", found)
    return tuple(Path(path) for path in found)


def _checked_commands(found: Any) -> None:
    if not isinstance(found, list) or not all(isinstance(command, Command) for command in found):
        raise _wrong("putright_commands", "a list of putright.command.Command", found)


def _checked_days(hook: str, found: Any) -> Mapping[dt.date, str]:
    if not isinstance(found, dict) or not all(
        type(day) is dt.date and isinstance(reason, str) and reason.strip() for day, reason in found.items()
    ):
        raise _wrong(hook, "a dict of date to the day's name", found)
    for day in found:
        try:
            index(day)
        except ValueError as error:
            raise PluginError(f"{hook}: {error}") from None
    return found


def _checked_calendars(version: str, found: Any) -> Mapping[str, BankHolidays]:
    hook = "putright_calendars"
    if not isinstance(found, dict) or not all(
        isinstance(calendar, str) and re.fullmatch(r"[a-z][a-z0-9-]*", calendar) and days
        for calendar, days in found.items()
    ):
        raise _wrong(hook, "a dict of lower-case calendar name to its days off", found)
    checked = {calendar: _checked_days(hook, days) for calendar, days in found.items()}
    return {
        calendar: BankHolidays(calendar, days, dt.date(max(days).year, 12, 31), version)
        for calendar, days in checked.items()
    }


def _checked_flags(found: Any) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(
        isinstance(flag, str) and re.fullmatch(r"[a-z][a-z0-9_]*", flag) and isinstance(says, str) and says.strip()
        for flag, says in found.items()
    ):
        raise _wrong("putright_flags", "a dict of lower-case flag to what it says of the complaint", found)
    if taken := sorted(found.keys() & fields.FLAGS.keys()):
        raise PluginError(f"putright_flags: already a flag: {', '.join(taken)}")
    return found


def _checked_fields(found: Any) -> fields.Own:
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_]*", name) and isinstance(own, hookspecs.OwnField)
        for name, own in found.items()
    ):
        raise _wrong("putright_fields", "a dict of lower-case field name to putright.hookspecs.OwnField", found)
    checked: dict[str, fields.Field] = {}
    for name, own in found.items():
        if wrong := _wrong_field(name, own, checked):
            raise PluginError(f"putright_fields: {name!r} {wrong}")
        checked[name] = fields.own_field(name, fields.Type(own.type), own.meaning.strip(), own.after)
    return checked


def _wrong_field(name: str, own: hookspecs.OwnField, before: fields.Own) -> str:
    """What is wrong with a field of a council's own, given those named before it; blank if nothing is."""
    if name in fields.FIELDS:
        return "is already a field of case records"
    if own.type not in ("date", "true/false"):
        return f"has the type {own.type!r}; the types are 'date' and 'true/false'"
    if not own.meaning.strip():
        return "has no meaning: say in plain English what it records"
    stage = fields.named(name).stage
    if stage is None and re.match("stage", name):
        return "begins as a field of a stage does: only stage1_, stage2_ and stage3_ are there"
    if own.after is None:
        return ""
    if own.type != "date":
        return "is true or false, so it comes after no step: leave 'after' out"
    places = fields.BEFORE_STAGE_1 if stage is None else fields.steps(stage)
    places = (*places, *(each.name for each in before.values() if each.stage == stage and each.after is not None))
    if own.after not in places:
        hint = did_you_mean(own.after, places)
        return f"comes after {own.after!r}, which is none of: {', '.join(places)}{hint and f'; {hint}'}"
    return ""


def _checked_procedures(found: Any) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9-]*", name) and isinstance(about, str) and about.strip()
        for name, about in found.items()
    ):
        raise _wrong("putright_procedures", "a dict of lower-case procedure to what it is for", found)
    if taken := sorted(found.keys() & {*fields.PROCEDURES}):
        raise PluginError(f"putright_procedures: already a procedure: {', '.join(taken)}")
    return found


def _checked_headings(found: Any) -> Mapping[str, Sequence[str]]:
    if not isinstance(found, dict) or not all(
        isinstance(headings, list | tuple) and all(isinstance(each, str) and each.strip() for each in headings)
        for headings in found.values()
    ):
        raise _wrong("putright_headings", "a dict of field to a list of headings", found)
    for name in found:
        if name not in fields.FIELDS:
            hint = did_you_mean(str(name), fields.FIELDS)
            raise PluginError(f"putright_headings: {name!r} is not a field of case records{hint and f'; {hint}'}")
    return found


def _checked_words(found: Any, others: Collection[str]) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(
        isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]*", word) and isinstance(meaning, str)
        for word, meaning in found.items()
    ):
        raise _wrong("putright_words", "a dict of lower-case word to its meaning", found)
    if taken := sorted(found.keys() & {*fields.CONTENTS, "none"}):
        raise PluginError(f"putright_words: already a word: {', '.join(taken)}")
    if len({*fields.CONTENTS, *others, *found}) > 63:  # a record has a bit for each
        raise PluginError("putright_words: more than 63 words for letters in all")
    return found
