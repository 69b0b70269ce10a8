"""The inputs of commands: plugins, a council, rulebooks, a file of cases; and a check of what they may overwrite."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from putright.commands import screen
from putright.mistakes import Mistake

if TYPE_CHECKING:
    from putright.api.hosts import Host
    from putright.api.records import CaseFile
    from putright.writing.claims import Kind


class UsageError(Mistake):
    """A command cannot run as given; the text is one plain sentence."""


def load_host(options: argparse.Namespace, *, quietly: bool = False) -> Host:
    """The plugins, as ``--only-plugins`` limits them; unless ``quietly``, what is left out is said."""
    only = options.only_plugins
    return _load(options, None if only is None else [name for name in only.replace(",", " ").split() if name], quietly)


def _load(options: argparse.Namespace, names: list[str] | None, quietly: bool = False) -> Host:
    from putright.api.hosts import load

    holidays = dict(getattr(options, "bank_holiday", ()))
    host = load(names, bank_holidays=holidays, strict=options.strict_plugins or None, quietly=True)
    asked = getattr(options, "council", None)  # what is wrong with this one is said when it is looked up
    if not quietly:
        screen.say(*(f"putright: {note}" for note in host.notes(asked or ())), to=sys.stderr)
    return host


def case_file(options: argparse.Namespace) -> CaseFile:
    """The file of cases, and how it is read. Raises a Mistake where no plugin is the council named."""
    from putright.api.records import open_cases

    return open_cases(
        options.cases, load_host(options), options.council, options.mapping, keep_readable=options.keep_readable
    )


#: The files that a command may read, by the option's name, with a description.
_READ = {
    "cases": "the file of cases",
    "mapping": "the mapping",
    "waivers": "the file of waivers",
    "supplied": "what was supplied by hand",
    "template": "the Word template",
    "export": "the export",
    "answers": "the answers",
    "findings": "the file of findings",
    "document": "the council's document",
}


def read_by(options: argparse.Namespace) -> dict[Path, str]:
    """The files that a command reads, each with its description."""
    named = {what: getattr(options, name, None) for name, what in _READ.items()}
    return {path: what for what, path in named.items() if isinstance(path, Path)}


def claim(options: argparse.Namespace, *outputs: tuple[str, Path | str | None, Kind]) -> None:
    """Refuse outputs of a command (option, path, kind) that would overwrite other files."""
    from putright.writing.claims import Claim, check
    from putright.writing.outputs import STANDARD_OUTPUT

    given = [
        Claim(option, Path(place), kind)
        for option, place, kind in outputs
        if place is not None and str(place) != STANDARD_OUTPUT
    ]
    check(given, read_by(options), overwrite=options.overwrite)


def procedure(options: argparse.Namespace, host: Host, councils: Iterable[str]) -> str:
    """The procedure named, or ``corporate``, or the first that the councils have if none of them has that."""
    if options.procedure is not None:
        return str(options.procedure)
    names = (name.strip().lower() for name in councils)
    own = [str(editions[-1].procedure) for name in names for editions in host.of_council(name).values()]
    return own[0] if own and "corporate" not in own else "corporate"


def _of_these(options: argparse.Namespace) -> Host | None:
    """The host of the councils named, where their plugins alone can be loaded at once; None where all have to be."""
    from putright.hookspecs import allowed

    names = [name.strip().lower() for name in options.council]
    if not names or options.only_plugins is not None or allowed() is not None:
        return None
    try:
        host = _load(options, names)
    except Mistake:
        return None  # what is wrong is said of all the plugins there are
    return host if set(names) <= set(host.councils) else None


def host_of_councils(options: argparse.Namespace) -> Host:
    """The host with the plugins of the councils named, or with all."""
    if (host := _of_these(options)) is not None:
        return host
    host = load_host(options)
    names = [host.named(name) for name in options.council]
    if not host.councils:
        raise UsageError("no plugin is a council, so there is nothing to show; `putright plugins` lists them.")
    return _load(options, names) if names else host
