"""Find the plugins that are installed, and load them: what cannot be used is left out, with the reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from putright import hookspecs
from putright.mistakes import PluginError, Problem, did_you_mean
from putright.plugins.agreement import disagreements
from putright.plugins.asking import ask
from putright.plugins.host import NATIONAL, Host, Plugin
from putright.rulebooks.reading import RulebookError


def load(
    only: Iterable[str] | None = None,
    bank_holidays: Mapping[dt.date, str] | None = None,
    *,
    strict: bool | None = None,
) -> Host:
    """Load the plugins installed (or the named ones) in a fixed order: national first, then by name.

    A national rulebook that governs one of them is loaded too, if a plugin has its name. ``bank_holidays`` are added to
    every calendar. A plugin that cannot be used is left out, with the reasons in ``Host.left_out``; if ``strict``, or
    where it is one of those in ``only``, that is a PluginError or RulebookError with one line for each mistake. Without
    ``strict``, ``PUTRIGHT_STRICT_PLUGINS`` decides.
    """
    allowed = list(only) if only is not None else hookspecs.allowed()
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=hookspecs.PROJECT):
        found.setdefault(point.name, []).append(point)
    names = set(found)
    if allowed is not None:
        if unknown := [name for name in allowed if name not in found]:
            raise PluginError(_unknown_plugins(unknown, sorted(found)))
        names = {NATIONAL, *allowed}
    while True:
        ordered = sorted(names, key=lambda name: (name != NATIONAL, name))
        given = [(name, partial(_import, found[name][0]), _version(found[name][0])) for name in ordered]
        host = _gathered(given, bank_holidays)
        governing = {name for books in host.editions.values() for book in books for name in book.governed_by}
        if not (more := governing & found.keys() - names - host.editions.keys()):
            break
        names |= more
    twice = [problem for name in ordered for problem in _twice(name, found[name])]
    host = _agreed(replace(host, warnings=(*twice, *host.warnings)))
    is_strict = hookspecs.is_strict() if strict is None else strict
    return _checked(host, host.left_out if is_strict else only or ())


def _unknown_plugins(names: list[str], installed: list[str]) -> str:
    hint = did_you_mean(names[0], installed)
    return f"no plugin is named {', '.join(names)}{hint and f'; {hint}'}; installed: {', '.join(installed)}"


def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # a plugin's import may fail in any way; the user needs its name
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise PluginError.of([Problem(f"({point.value}) cannot be imported: {why}", plugin=point.name)]) from None


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else "unknown"


def _twice(name: str, points: list[EntryPoint]) -> Iterator[Problem]:
    """Say that two distributions bring a plugin of one name: which is used depends on the order of installation."""
    if len(points) > 1:
        used, *others = [point.dist.name if point.dist else point.value for point in points]
        yield Problem(
            f"{' and '.join((used, *others))} both bring a plugin of this name; {used} is used",
            severity="warning",
            plugin=name,
            suggestion=f"uninstall one, for example with 'pip uninstall {others[0]}'",
        )


#: A plugin: its name, its module (or what imports it), its version.
Given = tuple[str, Any, str]


def build(modules: Iterable[Given], bank_holidays: Mapping[dt.date, str] | None = None, *, strict: bool = True) -> Host:
    """A host of these plugins: (name, module or object with hooks, version) each.

    ``bank_holidays`` are added to every calendar. A plugin that cannot be used is a PluginError or RulebookError if
    ``strict``, and otherwise left out.
    """
    host = _agreed(_gathered(modules, bank_holidays))
    return _checked(host, host.left_out if strict else ())


def _checked(host: Host, needed: Iterable[str]) -> Host:
    """The host, where none of these plugins is left out, nor the national one."""
    names = [name for name in host.left_out if name == NATIONAL or name in set(needed)]
    if problems := [problem for name in names for problem in host.left_out[name]]:
        raise (RulebookError if problems[0].file else PluginError).of(problems) from None
    return host


def _gathered(modules: Iterable[Given], bank_holidays: Mapping[dt.date, str] | None) -> Host:
    """A host of what each plugin gives, each by itself in order; what cannot be used is left out."""
    words: set[str] = set()
    plugins: list[Plugin] = []
    broken: list[Plugin] = []
    warnings: list[Problem] = []
    left_out: dict[str, tuple[Problem, ...]] = {}
    for name, module, version in modules:
        plugin, problems = ask(name, module, version, words)
        warnings += [problem for problem in problems if problem.severity == "warning"]
        if wrong := tuple(problem for problem in problems if problem.severity == "mistake"):
            left_out[name] = wrong
            broken.append(plugin)
        else:
            plugins.append(plugin)
            words.update(plugin.words)
    return Host(tuple(plugins), dict(bank_holidays or {}), left_out, tuple(broken), tuple(warnings))


def _agreed(host: Host) -> Host:
    """The host without plugins that do not fit with the others, and without what rests on those."""
    while NATIONAL not in host.left_out and (found := disagreements(host)):
        kept = tuple(plugin for plugin in host.plugins if plugin.name not in found)
        broken = (*host.broken, *(plugin for plugin in host.plugins if plugin.name in found))
        host = replace(host, plugins=kept, broken=broken, left_out={**host.left_out, **found})
    return host
