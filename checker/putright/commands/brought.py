"""The commands that plugins bring, found without loading anything that a command needs."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import entry_points
from typing import Any

from putright import hookspecs
from putright.command import Command
from putright.mistakes import Problem

#: This project's handbook, whose commands are available whatever plugins are allowed.
HANDBOOK = "handbook"


def brought_commands(ours: Collection[str]) -> tuple[list[Command], list[Problem]]:
    """The commands that plugins bring, and what is wrong with those that are left out.

    A plugin that cannot be imported, or gives something else, brings none: whatever needs the plugins says so.
    """
    problems: list[Problem] = []
    allowed = hookspecs.allowed()
    found: dict[str, Command] = {}
    for point in sorted(entry_points(group=hookspecs.PROJECT), key=lambda point: point.name):
        if allowed is not None and point.name not in (*allowed, HANDBOOK):
            continue
        try:
            give: Any = getattr(point.load(), "putright_commands", None)
            given = give() if hasattr(give, f"{hookspecs.PROJECT}_impl") else []  # as pluggy marks a hook
        except (Exception, SystemExit):
            continue
        if not isinstance(given, list) or not all(isinstance(command, Command) for command in given):
            continue
        for command in given:
            if command.name in ours or command.name in found:
                said = f"putright_commands: there is a command {command.name!r} already, so this one is left out"
                problems.append(Problem(said, plugin=point.name, suggestion="give it another name"))
            else:
                found[command.name] = command
    return list(found.values()), problems
