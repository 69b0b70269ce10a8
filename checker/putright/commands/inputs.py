"""The inputs of commands: plugins, a council, rulebooks, a file of cases; and a check of what they may overwrite."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from putright.mistakes import Mistake

if TYPE_CHECKING:
    from putright.auditing.casefile import CaseFile
    from putright.plugins import Host
    from putright.rulebooks import Rulebook
    from putright.writing.claims import Kind


class UsageError(Mistake):
    """A command cannot run as given; the text is one plain sentence."""


def load_host(options: argparse.Namespace) -> Host:
    """The plugins, as ``--only-plugins`` limits them."""
    from putright.plugins import load

    only = options.only_plugins
    return load(None if only is None else [name for name in only.replace(",", " ").split() if name])


def named_council(options: argparse.Namespace, host: Host) -> str | None:
    """The council of ``--council``, or None if that is not given; UsageError if no plugin has that council."""
    return None if options.council is None else council_of(options, host)


def council_of(options: argparse.Namespace, host: Host) -> str:
    """The council of ``--council``; UsageError if no plugin has that council."""
    name: str = options.council.strip().lower()
    if not name:
        raise UsageError(f"--council is blank; known: {_known(host)}.")
    if name not in host.councils:
        raise UsageError(f"unknown council {options.council!r}; known: {_known(host)}.")
    return name


def _known(host: Host) -> str:
    return ", ".join(host.councils) or "none, since no council's plugin is installed"


def case_file(options: argparse.Namespace) -> CaseFile:
    """The file of cases, and how it is read. UsageError if no plugin has the council named."""
    from putright.auditing.casefile import CaseFile

    host = load_host(options)
    return CaseFile(options.cases, host, named_council(options, host), options.mapping, options.keep_readable)


#: The files that a command may read, by the option's name, with a description.
_READ = {
    "cases": "the file of cases",
    "mapping": "the mapping",
    "waivers": "the file of waivers",
    "supplied": "what was supplied by hand",
    "template": "the Word template",
    "export": "the export",
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


def named_policies(options: argparse.Namespace, host: Host) -> list[Rulebook]:
    """The rulebooks that a command is about: a council's latest editions, or the one in a file."""
    if options.policy.endswith((".yaml", ".yml")) or Path(options.policy).is_file():
        from putright.rulebooks.reading import read_rulebook

        return [read_rulebook(Path(options.policy), frozenset(host.words))]
    council = options.policy.strip().lower()
    own = {name: books[-1] for name, books in host.of_council(council).items()}
    if council not in host.councils or not own:
        raise UsageError(
            f"unknown council {options.policy!r}; known: {_known(host)}. "
            "Give the path of a rulebook that is not installed, for example testshire.yaml."
        )
    wanted = options.procedure and f"{council}.{options.procedure}"
    if wanted and wanted not in own:
        raise UsageError(f"there is no rulebook {wanted}; of this council there are {', '.join(own)}.")
    return [own[wanted]] if wanted else list(own.values())


def host_of_councils(options: argparse.Namespace) -> Host:
    """The host with the plugins of the councils named, or with all."""
    from putright.plugins import load

    host = load_host(options)
    names = [name.strip().lower() for name in options.council]
    for name in names:
        if name not in host.councils:
            raise UsageError(f"unknown council {name!r}; known: {_known(host)}.")
    if not host.councils:
        raise UsageError("no plugin is a council, so there is nothing to show; `putright plugins` lists them.")
    return load(names) if names else host
